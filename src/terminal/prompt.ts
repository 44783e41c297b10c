/**
 * Questions to a person. One small implementation for all three programs: it asks only when stdin is a terminal
 * (`echo y |` must never approve), writes to stderr, and an end of input is a cancellation, not an answer.
 */
import { parseDecimal, shortened } from "../core/decimal.ts";
import { declareError } from "../core/errors.ts";
import { LIMITS } from "../core/limits.ts";
import { visibleText } from "../core/text.ts";
import type { Io } from "./io.ts";
import { roomOf, wrapped } from "./table.ts";

export const ANSWER_MISSING = declareError(
  "ANSWER_MISSING",
  "usage",
  "An answer is needed and stdin is not a terminal.",
);
export const CANCELLED = declareError("CANCELLED", "cancelled", "A person cancelled.");
export const RETYPED_WRONG = declareError(
  "RETYPED_WRONG",
  "denied",
  "What was retyped for confirmation does not match.",
);

/** One line of text. `flag` is what a script gives instead. */
export async function ask(io: Io, question: string, flag: string): Promise<string> {
  return (await line(io, `${question} `, flag, true)).trim();
}

/** A line that is not shown while it is typed. */
export async function askSecret(io: Io, question: string, flag: string): Promise<string> {
  return line(io, `${question} `, flag, false);
}

/** y/N. Anything but y or yes is no. */
export async function confirm(io: Io, question: string, flag: string): Promise<boolean> {
  return /^y(es)?$/i.test(await ask(io, `${question} [y/N]`, flag));
}

/** Lets a person retype `expected`; spaces, case and a decimal's last zeros aside. @throws RETYPED_WRONG */
export async function retype(io: Io, question: string, expected: string, flag: string): Promise<void> {
  if (plain(await ask(io, question, flag)) !== plain(expected)) {
    throw RETYPED_WRONG("what you typed does not match; nothing was done", {
      hint: "compare again and repeat the command",
    });
  }
}

function plain(text: string): string {
  const typed = text.toLowerCase().replace(/\s+/g, " ").trim();
  return parseDecimal(typed) === undefined ? typed : shortened(typed);
}

// A terminal breaks a long question within a word; the answer begins behind its last line.
function foldedQuestion(question: string, to: Io["stderr"]): string {
  const [, text = question, space = ""] = /^(.*?)( ?)$/s.exec(question) ?? [];
  return `${text
    .split("\n")
    .flatMap((part) => wrapped(part, roomOf(to) - 1))
    .join("\n")}${space}`;
}

const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const BACKSPACE = new Set(["\u007f", "\b"]);

function line(io: Io, question: string, flag: string, echo: boolean): Promise<string> {
  if (!io.stdin.isTTY) {
    throw ANSWER_MISSING(`${flag} is needed when nobody can be asked`, { field: flag, hint: `add ${flag}` });
  }
  // First: what is typed between the question and raw mode would be echoed, a passphrase too.
  io.stdin.setRawMode(true);
  io.stderr.write(foldedQuestion(question, io.stderr));
  return new Promise((resolve, reject) => {
    let typed = "";
    const isText = textFilter();
    const finish = (settle: () => void) => {
      stop();
      io.stdin.setRawMode(false);
      io.stderr.write("\n");
      settle();
    };
    const cancel = () => finish(() => reject(CANCELLED("cancelled; nothing was done")));
    const take = (chunk: string) => {
      for (const key of chunk) {
        if (key === CTRL_C || (key === CTRL_D && typed === "")) return cancel();
        if (key === "\r" || key === "\n") return finish(() => resolve(typed));
        if (!isText(key)) continue;
        if (BACKSPACE.has(key)) {
          const last = [...typed].at(-1) ?? "";
          typed = typed.slice(0, typed.length - last.length);
          if (echo) io.stderr.write("\b \b".repeat(visibleText(last).length));
        } else if (key >= " " && typed.length < LIMITS.passphraseBytesMax) {
          typed += key;
          if (echo) io.stderr.write(visibleText(key));
        }
      }
    };
    const stop = io.stdin.listen(take, cancel);
  });
}

/**
 * Tells what is typed from what an arrow or function key sends (ECMA-48 §5.4: ESC [ … final byte; ESC O and one more).
 * Otherwise the "[D" of an arrow key would become part of a passphrase, unseen.
 */
function textFilter(): (key: string) => boolean {
  let within: "text" | "escape" | "sequence" | "single" = "text";
  return (key) => {
    if (key === "\u001b") within = "escape";
    else if (within === "escape") within = key === "[" ? "sequence" : key === "O" ? "single" : "text";
    else if (within === "single") within = "text";
    else if (within === "sequence") within = key >= "@" && key <= "~" ? "text" : "sequence";
    else return true;
    return false;
  };
}
