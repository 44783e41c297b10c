/** BIP-340: signing and verifying as taproot inputs use them, over digests of 32 bytes. */
import * as ecc from "tiny-secp256k1";
import { expect, test } from "vitest";
import { fromHex, toHex } from "../../src/core/hex.ts";
import { checkCases, vectorBytes } from "./folder.ts";

const FILE = "bips/bip-0340/test-vectors.csv";
const bytes = vectorBytes(FILE);
const [, ...lines] = Buffer.from(bytes ?? [])
  .toString("utf8")
  .trim()
  .split(/\r?\n/);

test.skipIf(bytes === undefined)("BIP-340: every signature of the table", () => {
  checkCases(FILE, lines, (line) => {
    const [, secret = "", key = "", aux = "", message = "", signature = "", result = ""] = line.split(",");
    const of = (hex: string) => fromHex(hex.toLowerCase());
    expect(["TRUE", "FALSE"]).toContain(result);
    // What is signed on any chain of ours is a digest; no input of another length reaches the curve's code.
    if (message.length !== 64) return "not ours";
    expect(verifies(of(message), of(key), of(signature))).toBe(result === "TRUE");
    if (secret === "") return "passed";
    expect(toHex((ecc.pointFromScalar(of(secret), true) as Uint8Array).subarray(1))).toBe(key.toLowerCase());
    expect(toHex(ecc.signSchnorr(of(message), of(secret), of(aux)))).toBe(signature.toLowerCase());
    return "passed";
  });
});

/** Points that are none are refused, by false or by throwing, before anything is multiplied. */
function verifies(digest: Uint8Array, key: Uint8Array, signature: Uint8Array): boolean {
  return ecc.isXOnlyPoint(key) && ecc.isPoint(Uint8Array.of(2, ...key)) && accepts(digest, key, signature);
}

function accepts(digest: Uint8Array, key: Uint8Array, signature: Uint8Array): boolean {
  try {
    return ecc.verifySchnorr(digest, key, signature);
  } catch (error) {
    if (error instanceof TypeError && /Expected Signature/.test(error.message)) return false;
    throw error;
  }
}
