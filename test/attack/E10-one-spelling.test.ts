/** E10: second spellings of what is signed, brought to the signer; and bytes that are too many to be read. */
import { signRecoverable } from "../../signer/sign/evm-ecdsa.ts";
import { quantityBytes } from "../../src/chains/evm/quantity.ts";
import { decodeRlp, encodeRlp, type Rlp } from "../../src/chains/evm/rlp.ts";
import { parseSigned, parseUnsigned, signingHash } from "../../src/chains/evm/transaction.ts";
import { concatBytes, fromBase64 } from "../../src/core/hex.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { ANVIL } from "../factory/evm-account.ts";
import { fixtureBytes } from "../factory/identities.ts";
import { codeOf } from "../factory/thrown.ts";
import {
  BASE,
  fieldOf,
  fromAccount,
  itemsOf,
  offered,
  withBase,
  withFields,
  type Offer,
} from "./evm-payment.ts";
import { pair } from "./pair.ts";

const ZERO = Uint8Array.of(0);
const baseOf = (offer: Offer) => fromBase64(offer.plan.body.base);

pair("E10", "a number has a leading zero", {
  good: fromAccount,
  bad: (offer) => withFields(offer, { nonce: concatBytes(ZERO, fieldOf(offer, "nonce")) }),
  judge: offered,
  accepted: "signed",
  refused: "G5 EVM_RLP_MALFORMED",
  removes: ["a number has no leading zero"],
  without: "G5 EVM_TRANSACTION_MALFORMED",
});

pair("E10", "a number has a leading zero, and what is read is not written again", {
  good: fromAccount,
  bad: (offer) => withFields(offer, { nonce: concatBytes(ZERO, fieldOf(offer, "nonce")) }),
  judge: offered,
  accepted: "signed",
  refused: "G5 EVM_RLP_MALFORMED",
  removes: ["a number has no leading zero", "what was read of a transaction is written as it was"],
  without: "signed",
});

pair("E10", "a byte stands behind the end", {
  good: fromAccount,
  bad: (offer) => withBase(offer, concatBytes(baseOf(offer), ZERO)),
  judge: offered,
  accepted: "signed",
  refused: "G5 EVM_RLP_MALFORMED",
  removes: ["nothing stands behind the end of RLP", "what was read of a transaction is written as it was"],
  without: "signed",
});

/** The base with its nonce, a byte below 0x80, spelt with a length. */
function longNonce(offer: Offer): Offer {
  const items = itemsOf(baseOf(offer)).map((item, place) =>
    place === 1 ? Uint8Array.of(0x81, 7) : encodeRlp(item),
  );
  const body = concatBytes(...items);
  return withBase(offer, Uint8Array.of(2, 0xc0 + body.length, ...body));
}

pair("E10", "a byte is spelt with a length", {
  good: fromAccount,
  bad: longNonce,
  judge: offered,
  accepted: "signed",
  refused: "G5 EVM_RLP_MALFORMED",
  removes: ["a byte below 0x80 has no length", "what was read of a transaction is written as it was"],
  without: "signed",
});

pair("E10", "a short list is spelt the long way", {
  good: fromAccount,
  bad: (offer) =>
    withBase(
      offer,
      Uint8Array.of(
        2,
        0xf8,
        ...baseOf(offer)
          .subarray(1)
          .with(0, BASE.length - 2),
      ),
    ),
  judge: offered,
  accepted: "signed",
  refused: "G5 EVM_RLP_MALFORMED",
  removes: [
    "a short length is not spelt the long way",
    "what was read of a transaction is written as it was",
  ],
  without: "signed",
});

pair("E10", "there are more bytes than a node takes once they are signed", {
  good: fromAccount,
  // A node would take as many as these; signed they are more.
  bad: (offer) =>
    withFields(offer, { data: new Uint8Array(LIMITS.evmTransactionBytesMax - BASE.length - 40) }),
  judge: offered,
  accepted: "signed",
  refused: "G5 EVM_RLP_TOO_LARGE",
  removes: ["a transaction has a size that nodes take"],
  without: "G8 EVM_CALLDATA_UNKNOWN",
});

const list = (count: number): Rlp => Array.from({ length: count }, () => new Uint8Array());
const read = (bytes: Uint8Array) => codeOf(() => decodeRlp(bytes));

pair("E10", "there are more items than a transaction has", {
  good: () => encodeRlp(list(LIMITS.rlpItemsMax - 1)),
  bad: () => encodeRlp(list(LIMITS.rlpItemsMax)),
  judge: read,
  accepted: "none",
  refused: "EVM_RLP_TOO_LARGE",
  removes: ["RLP has no more items than a transaction"],
  without: "none",
});

const nested = (depth: number): Rlp => (depth === 0 ? new Uint8Array() : [nested(depth - 1)]);

pair("E10", "lists lie in lists, deeper than in any transaction", {
  good: () => encodeRlp(nested(LIMITS.rlpDepthMax)),
  bad: () => encodeRlp(nested(LIMITS.rlpDepthMax + 1)),
  judge: read,
  accepted: "none",
  refused: "EVM_RLP_TOO_LARGE",
  removes: ["lists are no deeper than a transaction's"],
  without: "none",
});

/** The order of secp256k1's group (SEC 2, §2.4.1). */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const SIGNATURE = signRecoverable(signingHash(parseUnsigned(BASE, ANVIL)), fixtureBytes("E10"));

pair("E10", "the other of the two signatures that each one makes (EIP-2)", {
  good: () => ({ ...SIGNATURE, yParity: BigInt(SIGNATURE.yParity) }),
  bad: ({ r, s, yParity }) => ({ r, s: ORDER - s, yParity: 1n - yParity }),
  judge({ r, s, yParity }) {
    const items = [...itemsOf(BASE), ...[yParity, r, s].map(quantityBytes)];
    return codeOf(() => parseSigned(concatBytes(Uint8Array.of(2), encodeRlp(items)), ANVIL));
  },
  accepted: "none",
  refused: "EVM_SIGNATURE_MALFORMED",
  removes: ["of two signatures the lower one is taken"],
  without: "none",
});
