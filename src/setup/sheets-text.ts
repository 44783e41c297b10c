/** The sheets as text of at most 76 columns, for a printer that knows nothing else; a form feed ends each page. */
import { GROUPS, LOGBOOK_COLUMNS, LOGBOOK_LINES, sheetsOf, WORDS, type Sheet } from "./sheets.ts";
import type { Answers } from "./answers.ts";
import { linesOf } from "./lines.ts";

const RULE = "_".repeat(76);

export function sheetsText(answers: Answers): string {
  return sheetsOf(answers).map(pageOf).join("\f");
}

function pageOf({ title, secrecy, facts, note, blanks }: Sheet): string {
  return [
    title,
    `[ ${secrecy} ]`,
    "",
    ...facts.map(([label, value]) => `${label.padEnd(9)}${value}`),
    "",
    ...linesOf(note, 76),
    "",
    ...BLANKS[blanks],
    "",
    `Date and signature: ${"_".repeat(40)}`,
    "",
  ].join("\n");
}

const wordLines = Array.from({ length: WORDS / 3 }, (_, line) =>
  [0, 1, 2]
    .map((column) => `${String(column * (WORDS / 3) + line + 1).padStart(2)} ${"_".repeat(18)}`)
    .join("    "),
);

const BLANKS: Readonly<Record<Sheet["blanks"], readonly string[]>> = {
  fingerprint: [
    "Fingerprint, a digit on each line:",
    "",
    ...Array.from({ length: GROUPS / 4 }, () => Array.from({ length: 4 }, () => "_ _ _ _").join("    ")),
    "",
    "The same in words:",
    "",
    ...wordLines,
  ],
  words: wordLines,
  logbook: [
    LOGBOOK_COLUMNS.join(" | "),
    ...Array.from({ length: LOGBOOK_LINES }, () => ["", "", RULE]).flat(),
  ],
};
