/** Words of a list, typed by a person: completed by their first letters, one or several to a line. */
import type { Io } from "../../../src/terminal/io.ts";
import { ask } from "../../../src/terminal/prompt.ts";

export const CLEAR_SCREEN = "\u001b[2J\u001b[3J\u001b[H";

/** Words that are offered when the letters so far fit several. */
const OFFERED = 5;

export type Typing = {
  readonly list: readonly string[];
  /** What is asked for, such as `Word`. */
  readonly label: string;
  readonly flag: string;
  /** Whether the words so far are all. */
  readonly complete: (words: readonly string[]) => boolean;
  /** Whether an empty line may end them here. */
  readonly mayEnd: (words: readonly string[]) => boolean;
};

/**
 * Asks until the words are complete. `<` takes the last word back; the echo of each line says which words were
 * understood, since what was typed may be four letters only.
 */
export async function typeWords(
  io: Io,
  { list, label, flag, complete, mayEnd }: Typing,
): Promise<readonly string[]> {
  const words: string[] = [];
  while (!complete(words)) {
    const line = await ask(io, `${label} ${words.length + 1}:`, flag);
    if (line === "") {
      if (mayEnd(words)) return words;
      io.stderr.write("  type a word, or < to take the last one back\n");
      continue;
    }
    for (const typed of line.toLowerCase().split(/\s+/)) {
      if (typed === "<") words.pop();
      else if (!takeWord(io, list, typed, words)) break;
      if (complete(words)) break;
    }
  }
  return words;
}

/** Words that `typed` may stand for: itself, or all that begin with it. */
export function completions(list: readonly string[], typed: string): readonly string[] {
  return list.includes(typed) ? [typed] : list.filter((word) => word.startsWith(typed));
}

function takeWord(io: Io, list: readonly string[], typed: string, words: string[]): boolean {
  const found = completions(list, typed);
  const [only] = found;
  if (only === undefined || found.length > 1) {
    io.stderr.write(
      only === undefined
        ? "  no word of the list begins so\n"
        : `  more letters, please: ${found.slice(0, OFFERED).join(", ")}${found.length > OFFERED ? ", …" : ""}\n`,
    );
    return false;
  }
  words.push(only);
  io.stderr.write(`${String(words.length).padStart(4)}  ${only}\n`);
  return true;
}
