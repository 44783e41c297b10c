/** One question of a set-up: asked until the answer can be read, with what Enter alone means in brackets. */
import { CustodyError, declareError } from "../../core/errors.ts";
import { quoted, visibleText } from "../../core/text.ts";
import type { Io } from "../../terminal/io.ts";
import { ask } from "../../terminal/prompt.ts";

export const CHOICE_UNREADABLE = declareError(
  "CHOICE_UNREADABLE",
  "invalid",
  "An answer to a question of the set-up is not one that it can have.",
);

/**
 * @param otherwise what Enter alone means; without it an answer is needed
 * @param read makes a value of the answer, or throws what is then said before asking again
 */
export async function choose<T>(
  io: Io,
  question: string,
  otherwise: string | undefined,
  read: (text: string) => T,
): Promise<T> {
  for (;;) {
    const shown = otherwise === undefined ? question : `${question} [${otherwise}]`;
    // Outside: a person who cancels has not mistyped.
    const typed = await ask(io, `${shown}:`, "--answers");
    try {
      return read(typed === "" ? (otherwise ?? "") : typed);
    } catch (error) {
      if (!(error instanceof CustodyError)) throw error;
      io.stderr.write(`  ${visibleText(error.message)}\n`);
    }
  }
}

/** Reads one of `choices`. */
export function oneOf<T extends string>(choices: readonly T[]): (text: string) => T {
  return (text) => {
    const found = choices.find((choice) => choice === text.toLowerCase());
    if (found !== undefined) return found;
    throw CHOICE_UNREADABLE(`${quoted(text)} is not ${choices.join(" or ")}`, { field: "answer" });
  };
}

/** Reads a whole number. Never for money. */
export function countBetween(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^[0-9]{1,9}$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw CHOICE_UNREADABLE(`${quoted(text)} is not a whole number from ${min} to ${max}`, {
      field: "answer",
    });
  };
}
