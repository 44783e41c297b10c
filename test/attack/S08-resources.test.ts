/** S8: resources for a contract that is not called, whose fee is anybody's to take. */
import { pair } from "./pair.ts";
import { offered, payment, withTransaction } from "./stellar-payment.ts";

const RESOURCES = {
  ext: { type: "none" },
  resources: {
    footprint: { readOnly: [], readWrite: [] },
    instructions: 0,
    diskReadBytes: 0,
    writeBytes: 0,
  },
  resourceFee: 90n,
} as const;

pair("S8", "a payment carries resources for a contract, with a fee of their own", {
  good: payment,
  bad: (offer) =>
    withTransaction(offer, (transaction) => ({ ...transaction, ext: { type: "soroban", value: RESOURCES } })),
  judge: offered,
  accepted: "signed",
  refused: "G8 STELLAR_CONTRACT_DATA_UNASKED",
  removes: ["a payment carries no resources for contracts"],
  without: "signed",
});
