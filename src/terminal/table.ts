import { visibleText } from "../core/text.ts";
import type { OutputStream } from "./io.ts";

export type Column = { readonly head: string; readonly align?: "right" };

/**
 * A table: aligned columns on a terminal, tab-separated values without a head line when piped.
 * Cells are made visible first: no cell can move the cursor or hide its neighbour (attack T5).
 */
export function drawTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  to: Pick<OutputStream, "isTTY">,
): string {
  const cells = rows.map((row) => row.map(visibleText));
  if (!to.isTTY) return cells.map((row) => `${row.join("\t")}\n`).join("");
  const widths = columns.map(({ head }, index) =>
    cells.reduce((width, row) => Math.max(width, row[index]?.length ?? 0), head.length),
  );
  const draw = (row: readonly string[]) =>
    columns
      .map(({ align }, index) => {
        const cell = row[index] ?? "";
        return align === "right" ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0);
      })
      .join("  ")
      .trimEnd();
  return [draw(columns.map(({ head }) => head)), ...cells.map(draw)].map((line) => `${line}\n`).join("");
}

/** Longest line of a fact, in characters. Words are never broken: descriptors and paths stay whole to copy. */
const FACT_COLUMNS = 80;

/** Facts in two columns, `label  value`; a long value goes on below itself. */
export function drawFacts(facts: readonly (readonly [label: string, value: string])[]): string {
  const width = Math.max(0, ...facts.map(([label]) => label.length));
  const indent = " ".repeat(width + 2);
  return facts
    .map(
      ([label, value]) =>
        `${label.padEnd(width)}  ${wrapped(visibleText(value), FACT_COLUMNS - width - 2).join(`\n${indent}`)}\n`,
    )
    .join("");
}

/** `text` in lines of at most `columns` characters, broken at spaces. */
export function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** An address or digest in groups of four characters, whole: nothing is ever shortened to its ends (failure F22). */
export function grouped(text: string): string {
  return text.replace(/(.{4})(?=.)/g, "$1 ");
}
