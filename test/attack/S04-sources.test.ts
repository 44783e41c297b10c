/** S4: the transaction, or one of its operations, is another account's. */
import { keyOfAddress, type Address } from "../../src/chains/stellar/address.ts";
import { ownStellar, strangeKey } from "../factory/stellar-account.ts";
import { pair } from "./pair.ts";
import { offered, payment, withOperations, withTransaction } from "./stellar-payment.ts";

const sourceOf = (address: Address) => ({ type: "ed25519", value: keyOfAddress(address) }) as const;
const stranger = sourceOf(strangeKey("channel").keypair.publicKey() as Address);

pair("S4", "an operation is done for an account that shares our keys", {
  good: () => withOperations(payment(), (one) => ({ ...one, source: sourceOf(ownStellar().address) })),
  bad: (offer) => withOperations(offer, (one) => ({ ...one, source: stranger })),
  judge: offered,
  accepted: "signed",
  refused: "G8 STELLAR_OPERATION_SOURCE",
  removes: ["an operation is the wallet's own account's"],
  without: "signed",
});

pair("S4", "the transaction is another account's, whose sequence somebody else moves", {
  good: payment,
  bad: (offer) => withTransaction(offer, (transaction) => ({ ...transaction, source: stranger })),
  judge: offered,
  accepted: "signed",
  refused: "G8 STELLAR_SOURCE_ELSEWHERE",
  removes: ["a transaction is the wallet's own account's"],
  without: "signed",
});
