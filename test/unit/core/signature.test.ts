import { describe, expect, test } from "vitest";
import { signatureField, signDigest, verifySignature } from "../../../src/core/signature.ts";
import { sign } from "../../../src/core/ed25519.ts";
import { concatBytes, fromHex, toHex, utf8 } from "../../../src/core/hex.ts";
import { ALICE, MALLORY, at, fixtureDigest } from "../../factory/identities.ts";

const DIGEST = fixtureDigest("document");
const signature = signDigest(DIGEST, ALICE.seed, at("09:00:00"));

test("a signature covers domain, digest, key and time, in these bytes", () => {
  const bytes = concatBytes(
    utf8("custody/signature/v1\n"),
    fromHex(DIGEST),
    fromHex(ALICE.key),
    utf8("2026-11-22T09:00:00Z"),
  );
  expect(bytes).toHaveLength(21 + 32 + 32 + 20);
  expect(signature).toEqual({
    by: ALICE.key,
    alg: "ed25519",
    at: at("09:00:00"),
    sig: toHex(sign(bytes, ALICE.seed)),
  });
  expect(verifySignature(DIGEST, signature)).toBe(true);
});

describe("nothing of it can be exchanged", () => {
  test.each([
    ["digest", fixtureDigest("other"), signature],
    ["key", DIGEST, { ...signature, by: MALLORY.key }],
    ["time", DIGEST, { ...signature, at: at("09:00:01") }],
    ["bytes", DIGEST, { ...signature, sig: `00${signature.sig.slice(2)}` }],
  ])("another %s", (_name, digest, changed) => {
    expect(verifySignature(digest, changed)).toBe(false);
  });

  test("a signature over the bare digest, without domain, does not verify", () => {
    const bare = toHex(sign(fromHex(DIGEST), ALICE.seed));
    expect(verifySignature(DIGEST, { ...signature, sig: bare })).toBe(false);
  });
});

test.each([
  ["as made", signature, true],
  ["another algorithm", { ...signature, alg: "rsa" }, false],
  ["a field more", { ...signature, note: "x" }, false],
  ["no time", { by: signature.by, alg: signature.alg, sig: signature.sig }, false],
  ["a short signature", { ...signature, sig: signature.sig.slice(2) }, false],
  ["upper case", { ...signature, sig: signature.sig.toUpperCase() }, false],
  ["a key of small order", { ...signature, by: "00".repeat(32) }, false],
])("read: %s", (_name, value, accepted) => {
  expect(signatureField.safeParse(value).success).toBe(accepted);
});
