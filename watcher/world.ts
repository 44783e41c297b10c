import type { FollowedChain } from "../src/chains/chain-node.ts";
import type { ChainRules, PolicyDocument } from "../src/core/policy/policy.ts";
import type { Online } from "../src/home/online.ts";
import type { Changes } from "./changes.ts";
import type { Log } from "./log.ts";

/** What one pass of the watcher works with. */
export type World = {
  readonly online: Online;
  readonly policy: PolicyDocument;
  readonly rules: ChainRules;
  readonly node: FollowedChain;
  readonly log: Log;
  /** What is new since the last pass; absent where everything is to be looked at. */
  readonly changes?: Changes | undefined;
  /** Told of each transaction that was looked at and of which nothing could be concluded: it is looked at again. */
  readonly unsure?: (transaction: string) => void;
  /** Told of a block that the nodes do not give, though they agree on a later one. */
  readonly withhold?: (height: number) => void;
  /** Why nothing is sent for the first time: the database may not be the whole truth. */
  readonly doubt?: string | undefined;
};

/** The actor of the watcher's audit rows. */
export const WATCHER = "watcher";
