/**
 * E11: a message (EIP-191) or a bare hash to be signed where a transaction belongs. Whoever has the signature over a hash
 * has whatever the hash is of, a transaction or a permission, which no screen has shown.
 */
import { expect, test } from "vitest";
import { keccak256 } from "../../src/chains/evm/keccak.ts";
import { concatBytes, utf8 } from "../../src/core/hex.ts";
import { BASE, fromAccount, fromSafe, offered, withBase } from "./evm-payment.ts";
import { pair } from "./pair.ts";

const HASH = keccak256(BASE);
const personal = (text: Uint8Array) =>
  concatBytes(utf8(`\x19Ethereum Signed Message:\n${text.length}`), text);

pair("E11", "a text in the form of personal_sign", {
  good: fromAccount,
  bad: (offer) => withBase(offer, personal(utf8("I own this account"))),
  judge: offered,
  accepted: "signed",
  refused: "G8 EVM_ATTESTATION_MALFORMED",
  removes: ["a text is signed once, at no cost", "a text to sign is one plain line"],
  without: "G6 CANCEL_MISSING",
});

pair("E11", "a hash in the form of personal_sign, as wallets are asked to sign blindly", {
  good: fromAccount,
  bad: (offer) => withBase(offer, personal(HASH)),
  judge: offered,
  accepted: "signed",
  refused: "G8 EVM_ATTESTATION_MALFORMED",
  removes: ["a text is signed once, at no cost", "a text to sign is one plain line"],
  without: "G6 CANCEL_MISSING",
});

pair("E11", "what an owner of a Safe would sign as typed data, for the key of an account", {
  good: fromAccount,
  bad: (offer) => withBase(offer, concatBytes(Uint8Array.of(0x19, 1), HASH, HASH)),
  judge: offered,
  accepted: "signed",
  refused: "G8 EVM_ATTESTATION_MALFORMED",
  removes: ["a text is signed once, at no cost", "a text to sign is one plain line"],
  without: "G6 CANCEL_MISSING",
});

pair("E11", "a text that an account signs as an attestation, where people approved a payment", {
  good: fromAccount,
  bad: (offer) => withBase(offer, concatBytes(Uint8Array.of(0x19), utf8("I own this account"))),
  judge: offered,
  accepted: "signed",
  refused: "G8 EVM_ATTESTATION_MALFORMED",
  removes: ["a text is signed once, at no cost"],
  without: "G6 CANCEL_MISSING",
});

test("E11: a bare hash in the place of an account's transaction, or of a Safe's", () => {
  expect([offered(fromAccount()), offered(fromSafe())]).toEqual(["signed", "signed"]);
  expect(offered(withBase(fromAccount(), HASH))).toMatch(/^G[58] EVM_/);
  expect(offered(withBase(fromSafe(), HASH))).toBe("G8 SAFE_PLAN_MALFORMED");
});
