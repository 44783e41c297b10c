/** Approved payments from an account and from a Safe, and what their signer says once the plan has been changed. */
import type { SignerState } from "../../signer/gates/state.ts";
import type { Rlp } from "../../src/chains/evm/rlp.ts";
import { decodeRlp, encodeRlp } from "../../src/chains/evm/rlp.ts";
import { packSafeTx, unpackSafeTx } from "../../src/chains/evm/safe-plan.ts";
import type { SafeTx } from "../../src/chains/evm/safe.ts";
import { makeDocument } from "../../src/core/document.ts";
import { PLAN, type Plan, type PlanDocument } from "../../src/core/documents/plan.ts";
import { assert } from "../../src/core/errors.ts";
import { Refusal } from "../../src/core/gate.ts";
import { concatBytes, fromBase64, toBase64 } from "../../src/core/hex.ts";
import { stateFor, type Custody, type Payout } from "../factory/custody.ts";
import { evmCustody, evmPayout, evmPlan, evmRequest } from "../factory/evm-account.ts";
import { safeCustody, safePlan } from "../factory/evm-safe.ts";
import { tokenCustody, tokenPayout, tokenPlan } from "../factory/evm-token.ts";
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

/** The bytes of one field of a transaction of type 2. */
export function bytesOf(base: Uint8Array, field: Field): Uint8Array {
  const item = itemsOf(base)[FIELDS.indexOf(field)];
  assert(item instanceof Uint8Array, "a field of bytes");
  return item;
}

/** `BASE` with other items in the places of some fields. */
export const baseWith = (changes: Partial<Record<Field, Rlp>>): Uint8Array => fieldsChanged(BASE, changes);

function fieldsChanged(base: Uint8Array, changes: Partial<Record<Field, Rlp>>): Uint8Array {
  const items = itemsOf(base).map((item, place) => changes[FIELDS[place] as Field] ?? item);
  return concatBytes(Uint8Array.of(2), encodeRlp(items));
}

/** "none" where the signer signs the payment with `base` in its plan, otherwise gate and rule. */
export function said(base: Uint8Array): string {
  const baseFees = base[0] === BASE[0];
  const plan = evmPlan(custody, payouts, { snapshot: { baseFees }, plan: { base: toBase64(base) } });
  return codeOf(() => signed(evmRequest(custody, payouts, [plan]), state));
}

/** What people approved, the plan for it, and the signer that gets both. */
export type Offer = {
  readonly custody: Custody;
  readonly payouts: readonly Payout[];
  readonly plan: PlanDocument;
  readonly state: SignerState;
};

/** Ether from an account to a stranger. */
export const fromAccount = (): Offer => ({ custody, payouts, plan: evmPlan(custody, payouts), state });

const lister = tokenCustody();
const tokens = [tokenPayout(lister)];

/** Tokens from an account to a stranger. */
export function tokensFromAccount(): Offer {
  return { custody: lister, payouts: tokens, plan: tokenPlan(lister, tokens), state: stateFor(lister) };
}

const vault = safeCustody();
const several = [evmPayout(vault, { label: "coins" }), tokenPayout(vault, { label: "tokens" })];

/** Ether from a Safe to a stranger; @param batch with tokens beside it, by MultiSendCallOnly */
export function fromSafe(batch = false): Offer {
  const paid = batch ? several : several.slice(0, 1);
  return { custody: vault, payouts: paid, plan: safePlan(vault, paid), state: stateFor(vault) };
}

/** The offer with another plan document. */
export function withPlan(offer: Offer, change: (body: Plan) => Partial<Plan>): Offer {
  const { body } = offer.plan;
  return { ...offer, plan: makeDocument(PLAN, { ...body, ...change(body) }) };
}

/** The offer with another transaction in its plan. */
export const withBase = (offer: Offer, base: Uint8Array): Offer =>
  withPlan(offer, () => ({ base: toBase64(base) }));

/** The offer of an account with other items in the places of some fields. */
export function withFields(offer: Offer, changes: Partial<Record<Field, Rlp>>): Offer {
  return withBase(offer, fieldsChanged(fromBase64(offer.plan.body.base), changes));
}

export const fieldOf = (offer: Offer, field: Field): Uint8Array =>
  bytesOf(fromBase64(offer.plan.body.base), field);

/** The offer of a Safe with its transaction as `change` has it. */
export function withSafeTx(offer: Offer, change: (tx: SafeTx) => Partial<SafeTx>): Offer {
  const tx = unpackSafeTx(fromBase64(offer.plan.body.base));
  return withBase(offer, packSafeTx({ ...tx, ...change(tx) }));
}

/** "signed", or gate and rule. */
export function offered({ custody: of, payouts: paid, plan, state: at }: Offer): string {
  try {
    signed(evmRequest(of, paid, [plan]), at);
  } catch (error) {
    if (error instanceof Refusal) return `${error.gate} ${error.rule}`;
    throw error;
  }
  return "signed";
}
