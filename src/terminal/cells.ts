/**
 * How many columns of a terminal a text takes (UAX #11). A line that is longer than it was taken for is broken by the
 * terminal itself, at column 0, where its rest reads as a line of ours: a name in wide letters could so write a changed
 * quorum (attack T5).
 */
import { WIDE_LETTERS } from "./wide-letters.ts";

const PLAIN = /^[\x20-\x7e]*$/;
/** Drawn over the letter before it. Marks that take room beside it (Mc) are counted: some terminals give them a column. */
const OVER = /^[\p{Mn}\p{Me}]$/u;

type Range = readonly [first: number, last: number];

// Most text is plain: the table is read when the first letter comes that may be wide.
let ranges: readonly Range[] | undefined;
function wideRanges(): readonly Range[] {
  ranges ??= WIDE_LETTERS.split(" ").map((range): Range => {
    const [first = "", last = first] = range.split("-");
    return [Number.parseInt(first, 16), Number.parseInt(last, 16)];
  });
  return ranges;
}

function cellsOfLetter(letter: string): number {
  const point = letter.codePointAt(0) ?? 0;
  if (point < 0x300) return 1;
  if (OVER.test(letter)) return 0;
  let [low, high] = [0, wideRanges().length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [first, last] = wideRanges()[middle] as Range;
    if (point < first) high = middle - 1;
    else if (point > last) low = middle + 1;
    else return 2;
  }
  return 1;
}

/** Columns of `text`, which holds nothing that moves the cursor (`visibleText`). */
export function cellsOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let cells = 0;
  for (const letter of text) cells += cellsOfLetter(letter);
  return cells;
}

/** `text` with spaces behind it, up to `width` columns. */
export function padCells(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - cellsOf(text)));
}

/** As `padCells`, with the spaces before it. */
export function alignCells(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - cellsOf(text))) + text;
}

/**
 * The place in `text` where its first `columns` columns end: a letter is not parted, nor are its marks from it. One
 * letter at least lies before it, so that whoever goes on from there comes to an end.
 */
export function placeAfter(text: string, columns: number): number {
  if (PLAIN.test(text)) return Math.min(text.length, Math.max(1, columns));
  let [place, cells] = [0, 0];
  for (const letter of text) {
    cells += cellsOfLetter(letter);
    if (cells > columns && place > 0) return place;
    place += letter.length;
  }
  return place;
}

/** `text` in pieces of at most `columns` columns, wherever they end. */
export function pieces(text: string, columns: number): readonly string[] {
  const found: string[] = [];
  for (let rest = text; rest !== ""; ) {
    const end = placeAfter(rest, columns);
    found.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return found;
}
