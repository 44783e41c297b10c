import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseDocument } from "../../../src/core/document.ts";
import { BUILD } from "../../../src/core/documents/build.ts";
import { missingForBuild } from "../../../src/core/policy/builds.ts";
import { commandLines, faultOf } from "../../factory/command-line.ts";
import { deskPolicy, makeDesk, signAs, type Desk } from "../../factory/desk.ts";
import { ALICE, ANNA, type Cast } from "../../factory/identities.ts";

const policy = deskPolicy();
const ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

function desk(): Desk {
  const made = makeDesk(policy);
  writeFileSync(join(made.folder, "signer.cjs"), "abc");
  writeFileSync(join(made.folder, "node"), "node");
  return made;
}

const DRAFT = ["build", "draft", "--file", "signer.cjs", "--program", "1.2.0", "--out", "build.json"];
const NODE = ["--node", "linux-x64@20.20.2=node"];

function sign(made: Desk, who: Cast) {
  made.keyOf(who);
  const { digest } = parseDocument(BUILD, made.read("build.json"));
  return made.run(signAs("build", ["build.json"], who, "--confirm", digest));
}

describe("a build is drafted and signed at a desk", () => {
  test("the draft says what the files are; an admin's signature makes it binding", async () => {
    const made = desk();
    expect(await made.run([...DRAFT, ...NODE])).toMatchObject({ exit: 0, data: { sha256: ABC } });
    const draft = parseDocument(BUILD, made.read("build.json"));
    expect(draft.body).toMatchObject({
      custody: policy.digest,
      program: "1.2.0",
      file: { sha256: ABC, bytes: 3 },
      executables: [],
      nodes: [{ platform: "linux-x64", version: "20.20.2" }],
      keystore: 1,
    });
    expect(missingForBuild(policy.body, draft)).toEqual(["admins: 0 of 1"]);
    expect(await sign(made, ALICE)).toMatchObject({ exit: 0 });
    const signed = parseDocument(BUILD, made.read("build.alice.json"));
    expect(missingForBuild(policy.body, signed)).toEqual([]);
  });

  test("nobody else's signature is made", async () => {
    const made = desk();
    await made.run([...DRAFT, ...NODE]);
    expect(await sign(made, ANNA)).toMatchObject({ exit: 4, error: { code: "NOT_YOURS_TO_SIGN" } });
  });

  test("review shows the hash as sha256sum prints it", async () => {
    const made = desk();
    await made.run([...DRAFT, ...NODE]);
    const { stdout, exit } = await made.terminal(["desk", "review", "build.json"]);
    expect(exit).toBe(0);
    expect(stdout).toContain(ABC);
    expect(stdout).toContain("admins: 0 of 1");
  });

  test("an executable is named with its platform", async () => {
    const made = desk();
    expect((await made.run([...DRAFT, ...NODE, "--executable", "linux-x64=signer.cjs"])).exit).toBe(0);
    expect(parseDocument(BUILD, made.read("build.json")).body.executables).toEqual([
      { platform: "linux-x64", sha256: ABC, bytes: 3 },
    ]);
  });

  test.each([
    [["--node", "linux-x64=node"], 2, "BUILD_PART_MALFORMED"],
    [["--node", "linux-x64@20=node"], 3, "PROGRAM_VERSION_MALFORMED"],
    [["--node", "linux-x64@20.20.2=nothing"], 5, "FILE_MISSING"],
    [[...NODE, "--executable", "signer.cjs"], 2, "BUILD_PART_MALFORMED"],
    [[...NODE, "--program", "1.2"], 3, "PROGRAM_VERSION_MALFORMED"],
    [[...NODE, "--executable", "linux=signer.cjs"], 3, "DOCUMENT_MALFORMED"],
  ])("%j is refused", async (more, exit, code) => {
    const made = desk();
    expect(await made.run([...DRAFT, ...more])).toMatchObject({ exit, error: { code } });
    expect(made.has("build.json")).toBe(false);
  });
});

test("the runbook's commands are ones that the programs have", () => {
  const text = readFileSync(join(import.meta.dirname, "../../../docs/runbooks/upgrade.md"), "utf8");
  const lines = commandLines(text);
  expect(lines.length).toBeGreaterThan(7);
  expect(lines.flatMap((line) => faultOf(line) ?? [])).toEqual([]);
});
