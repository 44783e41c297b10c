import { visibleText } from "../core/text.ts";
import { alignCells, cellsOf, padCells, pieces } from "./cells.ts";
import { foldedCommand } from "./command-lines.ts";
import type { OutputStream } from "./output.ts";

export type Column = { readonly head: string; readonly align?: "right" };

/** No terminal is taken to be narrower: a column that is dragged to nothing still shows what is in it. */
const COLUMNS_MIN = 40;

/** Between the columns of a table, and before every line of a row but its first. */
const GAP = "  ";

/** Between them where all of them fit beside each other so, and not otherwise. */
const NARROW_GAP = " ";

/**
 * A table: aligned columns on a terminal, tab-separated values without a head line when piped. Columns that do not fit
 * beside the others go below them, so that ids and addresses stay in one piece to copy; a cell that is longer than a line
 * is folded, and nothing of it is left out (failure F22).
 * Cells are made visible first: no cell can move the cursor or hide its neighbour (attack T5).
 */
export function drawTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  to: Pick<OutputStream, "isTTY" | "columns">,
): string {
  const cells = rows.map((row) => row.map(visibleText));
  if (!to.isTTY) return cells.map((row) => `${row.join("\t")}\n`).join("");
  const room = roomOf(to);
  const widths = columns.map(({ head }, index) =>
    cells.reduce((width, row) => Math.max(width, cellsOf(row[index] ?? "")), head.length),
  );
  // A column of a few letters too many would otherwise put a second line below every row.
  const gap = fits(widths, room, GAP) || !fits(widths, room, NARROW_GAP) ? GAP : NARROW_GAP;
  const lines = placed(widths, room, gap);
  const ragged = raggedLast(columns, widths, lines, cells, room, gap);
  const draw = (row: readonly string[]) =>
    (ragged?.(row) ?? lines).flatMap((places, number) => {
      const indent = number === 0 ? "" : GAP;
      const [only = 0, ...others] = places;
      const texts =
        others.length === 0 && indent.length + (widths[only] ?? 0) > room
          ? folded(row[only] ?? "", room - GAP.length)
          : [aligned(columns, widths, row, places, gap)];
      return texts
        .filter((text) => number === 0 || text !== "")
        .map((text, place) => `${place === 0 ? indent : GAP}${text}\n`);
    });
  const drawn = [columns.map(({ head }) => head), ...cells].flatMap(draw).join("");
  // A head alone leaves it open whether the rows are still to come.
  return rows.length === 0 ? `${drawn}(none)\n` : drawn;
}

type Lines = readonly (readonly number[])[];

// One long remark at the end of a row sends the last column below in that row alone, where most rows have room for theirs.
function raggedLast(
  columns: readonly Column[],
  widths: readonly number[],
  lines: Lines,
  cells: readonly (readonly string[])[],
  room: number,
  gap: string,
): ((row: readonly string[]) => Lines) | undefined {
  const last = columns.length - 1;
  const [first = [], second, third] = lines;
  if (second?.[0] !== last || third !== undefined || columns[last]?.align !== undefined) return undefined;
  const before = first.reduce((sum, index) => sum + (widths[index] ?? 0) + gap.length, 0);
  const hasRoom = (row: readonly string[]) => before + cellsOf(row[last] ?? "") <= room;
  if (cells.filter(hasRoom).length * 2 < cells.length) return undefined;
  const whole = [[...first, last]];
  return (row) => (hasRoom(row) ? whole : lines);
}

function fits(widths: readonly number[], room: number, gap: string): boolean {
  return widths.reduce((sum, width) => sum + width, 0) + gap.length * (widths.length - 1) <= room;
}

/** How many characters a line of `to` has. */
export function roomOf({ columns }: Pick<OutputStream, "columns">): number {
  return Math.max(COLUMNS_MIN, columns);
}

// Which columns stand in which line of a row: each in the first line that has room for it.
function placed(widths: readonly number[], room: number, gap: string): Lines {
  const lines: { places: number[]; length: number }[] = [];
  widths.forEach((width, index) => {
    const line = lines.find(({ length }) => length + gap.length + width <= room);
    if (line === undefined) {
      lines.push({ places: [index], length: width + (lines.length === 0 ? 0 : GAP.length) });
      return;
    }
    line.places.push(index);
    line.length += gap.length + width;
  });
  return lines.map(({ places }) => places);
}

function aligned(
  columns: readonly Column[],
  widths: readonly number[],
  row: readonly string[],
  places: readonly number[],
  gap: string,
): string {
  return places
    .map((index) => {
      const [cell, width] = [row[index] ?? "", widths[index] ?? 0];
      return columns[index]?.align === "right" ? alignCells(cell, width) : padCells(cell, width);
    })
    .join(gap)
    .trimEnd();
}

