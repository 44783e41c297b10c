/** How seed words get in and out: by a person at a terminal; by files on regtest alone, for scripts. */
import type { Network } from "../../../src/core/chain.ts";
import { declareError, isError } from "../../../src/core/errors.ts";
import { LIMITS } from "../../../src/core/limits.ts";
import { optionalFlag, type Call } from "../../../src/terminal/command.ts";
import { readInput } from "../../../src/terminal/files.ts";
import type { Io } from "../../../src/terminal/io.ts";
import { ask, RETYPED_WRONG, retype } from "../../../src/terminal/prompt.ts";
import { wrapped } from "../../../src/terminal/table.ts";
import { BIP39_WORDS, entropyOf, PHRASE_WORDS } from "../../keystore/seed.ts";
import { CLEAR_SCREEN, typeWords } from "./type-words.ts";

export const WORDS_FILE_REGTEST_ONLY = declareError(
  "WORDS_FILE_REGTEST_ONLY",
  "denied",
  "Seed words go through files on regtest alone.",
);
export const WORDS_NEED_TERMINAL = declareError(
  "WORDS_NEED_TERMINAL",
  "usage",
  "New seed words are shown on a terminal and nowhere else.",
);

export const WORDS_FILE_FLAG = "--words-file";

/** Words are asked for at three places, so that a sheet with a wrong or missing line is found out. */
const RETYPED_WORDS = 3;

/** How often a sheet is shown when its words were copied wrongly. */
const SHOWINGS = 3;

/** What a person reads is broken at spaces for the narrowest screen in use. */
const COLUMNS = 80;

/** Refuses a words file outside regtest: words in a file are a seed in the clear. @throws WORDS_FILE_REGTEST_ONLY */
export function assertWordsFile(network: Network, flag: string): void {
  if (network === "regtest") return;
  throw WORDS_FILE_REGTEST_ONLY(`${flag} works on regtest only, this is ${network}`, {
    field: flag,
    hint: "leave it out and use the terminal",
  });
}

/** Text of `--words-file` on regtest; undefined when a person is to be asked. @throws WORDS_FILE_REGTEST_ONLY */
export async function readWordsFile({ io, flags }: Call, network: Network): Promise<string | undefined> {
  const file = optionalFlag(flags, "wordsFile");
  if (file === undefined) return undefined;
  assertWordsFile(network, WORDS_FILE_FLAG);
  const bytes = await readInput(io, file, LIMITS.sealedBytesMax, WORDS_FILE_FLAG);
  try {
    return new TextDecoder().decode(bytes);
  } finally {
    bytes.fill(0);
  }
}

/** Entropy of BIP-39 words that a person types, or of `--words-file` on regtest. The caller wipes it. */
export async function readWords(call: Call, network: Network): Promise<Uint8Array> {
  const given = await readWordsFile(call, network);
  if (given !== undefined) return entropyOf(given);
  const most = Math.max(...PHRASE_WORDS);
  const { io } = call;
  if (io.stdin.isTTY) {
    io.stderr.write(
      "Type the words in order, one or several to a line; four letters of each will do.\nEnter alone ends a phrase of 12; < takes a word back.\n",
    );
  }
  const words = await typeWords(io, {
    list: BIP39_WORDS,
    label: "Word",
    flag: WORDS_FILE_FLAG,
    complete: ({ length }) => length === most,
    mayEnd: ({ length }) => PHRASE_WORDS.includes(length),
  });
  io.stderr.write(CLEAR_SCREEN);
  return entropyOf(words.join(" "));
}

/** @throws WORDS_NEED_TERMINAL before anything is made */
export function assertTerminal({ io }: Call): void {
  if (io.stdin.isTTY && io.stdout.isTTY && io.stderr.isTTY) return;
  throw WORDS_NEED_TERMINAL("new words are shown on a terminal; this output goes elsewhere", {
    field: "stdout",
    hint: "run the command in a terminal, without redirection",
  });
}

/** Shows the words, lets the person write them down and prove it, then clears the screen. @throws RETYPED_WRONG */
export async function showWords({ io }: Call, words: string): Promise<void> {
  const lines = ["Write these words on paper, in order, whole. Three of them are asked for afterwards."];
  await showSheet(io, lines, words.split(" "));
}

/**
 * Shows what stands on one sheet, waits for a person, clears the screen and asks for three of its words. A wrong answer
 * shows it again: a slip must not cost the throws that it was made from.
 * @param lines above the words
 * @throws RETYPED_WRONG
 */
export async function showSheet(io: Io, lines: readonly string[], list: readonly string[]): Promise<void> {
  for (let left = SHOWINGS - 1; ; left--) {
    io.stderr.write(`${lines.flatMap((line) => wrapped(line, COLUMNS)).join("\n")}\n\n${inFours(list)}`);
    await ask(io, "\nPress Enter when they are written down; the screen is cleared then.", "--words-out");
    io.stderr.write(`${CLEAR_SCREEN}From your sheet, whole words:\n`);
    try {
      for (const place of places(io.random(32), list.length)) {
        await retype(io, `Word number ${place + 1}:`, list[place] as string, "--words-out");
      }
      return;
    } catch (error) {
      if (!isError(error, RETYPED_WRONG)) throw error;
      if (left === 0) {
        throw RETYPED_WRONG(`${SHOWINGS} times a word was not the one that was shown; nothing was kept`, {
          hint: "destroy this sheet, its words restore nothing; the command begins anew, with other words",
        });
      }
      io.stderr.write(`${CLEAR_SCREEN}That is not the word: correct the sheet. Here it is again.\n\n`);
    }
  }
}

function inFours(list: readonly string[]): string {
  const cells = list.map((word, index) => `${String(index + 1).padStart(4)}  ${word.padEnd(10)}`);
  const rows = cells.flatMap((_, index) => (index % 4 === 0 ? [cells.slice(index, index + 4)] : []));
  return rows.map((row) => `${row.join("").trimEnd()}\n`).join("");
}

function places(random: Uint8Array, count: number): readonly number[] {
  return [...new Set([...random].map((byte) => byte % count))].slice(0, RETYPED_WORDS);
}
