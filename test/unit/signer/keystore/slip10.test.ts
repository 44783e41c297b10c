/** SLIP-10 by the test cases that SEP-5 prints, and what a key ring makes of it. */
import { describe, expect, test } from "vitest";
import { HARDENED } from "../../../../src/chains/key-path.ts";
import { publicKeyOf } from "../../../../src/core/ed25519.ts";
import { AssertionError } from "../../../../src/core/errors.ts";
import { fromHex, toHex, utf8 } from "../../../../src/core/hex.ts";
import { parseName } from "../../../../src/core/identifier.ts";
import { openKeyRing } from "../../../../signer/keystore/key-ring.ts";
import {
  bip32SeedOf,
  BIP39,
  entropyOf,
  mastersOf,
  stellarAccountKey,
} from "../../../../signer/keystore/seed.ts";
import { sealSeed } from "../../../../signer/keystore/seed-file.ts";
import { slip10At, slip10Child, slip10Master } from "../../../../signer/keystore/slip10.ts";
import { fixtureBytes } from "../../../factory/identities.ts";

/** Words, the BIP-39 seed, the private key at `m/44'/148'`, and the accounts at 0', 1', … below it. */
const PUBLISHED = [
  {
    words: "illness spike retreat truth genius clock brain pass fit cave bargain toe",
    seed: "e4a5a632e70943ae7f07659df1332160937fad82587216a4c64315a0fb39497ee4a01f76ddab4cba68147977f3a147b6ad584c41808e8238a07f6cc4b582f186",
    coin: "e0eec84fe165cd427cb7bc9b6cfdef0555aa1cb6f9043ff1fe986c3c8ddd22e3",
    accounts: [
      "GDRXE2BQUC3AZNPVFSCEZ76NJ3WWL25FYFK6RGZGIEKWE4SOOHSUJUJ6",
      "GBAW5XGWORWVFE2XTJYDTLDHXTY2Q2MO73HYCGB3XMFMQ562Q2W2GJQX",
      "GAY5PRAHJ2HIYBYCLZXTHID6SPVELOOYH2LBPH3LD4RUMXUW3DOYTLXW",
    ],
  },
  {
    words:
      "bench hurt jump file august wise shallow faculty impulse spring exact slush thunder author capable act festival slice deposit sauce coconut afford frown better",
    seed: "937ae91f6ab6f12461d9936dfc1375ea5312d097f3f1eb6fed6a82fbe38c85824da8704389831482db0433e5f6c6c9700ff1946aa75ad8cc2654d6e40f567866",
    coin: "df474e0dc2711089b89af6b089aceeb77e73120e9f895bd330a36fa952835ea8",
    accounts: [
      "GC3MMSXBWHL6CPOAVERSJITX7BH76YU252WGLUOM5CJX3E7UCYZBTPJQ",
      "GB3MTYFXPBZBUINVG72XR7AQ6P2I32CYSXWNRKJ2PV5H5C7EAM5YYISO",
      "GDYF7GIHS2TRGJ5WW4MZ4ELIUIBINRNYPPAWVQBPLAZXC2JRDI4DGAKU",
    ],
  },
];

/** The key in an account's text: 5 bits a letter, behind a byte of its kind (SEP-23). */
function keyIn(account: string): string {
  const bits = [...account].map((letter) =>
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"),
  );
  const bytes =
    bits
      .join("")
      .match(/.{8}/g)
      ?.map((byte) => Number.parseInt(byte, 2)) ?? [];
  return toHex(Uint8Array.from(bytes.slice(1, 33)));
}

const steps = (...path: readonly number[]) => path.map((step) => step + HARDENED);

describe.each(PUBLISHED)("SEP-5: $words", ({ words, seed, coin, accounts }) => {
  test("gives the keys that the standard prints", () => {
    const bytes = bip32SeedOf(entropyOf(words), BIP39);
    expect(toHex(bytes)).toBe(seed);
    const master = slip10Master(bytes);
    expect(toHex(slip10At(master, steps(44, 148)).key)).toBe(coin);
    const found = accounts.map((_, place) => publicKeyOf(slip10At(master, steps(44, 148, place)).key));
    expect(found).toEqual(accounts.map(keyIn));
    // What was derived from is as it was.
    expect(slip10Master(bytes)).toEqual(master);
  });

  test("through a seed file and a key ring: the first account, of the network's coin", () => {
    const entropy = entropyOf(words);
    const key = stellarAccountKey(mastersOf(entropy, "mainnet"), "mainnet");
    expect(toHex(key.publicKey)).toBe(keyIn(accounts[0] ?? ""));
    const random = { salt: fixtureBytes("s").subarray(0, 16), nonce: fixtureBytes("n").subarray(0, 12) };
    const file = sealSeed(parseName("sep5"), entropy, "mainnet", utf8("fixture passphrase"), random);
    const ring = openKeyRing([file], utf8("fixture passphrase"));
    const secret = ring.ed25519Key(key.fingerprint, key.path) ?? new Uint8Array();
    expect(publicKeyOf(secret)).toBe(toHex(key.publicKey));
    expect(ring.ed25519Key("00000000", key.path)).toBeUndefined();
    // One seed, two curves: neither key tells of the other.
    expect(ring.privateKey(key.fingerprint, key.path)).not.toEqual(secret);
    ring.wipe();
    expect(secret).toEqual(new Uint8Array(32));
    expect(stellarAccountKey(mastersOf(entropy, "regtest"), "regtest").path).toEqual(steps(44, 1, 0));
  });
});

test("a step that is not hardened has no key", () => {
  const master = slip10Master(fromHex("000102030405060708090a0b0c0d0e0f"));
  for (const step of [0, 1, HARDENED - 1, 2 * HARDENED])
    expect(() => slip10Child(master, step)).toThrow(AssertionError);
  expect(slip10Child(master, HARDENED).key).toHaveLength(32);
});
