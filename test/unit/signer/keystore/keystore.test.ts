import { BIP32Factory } from "bip32";
import { mnemonicToSeedSync } from "bip39";
import * as ecc from "tiny-secp256k1";
import { describe, expect, test } from "vitest";
import { BITCOIN_NETWORKS, parseDescriptor } from "../../../../src/chains/bitcoin/index.ts";
import { parseKeyExpression, type KeyExpression } from "../../../../src/chains/bitcoin/key-expression.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import { toHex, utf8 } from "../../../../src/core/hex.ts";
import { openKeyRing } from "../../../../signer/keystore/key-ring.ts";
import {
  accountDescriptor,
  cosignerKey,
  entropyOf,
  fingerprintOf,
  masterOf,
  SLIP39,
  wordsOf,
} from "../../../../signer/keystore/seed.ts";
import { openSeed, parseSeedFile, sealSeed, seedFileBytes } from "../../../../signer/keystore/seed-file.ts";
import {
  openSignerKey,
  parseSignerFile,
  sealSignerKey,
  signerFileBytes,
} from "../../../../signer/keystore/signer-file.ts";
import { VAULT_ENTROPY, VAULT_PASSPHRASE, vaultSeed } from "../../../factory/custody.ts";
import { fixtureBytes, fixtureDigest, MALLORY, SIGNER } from "../../../factory/identities.ts";
import { codeOf } from "../../../factory/thrown.ts";

const ABANDON = `${"abandon ".repeat(23)}art`;
const random = { salt: new Uint8Array(16), nonce: new Uint8Array(12) };

