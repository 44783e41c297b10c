/** `crypto-hdkey` of one derived key beside Keystone's library: what we write is what it writes, and what it reads. */
import {
  CryptoCoinInfo,
  CryptoHDKey,
  CryptoKeypath,
  generateAddressFromXpub,
  PathComponent,
} from "@keystonehq/bc-ur-registry-eth";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAccountKeys } from "../../src/airgap/registry/account-keys.ts";
import { derivedKeyCbor, type DerivedKey } from "../../src/airgap/registry/derived-key.ts";
import { UR_STRUCTURE_MALFORMED } from "../../src/airgap/registry/structure.ts";
import { toHex } from "../../src/core/hex.ts";
import { codeOf } from "../factory/thrown.ts";

const HARDENED = 0x8000_0000;
/** Ether's number in SLIP-44, which the library's own list of coins does not have. */
const ETHER = 60 as ConstructorParameters<typeof CryptoCoinInfo>[0];

const anyStep = fc
  .tuple(fc.nat(HARDENED - 1), fc.boolean())
  .map(([index, hardened]) => (hardened ? index + HARDENED : index));
const anyKey: fc.Arbitrary<DerivedKey & { readonly origin: { readonly fingerprint: string } }> = fc.record({
  publicKey: fc
    .tuple(fc.constantFrom(2, 3), fc.uint8Array({ minLength: 32, maxLength: 32 }))
    .map(([sign, x]) => Uint8Array.of(sign, ...x)),
  origin: fc.record({
    path: fc.array(anyStep, { minLength: 1, maxLength: 6 }),
    fingerprint: fc
      .integer({ min: 1, max: 0xffff_ffff })
      .map((number) => number.toString(16).padStart(8, "0")),
  }),
  name: fc.stringMatching(/^[!-~]{1,32}$/),
});

function keystoneOf({ publicKey, origin, name }: DerivedKey): CryptoHDKey {
  const components = origin.path.map(
    (step) => new PathComponent({ index: step % HARDENED, hardened: step >= HARDENED }),
  );
  return new CryptoHDKey({
    isMaster: false,
    key: Buffer.from(publicKey),
    useInfo: new CryptoCoinInfo(ETHER),
    origin: new CryptoKeypath(components, Buffer.from(origin.fingerprint ?? "", "hex")),
    name,
  });
}

const pathOf = (steps: readonly number[]) =>
  steps.map((step) => (step >= HARDENED ? `${step - HARDENED}'` : String(step))).join("/");

describe("one derived key", () => {
  test("is the library's bytes, and its fields when the library reads ours", () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        const ours = derivedKeyCbor(key);
        expect(toHex(ours)).toBe(toHex(new Uint8Array(keystoneOf(key).toCBOR())));
        const read = CryptoHDKey.fromCBOR(Buffer.from(ours));
        expect([read.isMaster(), read.isPrivateKey(), read.getName()]).toEqual([false, false, key.name]);
        expect(toHex(new Uint8Array(read.getKey()))).toBe(toHex(key.publicKey));
        expect([read.getUseInfo().getType(), read.getUseInfo().getNetwork()]).toEqual([60, 0]);
        expect(read.getOrigin().getPath()).toBe(pathOf(key.origin.path));
        expect(read.getOrigin().getSourceFingerprint()?.toString("hex")).toBe(key.origin.fingerprint);
        expect([read.getChainCode(), read.getChildren(), read.getParentFingerprint()]).toEqual([
          undefined,
          undefined,
          undefined,
        ]);
      }),
      { numRuns: 200 },
    );
  });

  test("has nothing to derive by: the library makes an xpub with a chain code alone", () => {
    const [key] = fc.sample(anyKey, { numRuns: 1, seed: 7 }) as [DerivedKey];
    const read = CryptoHDKey.fromCBOR(Buffer.from(derivedKeyCbor(key)));
    expect(() => generateAddressFromXpub(read.getBip32Key(), "m/0/0")).toThrow();
    const { publicKey, origin } = key;
    const components = origin.path.map(() => new PathComponent({ index: 0, hardened: true }));
    const whole = new CryptoHDKey({
      isMaster: false,
      key: Buffer.from(publicKey),
      chainCode: Buffer.alloc(32, 1),
      origin: new CryptoKeypath(components, Buffer.from("00000001", "hex")),
    });
    expect(whole.getBip32Key()).toMatch(/^xpub/);
  });

  test("is no account key of a bitcoin wallet", () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        const cbor = derivedKeyCbor(key);
        expect(codeOf(() => readAccountKeys({ urType: "crypto-hdkey", cbor }))).toBe(
          UR_STRUCTURE_MALFORMED.code,
        );
      }),
      { numRuns: 20 },
    );
  });
});
