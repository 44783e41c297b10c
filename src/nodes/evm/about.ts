/** A chain as a policy sees it: what on it is ours, and what its contracts are called. */
import type { Address } from "../../chains/evm/address.ts";
import type { SafeDescriptor } from "../../chains/evm/safe-descriptor.ts";
import type { AssetId } from "../../core/asset.ts";
import type { ChainId } from "../../core/chain.ts";
import type { Ours } from "./touching.ts";

export type About = {
  readonly chain: ChainId;
  readonly ours: Ours;
  readonly safes: readonly SafeDescriptor[];
  /** A token's asset by its contract. */
  readonly assets: ReadonlyMap<Address, AssetId>;
};
