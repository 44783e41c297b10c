/** The words of pinned descriptors for everything that a transaction calls: itself, what its batch holds, and what it has a Safe do. */
import type { ChainId } from "../../../core/chain.ts";
import type { JsonObject } from "../../../core/canonical.ts";
import { CustodyError } from "../../../core/errors.ts";
import { fromHex } from "../../../core/hex.ts";
import { parseAddress } from "../address.ts";
import { decodeMultiSend, isMultiSend, type Call } from "../multi-send.ts";
import { decodeExecution, isExecution } from "../safe-execution.ts";
import { chainIdOf } from "../transaction.ts";
import { describeCallBy, type Described } from "./describe.ts";
import type { PinnedDescriptor } from "./pins.ts";

const NOTHING: Described = { facts: [], warnings: [] };
const DEPTH_MAX = 3;

/** @param data of a summary of this folder's; nothing is said of any other */
export function wordsFor(
  { chain, to, value, data, from }: JsonObject,
  pinned: readonly PinnedDescriptor[],
): Described {
  if (pinned.length === 0 || typeof chain !== "string" || !chain.startsWith("eip155:")) return NOTHING;
  if (typeof to !== "string" || typeof value !== "string" || typeof data !== "string") return NOTHING;
  const outer: Call = { to: parseAddress(to), value: BigInt(value), data: fromHex(data.slice(2)) };
  const sender = typeof from === "string" ? from : undefined;
  const all = [{ call: outer, sender }, ...within(outer, 0).map((call) => ({ call, sender: undefined }))];
  const said = all.map(({ call, sender: by }) =>
    describeCallBy(pinned, {
      ...call,
      from: by,
      chain: chain as ChainId,
      chainId: chainIdOf(chain as ChainId),
    }),
  );
  return {
    facts: said.flatMap(({ facts }) => facts),
    warnings: said.flatMap(({ warnings }) => warnings),
  };
}

// What cannot be read is refused where it is summarised.
function within(call: Call, depth: number): readonly Call[] {
  if (depth >= DEPTH_MAX) return [];
  try {
    const inner = isMultiSend(call.data)
      ? decodeMultiSend(call.data)
      : isExecution(call.data)
        ? [decodeExecution(call.data, 0n).tx]
        : [];
    return inner.flatMap((one) => [one, ...within(one, depth + 1)]);
  } catch (error) {
    if (error instanceof CustodyError) return [];
    throw error;
  }
}
