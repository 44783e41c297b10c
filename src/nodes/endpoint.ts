/** One of several nodes, by its name. */
import type { ChainNode, ChainTip } from "../chains/chain-node.ts";
import type { BreakerState } from "./guard.ts";

export type Endpoint<Snapshot> = {
  readonly name: string;
  readonly node: ChainNode<Snapshot>;
  /** Whether it is asked at all just now (`guard.ts`); absent where it always is. */
  readonly breaker?: (() => BreakerState) | undefined;
};

/** One that has said what its tip is. */
export type Answered<Snapshot> = Endpoint<Snapshot> & { readonly tip: ChainTip };
