/** What stderr says to a person: warnings, errors, hints, the next command. Folded on a terminal, one line in a pipe. */
import { visibleText } from "../core/text.ts";
import { cellsOf } from "./cells.ts";
import type { OutputStream } from "./output.ts";
import { foldedCommand } from "./command-lines.ts";
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
  return COMMAND.test(text) && !SENTENCE.test(text.replace(QUOTED, "").replace(REMARK, ""))
    ? drawCommand("hint:", text, to)
    : drawRemark("hint:", text, to);
}

const COMMAND = /^custody(-signer|-watcher)? /;
const SENTENCE = /[,;:] /;
/** What `shellWord` has quoted: whatever stands in it is no word of ours. */
const QUOTED = /'[^']*'/g;
/** What a command needs before or after it, in brackets: words of ours, however many. */
const REMARK = / {3}\(.*\)$/;
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
