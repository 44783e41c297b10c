import type { AccountId } from "../core/account.ts";
import type { AssetId } from "../core/asset.ts";
import type { Name } from "../core/identifier.ts";

/** What a transaction does to the world, in output order. Change is proven by derivation (law 10), never believed. */
export type Effect =
  | {
      readonly type: "pay";
      readonly account: AccountId;
      readonly asset: AssetId;
      readonly memo?: string | undefined;
      readonly units: bigint;
      /** Of a payment in the coin: its gas, where that is more than a plain account takes, so that code there may run. */
      readonly gas?: number | undefined;
    }
  | {
      readonly type: "change";
      readonly account: AccountId;
      readonly asset: AssetId;
      readonly units: bigint;
      readonly path: string;
      readonly index: number;
      /** Of an account, whose nonce alone is used up: it keeps what it has, and nothing comes back. */
      readonly keeps?: boolean;
    }
  | {
      /** To the receive branch of another wallet of ours, proven by derivation from the pinned policy. */
      readonly type: "own";
      readonly wallet: Name;
      readonly account: AccountId;
      readonly asset: AssetId;
      readonly units: bigint;
      readonly path: string;
      readonly index: number;
    }
  | {
      /** The wallet's keys sign `message` for its first receive address: nothing moves, nothing can be sent. */
      readonly type: "attest";
      readonly account: AccountId;
      readonly message: string;
    }
  | {
      /** The wallet's own contract is told who commands it from then on: nothing moves. */
      readonly type: "control";
      readonly account: AccountId;
      /** In the words that people approve, one for each change. */
      readonly change: string;
    };
