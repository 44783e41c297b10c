import { BIP32Factory } from "bip32";
import * as ecc from "tiny-secp256k1";
import { describe, expect, test } from "vitest";
import { descriptorChecksum } from "../../../../src/chains/descriptor-checksum.ts";
import {
  deriveAddress,
  DESCRIPTOR_KEY_TWICE,
  DESCRIPTOR_PRIVATE,
  DESCRIPTOR_QUORUM,
  parseDescriptor,
  writeDescriptor,
} from "../../../../src/chains/bitcoin/descriptor.ts";
import {
  DESCRIPTOR_KIND,
  DESCRIPTOR_MALFORMED,
  DESCRIPTOR_NETWORK,
  parseKeyExpression,
} from "../../../../src/chains/bitcoin/key-expression.ts";
import { BITCOIN_NETWORKS } from "../../../../src/chains/bitcoin/network.ts";
import { multisigScript, scriptOf } from "../../../../src/chains/bitcoin/script.ts";
import { assertWallet, WALLET_MISDESCRIBED } from "../../../../src/chains/bitcoin/wallet.ts";
import { sha256 } from "../../../../src/core/digest.ts";
import { fromHex, toHex } from "../../../../src/core/hex.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import { multisigWallet, policyWallet, testSeed, testWallet } from "../../../bitcoin/regtest-wallet.ts";

const wallet = multisigWallet();
const body = wallet.descriptor.text.split("#")[0] as string;
const sealed = (text: string) => `${text}#${descriptorChecksum(text)}`;
const parse = (text: string) => parseDescriptor(sealed(text), "regtest");
const keys = wallet.seeds.map(({ key }) => key) as [string, string, string];
const write = (threshold: number, list: readonly string[]) =>
  writeDescriptor({ kind: "p2wsh-sortedmulti", threshold, keys: list }, "regtest");

describe("wsh(sortedmulti(…))", () => {
  test("is read, written and derived", () => {
    expect(wallet.descriptor).toMatchObject({ kind: "p2wsh-sortedmulti", threshold: 2 });
    expect(wallet.descriptor.keys).toHaveLength(3);
    expect(parseDescriptor(wallet.descriptor.text, "regtest")).toEqual(wallet.descriptor);
    expect(parse(body.replaceAll(/(\/[0-9]+)h/g, "$1'")).text).toBe(wallet.descriptor.text);
    expect(deriveAddress(wallet.descriptor, 1, 5).path).toBe("m/48h/1h/0h/2h/1/5");
  });

  test("BIP-67: keys stand in ascending order at every index, whatever the descriptor's order", () => {
    const turned = write(2, [keys[2], keys[0], keys[1]]);
    const orders = new Set<string>();
    for (let index = 0; index < 12; index++) {
      const key = deriveAddress(wallet.descriptor, 0, index);
      const texts = key.keys.map(({ publicKey }) => toHex(publicKey));
      expect(texts).toEqual([...texts].sort());
      expect(deriveAddress(turned, 0, index).address).toBe(key.address);
      expect(toHex(key.witnessScript as Uint8Array)).toBe(
        `52${texts.map((text) => `21${text}`).join("")}53ae`,
      );
      orders.add(key.keys.map(({ fingerprint }) => fingerprint).join());
    }
    expect(orders.size).toBeGreaterThan(1);
  });

  test("BIP-67's first example gives its script, and BIP-383's nesting its address's program", () => {
    const pair = [
      "02fe6f0a5a297eb38c391581c4413e084773ea23954d93f7753db7dc0adc188b2f",
      "02ff12471208c14bd580709cb2358d98975247d8765f92bc25eab3b2763ed605f8",
    ];
    const script = multisigScript(
      2,
      pair.map((key) => fromHex(key)),
    );
    expect(toHex(script)).toBe(`5221${pair[0]}21${pair[1]}52ae`);
    expect(toHex(scriptOf("p2wsh", sha256(script)))).toMatch(/^0020[0-9a-f]{64}$/);
  });

  test("1 of 1 and 15 of 15 are handled; no quorum, more than all, and 16 keys are refused", () => {
    const many = Array.from({ length: 16 }, (_, i) => testSeed(`cosigner ${i}`, [48, 1, 0, 2]).key);
    expect(write(1, many.slice(0, 1)).threshold).toBe(1);
    expect(deriveAddress(write(15, many.slice(0, 15)), 0, 0).keys).toHaveLength(15);
    for (const [threshold, count] of [
      [0, 3],
      [4, 3],
      [1.5, 3],
      [2, 16],
    ] as const)
      expectRefusal(() => write(threshold, many.slice(0, count)), DESCRIPTOR_QUORUM);
    expectRefusal(() => parse(body.replace("sortedmulti(2", "sortedmulti(4")), DESCRIPTOR_QUORUM);
    expectRefusal(() => parse(body.replace("sortedmulti(2", "sortedmulti(0")), DESCRIPTOR_QUORUM);
    expectRefusal(() => parse(body.replace("sortedmulti(2", "sortedmulti(02")), DESCRIPTOR_KIND);
  });

  test.each([
    ["keys in a given order", body.replace("sortedmulti", "multi")],
    ["P2SH around it twice", `sh(sh(${body}))`],
    ["bare", body.slice("wsh(".length, -1)],
    ["a key without origin", body.replace(/\[[^\]]*\]/, "")],
    ["one branch for one key", body.replace("<0;1>", "0")],
    ["a hardened range", body.replace("/*,", "/*h,")],
    ["a timelock inside", body.replace("))", ",older(10)))")],
  ])("refuses %s", (_, text) => {
    expectRefusal(() => parse(text), DESCRIPTOR_KIND);
  });

  test("refuses a private key in any place without repeating it", () => {
    const secret = wallet.account.toBase58();
    const error = expectRefusal(
      () => parse(body.replace(/tpub[^/]*(?=\/<0;1>\/\*\)\))/, secret)),
      DESCRIPTOR_PRIVATE,
    );
    expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain(secret.slice(4, 20));
  });

  test("B19: all keys are of the wallet's network", () => {
    const foreign = testSeed("cosigner three", [48, 0, 0, 2], "mainnet").key;
    expectRefusal(() => write(2, [keys[0], keys[1], foreign]), DESCRIPTOR_NETWORK);
    const coin = testSeed("cosigner three", [48, 0, 0, 2]).key;
    expectRefusal(() => write(2, [keys[0], keys[1], coin]), DESCRIPTOR_NETWORK);
  });
});

