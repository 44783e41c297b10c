/** What a plan's base says for itself, by whichever chain's codec reads it. */
import { CHAIN_UNKNOWN, type ChainId } from "../core/chain.ts";
import type { Plan } from "../core/documents/plan.ts";
import { fromBase64 } from "../core/hex.ts";
import type { ChainCodec } from "./adapter.ts";
import { CODECS } from "./codecs.ts";
import type { Summary } from "./summary.ts";

/**
 * @param previous of the request that brings it; undefined for a plan that stands alone
 * @throws CHAIN_UNKNOWN, and what the chain's codec says of bytes that it cannot read
 */
export function summaryOfPlan(
  { base, chain }: Pick<Plan, "base" | "chain">,
  previous: readonly Uint8Array[] | undefined,
): Summary {
  return codecReading(chain).summarise(fromBase64(base, "plan.base"), previous, chain);
}

/** Whether what a plan leaves over goes to an address of its own. @throws CHAIN_UNKNOWN */
export function leavesChange(chain: ChainId): boolean {
  return codecReading(chain).addresses === "many";
}

function codecReading(chain: ChainId): ChainCodec<unknown> {
  const found = CODECS.find((codec) => codec.reads(chain));
  if (found !== undefined) return found;
  throw CHAIN_UNKNOWN(`${chain} is a chain that nothing here can read`, { field: "plan.chain" });
}
