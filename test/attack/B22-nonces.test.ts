/**
 * B22 ("Dark Skippy"): a signer whose nonces carry its key out, one signature at a time. Nothing random takes part in a
 * signature, so that a second machine or another library makes the same one and compares; and what does not verify, which
 * can give the key away as well, never leaves.
 */
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { expect, test } from "vitest";
import { confirm } from "../../signer/gates/g11-confirm.ts";
import { signConfirmed } from "../../signer/gates/g12-sign.ts";
import { differenceIn } from "../../signer/commands/receipt-difference.ts";
import type { KeyRing } from "../../signer/keystore/key-ring.ts";
import { signLowR } from "../../signer/sign/bitcoin.ts";
import { makeDocument } from "../../src/core/document.ts";
import { RECEIPT, type Receipt } from "../../src/core/documents/receipt.ts";
import { toHex } from "../../src/core/hex.ts";
import { goodRequest, makeCustody, openKeys, stateFor } from "../factory/custody.ts";
import { reviewed, signed } from "../factory/gates.ts";
import { fixtureBytes } from "../factory/identities.ts";
import { judged } from "./one-payment.ts";
import { pair } from "./pair.ts";

const custody = makeCustody();
const { receipt } = signed(goodRequest(custody), stateFor(custody));

/** The receipt with another R in its first signature: what a signer with a nonce of its own choice would have written. */
function otherNonce({ body, signatures }: typeof receipt): typeof receipt {
  const text = JSON.stringify(body).replace(
    /("signature":"30[0-9a-f]{10})(..)/,
    (_, before: string, byte: string) => {
      const other = (Number.parseInt(byte, 16) ^ 1).toString(16).padStart(2, "0");
      return `${before}${other}`;
    },
  );
  return { ...makeDocument(RECEIPT, JSON.parse(text) as Receipt), signatures };
}

pair("B22", "a signer chooses its nonces, and its receipt is replayed on another machine", {
  good: () => receipt,
  bad: otherNonce,
  judge: (other) =>
    differenceIn(signed(goodRequest(custody), stateFor(custody)).receipt, other) ?? "the same",
  accepted: "the same",
  refused: "receipt.outcome.plans[0].rungs[0].signatures[0].signature",
  removes: ["receipts are compared field by field"],
  without: "the same",
});

/** Signs the good request with a ring that hands out `change` of each key, as a failing machine would. */
function signedWith(change: (key: Uint8Array) => Uint8Array): string {
  const state = stateFor(custody);
  const approved = reviewed(goodRequest(custody), state);
  confirm(approved, { digest: approved.review.digest, logbook: state.journal.head }, state);
  const keys = openKeys();
  const wallets: KeyRing = {
    ...keys.wallets,
    privateKey(fingerprint, path) {
      const key = keys.wallets.privateKey(fingerprint, path);
      return key && change(Uint8Array.from(key));
    },
  };
  return judged(() => signConfirmed(approved, { ...keys, wallets }, state));
}

const same = (key: Uint8Array) => key;
const faulty = (key: Uint8Array) => key.map((byte, place) => (place === 31 ? byte ^ 1 : byte));

pair("B22", "a fault of the machine gives another key than the path promises", {
  good: () => same,
  bad: () => faulty,
  judge: signedWith,
  accepted: "passed",
  refused: "G12 KEY_MISSING",
  removes: ["a key is the one that its path promises"],
  without: "G12 SIGNATURE_INVALID",
});

pair("B22", "a fault makes a signature that does not verify", {
  good: () => same,
  bad: () => faulty,
  judge: signedWith,
  accepted: "passed",
  refused: "G12 KEY_MISSING",
  removes: ["a key is the one that its path promises", "a signature verifies"],
  without: "passed",
});

test("B22: another library makes the same signatures, byte for byte (RFC 6979, low R as Bitcoin Core grinds it)", () => {
  for (let round = 0; round < 16; round++) {
    const [digest, secret] = [fixtureBytes(`digest ${round}`), fixtureBytes(`secret ${round}`)];
    const options = { prehash: false, lowS: true } as const;
    let theirs = secp256k1.sign(digest, secret, options);
    for (let counter = 1; (theirs[0] as number) > 0x7f; counter++) {
      const extraEntropy = new Uint8Array(32);
      new DataView(extraEntropy.buffer).setUint32(0, counter, true);
      theirs = secp256k1.sign(digest, secret, { ...options, extraEntropy });
    }
    expect(toHex(signLowR(digest, secret))).toBe(toHex(theirs));
  }
});
