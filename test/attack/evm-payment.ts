/** One approved payment from an account, and what its signer says once the plan's transaction has been changed. */
import type { Rlp } from "../../src/chains/evm/rlp.ts";
import { decodeRlp, encodeRlp } from "../../src/chains/evm/rlp.ts";
import { assert } from "../../src/core/errors.ts";
import { concatBytes, fromBase64, toBase64 } from "../../src/core/hex.ts";
import { stateFor } from "../factory/custody.ts";
import { evmCustody, evmPayout, evmPlan, evmRequest } from "../factory/evm-account.ts";
import { signed } from "../factory/gates.ts";
import { codeOf } from "../factory/thrown.ts";

const custody = evmCustody();
const state = stateFor(custody);
const payouts = [evmPayout(custody)];

/** The plan's transaction as our builder makes it: type 2 on anvil's chain. */
export const BASE = fromBase64(evmPlan(custody, payouts).body.base);

/** The same payment as a chain without base fees has it: type 0. */
export const LEGACY_BASE = fromBase64(evmPlan(custody, payouts, { snapshot: { baseFees: false } }).body.base);

/** Places of the fields of type 2 (EIP-1559). */
export const FIELDS = [
  "chainId",
  "nonce",
  "maxPriorityFeePerGas",
  "maxFeePerGas",
  "gasLimit",
  "to",
  "value",
  "data",
  "accessList",
] as const;
export type Field = (typeof FIELDS)[number];

export function itemsOf(base: Uint8Array): readonly Rlp[] {
  const items = decodeRlp((base[0] as number) < 0x80 ? base.subarray(1) : base);
  assert(!(items instanceof Uint8Array), "a transaction is a list");
  return items;
}

/** `BASE` with other items in the places of some fields. */
export function baseWith(changes: Partial<Record<Field, Rlp>>): Uint8Array {
  const items = itemsOf(BASE).map((item, place) => changes[FIELDS[place] as Field] ?? item);
  return concatBytes(Uint8Array.of(2), encodeRlp(items));
}

/** "none" where the signer signs the payment with `base` in its plan, otherwise gate and rule. */
export function said(base: Uint8Array): string {
  const baseFees = base[0] === BASE[0];
  const plan = evmPlan(custody, payouts, { snapshot: { baseFees }, plan: { base: toBase64(base) } });
  return codeOf(() => signed(evmRequest(custody, payouts, [plan]), state));
}
