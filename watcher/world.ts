import type { ChainNode } from "../src/chains/adapter.ts";
import type { ChainRules, PolicyDocument } from "../src/core/policy/policy.ts";
import type { Online } from "../src/home/online.ts";
import type { Log } from "./log.ts";

/** What one pass of the watcher works with. */
export type World = {
  readonly online: Online;
  readonly policy: PolicyDocument;
  readonly rules: ChainRules;
  readonly node: ChainNode<unknown>;
  readonly log: Log;
};

/** The actor of the watcher's audit rows. */
export const WATCHER = "watcher";
