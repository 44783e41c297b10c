import { expect, test } from "vitest";
import { AssertionError } from "../../../src/core/errors.ts";
import { idFrom, parseId, parseName } from "../../../src/core/identifier.ts";
import { parseDigest } from "../../../src/core/digest.ts";
import { codeOf } from "../../factory/thrown.ts";

test("an id is 16 random bytes as lowercase hex", () => {
  const id = idFrom(Uint8Array.from({ length: 16 }, (_, index) => index));
  expect(id).toBe("000102030405060708090a0b0c0d0e0f");
  expect(parseId(id)).toBe(id);
  expect(() => idFrom(new Uint8Array(15))).toThrow(AssertionError);
});

test.each(["", "0".repeat(31), "0".repeat(33), "A".repeat(32), `${"0".repeat(31)}g`, `${"0".repeat(32)}\n`])(
  "id %j is malformed",
  (text) => {
    expect(codeOf(() => parseId(text))).toBe("ID_MALFORMED");
  },
);

test.each(["a", "vault", "signer-1", "a".repeat(32)])("%s is a name", (text) => {
  expect(parseName(text)).toBe(text);
});

test.each(["", "-a", "1a", "Vault", "a b", "a_b", "a/b", "..", "vаult", "a".repeat(33), "a\n"])(
  "%j is no name",
  (text) => {
    expect(codeOf(() => parseName(text))).toBe("NAME_MALFORMED");
  },
);

test.each(["", "0".repeat(63), "0".repeat(65), "F".repeat(64), `${"0".repeat(64)}\n`])(
  "digest %j is malformed",
  (text) => {
    expect(codeOf(() => parseDigest(text))).toBe("DIGEST_MALFORMED");
    expect(parseDigest("0f".repeat(32))).toBe("0f".repeat(32));
  },
);
