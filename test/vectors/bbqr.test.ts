/** coinkite/BBQr test_data: PSBTs there and back, and what a camera really typed. */
import { expect, test } from "vitest";
import { BbqrDecoder } from "../../src/airgap/bbqr-decoder.ts";
import { encodeBbqr } from "../../src/airgap/bbqr.ts";
import { assert } from "../../src/core/errors.ts";
import { checkCases, vectorBytes } from "./folder.ts";

/** Bytes that the standard's table ("BBQr.md") gives for the deflated file; zlib of another version may differ by a few. */
const PSBTS = [
  ["bbqr/1in10out.psbt", 670],
  ["bbqr/1in100out.psbt", 2654],
] as const;

test.each(PSBTS)("%s: deflated to what the standard says, and back", (file, size) => {
  const psbt = vectorBytes(file);
  if (psbt === undefined) return;
  checkCases(file, ["Z", "2", "H"] as const, (encoding) => {
    const parts = encodeBbqr(psbt, { type: "P", encoding, charactersMax: 2132 });
    const decoder = new BbqrDecoder();
    const read = parts.map((part) => decoder.receive(part)).at(-1);
    expect(read).toEqual({ type: "done", fileType: "P", bytes: new Uint8Array(psbt) });
    if (encoding !== "Z") return "passed";
    const letters = parts.reduce((sum, part) => sum + part.length - 8, 0);
    expect(Math.abs((letters * 5) / 8 - size)).toBeLessThan(8);
    return "passed";
  });
});

const SCAN = "bbqr/real-scan.txt";
const scan = vectorBytes(SCAN);

test.skipIf(scan === undefined)("a real scan: eight frames, each several times, beginning anywhere", () => {
  checkCases(SCAN, [Buffer.from(scan ?? []).toString("latin1")], (text) => {
    const lines = text.split("\n").filter((line) => line !== "");
    const decoder = new BbqrDecoder();
    const answers = lines.map((line) => decoder.receive(line));
    const done = answers.find(({ type }) => type === "done");
    assert(done?.type === "done", "the scan is whole");
    expect(done.fileType).toBe("U");
    expect(Buffer.from(done.bytes).toString("utf8")).toContain("Zlib compressed");
    expect(answers.indexOf(done)).toBe(8); // the camera missed the third frame once
    expect(answers.slice(9).every(({ type }) => type === "duplicate")).toBe(true);
    return "passed";
  });
});
