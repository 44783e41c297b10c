/** BIP-32 keys from BIP-39 words: private derivation as the signer does it, public steps as descriptors do them. */
import { BIP32Factory } from "bip32";
import { mnemonicToEntropy } from "bip39";
import * as ecc from "tiny-secp256k1";
import { expect, test } from "vitest";
import { deriveNode, masterOf, wipeNode } from "../../signer/keystore/seed.ts";
import { childPublicKey, keepBranches } from "../../src/chains/bitcoin/child-keys.ts";
import { HARDENED } from "../../src/chains/key-path.ts";
import { fromHex, toHex } from "../../src/core/hex.ts";
import { checkCases, vectorFile } from "./folder.ts";

type Case = {
  readonly mnemonic: string;
  readonly xprv: string;
  readonly xpub: string;
  /** Of the first account of BIP-44. */
  readonly master_xpub: string;
  readonly vectors: readonly { readonly path: string; readonly xpub: string }[];
};

const FILE = "bips/bip32.json";
const cases = vectorFile<readonly Case[]>(FILE);
const bip32 = BIP32Factory(ecc);

/** Child numbers of a path; hardened ones have bit 31. */
function stepsOf(path: string): readonly number[] {
  return path
    .split("/")
    .slice(1)
    .map((step) => Number.parseInt(step, 10) + (step.endsWith("h") ? HARDENED : 0));
}

test.skipIf(cases === undefined)("BIP-32: words, master key and every child", () => {
  checkCases(FILE, cases ?? [], ({ mnemonic, xprv, xpub, master_xpub: account, vectors }) => {
    const master = masterOf(fromHex(mnemonicToEntropy(mnemonic)), "mainnet");
    const at = (path: string) => deriveNode(master, stepsOf(path)).neutered();
    expect(master.toBase58()).toBe(xprv);
    expect(master.neutered().toBase58()).toBe(xpub);
    expect(at("m/44h/0h/0h").toBase58()).toBe(account);
    for (const { path, xpub: child } of vectors) expect(at(path).toBase58()).toBe(child);
    // Below a published account key, the public formula of our own.
    const owner = {};
    keepBranches(owner, bip32.fromBase58(account));
    for (const branch of [0, 1] as const)
      for (const index of [0, 2, 999_999]) {
        const key = at(`m/44h/0h/0h/${branch}/${index}`).publicKey;
        expect(toHex(childPublicKey(owner, branch, index))).toBe(toHex(key));
      }
    wipeNode(master);
    return "passed";
  });
});
