/**
 * A cosigner's key record of BSMS 1.0 (BIP-129, round 1), unencrypted: version, token 00, key, description, and a signature
 * of these four lines by the key itself, which proves that whoever sent it holds it. The signature is the older kind of
 * signed message, recoverable ECDSA, which all published records have.
 */
import * as ecc from "tiny-secp256k1";
import type { Network } from "../../../core/chain.ts";
import { declareError } from "../../../core/errors.ts";
import { concatBytes, equalBytes, utf8 } from "../../../core/hex.ts";
import { formatKeyExpression, parseKeyExpression } from "../key-expression.ts";
import { compactSize, hash256 } from "../wire.ts";
import { BSMS_VERSION } from "./bsms.ts";

export const BSMS_MALFORMED = declareError(
  "BSMS_MALFORMED",
  "invalid",
  "Text is not an unencrypted key record of BSMS 1.0 (BIP-129).",
);
export const BSMS_SIGNATURE = declareError(
  "BSMS_SIGNATURE",
  "verification",
  "The signature of a BSMS key record is not by the key that the record names.",
);

/** BIP-129: 80 characters at most. */
const DESCRIPTION_MAX = 80;
const MAGIC = utf8("\u0018Bitcoin Signed Message:\n");

export function isBsms(text: string): boolean {
  return text.startsWith("BSMS ");
}

/**
 * The key expression `[fingerprint/path]xpub` of a record whose signature holds.
 * @throws BSMS_MALFORMED, BSMS_SIGNATURE, and as `parseKeyExpression`
 */
export function readBsmsKey(text: string, network: Network, field: string): string {
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/);
  const [version, token, expression, description, signature] = lines;
  if (lines.length !== 5 || version !== BSMS_VERSION || token !== "00") {
    throw BSMS_MALFORMED(`${field} is not five lines of ${BSMS_VERSION} with token 00`, {
      field,
      hint: "let the other device make its key record without encryption",
    });
  }
  if ((description as string).length > DESCRIPTION_MAX)
    throw BSMS_MALFORMED(`${field} has a description of more than ${DESCRIPTION_MAX} characters`, { field });
  const { key, account } = parseKeyExpression(expression as string, network, field);
  const signer = signerOf(lines.slice(0, 4).join("\n"), signature as string);
  if (signer === undefined || !equalBytes(signer, account.publicKey)) {
    throw BSMS_SIGNATURE(`${field} is not signed by the key that it names`, {
      field,
      hint: "let the other device make the record again, and compare its fingerprint with its owner",
    });
  }
  return formatKeyExpression(key);
}

/** The compressed key that a compact signature of `message` recovers to; undefined for none. */
function signerOf(message: string, signature: string): Uint8Array | undefined {
  const bytes = Uint8Array.from(Buffer.from(signature, "base64"));
  // 27 and the recovery id, and 4 for a compressed key; BIP-137's larger numbers say a kind of address as well.
  const recovery = (bytes[0] ?? 0) - 31;
  if (bytes.length !== 65 || !isRecovery(recovery)) return undefined;
  try {
    return ecc.recover(messageDigest(message), bytes.subarray(1), recovery, true) ?? undefined;
  } catch {
    return undefined; // r or s is no number of the curve
  }
}

function isRecovery(number: number): number is 0 | 1 | 2 | 3 {
  return number >= 0 && number <= 3;
}

function messageDigest(message: string): Uint8Array {
  const bytes = utf8(message);
  return hash256(concatBytes(MAGIC, compactSize(bytes.length), bytes));
}
