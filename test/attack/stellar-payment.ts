/** Approved payments from a Stellar account, and what their signer says once the plan's transaction has been changed. */
import type { SignerState } from "../../signer/gates/state.ts";
import type { Operation } from "../../src/chains/stellar/xdr/operation.ts";
import type { Transaction } from "../../src/chains/stellar/xdr/transaction.ts";
import type { PlanDocument } from "../../src/core/documents/plan.ts";
import { Refusal } from "../../src/core/gate.ts";
import { stateFor, type Payout } from "../factory/custody.ts";
import { signed } from "../factory/gates.ts";
import {
  stellarCustody,
  stellarPayout,
  stellarPlan,
  stellarRequest,
  withStellarTransaction,
} from "../factory/stellar-account.ts";

export const custody = stellarCustody();

/** What is brought to the signer. */
export type Offer = {
  readonly payouts: readonly Payout[];
  readonly plan: PlanDocument;
  readonly state: SignerState;
};

export function payment(changes: Parameters<typeof stellarPayout>[1] = {}): Offer {
  const payouts = [stellarPayout(custody, changes)];
  return { payouts, plan: stellarPlan(custody, payouts), state: stateFor(custody) };
}

/** The transaction changed, and all that the plan says of it made to fit. */
export function withTransaction(offer: Offer, change: (transaction: Transaction) => Transaction): Offer {
  return { ...offer, plan: withStellarTransaction(offer.plan, change) };
}

export function withOperations(offer: Offer, change: (one: Operation) => Operation): Offer {
  return withTransaction(offer, (transaction) => ({
    ...transaction,
    operations: transaction.operations.map(change),
  }));
}

/** `signed`, or the gate and rule that refuse. */
export function offered({ payouts, plan, state }: Offer): string {
  try {
    signed(stellarRequest(custody, payouts, [plan]), state);
  } catch (error) {
    if (error instanceof Refusal) return `${error.gate} ${error.rule}`;
    throw error;
  }
  return "signed";
}
