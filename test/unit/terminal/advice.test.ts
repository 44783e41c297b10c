import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { drawCommand, drawHint, drawRemark } from "../../../src/terminal/advice.ts";
import { foldedCommand } from "../../../src/terminal/command-lines.ts";
import type { OutputStream } from "../../../src/terminal/output.ts";

const stream = (isTTY: boolean, columns = 80): OutputStream => ({
  isTTY,
  columns,
  rows: 24,
  write: () => undefined,
});
const TERMINAL = stream(true);
const PIPE = stream(false);
const LONG =
  "custody desk sign bundle.json --as approve --identity 'Ann Approver.key' --out approval.signed.json";

function longest(drawn: string): number {
  return Math.max(...drawn.split("\n").map(({ length }) => length));
}

describe("a command", () => {
  test("is one line in a pipe, however long", () => {
    expect(drawCommand("Next:", LONG, PIPE)).toBe(`Next: ${LONG}\n`);
    expect(drawCommand("Next:", `${LONG}   (twice)`, PIPE)).toBe(`Next: ${LONG}   (twice)\n`);
  });

  test.each([40, 60, 80])("folded at %i columns is the same command to a shell", (columns) => {
    const drawn = drawCommand("Next:", LONG, stream(true, columns));
    expect(longest(drawn)).toBeLessThanOrEqual(columns);
    const said = execFileSync("/bin/sh", ["-c", `custody() { printf '%s|' "$@"; }\n${drawn.slice(6)}`], {
      encoding: "utf8",
    });
    expect(said).toBe(
      "desk|sign|bundle.json|--as|approve|--identity|Ann Approver.key|--out|approval.signed.json|",
    );
  });

  test("that fits is left alone; its remark goes below where both do not fit", () => {
    expect(drawCommand("Next:", "custody status", TERMINAL)).toBe("Next: custody status\n");
    const bundle = `custody withdraw bundle ${"0".repeat(32)} --out bundle.json`;
    expect(drawCommand("Next:", `${bundle}   (for the next approver)`, TERMINAL)).toBe(
      `Next: ${bundle}\n      (for the next approver)\n`,
    );
  });

  test("before a second one stands in lines of its own, and so does the second", () => {
    const first = "ssh-keygen -Y sign -n custody-toolkit/document/v1 -f KEY approve.bytes";
    const drawn = drawCommand("Next:", `${first}   then: ${LONG}`, TERMINAL);
    expect(longest(drawn)).toBeLessThanOrEqual(80);
    expect(drawn).toContain(`Next: ${first}\n      then:\n      custody desk sign`);
  });

  test("with a word that is longer than the line keeps the word whole", () => {
    const word = "x".repeat(100);
    expect(foldedCommand(`custody inspect --in ${word}`, 60)).toEqual(["custody inspect --in \\", word]);
  });

  test("whose quotation mark is open is left as it is", () => {
    const open = `custody inspect --in 'a ${"b ".repeat(60)}`;
    expect(foldedCommand(open, 60)).toEqual([open]);
  });
});

describe("a remark", () => {
  const TEXT =
    "the no came after the approval: nothing is built or signed with it any more, and the hold stays";

  test("is folded on a terminal and hangs below itself", () => {
    const drawn = drawRemark("warning:", TEXT, TERMINAL);
    expect(longest(drawn)).toBeLessThanOrEqual(80);
    expect(drawn.split("\n")[1]).toMatch(/^ {9}\S/);
    expect(drawn.replace(/\n {9}/g, " ")).toBe(`warning: ${TEXT}\n`);
    expect(drawRemark("warning:", TEXT, PIPE)).toBe(`warning: ${TEXT}\n`);
  });

  test("T5: cannot move the cursor", () => {
    expect(drawRemark("error:", "a\nNext: b", TERMINAL)).toBe("error: a⟨U+000A⟩Next: b\n");
    expect(drawCommand("Next:", "custody\u001b[2K", PIPE)).toBe("Next: custody⟨U+001B⟩[2K\n");
  });
});

test("a hint that is a command is folded as one, a sentence as a sentence", () => {
  expect(drawHint(LONG, TERMINAL)).toContain(" \\\n");
  const sentence =
    "custody withdraw show 0123456789abcdef0123456789abcdef, or give a new request a new --key";
  expect(drawHint(sentence, TERMINAL)).not.toContain("\\");
  expect(longest(drawHint(sentence, TERMINAL))).toBeLessThanOrEqual(80);
});
