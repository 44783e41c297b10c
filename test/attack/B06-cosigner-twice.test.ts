/**
 * B6: one key that counts twice. An xpub's depth, parent fingerprint and child number are words about a key that nobody
 * signs, so two texts can be one key; a quorum of them is smaller than it looks. A chain code is no secret either, so the
 * public key alone decides, whatever its chain code or parity.
 */
import { BIP32Factory } from "bip32";
import * as ecc from "tiny-secp256k1";
import { describe, expect, test } from "vitest";
import { DESCRIPTOR_KEY_TWICE, writeDescriptor } from "../../src/chains/bitcoin/descriptor.ts";
import { keyExpressionOf, registryKey } from "../../src/chains/bitcoin/exports/registry-key.ts";
import { parseKeyExpression } from "../../src/chains/bitcoin/key-expression.ts";
import { codeOf } from "../factory/thrown.ts";
import { testSeed } from "../bitcoin/regtest-wallet.ts";

const PATH = [48, 1, 0, 2];
const [ours, theirs, third] = ["cosigner one", "cosigner two", "cosigner three"].map(
  (sentence) => testSeed(sentence, PATH).key,
) as [string, string, string];
const wallet = (last: string, threshold = 2) =>
  codeOf(() =>
    writeDescriptor({ kind: "p2wsh-sortedmulti", threshold, keys: [ours, theirs, last] }, "regtest"),
  );
const fields = registryKey(parseKeyExpression(theirs, "regtest").key, "regtest", "unsaid");
/** Their key once more, under another master. */
const again = (changes: Partial<typeof fields>) =>
  keyExpressionOf(
    { ...fields, origin: { ...fields.origin, fingerprint: "deadbeef" }, ...changes },
    "regtest",
    "key",
  );

describe("B6: a cosigner's key is another's in other words", () => {
  test("accepts: three keys of three masters", () => {
    expect(wallet(third)).toBe("none");
  });

  test.each([
    ["under another master's fingerprint", again({})],
    ["with another parent", again({ parentFingerprint: "01020304" })],
    ["with another chain code", again({ chainCode: new Uint8Array(32).fill(7) })],
    ["negated, which the same person signs for", again({ publicKey: negated(fields.publicKey) })],
  ])("%s: refused", (_, key) => {
    expect(key).not.toBe(theirs);
    expect(wallet(key)).toBe(DESCRIPTOR_KEY_TWICE.code);
  });

  test("another account of one master: refused", () => {
    expect(wallet(testSeed("cosigner two", [48, 1, 1, 2]).key)).toBe(DESCRIPTOR_KEY_TWICE.code);
  });
});

function negated(publicKey: Uint8Array): Uint8Array {
  const other = Uint8Array.from(publicKey);
  other[0] = (publicKey[0] as number) ^ 1;
  // Still a point: BIP32Factory refuses every other.
  return BIP32Factory(ecc).fromPublicKey(other, new Uint8Array(32)).publicKey;
}
