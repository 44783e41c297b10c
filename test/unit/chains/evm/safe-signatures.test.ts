/** Owners' signatures as a Safe takes them: sorted, each once, each by an owner, and as many as it needs. */
import { describe, expect, test } from "vitest";
import { hashSafeTx, makeSafeTx } from "../../../../src/chains/evm/safe.ts";
import {
  packSignatures,
  readSignatures,
  SAFE_SIGNATURES,
} from "../../../../src/chains/evm/safe-signatures.ts";
import { signatureBytes } from "../../../../src/chains/evm/signature.ts";
import { wordBytes } from "../../../../src/chains/evm/quantity.ts";
import { concatBytes } from "../../../../src/core/hex.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import { OUTSIDER, OWNERS, pinnedSafe, signSafeTx, stranger } from "../../../factory/safe-fixture.ts";
import { codeOf } from "../../../factory/thrown.ts";

const safe = pinnedSafe();
const tx = makeSafeTx({ to: stranger("payee"), value: 5n, data: new Uint8Array(), operation: 0, nonce: 7n });
const hash = hashSafeTx(tx, safe).digest;
const [first, second, third] = OWNERS.map((owner) => signSafeTx(tx, safe, owner)) as [Sig, Sig, Sig];
type Sig = ReturnType<typeof signSafeTx>;
const outside = signSafeTx(tx, safe, OUTSIDER);
const packed = (...all: readonly Sig[]) => concatBytes(...all.map(signatureBytes));
const said = (bytes: Uint8Array) => codeOf(() => readSignatures(hash, bytes, safe));
const addresses = OWNERS.map(({ address }) => address);

describe("packed", () => {
  test("sorted, however they came, and no more than the Safe needs", () => {
    expect(packSignatures(hash, [second, first], safe)).toEqual(packed(first, second));
    expect(packSignatures(hash, [third, second], safe)).toEqual(packed(second, third));
    expect(packSignatures(hash, [third, second, first], safe)).toEqual(packed(first, second));
    const all = { ...safe, threshold: 3 };
    expect(packSignatures(hash, [third, first, second], all)).toEqual(packed(first, second, third));
  });

  test("refused: too few, one owner twice, somebody else, another transaction", () => {
    const refused = (...all: readonly Sig[]) =>
      expectRefusal(() => packSignatures(hash, all, safe), SAFE_SIGNATURES);
    refused();
    refused(first);
    expect(refused(first, first).message).toContain("two by one owner");
    expect(refused(first, outside).field).toBe("signatures[1]");
    expect(refused(first, second, outside).field).toBe("signatures[2]");
    refused(first, signSafeTx({ ...tx, nonce: 8n }, safe, OWNERS[1]));
    refused(first, signSafeTx(tx, pinnedSafe({ chainId: 1n }), OWNERS[1]));
    // 5 is no x of the curve: nobody has signed that.
    expect(refused(first, { r: 5n, s: 1n, yParity: 0 }).message).toContain("nobody");
  });
});

describe("read", () => {
  test("the owners that signed, ascending", () => {
    expect(readSignatures(hash, packed(first, second), safe)).toEqual(addresses.slice(0, 2));
    expect(readSignatures(hash, packed(first, third), safe)).toEqual([addresses[0], addresses[2]]);
  });

  test("refused: unsorted, doubled, a stranger's, too few, too many, cut", () => {
    const code = SAFE_SIGNATURES.code;
    expect(said(packed(second, first))).toBe(code);
    expect(said(packed(first, first))).toBe(code);
    for (const pair of [
      [first, outside],
      [outside, first],
      [outside, second],
    ] as const)
      expect(said(packed(...pair))).toBe(code);
    expect(said(packed(first))).toBe(code);
    // The contract would not look at a third one; we do, for nobody knows what it is there for.
    expect(said(packed(first, second, third))).toBe(code);
    expect(said(packed(first, second, outside))).toBe(code);
    expect(said(new Uint8Array())).toBe(code);
    expect(said(packed(first, second).subarray(0, 129))).toBe(code);
  });

  test("refused: an owner's word that is no signature", () => {
    const [owner] = OWNERS;
    const claim = (v: number) =>
      concatBytes(
        new Uint8Array(12),
        Buffer.from(owner.address.slice(2), "hex"),
        wordBytes(130n),
        Uint8Array.of(v),
      );
    // v 0: a contract's word. v 1: a hash approved on chain, or by whoever sends. v above 30: eth_sign.
    for (const v of [0, 1, 31, 32])
      expect(said(concatBytes(claim(v), signatureBytes(second)))).toBe("EVM_SIGNATURE_MALFORMED");
    const high = {
      ...first,
      s: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n - first.s,
    };
    expect(
      said(
        concatBytes(
          wordBytes(high.r),
          wordBytes(high.s),
          Uint8Array.of(28 - high.yParity),
          signatureBytes(second),
        ),
      ),
    ).toBe("EVM_SIGNATURE_MALFORMED");
  });
});