describe("B6: one key that counts twice", () => {
  test("is refused as the same text, and as the same key under another parent fingerprint and origin", () => {
    expectRefusal(() => write(2, [keys[0], keys[1], keys[0]]), DESCRIPTOR_KEY_TWICE);
    const { bip32: versions } = BITCOIN_NETWORKS.regtest;
    const node = BIP32Factory(ecc).fromBase58(wallet.account.neutered().toBase58(), {
      wif: 0xef,
      bip32: versions,
    });
    const bytes = Buffer.from(wallet.account.publicKey);
    Reflect.set(node, "__PARENT_FINGERPRINT", 0x01020304);
    const disguised = `[deadbeef/48h/1h/0h/2h]${node.toBase58()}`;
    expect(disguised.slice(-111)).not.toBe(keys[0].slice(-111));
    expect(Buffer.from(parseKeyExpression(disguised, "regtest").account.publicKey)).toEqual(bytes);
    expect(write(2, [disguised, keys[1]]).keys).toHaveLength(2);
    expectRefusal(() => write(2, [keys[0], keys[1], disguised]), DESCRIPTOR_KEY_TWICE);
  });

  test("is refused with another chain code: who holds the key holds both", () => {
    const { bip32: versions } = BITCOIN_NETWORKS.regtest;
    const node = BIP32Factory(ecc).fromPublicKey(wallet.account.publicKey, new Uint8Array(32).fill(7), {
      wif: 0xef,
      bip32: versions,
    });
    Reflect.set(node, "__DEPTH", 4);
    Reflect.set(node, "__INDEX", 0x8000_0002);
    const twin = `[deadbeef/48h/1h/0h/2h]${node.toBase58()}`;
    expect(write(1, [twin]).keys).toHaveLength(1);
    expectRefusal(() => write(2, [keys[0], twin]), DESCRIPTOR_KEY_TWICE);
  });

  test("is refused as its negation: whoever holds one holds the other, and x-only keys are one", () => {
    const { bip32: versions } = BITCOIN_NETWORKS.regtest;
    const negated = Uint8Array.from(wallet.account.publicKey);
    negated[0] = (negated[0] as number) ^ 1;
    const node = BIP32Factory(ecc).fromPublicKey(negated, wallet.account.chainCode, {
      wif: 0xef,
      bip32: versions,
    });
    Reflect.set(node, "__DEPTH", 4);
    Reflect.set(node, "__INDEX", 0x8000_0002);
    const twin = `[deadbeef/48h/1h/0h/2h]${node.toBase58()}`;
    expect(write(1, [twin]).keys).toHaveLength(1);
    expectRefusal(() => write(2, [keys[0], twin]), DESCRIPTOR_KEY_TWICE);
  });

  test("two accounts of one seed are refused, and a clash of fingerprints", () => {
    const account = testSeed("cosigner one", [48, 1, 1, 2]).key;
    expectRefusal(() => write(2, [keys[0], account]), DESCRIPTOR_KEY_TWICE);
    const { fingerprint } = wallet.seeds[0]?.origin ?? { fingerprint: "" };
    const clash = keys[1].replace(/^\[[0-9a-f]{8}/, `[${fingerprint}`);
    expectRefusal(() => write(2, [keys[0], clash]), DESCRIPTOR_KEY_TWICE);
  });
});

describe("key expressions", () => {
  test("are read as they are written, and refused when they are not one", () => {
    const { key } = parseKeyExpression(keys[0], "regtest");
    expect(key.origin).toEqual(wallet.origin);
    for (const text of ["", wallet.account.neutered().toBase58(), `${keys[0]}/<0;1>/*`, `(${keys[0]})`])
      expectRefusal(() => parseKeyExpression(text, "regtest"), DESCRIPTOR_MALFORMED);
  });
});

describe("assertWallet (B5)", () => {
  const good = policyWallet(wallet);

  test("accepts what the descriptor says, with foreign keys counted", () => {
    assertWallet(good, "regtest");
    assertWallet(policyWallet(testWallet()), "regtest");
    assertWallet({ ...good, signers: good.signers.slice(0, 2), foreign: 1 }, "regtest");
  });

  test("refuses another threshold, another number of keys, another spelling", () => {
    expectRefusal(() => assertWallet({ ...good, threshold: 3 }, "regtest"), WALLET_MISDESCRIBED);
    expectRefusal(() => assertWallet({ ...good, foreign: 1 }, "regtest"), WALLET_MISDESCRIBED);
    expectRefusal(
      () => assertWallet({ ...good, signers: good.signers.slice(0, 2) }, "regtest"),
      WALLET_MISDESCRIBED,
    );
    const apostrophes = sealed(body.replaceAll(/(\/[0-9]+)h/g, "$1'"));
    const error = expectRefusal(
      () => assertWallet({ ...good, descriptor: apostrophes }, "regtest"),
      WALLET_MISDESCRIBED,
    );
    expect(error.hint).toContain(good.descriptor);
  });
});
