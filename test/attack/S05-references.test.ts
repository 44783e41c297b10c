/** S5: a number in the address and a memo beside it, of which the payee's books take one. */
import { stellarPayout, stellarPlan, stranger } from "../factory/stellar-account.ts";
import { pair } from "./pair.ts";
import { custody, offered, payment, withTransaction, type Offer } from "./stellar-payment.ts";

const MUXED = "MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJUAAAAAAAAAAAACJUQ";
const to = stranger().replace(/:G\w+$/, `:${MUXED}`) as ReturnType<typeof stranger>;

/** People have signed a destination with both; the transaction has both as well. */
function both({ state }: Offer): Offer {
  const payouts = [stellarPayout(custody, { to, beneficiary: { memo: "id:7" } })];
  const intents = payouts.map(({ intent }) => intent.digest);
  const plan = stellarPlan(custody, payment({ to }).payouts, { plan: { intents } });
  return withTransaction({ payouts, plan, state }, (transaction) => ({
    ...transaction,
    memo: { type: "id", value: 7n },
  }));
}

pair("S5", "a payment to a muxed account has a memo as well", {
  good: () => payment({ to }),
  bad: both,
  judge: offered,
  accepted: "signed",
  refused: "G8 STELLAR_MEMO_AND_MUXED",
  removes: ["a payment has one reference"],
  without: "signed",
});

pair("S5", "the memo that people signed is left out", {
  good: () => payment({ beneficiary: { memo: "id:7" } }),
  bad: (offer) => withTransaction(offer, (transaction) => ({ ...transaction, memo: { type: "none" } })),
  judge: offered,
  accepted: "signed",
  refused: "G6 EFFECT_WITHOUT_INTENT",
  removes: ["a memo is part of what is paid", "a memo is part of what people signed"],
  without: "signed",
});
