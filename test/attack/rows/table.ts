/** What the tests of `test/attack/` prove of each row, read from their source: the table of `docs/attacks.md`. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Check } from "./check.ts";
import { CHECKS } from "./checks.ts";
import { ROWS, type Row, type RowId } from "./rows.ts";

const FOLDER = resolve(import.meta.dirname, "..");

/** A row with what its files say. */
export type ProvenRow = Row & {
  readonly id: RowId;
  readonly files: readonly string[];
  /** Ids of all pairs in its files. */
  readonly pairs: readonly string[];
  /** What is said of its attacks: gate and rule, a code, or the words that an officer reads. */
  readonly refused: readonly string[];
  /** What is said with the checks gone. */
  readonly without: readonly string[];
  /** Names of the checks that are taken out. */
  readonly removes: readonly string[];
};

export function provenRows(): readonly ProvenRow[] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".test.ts"));
  return Object.entries(ROWS).map(([id, row]) => {
    const prefix = `${id.charAt(0)}${id.slice(1).padStart(2, "0")}-`;
    const own = files.filter((name) => name.startsWith(prefix)).sort();
    const text = own.map((name) => readFileSync(join(FOLDER, name), "utf8")).join("\n");
    return {
      ...(row as Row),
      id: id as RowId,
      files: own,
      pairs: [...text.matchAll(/\bpair(?:<[^(]*>)?\(\s*"([^"]+)"/g)].map(([, of]) => of as string),
      refused: said(text, "refused"),
      without: said(text, "without"),
      removes: unique(
        [...text.matchAll(/\bremoves:\s*\[([^\]]*)\]/g)].flatMap(([, list]) => quotedIn(list as string)),
      ),
    };
  });
}

const unique = (list: readonly string[]) => [...new Set(list)];
const quotedIn = (text: string) => [...text.matchAll(/"([^"]+)"/g)].map(([, inner]) => inner as string);
const said = (text: string, field: string) =>
  unique(
    [...text.matchAll(new RegExp(String.raw`\b${field}:\s*"([^"]+)"`, "g"))].map(
      ([, what]) => what as string,
    ),
  );

/** `docs/attacks.md`, without the notice that it is generated. */
export function attacksMarkdown(): string {
  const lines = provenRows().map(({ id, attack, check, outside, files, refused, without, removes }) => {
    const where = removes.map(
      (name) => `${name} (\`${(CHECKS as Record<string, Check>)[name]?.file ?? "?"}\`)`,
    );
    const tests = files.map((name) => `[${name.replace(".test.ts", "")}](../test/attack/${name})`);
    const gate = outside === undefined ? "" : `<br>No gate: ${outside}.`;
    return `| ${id} | ${attack} | ${check}${gate} | ${codes(refused)} | ${where.join("; ")} | ${codes(without)} | ${tests.join(", ")} |`;
  });
  return [
    INTRODUCTION,
    "| row | attack | what stops it | what is said | checks taken out for the proof | and then | tests |",
    "|---|---|---|---|---|---|---|",
    ...lines,
    "",
  ].join("\n");
}

const codes = (list: readonly string[]) =>
  list.map((text) => (/^[A-Z0-9_ ]+$/.test(text) ? `\`${text}\`` : text).replaceAll("|", "\\|")).join(", ");

const INTRODUCTION = `# Attacks

Known attacks on offline signers, and the tests that play them: B on bitcoin, E on EVM chains, S on Stellar (those of what is signed
there so far), T on the way across the gap.
Each test has a twin that differs in one fact and is accepted. For the proof, the check is taken out of the source that the
tests load (the files stay as they are) and the same attack is judged again: it must be answered otherwise, and the twin as before.
\`signed\`, \`passed\`, \`none\` and the like mean that nothing else would have stopped it; another rule is the next line of
defence. \`npm run attack -- --rows B3 T1\` plays rows, with their proofs; the test command plays all of them.
`;
