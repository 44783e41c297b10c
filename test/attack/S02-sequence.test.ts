/** S2: one payment over two sequence numbers, so that both are taken into ledgers. */
import { after, signed } from "../factory/gates.ts";
import { stellarPlan, stellarRequest } from "../factory/stellar-account.ts";
import { pair } from "./pair.ts";
import { custody, offered, payment, withTransaction, type Offer } from "./stellar-payment.ts";

/** What was signed once is offered again: another transaction over the same number. */
function again(): Offer {
  const offer = payment();
  const state = after(offer.state, signed(stellarRequest(custody, offer.payouts, [offer.plan]), offer.state));
  return {
    ...offer,
    state,
    plan: stellarPlan(custody, offer.payouts, { snapshot: { feeRateMilli: "200000" } }),
  };
}

pair("S2", "a payment is made once more, over the next sequence number", {
  good: again,
  bad: (offer) =>
    withTransaction(offer, (transaction) => ({ ...transaction, sequence: transaction.sequence + 1n })),
  judge: offered,
  accepted: "signed",
  refused: "G10 NO_SHARED_COIN",
  removes: ["an attempt without a shared coin or nonce is dead"],
  without: "signed",
});
