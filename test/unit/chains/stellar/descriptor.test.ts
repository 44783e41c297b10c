/** An account as a policy pins it: one text for each, and none that no ledger holds or that the policy tells otherwise. */
import { describe, expect, test } from "vitest";
import { descriptorChecksum } from "../../../../src/chains/descriptor-checksum.ts";
import { parseSteps } from "../../../../src/chains/key-path.ts";
import {
  keysNeeded,
  parseStellarDescriptor,
  writeStellarDescriptor,
} from "../../../../src/chains/stellar/descriptor.ts";
import { stellarCodec } from "../../../../src/chains/stellar/index.ts";
import { isSamePlace, quorumOf, walletAccount } from "../../../../src/chains/stellar/wallet.ts";
import { STELLAR_CHAINS } from "../../../../src/core/chain.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import { LOCAL, ownStellar, stellarWallet, strangeKey } from "../../../factory/stellar-account.ts";
import { codeOf } from "../../../factory/thrown.ts";

const own = ownStellar();
const bare = own.text.slice(0, own.text.lastIndexOf("#"));
const summed = (body: string) => `${body}#${descriptorChecksum(body) ?? ""}`;
const code = (text: string, chain = LOCAL) => codeOf(() => parseStellarDescriptor(text, chain));

describe("a descriptor", () => {
  test("is read as it was written, whatever the order of the keys", () => {
    expect(parseStellarDescriptor(own.text, LOCAL)).toEqual(own);
    expect(writeStellarDescriptor({ ...own, keys: own.keys.toReversed() }, LOCAL).text).toBe(own.text);
  });

  test("is refused with another checksum, or none", () => {
    expect(code(own.text)).toBe("none");
    expect(code(`${bare}#qqqqqqqq`)).toBe("STELLAR_DESCRIPTOR_CHECKSUM");
    expect(code(bare)).toBe("STELLAR_DESCRIPTOR_MALFORMED");
  });

  test("has its keys in ascending order, each once; its thresholds rise, and its keys reach them", () => {
    const shaped = (change: (body: string) => string) => code(summed(change(bare)));
    expect(shaped((body) => body)).toBe("none");
    const [, one, two] = /(\[[^\]]+\]G[A-Z2-7]+:1),(\[[^\]]+\]G[A-Z2-7]+:1)/.exec(bare) ?? [];
    if (one === undefined || two === undefined) throw new TypeError("the account has three keys");
    const wrong = [
      (body: string) => body.replace(`${one},${two}`, `${two},${one}`),
      (body: string) => body.replace(two, one),
      (body: string) => body.replace(",1:2:3,", ",3:2:3,"),
      (body: string) => body.replace(",1:2:3,", ",1:2:4,"),
      (body: string) => body.replace(",1:2:3,", ",1:2:256,"),
      (body: string) => body.replace(one, one.replace(/:1$/, ":256")),
      (body: string) => body.replace(one, one.replace(/:1$/, ":0")),
    ];
    for (const change of wrong) expect(shaped(change)).toBe("STELLAR_DESCRIPTOR_MALFORMED");
  });

  test("S1: a key of one network's path is no key of another's; nor is one where SEP-5 puts none", () => {
    expect(code(own.text, STELLAR_CHAINS.testnet)).toBe("none");
    expect(code(own.text, STELLAR_CHAINS.mainnet)).toBe("STELLAR_DESCRIPTOR_PATH");
    for (const path of ["44h/1h/0", "44h/1h/0h/0h", "84h/1h/0h"]) {
      const keys = own.keys.map((each) => ({ ...each, path: parseSteps(path) ?? [] }));
      expect(codeOf(() => writeStellarDescriptor({ ...own, keys }, LOCAL))).toBe("STELLAR_DESCRIPTOR_PATH");
    }
  });

  test("the fewest keys that pay together are counted by weight, and people read weights where they differ", () => {
    expect([keysNeeded(own, "low"), keysNeeded(own, "medium"), keysNeeded(own, "high")]).toEqual([1, 2, 3]);
    expect(quorumOf(own)).toBe("2 of 3");
    const heavy = ownStellar({ weights: [2, 1, 1] });
    expect(keysNeeded(heavy, "medium")).toBe(1);
    expect(quorumOf(heavy)).toMatch(/^weight 2 of /);
    // A threshold of nothing still asks for a signature.
    expect(keysNeeded(ownStellar({ thresholds: { low: 0, medium: 0, high: 0 } }), "medium")).toBe(1);
  });
});

describe("a policy's wallet", () => {
  const assert = (...wallets: readonly ReturnType<typeof stellarWallet>[]) =>
    codeOf(() => stellarCodec.assertWallets(wallets, LOCAL));

  test("says of its keys what the account says", () => {
    expect(assert(stellarWallet())).toBe("none");
    expect(assert(stellarWallet(own, { threshold: 1 }))).toBe("STELLAR_WALLET_MISDESCRIBED");
    expect(assert(stellarWallet(own, { foreign: 2 }))).toBe("STELLAR_WALLET_MISDESCRIBED");
    // One heavy key pays alone, whatever the threshold counts.
    expect(assert(stellarWallet(ownStellar({ weights: [2, 1, 1] })))).toBe("STELLAR_WALLET_MISDESCRIBED");
  });

  test("is on the chain that it is asked for, and is no other wallet's account", () => {
    expect(assert(stellarWallet(), stellarWallet(own, { name: "second" as Name }))).toBe(
      "STELLAR_WALLET_TWICE",
    );
    expect(codeOf(() => stellarCodec.assertWallets([stellarWallet()], STELLAR_CHAINS.testnet))).toBe(
      "STELLAR_WALLET_MISMATCH",
    );
    const elsewhere = { ...stellarWallet(), chain: "eip155:31337" as typeof LOCAL };
    expect(codeOf(() => walletAccount({ wallet: elsewhere }))).toBe("STELLAR_WALLET_MISMATCH");
  });

  test("is the same place whoever signs for it, and another with another account", () => {
    const heavier = stellarWallet(ownStellar({ weights: [2, 1, 1] }));
    expect(isSamePlace(stellarWallet(), heavier)).toBe(true);
    const other = ownStellar({ address: strangeKey("payee").keypair.publicKey() as never });
    expect(isSamePlace(stellarWallet(), stellarWallet(other))).toBe(false);
  });

  test("has one address, and signs no text", () => {
    const at = stellarCodec.ownAccounts(own.text, LOCAL);
    expect(at(0, 0).account).toBe(`${LOCAL}:${own.address}`);
    for (const [branch, index] of [
      [0, 1],
      [1, 0],
    ] as const)
      expect(codeOf(() => at(branch, index))).toBe("STELLAR_ONE_ADDRESS");
    expect(codeOf(() => stellarCodec.messageSignature({} as never, []))).toBe("STELLAR_SIGNS_NO_MESSAGE");
  });
});
