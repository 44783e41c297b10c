/**
 * Where an attempt stands, from what endpoints say of it and of its account's nonce. A missing receipt proves nothing: an
 * endpoint lags, is on another branch, or has dropped its index (F8, F11). An attempt has lost its nonce only where the
 * transaction that took it is seen in a block.
 */
import type { Address } from "../../chains/evm/address.ts";
import type { Digest } from "../../core/digest.ts";
import type { EvmBlock } from "./block.ts";
import type { EvmNode } from "./node.ts";
import type { Receipt } from "./receipt.ts";
import { decide, type Asking, type Count, type Said } from "./agreement.ts";
import type { EvmTip } from "./tip.ts";
import { answerOf } from "../common-block.ts";

/** Signed bytes that are out or may be: what they are known by, and what they compete for (law 4). */
export type SentAttempt = {
  readonly transaction: Digest;
  readonly address: Address;
  readonly nonce: bigint;
};

/** Where in the agreed chain a block lies. */
export type Place = {
  readonly blockHash: Digest;
  readonly height: number;
  readonly confirmations: number;
  /** Whether the chain itself calls it final; undefined where it has no such word. */
  readonly finalized: boolean | undefined;
};

export type EvmStatus =
  /** Nothing may be concluded; with `seen`, some endpoint knows the transaction. */
  | { readonly state: "undecided"; readonly seen: boolean; readonly reason: string }
  | { readonly state: "unknown" }
  | { readonly state: "pending" }
  /** In a block, with its effect or without: `receipt.success`. */
  | ({ readonly state: "included"; readonly receipt: Receipt } & Place)
  /** Another transaction of the account has its nonce; `by` is that one. */
  | ({ readonly state: "replaced"; readonly by: Digest } & Place);

/** What one endpoint says of an attempt. */
export type Witness = {
  readonly receipt: Receipt | undefined;
  /** Whether it has the transaction, in its pool or elsewhere. */
  readonly seen: boolean;
  /** Whether the account's nonce is past the attempt's at the agreed block; undefined where it has not that block. */
  readonly passed: boolean | undefined;
};

/** Pool before receipt: what is mined between the two questions is found by the second one. */
export async function witnessOf(
  node: EvmNode,
  { transaction, address, nonce }: SentAttempt,
  ground: EvmBlock,
): Promise<Witness> {
  const known = await node.transaction(transaction);
  const receipt = await node.receipt(transaction);
  const passed = await answerOf(node.nonce(address, { hash: ground.hash }));
  return {
    receipt,
    seen: known !== undefined || receipt !== undefined,
    passed: passed === undefined ? undefined : passed > nonce,
  };
}

export function placeOf(block: { readonly hash: Digest; readonly height: number }, tip: EvmTip): Place {
  return {
    blockHash: block.hash,
    height: block.height,
    confirmations: tip.latest.height - block.height + 1,
    finalized: tip.finalized === undefined ? undefined : block.height <= tip.finalized,
  };
}

export type Verdict =
  | { readonly state: "receipt"; readonly receipt: Receipt }
  /** The nonce is gone, and too few have a receipt. */
  | { readonly state: "passed" }
  | { readonly state: "pending" }
  | { readonly state: "unknown" }
  | { readonly state: "undecided"; readonly reason: string };

const NONE = "none";

export function judge(said: readonly Said<Witness>[], asking: Count & Pick<Asking, "observe">): Verdict {
  // Who has not the agreed block has not read what may hold it: that it has no receipt says nothing (F11).
  const receipts = said.flatMap<Said<Receipt | typeof NONE>>(({ name, answer: { receipt, passed } }) =>
    receipt === undefined && passed === undefined ? [] : [{ name, answer: receipt ?? NONE }],
  );
  const most = decide(receipts, "receipt", asking);
  if (most === undefined) {
    const having = receipts.filter(({ answer }) => answer !== NONE).length;
    return { state: "undecided", reason: `${having} endpoints have a receipt, ${asking.quorum} must agree` };
  }
  if (most.answer !== NONE) return { state: "receipt", receipt: most.answer };
  const nonces = said.flatMap(({ name, answer: { passed } }) =>
    passed === undefined ? [] : [{ name, answer: passed }],
  );
  const passed = decide(nonces, "nonce", asking);
  if (passed === undefined)
    return { state: "undecided", reason: "too few endpoints agree on the account's nonce" };
  if (passed.answer) return { state: "passed" };
  return { state: said.some(({ answer }) => answer.seen) ? "pending" : "unknown" };
}
