import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { projectRoot, type Cast } from "../../demo/cast.ts";
import { foundedCast } from "../e2e/founded.ts";
import { filled, matches, parseTranscript, runLine } from "./transcript.ts";

/** Those of `founded/` run in an online home with a policy and a session, all others in an empty one. */
const folder = join(import.meta.dirname, "transcripts");
const PROGRAMS = {
  custody: "custody.js",
  "custody-signer": "custody-signer.cjs",
  "custody-watcher": "custody-watcher.js",
};

let scratch: string;
let cast: Cast & { remove(): void };
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "custody-cli-"));
  mkdirSync(join(scratch, "bin"));
  for (const [name, file] of Object.entries(PROGRAMS)) {
    const line = `#!/bin/sh\nexec "${process.execPath}" "${join(projectRoot(), "dist", file)}" "$@"\n`;
    writeFileSync(join(scratch, "bin", name), line, { mode: 0o755 });
  }
  cast = await foundedCast();
});
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
  cast.remove();
});

describe.each([
  ["in an empty home", "."],
  ["in a founded home", "founded"],
])("%s", (_, place) => {
  const names = readdirSync(join(folder, place)).filter((name) => name.endsWith(".txt"));
  test.each(names)("%s", async (name) => {
    const cwd = mkdtempSync(join(scratch, "cwd-"));
    const env = {
      PATH: `${join(scratch, "bin")}:${process.env["PATH"] ?? ""}`,
      HOME: cwd,
      LC_ALL: "C",
      CARRIED: cast.carried("."),
      ...(place === "founded" ? { CUSTODY_HOME: cast.home("online") } : {}),
    };
    const known = new Map([
      ["version", "0.1.0"],
      ["cwd", cwd],
      ["home", place === "founded" ? cast.home("online") : join(cwd, ".local/share/custody")],
    ]);
    for (const step of parseTranscript(readFileSync(join(folder, place, name), "utf8"))) {
      const ran = await runLine(filled(step.command, known), cwd, env);
      const where = `line ${step.line}: ${step.command}`;
      const said = { stdout: step.stdout, stderr: step.stderr, exit: step.exit };
      const fits = matches(step.stdout, ran.stdout, known) && matches(step.stderr, ran.stderr, known);
      if (!fits || ran.exit !== step.exit) expect(ran, where).toEqual(said);
    }
  });
});
