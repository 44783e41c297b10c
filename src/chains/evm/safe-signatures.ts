/**
 * Signatures of a Safe's owners, as its contract takes them: 65 bytes each, one behind the other, owners ascending. Of
 * the four kinds that the contract knows, only an owner's own signature of the transaction's hash is read: v of 27 or
 * 28. A contract's word (v 0), a hash approved on chain (v 1) and eth_sign (v above 30) are refused.
 */
import { declareError } from "../../core/errors.ts";
import { concatBytes } from "../../core/hex.ts";
import type { Address } from "./address.ts";
import type { PinnedSafe } from "./safe.ts";
import { parseSignature, recoverAddress, signatureBytes, type Signature } from "./signature.ts";

export const SAFE_SIGNATURES = declareError(
  "SAFE_SIGNATURES",
  "verification",
  "Signatures of a Safe's transaction are too few or too many, unsorted, repeated, or not by its owners.",
);

const SIGNATURE_BYTES = 65;

type Owners = Pick<PinnedSafe, "owners" | "threshold">;

/** Which owner signed `hash`. @throws SAFE_SIGNATURES */
export function ownerOf(
  hash: Uint8Array,
  signature: Signature,
  { owners }: Owners,
  field = "signature",
): Address {
  const signer = recoverAddress(hash, signature);
  if (signer !== undefined && owners.includes(signer)) return signer;
  throw refused(field, `is by ${signer ?? "nobody"}, who does not own the Safe`);
}

/**
 * What the contract needs of the signatures that came back, in any order: exactly as many as its threshold.
 * @throws SAFE_SIGNATURES
 */
export function packSignatures(
  hash: Uint8Array,
  signatures: readonly Signature[],
  safe: Owners,
  field = "signatures",
): Uint8Array {
  const signed = signatures.map((signature, place) => ({
    owner: ownerOf(hash, signature, safe, `${field}[${place}]`),
    signature,
  }));
  if (new Set(signed.map(({ owner }) => owner)).size < signed.length) {
    throw refused(field, "have two by one owner");
  }
  if (signed.length < safe.threshold) {
    throw refused(field, `are ${signed.length}, the Safe needs ${safe.threshold}`);
  }
  const sorted = signed.sort((a, b) => (order(a.owner) < order(b.owner) ? -1 : 1)).slice(0, safe.threshold);
  return concatBytes(...sorted.map(({ signature }) => signatureBytes(signature)));
}

/**
 * The owners that signed `hash`, of signatures as they are sent. The contract would not look behind its threshold;
 * here nothing may stand there.
 * @throws SAFE_SIGNATURES, EVM_SIGNATURE_MALFORMED
 */
export function readSignatures(
  hash: Uint8Array,
  packed: Uint8Array,
  safe: Owners,
  field = "signatures",
): readonly Address[] {
  if (packed.length !== safe.threshold * SIGNATURE_BYTES) {
    throw refused(field, `have ${packed.length} bytes, not ${SIGNATURE_BYTES} for each of ${safe.threshold}`);
  }
  const signers: Address[] = [];
  for (let place = 0; place < safe.threshold; place += 1) {
    const at = `${field}[${place}]`;
    const bytes = packed.subarray(place * SIGNATURE_BYTES, (place + 1) * SIGNATURE_BYTES);
    const owner = ownerOf(hash, parseSignature(bytes, at), safe, at);
    const before = signers.at(-1);
    if (before === owner) throw refused(at, `is a second one by ${owner}`);
    if (before !== undefined && order(before) > order(owner))
      throw refused(at, "is not sorted by its owner's address");
    signers.push(owner);
  }
  return signers;
}

/** Addresses as numbers: their capitals are checksum. */
const order = (address: Address) => address.toLowerCase();

function refused(field: string, why: string) {
  return SAFE_SIGNATURES(`${field} ${why}`, {
    field,
    hint: "take the signatures again from each owner's receipt",
  });
}
