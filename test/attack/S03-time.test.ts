/** S3: what is signed has no end, one that nobody waits for, or one that is over. */
import { pair } from "./pair.ts";
import { offered, payment, withTransaction, type Offer } from "./stellar-payment.ts";

/** Its end moved by so many hours. */
const later = (offer: Offer, hours: bigint) =>
  withTransaction(offer, (transaction) => {
    const { preconditions } = transaction;
    const end = preconditions.type === "time" ? preconditions.value.maxTime : 0n;
    const value = { minTime: 0n, maxTime: end + hours * 3600n };
    return { ...transaction, preconditions: { type: "time", value } };
  });

pair("S3", "the transaction says nothing of time", {
  good: payment,
  bad: (offer) =>
    withTransaction(offer, (transaction) => ({ ...transaction, preconditions: { type: "none" } })),
  judge: offered,
  accepted: "signed",
  refused: "G8 STELLAR_NO_TIME_LIMIT",
  removes: ["a transaction says until when it can be taken"],
  without: "signed",
});

pair("S3", "the transaction is good until long after anybody watches", {
  good: () => later(payment(), 11n),
  bad: (offer) => later(offer, 24n * 365n),
  judge: offered,
  accepted: "signed",
  refused: "G5 LIVES_TOO_LONG",
  removes: ["what is signed is good for no longer than the policy lets it"],
  without: "signed",
});

pair("S3", "the transaction's end has come, so that its number is given out again", {
  good: payment,
  bad: (offer) => later(offer, -12n),
  judge: offered,
  accepted: "signed",
  refused: "G5 LIFE_OVER",
  removes: ["what has ended is not signed"],
  without: "signed",
});
