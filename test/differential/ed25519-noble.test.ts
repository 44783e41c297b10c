import { ed25519 } from "@noble/curves/ed25519.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { publicKeyOf, sign, verify } from "../../src/core/ed25519.ts";
import { fromHex, toHex } from "../../src/core/hex.ts";

const seed = fc.uint8Array({ minLength: 32, maxLength: 32 });
const message = fc.uint8Array({ maxLength: 200 });

test("keys and signatures are noble's, byte for byte", () => {
  fc.assert(
    fc.property(seed, message, (secret, text) => {
      expect(publicKeyOf(secret)).toBe(toHex(ed25519.getPublicKey(secret)));
      expect(toHex(sign(text, secret))).toBe(toHex(ed25519.sign(text, secret)));
      expect(verify(text, ed25519.sign(text, secret), publicKeyOf(secret))).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test("whatever we accept of mutated keys, signatures and messages, noble's strict rule accepts too", () => {
  const mutation = fc.record({
    where: fc.constantFrom("signature" as const, "key" as const, "message" as const),
    index: fc.nat(),
    xor: fc.integer({ min: 0, max: 255 }),
  });
  let accepted = 0;
  fc.assert(
    fc.property(
      seed,
      fc.uint8Array({ minLength: 1, maxLength: 64 }),
      fc.array(mutation, { maxLength: 2 }),
      (secret, text, mutations) => {
        const parts = {
          signature: sign(text, secret),
          key: fromHex(publicKeyOf(secret)),
          message: Uint8Array.from(text),
        };
        for (const { where, index, xor } of mutations) {
          const bytes = parts[where];
          bytes[index % bytes.length] = (bytes[index % bytes.length] as number) ^ xor;
        }
        if (!verify(parts.message, parts.signature, toHex(parts.key))) return;
        accepted++;
        expect(ed25519.verify(parts.signature, parts.message, parts.key, { zip215: false })).toBe(true);
      },
    ),
    { numRuns: 250 },
  );
  expect(accepted).toBeGreaterThan(10);
});

test("adding the group order to S makes a second spelling of a signature, which is refused", () => {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  fc.assert(
    fc.property(seed, message, (secret, text) => {
      const signature = sign(text, secret);
      const s = BigInt(`0x${toHex(signature.slice(32).reverse())}`) + order;
      const respelled = Uint8Array.from(signature);
      respelled.set(fromHex(s.toString(16).padStart(64, "0")).reverse(), 32);
      expect(verify(text, respelled, publicKeyOf(secret))).toBe(false);
    }),
    { numRuns: 50 },
  );
});
