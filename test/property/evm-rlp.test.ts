/** RLP over all values, and over all bytes: what is read is written again as it was. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quantityBytes, readQuantity } from "../../src/chains/evm/quantity.ts";
import { decodeRlp, encodeRlp, type Rlp } from "../../src/chains/evm/rlp.ts";
import { CustodyError } from "../../src/core/errors.ts";
import { toHex } from "../../src/core/hex.ts";
import { LIMITS } from "../../src/core/limits.ts";

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 4 }),
  fc.uint8Array({ minLength: 50, maxLength: 60 }),
  fc.uint8Array({ minLength: 250, maxLength: 260 }),
);
const { value } = fc.letrec<{ value: Rlp }>((tie) => ({
  value: fc.oneof(
    { maxDepth: LIMITS.rlpDepthMax, withCrossShrink: true },
    bytes,
    fc.array(tie("value"), { maxLength: 12 }),
  ),
}));

/** Prefixes stand among other bytes more often than chance would have it. */
const anyBytes = fc.array(
  fc.oneof(
    fc.constantFrom(0x00, 0x01, 0x7f, 0x80, 0x81, 0xb7, 0xb8, 0xb9, 0xc0, 0xc1, 0xc2, 0xf7, 0xf8),
    fc.integer({ min: 0, max: 255 }),
  ),
  { maxLength: 70 },
);

describe("RLP", () => {
  test("every value comes back", () => {
    fc.assert(
      fc.property(value, (one) => {
        expect(decodeRlp(encodeRlp(one))).toEqual(one);
      }),
    );
  });

  test("bytes that are read are the ones that are written, and all others meet a typed error", () => {
    let read = 0;
    fc.assert(
      fc.property(anyBytes, (numbers) => {
        const given = Uint8Array.from(numbers);
        try {
          expect(toHex(encodeRlp(decodeRlp(given)))).toBe(toHex(given));
          read += 1;
        } catch (error) {
          if (!(error instanceof CustodyError)) throw error;
        }
      }),
      { numRuns: 5000 },
    );
    expect(read).toBeGreaterThan(100);
  });

  test("every number of a word comes back", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), fc.nat({ max: 256 }), (number, shift) => {
        const value = number >> BigInt(shift);
        expect(readQuantity(decodeRlp(encodeRlp(quantityBytes(value))), 32, "value")).toBe(value);
      }),
    );
  });
});
