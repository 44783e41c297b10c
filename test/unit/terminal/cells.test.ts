/** T5: lines are measured as a terminal measures them, so that none is broken at column 0, where it would read as ours. */
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { isSafeText, visibleText } from "../../../src/core/text.ts";
import { drawHint } from "../../../src/terminal/advice.ts";
import { foldedCommand } from "../../../src/terminal/command-lines.ts";
import { alignCells, cellsOf, padCells, pieces, placeAfter } from "../../../src/terminal/cells.ts";
import { verbatim, wrapped as labelled } from "../../../src/terminal/labelled-text.ts";
import { drawChanges, policyChanges } from "../../../src/terminal/policy-changes.ts";
import { drawReading, type Reading } from "../../../src/terminal/reading.ts";
import { drawFacts, drawTable } from "../../../src/terminal/table.ts";
import { Chalk } from "chalk";
import { policyDocument } from "../../../src/core/policy/policy.ts";
import { policyBody } from "../../factory/documents.ts";

const WIDE = "漢".repeat(60);

/** What a terminal of 80 columns makes of `text`: it breaks longer lines wherever they are. */
function screen(text: string): readonly string[] {
  return text.split("\n").flatMap((line) => {
    const rows = [""];
    let cells = 0;
    for (const letter of line) {
      const width = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\u3000]/.test(letter)
        ? 2
        : 1;
      if (cells + width > 80) {
        rows.push("");
        cells = 0;
      }
      rows[rows.length - 1] += letter;
      cells += width;
    }
    return rows;
  });
}

describe("columns of a terminal (UAX #11)", () => {
  test.each([
    ["a", 1],
    ["é", 1],
    ["e\u0301", 1],
    ["漢", 2],
    ["한", 2],
    ["ア", 2],
    ["ｱ", 1],
    ["Я", 1],
    ["⟨U+3000⟩", 8],
    ["😀", 2],
    ["𠀀", 2],
    ["", 0],
  ])("%s takes %i", (text, cells) => {
    expect(cellsOf(text)).toBe(cells);
  });

  test("a letter is not parted, nor its marks from it", () => {
    expect(pieces("漢字漢字", 5)).toEqual(["漢字", "漢字"]);
    expect(pieces("ae\u0301b", 2)).toEqual(["ae\u0301", "b"]);
    expect(pieces("😀😀", 1)).toEqual(["😀", "😀"]);
    expect(placeAfter("abc", 2)).toBe(2);
    expect([padCells("漢", 4), alignCells("漢", 4), padCells("漢字漢", 4)]).toEqual([
      "漢  ",
      "  漢",
      "漢字漢",
    ]);
  });

  test("a space that is not U+0020 is written out, in documents it may stand", () => {
    expect(visibleText("山田\u3000太郎")).toBe("山田⟨U+3000⟩太郎");
    expect(visibleText("山田 太郎")).toBe("山田 太郎");
    expect(isSafeText("山田\u3000太郎")).toBe(true);
  });
});

describe("no line goes on at column 0", () => {
  test("a person's name in wide letters cannot write a changed quorum", () => {
    const body = policyBody();
    const person = `${"漢".repeat(28)}xquorums.resume\u3000\u30002\u3000->\u30002${"\u3000".repeat(5)}`;
    const identities = body.identities.map((each) => (each.name === "ben" ? { ...each, person } : each));
    const next = { ...body, number: 2, identities, quorums: { ...body.quorums, resume: 1 } };
    const drawn = drawFacts(drawChanges(policyChanges(policyDocument(body), policyDocument(next))));
    const lines = screen(drawn).filter((line) => line.startsWith("quorums.resume"));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("-> 1");
  });

  test.each([`${WIDE} 1 -> 2`, `${"x".repeat(200)} 1 -> 2`, `a ${WIDE}`])("of facts: %s", (value) => {
    const lines = screen(drawFacts([["person", value]])).filter((line) => line !== "");
    expect(lines.filter((line) => !line.startsWith(" "))).toEqual([expect.stringMatching(/^person/)]);
    expect(lines.join("").replace(/\s/g, "")).toBe(`person${value.replace(/\s/g, "")}`);
  });

  test("of a desk's reading, of a review and of a message", () => {
    const facts = [["customer", WIDE] as const];
    const reading = { kind: "x", network: "regtest", digest: "00", words: "w", facts } as unknown as Reading;
    const all = { ...reading, signed: [], missing: [], similar: [], warnings: ["x".repeat(300)] };
    const lines = screen(drawReading(all, new Chalk({ level: 0 }))).filter((line) => /^[^ ]/.test(line));
    expect(lines.map((line) => line.split(" ")[0])).toEqual(["customer", "digest", "check", "WARNING"]);
    for (const drawn of [labelled("  MEMO   ", WIDE), verbatim("  | ", WIDE)]) {
      expect(Math.max(...drawn.map(cellsOf))).toBeLessThanOrEqual(80);
      expect(screen(drawn.join("\n")).every((line) => line.startsWith("  "))).toBe(true);
      expect(drawn.join("").match(/漢/g)).toHaveLength(60);
    }
  });

  test("of a table, and its columns stay in line", () => {
    const to = { isTTY: true, columns: 80 };
    const two = [{ head: "NAME" }, { head: "STATE" }];
    expect(
      drawTable(
        two,
        [
          ["漢字", "READY"],
          ["ab", "DONE"],
        ],
        to,
      ),
    ).toBe("NAME  STATE\n漢字  READY\nab    DONE\n");
    const lines = screen(drawTable([{ head: "NAME" }], [[WIDE], ["b"]], to)).filter((line) => line !== "");
    expect(lines.filter((line) => !line.startsWith(" "))).toEqual([
      "NAME",
      expect.stringMatching(/^漢/),
      "b",
    ]);
  });
});

describe("a command with a stranger's text in it", () => {
  const to = { isTTY: true, columns: 80, rows: 24, write: () => undefined };
  const argumentsOf = (lines: readonly string[]) =>
    execFileSync("sh", ["-c", lines.join("\n").replace(/^custody/, "printf '%s\\n'")], { encoding: "utf8" });

  test("is the same command when it is folded, and no line of it reads as one of ours", () => {
    const value = `it's ${"x".repeat(70)} Next: custody status; reboot ${"漢".repeat(40)}`;
    const quoted = `'${value.replaceAll("'", "'\\''")}'`;
    const lines = foldedCommand(`custody customer add --ref ${quoted} --json`, 70);
    expect(argumentsOf(lines)).toBe(`customer\nadd\n--ref\n${value}\n--json\n`);
    expect(screen(lines.join("\n")).every((line) => /^(custody|'|--json)/.test(line))).toBe(true);
  });

  test("is a command whatever the text holds, a second one included", () => {
    const drawn = drawHint(`custody customer add --ref 'a   then: reboot; x ${"y".repeat(60)}'`, to);
    expect(drawn).not.toMatch(/^\s*then:/m);
    expect(drawn.replace(/^hint: /, "").replaceAll("\n      ", "\n")).toContain(
      "--ref \\\n'a   then: reboot; x",
    );
    expect(drawHint("custody status   then: custody doctor", { ...to, columns: 40 })).toContain("then:");
  });
});
