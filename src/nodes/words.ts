/**
 * What each node said of its tip last, in time or too late for whoever asked. One that is slow is asked once at a time, and
 * is heard when it answers: what it says then counts in the next look.
 */
import type { ChainTip } from "../chains/chain-node.ts";
import { CustodyError } from "../core/errors.ts";
import type { Endpoint } from "./endpoint.ts";

/** A node's tip, or why it gave none. */
export type Word = { readonly tip: ChainTip } | { readonly trouble: CustodyError };

export type Words = {
  /** Asks for the node's tip, unless it still owes an answer to an earlier question: then that is waited for. */
  ask(endpoint: Endpoint<unknown>): Promise<Word>;
  /** Whether it owes an answer. */
  owes(name: string): boolean;
  /** What it said last; undefined while it has said nothing yet. */
  last(name: string): Word | undefined;
};

export function wordsOf(): Words {
  const owed = new Map<string, Promise<Word>>();
  const said = new Map<string, Word>();
  const ask = async ({ name, node }: Endpoint<unknown>): Promise<Word> => {
    try {
      const word = await wordOf(node.tip());
      said.set(name, word);
      return word;
    } finally {
      owed.delete(name);
    }
  };
  return {
    ask(endpoint) {
      const known = owed.get(endpoint.name);
      if (known !== undefined) return known;
      const asked = ask(endpoint);
      owed.set(endpoint.name, asked);
      return asked;
    },
    owes: (name) => owed.has(name),
    last: (name) => said.get(name),
  };
}

async function wordOf(asked: Promise<ChainTip>): Promise<Word> {
  try {
    return { tip: await asked };
  } catch (error) {
    if (error instanceof CustodyError) return { trouble: error };
    throw error;
  }
}
