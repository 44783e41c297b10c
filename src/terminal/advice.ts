/** What stderr says to a person: warnings, errors, hints, the next command. Folded on a terminal, one line in a pipe. */
import { visibleText } from "../core/text.ts";
import { cellsOf, pieces } from "./cells.ts";
import type { OutputStream } from "./output.ts";
import { roomOf, wrapped } from "./table.ts";

/** `label text`, folded at spaces and hanging below itself. @param paint of the label alone */
export function drawRemark(
  label: string,
  text: string,
  to: OutputStream,
  paint: (label: string) => string = (plain) => plain,
): string {
  const lines = to.isTTY ? wrapped(visibleText(text), roomOf(to) - label.length - 1) : [visibleText(text)];
  return `${paint(label)} ${lines.join(`\n${" ".repeat(label.length + 1)}`)}\n`;
}

/** A hint is a command to run, or a sentence. */
export function drawHint(text: string, to: OutputStream): string {
  return COMMAND.test(text) && !SENTENCE.test(text.replace(QUOTED, ""))
    ? drawCommand("hint:", text, to)
    : drawRemark("hint:", text, to);
}

const COMMAND = /^custody(-signer|-watcher)? /;
const SENTENCE = /[,;:] /;
/** What `shellWord` has quoted: whatever stands in it is no word of ours. */
const QUOTED = /'[^']*'/g;
/** A command, and what follows it after three spaces that are not within a quoted word. */
const COMMAND_AND_REMARK = /^((?:'[^']*'|[^'])*?)(?: {3}(?:(\(.*\))|then: (.*)))?$/;

/**
 * A command after its label. What follows it after three spaces, a remark in brackets or `then:` and a second command,
 * goes below where it has no room beside it.
 */
export function drawCommand(label: string, text: string, to: OutputStream): string {
  const whole = visibleText(text);
  const room = roomOf(to) - label.length - 1;
  const [, command = whole, remark, second] = COMMAND_AND_REMARK.exec(whole) ?? [];
  const lines =
    to.isTTY && cellsOf(whole) > room
      ? [
          ...foldedCommand(command, room),
          ...(remark === undefined ? [] : wrapped(remark, room)),
          ...(second === undefined ? [] : ["then:", ...foldedCommand(second, room)]),
        ]
      : [whole];
  return `${label} ${lines.join(`\n${" ".repeat(label.length + 1)}`)}\n`;
}

/**
 * A command in lines of at most `room` columns that are still the same command when they are copied: folded between its
 * words, with the shell's `\` before the end of a line (POSIX.1 shell language, 2.2.1). A longer word stays whole, unless
 * it is a quoted one.
 */
export function foldedCommand(command: string, room: number): readonly string[] {
  const words = command.match(SHELL_WORD) ?? [];
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
