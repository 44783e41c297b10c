/** Signatures of an account's keys, as receipts carry them: Ed25519 over a transaction's name. */
import { verify } from "../../core/ed25519.ts";
import { declareError } from "../../core/errors.ts";
import type { InputSignature } from "../../core/documents/receipt.ts";
import { fromHex, toHex } from "../../core/hex.ts";
import type { StellarAttempt } from "./attempt.ts";
import { weightNeeded, type AccountKey, type Level } from "./descriptor.ts";
import { envelopeBytes } from "./envelope.ts";

export const SIGNATURE_INVALID = declareError(
  "STELLAR_SIGNATURE_INVALID",
  "verification",
  "A signature is not by one of the account's keys over the transaction that it came with.",
);
export const SIGNATURES_INCOMPLETE = declareError(
  "STELLAR_SIGNATURES_INCOMPLETE",
  "invalid",
  "The signatures of a transaction do not reach the threshold that it asks for.",
);

/** All that a plan does is pay, which asks for the medium threshold. */
const LEVEL: Level = "medium";

/** @throws STELLAR_SIGNATURE_INVALID */
export function verifySignatures(
  { account, hash }: StellarAttempt,
  signatures: readonly InputSignature[],
): void {
  const seen = new Set<string>();
  for (const { input, key, signature } of signatures) {
    const field = `signatures[${input}]`;
    const known = account.keys.some(({ publicKey }) => toHex(publicKey) === key);
    if (input === 0 && known && !seen.has(key) && verify(hash, fromHex(signature, field), key)) {
      seen.add(key);
      continue;
    }
    throw SIGNATURE_INVALID(`${field} is not by a key of ${account.address} over this transaction`, {
      field,
      hint: "have it signed again",
    });
  }
}

/** Of verified signatures. */
export function isComplete({ account }: StellarAttempt, signatures: readonly InputSignature[]): boolean {
  const reached = signersOf(account.keys, signatures).reduce((sum, { weight }) => sum + weight, 0);
  return reached >= weightNeeded(account, LEVEL);
}

/**
 * The bytes to send. No more signatures than are needed: a ledger refuses a transaction with one that nothing asked for
 * (txBAD_AUTH_EXTRA). The heaviest keys come first. @throws STELLAR_SIGNATURES_INCOMPLETE
 */
export function combine(attempt: StellarAttempt, signatures: readonly InputSignature[]): Uint8Array {
  const { account, transaction } = attempt;
  const byKey = new Map(signatures.map((one) => [one.key, one.signature]));
  const needed = weightNeeded(account, LEVEL);
  const used: AccountKey[] = [];
  let reached = 0;
  for (const key of signersOf(account.keys, signatures).toSorted((a, b) => b.weight - a.weight)) {
    if (reached >= needed) break;
    used.push(key);
    reached += key.weight;
  }
  if (reached < needed) {
    throw SIGNATURES_INCOMPLETE(`the signatures weigh ${reached}, ${needed} are needed`, {
      field: "signatures",
    });
  }
  return envelopeBytes(
    transaction,
    used.map(({ publicKey }) => ({
      hint: publicKey.slice(-4),
      signature: fromHex(byKey.get(toHex(publicKey)) ?? "", "signature"),
    })),
  );
}

function signersOf(
  keys: readonly AccountKey[],
  signatures: readonly InputSignature[],
): readonly AccountKey[] {
  return keys.filter(({ publicKey }) => signatures.some(({ key }) => key === toHex(publicKey)));
}
