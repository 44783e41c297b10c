/** The chains whose nodes this program asks. A policy may name more, for signers read more; such a wallet is none of this host's. */
import { BITCOIN_CHAINS, type ChainId } from "../core/chain.ts";
import { declareError } from "../core/errors.ts";
import type { Policy } from "../core/policy/policy.ts";

export const CHAIN_NOT_SERVED = declareError(
  "CHAIN_NOT_SERVED",
  "denied",
  "A policy has a wallet on a chain that this program follows no node of.",
);

const SERVED: ReadonlySet<ChainId> = new Set(Object.values(BITCOIN_CHAINS));

/** A wallet whose chain nobody here watches could be paid from, and nobody would see it happen. @throws CHAIN_NOT_SERVED */
export function assertServed({ wallets }: Pick<Policy, "wallets">): void {
  const stray = wallets.find(({ chain }) => !SERVED.has(chain));
  if (stray === undefined) return;
  throw CHAIN_NOT_SERVED(`wallet ${stray.name} is on ${stray.chain}, of which no node is asked`, {
    field: `wallets.${stray.name}.chain`,
    hint: "leave the wallet out of this custody's policy",
  });
}
