/**
 * A P2WPKH wallet for tests. Its seed is the hash of a sentence in this file: FOR REGTEST ONLY, never send coins to it.
 */
import { BIP32Factory, type BIP32Interface } from "bip32";
import * as ecc from "tiny-secp256k1";
import type { DecodedAttempt, Payment, WalletView } from "../../src/chains/adapter.ts";
import type { BitcoinAttempt } from "../../src/chains/bitcoin/attempt.ts";
import { build } from "../../src/chains/bitcoin/build.ts";
import { decode } from "../../src/chains/bitcoin/decode.ts";
import { deriveAddress, writeDescriptor, type Branch } from "../../src/chains/bitcoin/descriptor.ts";
import { formatKeyPath, HARDENED } from "../../src/chains/bitcoin/key-path.ts";
import { BITCOIN_NETWORKS } from "../../src/chains/bitcoin/network.ts";
import { digests } from "../../src/chains/bitcoin/sighash.ts";
import { encodeSignature } from "../../src/chains/bitcoin/signature.ts";
import type { BitcoinCoin, BitcoinSnapshot } from "../../src/chains/bitcoin/snapshot.ts";
import { strippedBytes, transactionId, type Transaction } from "../../src/chains/bitcoin/transaction.ts";
import { parseAddress } from "../../src/chains/bitcoin/address.ts";
import { bitcoinAsset } from "../../src/core/asset.ts";
import { BITCOIN_CHAINS, type Network } from "../../src/core/chain.ts";
import { parseDigest, sha256 } from "../../src/core/digest.ts";
import type { InputSignature } from "../../src/core/documents/receipt.ts";
import { toHex, utf8 } from "../../src/core/hex.ts";
import { parseName } from "../../src/core/identifier.ts";
import { parseInstant } from "../../src/core/instant.ts";

const ACCOUNT_PATH = [84 + HARDENED, 1 + HARDENED, HARDENED];

export type TestWallet = ReturnType<typeof testWallet>;

/** A wallet from a sentence. */
export function testWallet(sentence = "custody toolkit regtest fixture", network: Network = "regtest") {
  const versions = BITCOIN_NETWORKS[network].bip32;
  const root = BIP32Factory(ecc).fromSeed(sha256(utf8(sentence)), { wif: 0xef, bip32: versions });
  const path = network === "mainnet" ? [84 + HARDENED, HARDENED, HARDENED] : ACCOUNT_PATH;
  const account = path.reduce<BIP32Interface>((node, step) => node.derive(step), root);
  const origin = { fingerprint: toHex(root.fingerprint), path };
  const descriptor = writeDescriptor(origin, account.neutered().toBase58(), network);
  return { network, root, account, origin, descriptor };
}

export function viewOf({ descriptor, network }: TestWallet, highestIndex = 20, indexGap = 20): WalletView {
  const wallet = {
    name: parseName("vault"),
    chain: BITCOIN_CHAINS[network],
    descriptor: descriptor.text,
    signers: [parseName("offline-a")],
    foreign: 0,
    indexGap,
  };
  return { wallet, network, highestIndex };
}

export type TestCoin = { readonly units: bigint; readonly branch?: Branch; readonly index?: number };

/** A transaction that pays each coin, after an output that is somebody else's. */
export function parentOf(wallet: TestWallet, coins: readonly TestCoin[], salt = 0): Transaction {
  const outputs = coins.map(({ units, branch = 0, index = 0 }) => ({
    units,
    script: deriveAddress(wallet.descriptor, branch, index).script,
  }));
  return {
    version: 2,
    inputs: [
      {
        txid: parseDigest(toHex(sha256(utf8(`parent ${salt}`)))),
        vout: 0,
        scriptSig: new Uint8Array(),
        sequence: 0xffff_fffd,
        witness: [],
      },
    ],
    outputs: [{ units: 12_345n, script: parseAddress(FOREIGN_ADDRESS, "regtest").script }, ...outputs],
    lockTime: 0,
  };
}

/** A snapshot of coins, each with a parent of its own. */
export function snapshotOf(
  wallet: TestWallet,
  coins: readonly TestCoin[],
  change: Partial<BitcoinSnapshot> = {},
): BitcoinSnapshot {
  const parents = coins.map((coin, salt) => parentOf(wallet, [coin], salt));
  const listed = coins.map(({ units, branch = 0, index = 0 }, i): BitcoinCoin => {
    const txid = transactionId(parents[i] as Transaction);
    return { txid, vout: 1, units: units.toString(), branch, index, height: 100, coinbase: false };
  });
  return {
    tip: { height: 800, hash: parseDigest("00".repeat(32)), time: parseInstant("2026-11-22T08:00:00Z") },
    coins: listed,
    parents: parents.map((parent) => toHex(strippedBytes(parent))),
    feeRateMilli: "5000",
    feeSource: "estimatesmartfee 6",
    relayRateMilli: "1000",
    changeIndex: 3,
    ...change,
  };
}

export const FOREIGN_ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";

export function payment(units: bigint, address = FOREIGN_ADDRESS): Payment {
  return {
    account: parseAddress(address, "regtest").account,
    amount: { asset: bitcoinAsset("regtest"), units },
  };
}

/** A good unsigned PSBT with two inputs, one payment and change. */
export function goodPsbt(wallet: TestWallet): Uint8Array {
  const coins = [
    { units: 60_000n, index: 1 },
    { units: 50_000n, index: 2 },
  ];
  return build([payment(80_000n)], viewOf(wallet), snapshotOf(wallet, coins)).rungs[0]?.bytes as Uint8Array;
}

export function goodAttempt(wallet: TestWallet): DecodedAttempt<BitcoinAttempt> {
  return decode(goodPsbt(wallet), viewOf(wallet));
}

/** Low-R ECDSA as Bitcoin Core grinds it: RFC 6979, then with a counter as extra entropy (32 bytes, little endian). */
export function signLowR(digest: Uint8Array, privateKey: Uint8Array): Uint8Array {
  let signature = ecc.sign(digest, privateKey);
  for (let counter = 1; (signature[0] as number) >= 0x80; counter++) {
    const entropy = new Uint8Array(32);
    new DataView(entropy.buffer).setUint32(0, counter, true);
    signature = ecc.sign(digest, privateKey, entropy);
  }
  return signature;
}

/** All signatures of an attempt by the wallet. */
export function signAll({ root }: TestWallet, attempt: BitcoinAttempt): InputSignature[] {
  return digests(attempt).map(({ input, digest, publicKey, keyPath }) => {
    const { privateKey } = root.derivePath(formatKeyPath(keyPath).replaceAll("h", "'"));
    return {
      input,
      key: toHex(publicKey),
      signature: encodeSignature(signLowR(digest, privateKey as Uint8Array)),
    };
  });
}
