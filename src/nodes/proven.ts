/** What a hash proves is asked of one node after the other: whoever gives it, it is the same. */
import type { ChainBlock } from "../chains/chain-node.ts";
import { assert, CustodyError } from "../core/errors.ts";
import type { Instant } from "../core/instant.ts";
import type { Answered } from "./endpoint.ts";
import { firstOf } from "./gather.ts";
import type { Look } from "./look.ts";

/**
 * Its hash proves a block's transactions and their signatures, so one node's copy is as good as another's.
 * @returns undefined where nobody has it
 */
export async function provenBlock<Snapshot>(
  look: Look<Snapshot>,
  { height, hash }: { readonly height: number; readonly hash: string },
): Promise<ChainBlock | undefined> {
  const { near } = await look.last();
  const block = async ({ node }: Answered<Snapshot>) => {
    const given = await node.block(height);
    return given?.hash === hash ? given : undefined;
  };
  return firstOf(askersOf(look, near, block), look.patience);
}

/** Its hash proves a header as well: the first that answers will do. */
export async function provenTime<Snapshot>(look: Look<Snapshot>, hash: string): Promise<Instant> {
  const { near, troubles } = await look.last();
  let [trouble] = troubles;
  try {
    const askers = askersOf(look, near, ({ node }) => node.blockTime(hash));
    const time = await firstOf(askers, look.patience);
    if (time !== undefined) return time;
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    trouble ??= error;
  }
  assert(trouble !== undefined, "a node that is not near had trouble");
  throw trouble;
}

// Who was late already comes last.
function askersOf<Snapshot, T>(
  { patience }: Look<Snapshot>,
  near: readonly Answered<Snapshot>[],
  ask: (node: Answered<Snapshot>) => Promise<T | undefined>,
) {
  return near
    .toSorted((a, b) => Number(patience.isLate(a.name)) - Number(patience.isLate(b.name)))
    .map((one) => ({ name: one.name, ask: () => ask(one) }));
}