/** Ids, digests, addresses and accounts: what is read in groups of four. */
const GROUPED = /^[0-9A-Za-z:]+$/;

/** An account: its chain, then the address, which alone is compared by eye. */
const ACCOUNT = /^([0-9a-z]+:[0-9A-Za-z]+:)([0-9A-Za-z]+)$/;

function groupedWord(word: string): string {
  const [, chain, address] = ACCOUNT.exec(word) ?? [];
  if (chain !== undefined && address !== undefined) return `${chain} ${grouped(address)}`;
  return GROUPED.test(word) ? grouped(word) : word;
}

// All of `text` in lines of at most `columns` columns: at spaces, ids and addresses in their groups, paths anywhere.
function folded(text: string, columns: number): readonly string[] {
  const words = text.split(" ").map((word) => {
    return cellsOf(word) > columns ? groupedWord(word) : word;
  });
  return evenly(words.join(" "), columns);
}

/** What is already in groups of four. */
const GROUPS = /^[0-9A-Za-z:]{4}(?: [0-9A-Za-z:]{1,4})+$/;

// A head is copied by hand into a book: eight groups and eight, for one group alone in a line is left out.
function evenly(text: string, columns: number): readonly string[] {
  const lines = wrapped(text, columns);
  if (!GROUPS.test(text)) return lines;
  const groups = Math.ceil((text.length + 1) / 5 / lines.length);
  return wrapped(text, groups * 5 - 1);
}

/** Longest line of a fact, in columns. */
const FACT_COLUMNS = 80;

/** Before a value that has no room beside its label. */
const BELOW = "    ";

// An account is longer than a line, and an address is compared by eye: in groups.
function inGroups(word: string): string {
  return cellsOf(word) > FACT_COLUMNS - BELOW.length ? groupedWord(word) : word;
}

// A signature, key, descriptor or path longer than any line is copied from the screen in one piece. Without a space, and in
// ASCII alone, what a terminal makes of it forges no fact.
function isCopied(word: string): boolean {
  return /^[\x21-\x7e]+$/.test(word) && word.length > FACT_COLUMNS - BELOW.length;
}

function orWhole(word: string, columns: number): readonly string[] {
  return isCopied(word) ? [word] : pieces(word, columns);
}

/** What is typed against the fact above it: it can be copied in one piece, its remark apart. */
const COMMAND = /^custody(-signer|-watcher)? /;

function drawnCommand(text: string, room: number): readonly string[] {
  const [command = text, remark] = text.split(/ {3}(?=\(.*\)$)/);
  return cellsOf(text) <= room
    ? [text]
    : [...foldedCommand(command, room), ...(remark === undefined ? [] : wrapped(remark, room))];
}

/** Facts in two columns, `label  value`; a long value goes on below itself, one that has no room there below its label. */
export function drawFacts(facts: readonly (readonly [label: string, value: string])[]): string {
  const width = Math.max(0, ...facts.map(([label]) => cellsOf(label)));
  const room = FACT_COLUMNS - width - 2;
  const indent = " ".repeat(width + 2);
  return facts
    .map(([label, value]) => {
      const text = visibleText(value).split(" ").map(inGroups).join(" ");
      const words = text.split(" ").filter((word) => !isCopied(word));
      if (Math.max(0, ...words.map(cellsOf)) > room)
        return `${label}\n${BELOW}${wrapped(text, FACT_COLUMNS - BELOW.length, orWhole).join(`\n${BELOW}`)}\n`;
      if (label === "" && COMMAND.test(text))
        return `${indent}${drawnCommand(text, room).join(`\n${indent}`)}\n`;
      return `${padCells(label, width)}  ${wrapped(text, room, orWhole).join(`\n${indent}`)}\n`;
    })
    .join("");
}

/**
 * `text` in lines of at most `columns` columns, broken at spaces, and a word that has no room in one wherever it ends:
 * what a terminal breaks goes on at column 0, where it reads as a line of its own (attack T5).
 * @param cut into pieces of at most so many columns
 */
export function wrapped(text: string, columns: number, cut = pieces): readonly string[] {
  const lines: string[] = [];
  let [line, cells] = ["", 0];
  for (const word of text.split(" ").flatMap((each) => (each === "" ? [each] : cut(each, columns)))) {
    const more = cellsOf(word);
    if (line !== "" && cells + 1 + more > columns) {
      lines.push(line);
      [line, cells] = [word, more];
    } else [line, cells] = line === "" ? [word, more] : [`${line} ${word}`, cells + 1 + more];
  }
  return [...lines, line];
}

/** An address or digest in groups of four characters, whole: nothing is ever shortened to its ends (failure F22). */
export function grouped(text: string): string {
  return text.replace(/(.{4})(?=.)/g, "$1 ");
}
