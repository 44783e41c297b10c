import { describe, expect, test } from "vitest";
import { parsePublicKey, publicKeyOf, sign, verify } from "../../src/core/ed25519.ts";
import { fromHex, toHex } from "../../src/core/hex.ts";
import { codeOf } from "../factory/thrown.ts";

/** RFC 8032 §7.1, tests 1, 2, 3 and SHA(abc). */
const VECTORS = [
  {
    seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    key: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    message: "",
    signature:
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  },
  {
    seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    key: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    message: "72",
    signature:
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  },
  {
    seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    key: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    message: "af82",
    signature:
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  },
  {
    seed: "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
    key: "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
    message:
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    signature:
      "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
  },
] as const;

describe("RFC 8032 §7.1", () => {
  test.each(VECTORS)("key $key", ({ seed, key, message, signature }) => {
    expect(publicKeyOf(fromHex(seed))).toBe(key);
    expect(parsePublicKey(key)).toBe(key);
    expect(toHex(sign(fromHex(message), fromHex(seed)))).toBe(signature);
    expect(verify(fromHex(message), fromHex(signature), key)).toBe(true);
  });

  test.each(VECTORS)(
    "key $key: every flipped bit of the signature is refused",
    ({ key, message, signature }) => {
      const good = fromHex(signature);
      for (let bit = 0; bit < 512; bit++) {
        const bad = Uint8Array.from(good);
        bad[bit >> 3] = (bad[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(verify(fromHex(message), bad, key)).toBe(false);
      }
    },
  );
});

/** The eight points of small order in canonical form, and the spellings of them that are not (speccheck, §2 of "Taming the many EdDSAs"). */
const SMALL_ORDER = [
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0000000000000000000000000000000000000000000000000000000000000080",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
];
const NOT_CANONICAL = [
  "0100000000000000000000000000000000000000000000000000000000000080",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
];

describe("points that no key may be", () => {
  test.each([...SMALL_ORDER, ...NOT_CANONICAL])("%s", (point) => {
    expect(codeOf(() => parsePublicKey(point))).toBe("PUBLIC_KEY_INVALID");
    // With A of small order, R = A·h and S = 0 verify for many messages: one signature for everything.
    for (const r of SMALL_ORDER)
      expect(verify(new Uint8Array(), fromHex(r + "00".repeat(32)), point)).toBe(false);
  });

  test.each(["", "D7".repeat(32), "d7".repeat(31), "zz".repeat(32)])("text %j", (text) => {
    expect(codeOf(() => parsePublicKey(text))).toBe("PUBLIC_KEY_INVALID");
    expect(verify(new Uint8Array(), new Uint8Array(64), text)).toBe(false);
  });

  test("a signature of 63 or 65 bytes", () => {
    const [{ key, signature }] = VECTORS;
    expect(verify(new Uint8Array(), fromHex(signature).subarray(0, 63), key)).toBe(false);
    expect(verify(new Uint8Array(), fromHex(`${signature}00`), key)).toBe(false);
  });

  test("y that is on no point of the curve does not verify and does not throw", () => {
    const [{ signature }] = VECTORS;
    expect(verify(new Uint8Array(), fromHex(signature), `02${"00".repeat(31)}`)).toBe(false);
  });
});