describe("BIP-39 seeds", () => {
  test("24 words and back", () => {
    expect(wordsOf(new Uint8Array(32))).toBe(ABANDON);
    expect(entropyOf(ABANDON)).toEqual(new Uint8Array(32));
    expect(entropyOf(`  ${ABANDON.toUpperCase().replaceAll(" ", "\n ")} `)).toEqual(new Uint8Array(32));
  });

  test.each([
    ["a wrong checksum", `${"abandon ".repeat(23)}abandon`],
    ["11 words", "abandon ".repeat(11)],
    ["12 words without their checksum", "abandon ".repeat(12)],
    ["a word that is none", ABANDON.replace("art", "artt")],
    ["nothing", ""],
  ])("%s is refused without quoting a word", (_, words) => {
    expect(codeOf(() => entropyOf(words))).toBe("WORDS_INVALID");
    const message = (() => {
      try {
        return String(entropyOf(words));
      } catch (error) {
        return String(error);
      }
    })();
    expect(message).not.toMatch(/abandon|art/);
  });

  test("the master key is the library's (BIP-39 to BIP-32)", () => {
    const seed = mnemonicToSeedSync(wordsOf(VAULT_ENTROPY));
    const expected = BIP32Factory(ecc).fromSeed(seed, { wif: 0, bip32: BITCOIN_NETWORKS.regtest.bip32 });
    expect(masterOf(VAULT_ENTROPY, "regtest").toBase58()).toBe(expected.toBase58());
    // Published for the words "abandon … art" without passphrase.
    expect(fingerprintOf(masterOf(new Uint8Array(32), "mainnet"))).toBe("5436d724");
  });

  test("the account is BIP-84's of the network", () => {
    const main = accountDescriptor(masterOf(VAULT_ENTROPY, "mainnet"), "mainnet");
    const test3 = accountDescriptor(masterOf(VAULT_ENTROPY, "regtest"), "regtest");
    expect(main.text).toMatch(/^wpkh\(\[[0-9a-f]{8}\/84h\/0h\/0h\]xpub/);
    expect(test3.text).toMatch(/^wpkh\(\[[0-9a-f]{8}\/84h\/1h\/0h\]tpub/);
  });

  test("the cosigner's key is BIP-48's of the network, script type 2", () => {
    const main = cosignerKey(masterOf(VAULT_ENTROPY, "mainnet"), "mainnet");
    const test3 = cosignerKey(masterOf(VAULT_ENTROPY, "regtest"), "regtest");
    expect(main).toMatch(/^\[[0-9a-f]{8}\/48h\/0h\/0h\/2h\]xpub/);
    expect(test3).toMatch(/^\[[0-9a-f]{8}\/48h\/1h\/0h\/2h\]tpub/);
    expect(parseKeyExpression(test3, "regtest").key.origin.path).toHaveLength(4);
    expect(vaultSeed().cosignerKey).toBe(test3);
  });

  test("12 words, and a passphrase beside them (BIP-39's own first vector)", () => {
    const entropy = entropyOf(`${"abandon ".repeat(11)}about`);
    expect(entropy).toEqual(new Uint8Array(16));
    expect(masterOf(entropy, "mainnet", { standard: "bip39", passphrase: utf8("TREZOR") }).toBase58()).toBe(
      "xprv9s21ZrQH143K3h3fDYiay8mocZ3afhfULfb5GX8kCBdno77K4HiA15Tg23wpbeF1pLfs1c5SPmYHrEpTuuRhxMwvKDwqdKiGJS9XFKzUsAF",
    );
    expect(fingerprintOf(masterOf(entropy, "mainnet"))).toBe("73c5da0a");
  });

  test("a SLIP-39 master secret is the BIP-32 seed itself", () => {
    const seed = mnemonicToSeedSync(wordsOf(VAULT_ENTROPY));
    expect(masterOf(seed, "regtest", SLIP39).toBase58()).toBe(masterOf(VAULT_ENTROPY, "regtest").toBase58());
  });
});

describe("seed file", () => {
  test("opens with its passphrase alone", () => {
    const file = parseSeedFile(seedFileBytes(vaultSeed()), "regtest");
    expect(openSeed(file, utf8(VAULT_PASSPHRASE))).toEqual(VAULT_ENTROPY);
    expect(codeOf(() => openSeed(file, utf8("another passphrase")))).toBe("PASSPHRASE_WRONG");
  });

  test("holds nothing secret in the clear", () => {
    const text = new TextDecoder().decode(seedFileBytes(vaultSeed()));
    expect(text).not.toContain(toHex(VAULT_ENTROPY));
    expect(text).not.toMatch(/prv/);
  });

  test("with a BIP-39 passphrase opens with the right one alone (attack B8)", () => {
    const passphrase = utf8("its own");
    const form = { standard: "bip39", passphrase } as const;
    const made = sealSeed("x" as Name, VAULT_ENTROPY, "regtest", utf8(VAULT_PASSPHRASE), random, form);
    const file = parseSeedFile(seedFileBytes(made), "regtest");
    expect(file.passphrase).toBe(true);
    expect(openSeed(file, utf8(VAULT_PASSPHRASE), passphrase)).toEqual(VAULT_ENTROPY);
    expect(codeOf(() => openSeed(file, utf8(VAULT_PASSPHRASE)))).toBe("SEED_PASSPHRASE_NEEDED");
    expect(codeOf(() => openSeed(file, utf8(VAULT_PASSPHRASE), utf8("its ovn")))).toBe("PASSPHRASE_WRONG");
    const hidden = { ...file, passphrase: false };
    expect(codeOf(() => openSeed(hidden, utf8(VAULT_PASSPHRASE)))).toBe("SEED_FILE_MALFORMED");
  });

  test("says of what standard its secret is, and another standard opens nothing", () => {
    const made = sealSeed("x" as Name, VAULT_ENTROPY, "regtest", utf8(VAULT_PASSPHRASE), random, SLIP39);
    expect(openSeed(made, utf8(VAULT_PASSPHRASE))).toEqual(VAULT_ENTROPY);
    expect(codeOf(() => openSeed({ ...made, standard: "bip39" }, utf8(VAULT_PASSPHRASE)))).toBe(
      "SEED_FILE_MALFORMED",
    );
    const odd = seedFileBytes({ ...made, passphrase: true });
    expect(codeOf(() => parseSeedFile(odd, "regtest"))).toBe("SEED_FILE_MALFORMED");
  });

  test("a public part that the seed does not give is found out (attack B5)", () => {
    const other = sealSeed("other" as Name, fixtureBytes("other"), "regtest", utf8(VAULT_PASSPHRASE), random);
    for (const swapped of [{ descriptor: other.descriptor }, { cosignerKey: other.cosignerKey }]) {
      const file = { ...vaultSeed(), ...swapped };
      expect(codeOf(() => openSeed(file, utf8(VAULT_PASSPHRASE)))).toBe("SEED_FILE_MALFORMED");
    }
    expect(
      codeOf(() => openSeed({ ...vaultSeed(), fingerprint: other.fingerprint }, utf8(VAULT_PASSPHRASE))),
    ).toBe("SEED_FILE_MALFORMED");
  });

  test("a file of another network, or another file, is refused", () => {
    expect(codeOf(() => parseSeedFile(seedFileBytes(vaultSeed()), "mainnet"))).toBe("SEED_FILE_MALFORMED");
    expect(codeOf(() => parseSeedFile(utf8("{}"), "regtest"))).toBe("SEED_FILE_MALFORMED");
  });
});

describe("key ring", () => {
  const descriptor = parseDescriptor(vaultSeed().descriptor, "regtest");
  const [{ origin }] = descriptor.keys as [KeyExpression];
  const path = [...origin.path, 0, 5];

  test("gives the key at a path of a seed that it has, and no other", () => {
    const ring = openKeyRing([vaultSeed()], utf8(VAULT_PASSPHRASE));
    expect(ring.privateKey(origin.fingerprint, path)).toHaveLength(32);
    expect(ring.privateKey("00000000", path)).toBeUndefined();
    expect(ring.countHeld(descriptor)).toBe(1);
    const other = accountDescriptor(masterOf(fixtureBytes("other"), "regtest"), "regtest");
    expect(ring.countHeld(other)).toBe(0);
  });

  test("a descriptor with our fingerprint and another's key is not ours (attack B3)", () => {
    const ring = openKeyRing([vaultSeed()], utf8(VAULT_PASSPHRASE));
    const other = accountDescriptor(masterOf(fixtureBytes("other"), "regtest"), "regtest");
    const [key] = other.keys as [KeyExpression];
    expect(ring.countHeld({ ...other, keys: [{ ...key, origin }] })).toBe(0);
  });

  test("wiping overwrites keys that were handed out and forgets the passphrase", () => {
    const ring = openKeyRing([vaultSeed()], utf8(VAULT_PASSPHRASE));
    const key = ring.privateKey(origin.fingerprint, path);
    ring.wipe();
    expect(key).toEqual(new Uint8Array(32));
    expect(codeOf(() => ring.privateKey(origin.fingerprint, path))).toBe("PASSPHRASE_WRONG");
  });
});

describe("signer file", () => {
  const signer = {
    network: "regtest" as const,
    name: SIGNER.name,
    epoch: 1,
    key: SIGNER.key,
    startHead: fixtureDigest("head"),
    sealed: sealSignerKey(SIGNER.seed, "regtest", utf8("passphrase"), random),
  };

  test("gives its key back", () => {
    const read = parseSignerFile(signerFileBytes(signer), "regtest");
    expect(openSignerKey(read, utf8("passphrase"))).toEqual(SIGNER.seed);
    expect(codeOf(() => openSignerKey(read, utf8("pass phrase")))).toBe("PASSPHRASE_WRONG");
    expect(codeOf(() => parseSignerFile(signerFileBytes(signer), "testnet"))).toBe("SIGNER_FILE_MALFORMED");
  });

  test("a public key that is not the sealed one's is found out", () => {
    expect(codeOf(() => openSignerKey({ ...signer, key: MALLORY.key }, utf8("passphrase")))).toBe(
      "SIGNER_FILE_MALFORMED",
    );
  });
});
