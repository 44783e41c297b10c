import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commandLines, faultOf } from "../../factory/command-line.ts";

const ROOT = join(import.meta.dirname, "../../..");
const RUNBOOKS = join(ROOT, "docs/runbooks");
const names = readdirSync(RUNBOOKS).filter((name) => name.endsWith(".md"));

const faultsIn = (text: string) => commandLines(text).flatMap((line) => faultOf(line) ?? []);
const read = (name: string) => readFileSync(join(RUNBOOKS, name), "utf8");

/** Sources below `folder`, read as text. */
function sources(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(ROOT, folder, name), "utf8"));
}

describe("commands of the runbooks are ones that the programs have", () => {
  test.each(names)("%s", (name) => {
    expect(faultsIn(read(name))).toEqual([]);
  });

  test.each(["ceremony", "signing-day", "stuck-fee", "halt-and-resume", "database-restored"])(
    "%s.md is read whole",
    (name) => {
      expect(commandLines(read(`${name}.md`)).length).toBeGreaterThan(9);
    },
  );

  test.each(["lying-node.md", "node-down.md"])("%s", (name) => {
    const lines = commandLines(readFileSync(join(RUNBOOKS, name), "utf8"));
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.flatMap((line) => faultOf(line) ?? [])).toEqual([]);
  });

  test("a block with a command that does not exist is found", () => {
    const text =
      "Say:\n\n```\ncustody desk sign a.json --as approve --out b.json\ncustody desk stamp a.json\n```\n";
    expect(commandLines(text).map(faultOf)).toEqual([undefined, "custody has no command desk stamp"]);
  });
});

describe("runbooks that programs and runbooks name are there", () => {
  const named = (text: string) =>
    [...text.matchAll(/docs\/runbooks\/([a-z-]+\.md)/g)].map(([, name]) => name);

  test("in what src, signer and watcher print", () => {
    const found = ["src", "signer", "watcher"].flatMap((folder) => sources(folder).flatMap(named));
    expect(new Set(found)).toContain("stuck-fee.md");
    expect([...new Set(found)].filter((name) => !names.includes(name as string))).toEqual([]);
  });

  test.each(names)("in the links of %s", (name) => {
    const linked = [...read(name).matchAll(/\]\(([a-z-]+\.md)/g)].map(([, other]) => other as string);
    expect(linked.filter((other) => !names.includes(other))).toEqual([]);
  });
});
