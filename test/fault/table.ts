/** Which tests cover which row, read from their names: the tables of `docs/faults.md`. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { FAULTS, INVARIANTS, type FaultRow } from "./rows.ts";

const TESTS = resolve(import.meta.dirname, "..");

/** A test file, and how many of its tests' or groups' names begin with an id; a file that begins with it is named whole. */
export type Covering = { readonly file: string; readonly whole: boolean; readonly titles: number };

/** Test files by the ids that they cover. */
export function coverage(): ReadonlyMap<string, readonly Covering[]> {
  const found = new Map<string, Covering[]>();
  for (const file of testFiles(TESTS)) {
    const name = file.slice(file.lastIndexOf("/") + 1);
    const [own] = idsOf(name);
    const titles = new Map<string, number>();
    const text = readFileSync(join(TESTS, file), "utf8");
    for (const [, title] of text.matchAll(/\b(?:test|describe|it)(?:\.each\([^)]*\))?\(\s*["'`]([^"'`]+)/g)) {
      for (const id of idsOf(title ?? "")) titles.set(id, (titles.get(id) ?? 0) + 1);
    }
    // Tables of tests, each named by its key.
    for (const [, key] of text.matchAll(/^ {2}([FI]\d{1,2}): \(/gm))
      for (const id of idsOf(`${key}:`)) titles.set(id, (titles.get(id) ?? 0) + 1);
    for (const id of new Set([...titles.keys(), ...(own === undefined ? [] : [own])]))
      found.set(id, [...(found.get(id) ?? []), { file, whole: id === own, titles: titles.get(id) ?? 0 }]);
  }
  return found;
}

/** `docs/faults.md`, without the notice that it is generated. */
export function faultsMarkdown(): string {
  const covered = coverage();
  const faults = Object.entries(FAULTS as Record<string, FaultRow>).map(
    ([id, { fault, seen, stopped, only }]) =>
      `| ${id} | ${fault} | ${seen} | ${stopped} | ${only === undefined ? "" : `${only} alone can show it. `}${tests(covered.get(id))} |`,
  );
  const invariants = Object.entries(INVARIANTS).map(
    ([id, text]) => `| ${id} | ${text} | ${tests(covered.get(id))} |`,
  );
  return [
    INTRODUCTION,
    "| row | what went wrong | seen at | what stops it | tests |",
    "|---|---|---|---|---|",
    ...faults,
    "",
    "## Invariants",
    "",
    "| row | what always holds | tests |",
    "|---|---|---|",
    ...invariants,
    "",
  ].join("\n");
}

const INTRODUCTION = `# Faults

What has gone wrong elsewhere between an approved payment and the chain, and the tests that make it happen here: a file
whose name begins with the row's id, or tests within it whose names do. Crashes at every write, lying nodes and
reorganisations in any order are played by \`npm run sim\`, which asserts the invariants below after every step.
`;

function tests(covering: readonly Covering[] | undefined): string {
  return (covering ?? [])
    .map(({ file }) => `[${file.replace(/\.test\.ts$/, "")}](../test/${file})`)
    .join(", ");
}

// "F02-kill…" of a file, "F5: …" or "I1, I2: …" of a test.
function idsOf(text: string): readonly string[] {
  const [, list = ""] = /^((?:[FI]\d{1,2}(?:, )?)+)[:-]/.exec(text) ?? [];
  return [...list.matchAll(/([FI])(\d{1,2})/g)].map(
    ([, letter, number]) => `${letter}${number?.padStart(2, "0")}`,
  );
}

function testFiles(folder: string): readonly string[] {
  return readdirSync(folder)
    .flatMap((name) => {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) return name === "node_modules" ? [] : testFiles(path);
      return name.endsWith(".test.ts") ? [relative(TESTS, path)] : [];
    })
    .sort();
}
