import { BIP32Factory } from "bip32";
import * as ecc from "tiny-secp256k1";
import {
  deriveAddress,
  writeDescriptor,
  type Branch,
  type Descriptor,
} from "../../src/chains/bitcoin/descriptor.ts";
import type { WalletView } from "../../src/chains/adapter.ts";
import { BITCOIN_NETWORKS } from "../../src/chains/bitcoin/network.ts";
import { BITCOIN_CHAINS } from "../../src/core/chain.ts";
import { parseName } from "../../src/core/identifier.ts";

/** A P2WPKH wallet of a seed that everyone may know: for regtest alone. */
export function watchedWallet(seedByte = 7): {
  descriptor: Descriptor;
  address: (branch: Branch, index: number) => string;
} {
  const { bip32: versions } = BITCOIN_NETWORKS.regtest;
  const master = BIP32Factory(ecc).fromSeed(new Uint8Array(32).fill(seedByte), {
    wif: 0xef,
    bip32: versions,
  });
  const account = master.derivePath("m/84'/1'/0'");
  const fingerprint = Buffer.from(master.fingerprint).toString("hex");
  const key = `[${fingerprint}/84h/1h/0h]${account.neutered().toBase58()}`;
  const descriptor = writeDescriptor({ kind: "p2wpkh", threshold: 1, keys: [key] }, "regtest");
  return { descriptor, address: (branch, index) => deriveAddress(descriptor, branch, index).address };
}

/** The wallet as a policy pins it, with `highestIndex` known to be in use. */
export function walletView({ text }: Descriptor, highestIndex = -1, indexGap = 20): WalletView {
  const wallet = {
    name: parseName("vault"),
    chain: BITCOIN_CHAINS.regtest,
    descriptor: text,
    threshold: 1,
    signers: [parseName("signer-1")],
    foreign: 0,
    indexGap,
    exactlyOnce: "signers" as const,
  };
  return { wallet, network: "regtest", highestIndex, own: [], tokens: [] };
}
