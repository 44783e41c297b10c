import { check, decode, encode } from "bitcoinjs-lib/src/bip66";
import * as ecc from "tiny-secp256k1";
import { declareError } from "../../core/errors.ts";
import type { InputSignature } from "../../core/documents/receipt.ts";
import { concatBytes, equalBytes, fromHex, toHex } from "../../core/hex.ts";
import type { BitcoinAttempt } from "./attempt.ts";
import { digests, SIGHASH_ALL, type InputDigest } from "./sighash.ts";
import { xOnly, type TaprootOutput } from "./taproot.ts";

export const SIGNATURE_INVALID = declareError(
  "SIGNATURE_INVALID",
  "verification",
  "A signature for a bitcoin input is not one by the wallet's key over that input.",
);

/** Half the order of secp256k1: BIP-62's bound for S, without which a third party could change a signature. */
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/**
 * Verifies every signature: for an input of this transaction, by one of its derived keys and by each key once, over the
 * digest that BIP-143 or BIP-341 gives. ECDSA: strict DER (BIP-66) with low S (BIP-62), sighash ALL; high R is accepted,
 * other makers do not grind. Schnorr (BIP-340): 64 bytes, which say sighash DEFAULT; where there is no script, by the
 * output's tweaked key. There may be fewer or more than the wallet needs.
 * @throws SIGNATURE_INVALID naming the input
 */
export function verifySignatures(attempt: BitcoinAttempt, signatures: readonly InputSignature[]): void {
  const expected = digests(attempt);
  const seen = new Set<string>();
  for (const signature of signatures) {
    const { input, key } = signature;
    const digest = expected[input];
    if (digest === undefined) throw invalid(input, "is for an input that the transaction does not have");
    const place = `${input}:${key}`;
    if (seen.has(place)) throw invalid(input, "is a second one by the same key");
    seen.add(place);
    verifyOne(digest, signature);
  }
}

/** A 64-byte compact signature (r, s) as DER with its SIGHASH_ALL byte, in hex: the form that receipts carry. */
export function encodeSignature(compact: Uint8Array): string {
  const der = encode(derInteger(compact.subarray(0, 32)), derInteger(compact.subarray(32)));
  return toHex(concatBytes(der, Uint8Array.of(SIGHASH_ALL)));
}

function verifyOne({ input, digest, keys, taproot }: InputDigest, { key, signature }: InputSignature): void {
  const signer = fromHex(key, `signatures[${input}].key`);
  const publicKey = keys.find((own) => equalBytes(own.publicKey, signer))?.publicKey;
  if (publicKey === undefined) throw invalid(input, "is by another key than the wallet's");
  const bytes = fromHex(signature, `signatures[${input}].signature`);
  if (taproot === undefined) verifyEcdsa(input, digest, publicKey, bytes);
  else verifySchnorr(input, digest, publicKey, taproot, bytes);
}

function verifyEcdsa(input: number, digest: Uint8Array, publicKey: Uint8Array, bytes: Uint8Array): void {
  const der = bytes.subarray(0, -1);
  if (bytes.length === 0 || !check(der)) throw invalid(input, "is not strict DER");
  if (bytes[bytes.length - 1] !== SIGHASH_ALL) throw invalid(input, "has a sighash type other than ALL");
  const { r, s } = decode(der);
  // BIP-66 bounds the whole, not the parts: an R or S longer than 32 bytes must not be cut down.
  const compactR = scalar(r);
  const compactS = scalar(s);
  if (compactR === undefined || compactS === undefined) throw invalid(input, "has a number above 256 bits");
  if (BigInt(`0x${toHex(compactS)}`) > HALF_ORDER) throw invalid(input, "has a high S");
  const compact = concatBytes(compactR, compactS);
  if (!verifies(() => ecc.verify(digest, publicKey, compact, true))) throw invalid(input, "does not verify");
}

// A 65th byte would be a sighash type: even ALL is another signature than the one that was counted and shown (attack B9).
function verifySchnorr(
  input: number,
  digest: Uint8Array,
  publicKey: Uint8Array,
  { outputKey, leaf }: TaprootOutput,
  bytes: Uint8Array,
): void {
  if (bytes.length === 65) throw invalid(input, "has a sighash type other than DEFAULT");
  if (bytes.length !== 64) throw invalid(input, "is not a BIP-340 signature of 64 bytes");
  const key = leaf === undefined ? outputKey : xOnly(publicKey);
  if (!verifies(() => ecc.verifySchnorr(digest, key, bytes))) throw invalid(input, "does not verify");
}

// The library throws on a number of zero or above the order: that is an answer, not a crash.
function verifies(verify: () => boolean): boolean {
  try {
    return verify();
  } catch {
    return false;
  }
}

function scalar(integer: Uint8Array): Uint8Array | undefined {
  const start = integer[0] === 0 ? 1 : 0;
  if (integer.length - start > 32) return undefined;
  const bytes = new Uint8Array(32);
  bytes.set(integer.subarray(start), 32 - (integer.length - start));
  return bytes;
}

// DER integers are signed and shortest: no leading zero, but one where the top bit would mean "negative".
function derInteger(bytes: Uint8Array): Uint8Array {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const body = bytes.subarray(start);
  return (body[0] as number) & 0x80 ? concatBytes(Uint8Array.of(0), body) : Uint8Array.from(body);
}

function invalid(input: number, what: string) {
  return SIGNATURE_INVALID(`the signature for input ${input} ${what}`, {
    field: `signatures[${input}]`,
    hint: "take the receipt again from the signer; do not broadcast",
    details: { input },
  });
}
