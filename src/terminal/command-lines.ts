/** A command in lines that can be copied from the screen and run. */
import { cellsOf, pieces } from "./cells.ts";

/**
 * A command in lines of at most `room` columns that are still the same command when they are copied: folded between its
 * words, with the shell's `\` before the end of a line (POSIX.1 shell language, 2.2.1). A longer word stays whole, unless
 * it is a quoted one.
 */
export function foldedCommand(command: string, room: number): readonly string[] {
  const words = withValues(command.match(SHELL_WORD) ?? [], room);
  // What does not come apart into words as we know them, with an open quotation mark for one, is left as it is.
  if (cellsOf(command) <= room || words.join(" ") !== command) return [command];
  const lines: string[] = [];
  for (const word of words) {
    const line = lines.at(-1);
    const whole = cellsOf(word) > room ? inQuotedPieces(word, room) : word;
    if (line === undefined || cellsOf(line) + 1 + cellsOf(whole) + " \\".length > room) lines.push(whole);
    else lines[lines.length - 1] = `${line} ${whole}`;
  }
  return lines.map((line, index) => (index === lines.length - 1 ? line : `${line} \\`));
}

// `--out \` at the end of a line leaves the reader to look for what it is the value of.
function withValues(words: readonly string[], room: number): readonly string[] {
  const pairs: string[] = [];
  for (const word of words) {
    const flag = pairs.at(-1);
    const both = `${flag} ${word}`;
    if (flag !== undefined && FLAG.test(flag) && !word.startsWith("-") && cellsOf(both) + 2 <= room)
      pairs[pairs.length - 1] = both;
    else pairs.push(word);
  }
  return pairs;
}

const FLAG = /^--[a-z][a-z-]*$/;

// A stranger's text may hold spaces: broken by the terminal, its rest would read as a line of ours (attack T5). In pieces
// that each begin with their quotation mark it does not, and `'a'\`, end of line, `'b'` is the same word as `'ab'`.
function inQuotedPieces(word: string, room: number): string {
  if (!/^'.*'$/s.test(word)) return word;
  const text = word.slice(1, -1).replaceAll("'\\''", "'");
  const size = Math.max(1, text.includes("'") ? room >> 2 : room - "''\\".length);
  return pieces(text, size)
    .map((piece) => `'${piece.replaceAll("'", "'\\''")}'`)
    .join("\\\n");
}

// A backslash within single quotes would be part of the word: a quoted word is never folded.
const SHELL_WORD = /(?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+/g;
