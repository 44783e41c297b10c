/**
 * Messages that an account's key has signed (EIP-191, version 0x45, "personal_sign"): they begin as no transaction does, so
 * that a signature over one is over nothing else.
 */
import { declareError } from "../../core/errors.ts";
import { concatBytes, utf8 } from "../../core/hex.ts";
import type { Address } from "./address.ts";
import { keccak256 } from "./keccak.ts";
import { parseSignature, recoverAddress } from "./signature.ts";

export const MESSAGE_HIDES = declareError(
  "EVM_MESSAGE_HIDES",
  "denied",
  "A message is nothing but a hash: what was signed cannot be read in it (attack E11).",
);

/** `0x19 "Ethereum Signed Message:\n"`, the length in bytes as decimal digits, and the message. */
export function hashPersonalMessage(message: Uint8Array): Uint8Array {
  return keccak256(concatBytes(utf8(`\x19Ethereum Signed Message:\n${message.length}`), message));
}

/**
 * Whose key signed a message.
 * @param signature r, s and v in 65 bytes; v as wallets write it, 27 or 28, or as some hardware does, 0 or 1
 * @returns undefined where nobody's key can have
 * @throws EVM_MESSAGE_HIDES, EVM_SIGNATURE_MALFORMED, also of an s above half of the order: anybody makes that of the other
 */
export function signerOfMessage(message: Uint8Array, signature: Uint8Array): Address | undefined {
  assertReadable(message);
  const parity = signature[64];
  const bytes =
    signature.length === 65 && (parity === 0 || parity === 1)
      ? concatBytes(signature.subarray(0, 64), Uint8Array.of(27 + parity))
      : signature;
  return recoverAddress(hashPersonalMessage(message), parseSignature(bytes));
}

const HASH_TEXT = /^(?:0x)?[0-9a-fA-F]{64}$/;

// Of a hash that somebody else has made people know nothing: it may be a Safe's transaction, or typed data.
function assertReadable(message: Uint8Array): void {
  const text = new TextDecoder().decode(message);
  if (!HASH_TEXT.test(text) && (message.length !== 32 || /^[\x20-\x7e]{32}$/.test(text))) return;
  throw MESSAGE_HIDES(
    `the message is ${message.length === 32 ? "32 bytes" : "text"} that can only be a hash`,
    {
      field: "message",
      hint: "ask for the text itself, and for a signature over that",
    },
  );
}
