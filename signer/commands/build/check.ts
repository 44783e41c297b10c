import { lstatSync } from "node:fs";
import { resolve } from "node:path";
import { declareError } from "../../../src/core/errors.ts";
import { shellWord } from "../../../src/core/shell-word.ts";
import {
  optionalFlag,
  requiredFlag,
  type Call,
  type Outcome,
  type Run,
} from "../../../src/terminal/command.ts";
import { running, type Running } from "../../../src/terminal/running.ts";
import { homeOfCall } from "../../keystore/home.ts";
import { assertNode, assertVouchedFor, formOf } from "../../program/judge.ts";
import { drawBuild } from "./draw.ts";
import { readBuild, siteOf } from "./read.ts";

export const BUILD_FILE_IS_LINK = declareError(
  "BUILD_FILE_IS_LINK",
  "usage",
  "What is to be installed is a symbolic link, which can lead to another file afterwards.",
);

/** Judges a new program by its signed build while the old one still runs. Changes nothing. */
export const run: Run = async (call) => check(call, running());

export async function check(call: Call, program: Running): Promise<Outcome> {
  const site = siteOf(call, homeOfCall(call), program);
  const build = await readBuild(call);
  assertVouchedFor(build, site);
  const file = resolve(call.io.cwd, requiredFlag(call.flags, "file"));
  assertNoLink(file);
  const sum = program.sumOf(file);
  const form = formOf(build, sum, program.platform);
  const node = optionalFlag(call.flags, "node");
  if (form === "script")
    assertNode(
      build,
      program.sumOf(node === undefined ? program.nodeFile : resolve(call.io.cwd, node)).sha256,
      program.platform,
    );
  const { program: version } = build.body;
  return {
    data: { digest: build.digest, version, sha256: sum.sha256, form, fit: true },
    text: drawBuild(build, site.policy, sum.sha256, `${file} is that program, and fit for this home`),
    next: `put it in the place of ${shellWord(program.file ?? "this program")}, then by the new one: custody-signer build pin --in ${shellWord(requiredFlag(call.flags, "in"))}`,
  };
}

// What is moved into place would be the link, and whoever holds what it leads to (the memory stick) chooses what runs.
function assertNoLink(file: string): void {
  if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return;
  throw BUILD_FILE_IS_LINK(`${file} is a symbolic link`, {
    field: "--file",
    hint: `cp -L ${shellWord(file)} FOLDER   (of this machine's own disk; then check the copy)`,
  });
}
