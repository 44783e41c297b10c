/** Approved payments from a Stellar account, and what their signer says once the plan's transaction has been changed. */
import type { SignerState } from "../../signer/gates/state.ts";
import { readTransaction, transactionBytes } from "../../src/chains/stellar/envelope.ts";
import type { Operation } from "../../src/chains/stellar/xdr/operation.ts";
import type { Transaction } from "../../src/chains/stellar/xdr/transaction.ts";
import { makeDocument } from "../../src/core/document.ts";
import { PLAN, type PlanDocument } from "../../src/core/documents/plan.ts";
import { Refusal } from "../../src/core/gate.ts";
import { fromBase64, toBase64 } from "../../src/core/hex.ts";
import { stateFor, type Payout } from "../factory/custody.ts";
import { signed } from "../factory/gates.ts";
import {
  LOCAL,
  ownStellar,
  stellarCustody,
  stellarPayout,
  stellarPlan,
  stellarRequest,
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
  const transaction = change(readTransaction(fromBase64(offer.plan.body.base), "base"));
  const plan = makeDocument(PLAN, {
    ...offer.plan.body,
    base: toBase64(transactionBytes(transaction)),
    rungs: [{ feeUnits: String(transaction.fee) }],
    cancel: { feeUnits: String(transaction.fee + 1n), changeIndex: 0 },
    conflictKeys: [`${LOCAL}:sequence:${ownStellar().address}:${transaction.sequence}`],
  });
  return { ...offer, plan };
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
