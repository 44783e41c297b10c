import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commandLines, faultOf } from "../../factory/command-line.ts";

const RUNBOOKS = join(import.meta.dirname, "../../../docs/runbooks");

describe("commands of the runbooks are ones that the programs have", () => {
  test.each(["ceremony.md", "signing-day.md"])("%s", (name) => {
    const text = readFileSync(join(RUNBOOKS, name), "utf8");
    const lines = commandLines(text);
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.flatMap((line) => faultOf(line) ?? [])).toEqual([]);
  });

  test("other-makers.md", () => {
    const lines = commandLines(readFileSync(join(RUNBOOKS, "other-makers.md"), "utf8"));
    expect(lines.length).toBeGreaterThan(7);
    expect(lines.flatMap((line) => faultOf(line) ?? [])).toEqual([]);
  });

  test("a block with a command that does not exist is found", () => {
    const text =
      "Say:\n\n```\ncustody desk sign a.json --as approve --out b.json\ncustody desk stamp a.json\n```\n";
    expect(commandLines(text).map(faultOf)).toEqual([undefined, "custody has no command desk stamp"]);
  });
});
