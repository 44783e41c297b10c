import type { Call, Outcome, Run } from "../../../src/terminal/command.ts";
import { running, type Running } from "../../../src/terminal/running.ts";
import { takeLock } from "../../journal/lock.ts";
import { homeOfCall } from "../../keystore/home.ts";
import { assertNode, assertVouchedFor, BUILD_FILE_DIFFERS, formOf } from "../../program/judge.ts";
import { keepBuild } from "../../program/pinned.ts";
import { drawBuild } from "./draw.ts";
import { readBuild, siteOf } from "./read.ts";

/** Keeps the build of the very program that runs this, so that what is pinned is always what is installed. */
export const run: Run = async (call) => pin(call, running());

export async function pin(call: Call, program: Running): Promise<Outcome> {
  const home = homeOfCall(call);
  const lock = takeLock(call.io, home.lockFile);
  try {
    const site = siteOf(call, home, program);
    const build = await readBuild(call);
    assertVouchedFor(build, site);
    assertRuns(build.body.program, program);
    const sum = program.sumOf(program.file ?? program.nodeFile);
    const form = formOf(build, sum, program.platform);
    if (form === "script") assertNode(build, program.sumOf(program.nodeFile).sha256, program.platform);
    lock.assertHeld();
    if (!call.dryRun) keepBuild(home, build, call.io);
    return {
      data: { digest: build.digest, version: build.body.program, form, pinned: !call.dryRun },
      text: drawBuild(build, site.policy, sum.sha256, call.dryRun ? "would be pinned" : "pinned"),
      next: "custody-signer doctor",
    };
  } finally {
    lock.release();
  }
}

// A build that gives a file a higher number than its own would shut out every release up to that number.
function assertRuns(named: string, { version }: Running): void {
  if (named === version) return;
  throw BUILD_FILE_DIFFERS(`the build says version ${named}, this program is ${version}`, {
    field: "build.program",
    hint: `custody build draft --program ${version}   (and have it signed again)`,
  });
}
