import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sha256 } from "../../../src/core/digest.ts";
import { documentBytes, makeDocument } from "../../../src/core/document.ts";
import { REHEARSAL } from "../../../src/core/documents/rehearsal.ts";
import { toHex } from "../../../src/core/hex.ts";
import { main as signerMain } from "../../../signer/main.ts";
import { commandLines, faultOf } from "../../factory/command-line.ts";
import { fakeIo } from "../../factory/io.ts";
import { at } from "../../factory/identities.ts";
import { beginSession, onlineHome, type OnlineHome } from "../../factory/online-home.ts";

/** The signer's side, in the same folder, by frames. */
async function echoed(home: OnlineHome, from: string): Promise<number> {
  const argv = ["echo", "--in", home.path(from), "--out", home.path("answer.json"), "--ur"];
  return signerMain(fakeIo({ argv: [...argv, "--frames", home.path("back"), "--json"] }).io);
}

const answer = (arrived: string, bytes: number) =>
  documentBytes(
    makeDocument(REHEARSAL, {
      kind: "rehearsal",
      version: 1,
      network: "regtest",
      content: { type: "answer", to: "rehearsal", arrived: arrived as never, bytes },
    }),
  );

describe("custody echo", () => {
  test("a test file of about the size asked for goes across in pictures, both ways, and is found the same", async () => {
    const home = await onlineHome();
    const sent = await home.run("echo send --size 3000 --out test.json --bbqr --frames out");
    expect(sent).toMatchObject({ exit: 0 });
    expect(sent.data.bytes).toBeGreaterThan(2900);
    expect(sent.data.bytes).toBeLessThanOrEqual(3000);
    expect(sent.data.frames.length).toBeGreaterThan(0);
    expect(await echoed(home, "out")).toBe(0);
    const checked = await home.run("echo check --in back --sent test.json");
    expect(checked).toMatchObject({ exit: 0, data: { same: true, signed: false, bytes: sent.data.bytes } });
    expect(checked.warnings).toEqual(["this was a rehearsal: nothing is signed"]);
  });

  test("what arrived otherwise, and what was never answered, is said", async () => {
    const home = await onlineHome();
    await home.run("echo send --size 600 --out test.json");
    await home.run("echo send --size 700 --out other.json");
    expect(await echoed(home, "test.json")).toBe(0);
    expect(await home.run("echo check --in answer.json --sent test.json")).toMatchObject({ exit: 0 });
    expect(await home.run("echo check --in answer.json --sent other.json")).toMatchObject({
      exit: 7,
      error: { code: "ECHO_DIFFERS" },
    });
    expect(await home.run("echo check --in test.json --sent test.json")).toMatchObject({
      exit: 3,
      error: { code: "ECHO_NOT_ANSWER" },
    });
  });

  test("needs no home, and makes none", async () => {
    const home = await onlineHome();
    const nowhere = home.path("nowhere");
    const out = await home.run(`echo send --size 600 --out test.json --home ${nowhere}`);
    expect(out.exit).toBe(0);
    expect(existsSync(nowhere)).toBe(false);
  });
});

describe("an answer of a rehearsal is no receipt", () => {
  test("the import says what it is; with its digest right, too; and nothing changes", async () => {
    const home = await onlineHome();
    await beginSession(home, at("09:00:00"));
    const bytes = new TextEncoder().encode("a request");
    home.write("answer.json", answer(toHex(sha256(bytes)), bytes.length));
    const imported = await home.run("withdraw import answer.json");
    expect(imported).toMatchObject({ exit: 4, error: { code: "REHEARSAL_ONLY", field: "kind" } });
    expect(imported.data).toMatchObject([
      { error: { code: "REHEARSAL_ONLY", message: "this was a rehearsal: nothing is signed" } },
    ]);
  });

  test("inspect says the same", async () => {
    const home = await onlineHome();
    home.write("answer.json", answer("0".repeat(64), 9));
    expect(await home.run("inspect --in answer.json")).toMatchObject({
      exit: 0,
      data: { kind: "rehearsal" },
      warnings: ["this was a rehearsal: nothing is signed"],
    });
  });
});

test("the commands of the runbook are ones that the programs have", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/runbooks/rehearsal.md"), "utf8");
  const lines = commandLines(page);
  expect(lines.length).toBeGreaterThan(5);
  expect(lines.flatMap((line) => faultOf(line) ?? [])).toEqual([]);
});
