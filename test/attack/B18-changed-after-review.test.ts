/**
 * B18: bytes that change between the review and the signature, because somebody else still holds them. What was decoded
 * is a copy, and what is signed is hashed again.
 */
import { expect, test } from "vitest";
import { markConfirmed, register, takeConfirmed } from "../../signer/gates/approved.ts";
import { decode } from "../../src/chains/bitcoin/decode.ts";
import { digests } from "../../src/chains/bitcoin/sighash.ts";
import { transactionId } from "../../src/chains/bitcoin/transaction.ts";
import { goodPsbt, testWallet, viewOf } from "../bitcoin/regtest-wallet.ts";
import { goodRequest, makeCustody, stateFor } from "../factory/custody.ts";
import { reviewed } from "../factory/gates.ts";
import { OLGA } from "../factory/identities.ts";
import { judged } from "./one-payment.ts";
import { pair } from "./pair.ts";

const { review } = reviewed(goodRequest(makeCustody()), stateFor(makeCustody()));

/** A review of one attempt, confirmed, and the bytes that it was made from. */
function confirmed() {
  const script = Uint8Array.of(1, 2, 3);
  const plans = [{ rungs: [{ tx: { script }, transaction: review.digest }], cancel: undefined }] as never;
  const audit = { epoch: 1, size: 0, root: review.digest };
  const at = "2026-11-22T09:00:00Z" as never;
  const approved = register(review, { plans, at, officer: OLGA.key, head: undefined, audit });
  markConfirmed(approved);
  return { approved, script };
}

pair("B18", "a byte of the transaction changes after the officer has confirmed it", {
  good: () => (script: Uint8Array) => void script.fill(1, 0, 1),
  bad: () => (script: Uint8Array) => void script.fill(9, 1, 2),
  judge(write) {
    const { approved, script } = confirmed();
    write(script);
    return judged(() => takeConfirmed(approved));
  },
  accepted: "passed",
  refused: "G12 BYTES_CHANGED",
  removes: ["what is signed is hashed again"],
  without: "passed",
});

const wallet = testWallet();
const view = viewOf(wallet);
const good = goodPsbt(wallet);

pair("B18", "whoever handed the bytes over writes into them afterwards", {
  good: () => false,
  bad: () => true,
  judge(writes) {
    const bytes = Uint8Array.from(good);
    const attempt = decode(bytes, view);
    if (writes) bytes.fill(0xff);
    const [first] = attempt.tx.inputs;
    return first !== undefined &&
      first.script.every((byte) => byte !== 0xff) &&
      transactionId(attempt.tx.unsigned) === attempt.transaction
      ? "what was reviewed"
      : "something else";
  },
  accepted: "what was reviewed",
  refused: "what was reviewed",
  removes: ["a PSBT is copied before it is read"],
  without: "something else",
});

test("B18: changing the bytes after they were decoded changes nothing", () => {
  const bytes = Uint8Array.from(good);
  const attempt = decode(bytes, view);
  const before = digests(attempt.tx).map(({ digest }) => [...digest]);
  bytes.fill(0xff);
  expect(transactionId(attempt.tx.unsigned)).toBe(attempt.transaction);
  expect(digests(attempt.tx).map(({ digest }) => [...digest])).toEqual(before);
});
