/**
 * Wallets for tests. Their seeds are hashes of sentences in this file: FOR REGTEST ONLY, never send coins to them.
 */
import { SAT_PER_VBYTE } from "../../src/core/asset.ts";
import { BIP32Factory, type BIP32Interface } from "bip32";
import * as ecc from "tiny-secp256k1";
import type {
  BuildOptions,
  BuildTask,
  BuiltPlan,
  DecodedAttempt,
  Payment,
  WalletView,
} from "../../src/chains/adapter.ts";
import { parseAddress } from "../../src/chains/bitcoin/address.ts";
import type { BitcoinAttempt } from "../../src/chains/bitcoin/attempt.ts";
import { build } from "../../src/chains/bitcoin/build.ts";
import { decode } from "../../src/chains/bitcoin/decode.ts";
import {
  deriveAddress,
  writeDescriptor,
  type Branch,
  type Descriptor,
  type DescriptorKind,
} from "../../src/chains/bitcoin/descriptor.ts";
import { formatKeyExpression } from "../../src/chains/bitcoin/key-expression.ts";
import { formatKeyPath, HARDENED, type KeyOrigin } from "../../src/chains/key-path.ts";
import { accountPath, walletKind } from "../../src/chains/bitcoin/kinds/table.ts";
import { BITCOIN_NETWORKS } from "../../src/chains/bitcoin/network.ts";
import { expandPlan } from "../../src/chains/bitcoin/plan-attempts.ts";
import { digests } from "../../src/chains/bitcoin/sighash.ts";
import { encodeSignature } from "../../src/chains/bitcoin/signature.ts";
import type { TaprootOutput } from "../../src/chains/bitcoin/taproot.ts";
import type { BitcoinCoin, BitcoinSnapshot } from "../../src/chains/bitcoin/snapshot.ts";
import { strippedBytes, transactionId, type Transaction } from "../../src/chains/bitcoin/transaction.ts";
import { bitcoinAsset } from "../../src/core/asset.ts";
import { BITCOIN_CHAINS, type Network } from "../../src/core/chain.ts";
import { parseDigest, sha256 } from "../../src/core/digest.ts";
import type { InputSignature } from "../../src/core/documents/receipt.ts";
import { assert } from "../../src/core/errors.ts";
import { toHex, utf8 } from "../../src/core/hex.ts";
import { parseName } from "../../src/core/identifier.ts";
import { parseInstant } from "../../src/core/instant.ts";
import type { PolicyWallet } from "../../src/core/policy/policy.ts";
import { CHOSEN } from "./chosen-facts.ts";
import { signSchnorr, tweakedSecret } from "../../signer/sign/schnorr.ts";

/** One seed of a test wallet, with the account key that its descriptor names. */
export type TestSeed = {
  readonly root: BIP32Interface;
  readonly account: BIP32Interface;
  readonly origin: KeyOrigin;
  /** `[fingerprint/path]xpub`. */
  readonly key: string;
};

export type TestWallet = TestSeed & {
  readonly network: Network;
  /** The first is the wallet's `root` and `account`. */
  readonly seeds: readonly TestSeed[];
  readonly descriptor: Descriptor;
};

/** A P2WPKH wallet from a sentence (BIP-84). */
export function testWallet(
  sentence = "custody toolkit regtest fixture",
  network: Network = "regtest",
): TestWallet {
  const seed = testSeed(sentence, [84, BITCOIN_NETWORKS[network].coinType, 0], network);
  const descriptor = writeDescriptor({ kind: "p2wpkh", threshold: 1, keys: [seed.key] }, network);
  return { ...seed, network, seeds: [seed], descriptor };
}

/** A P2WSH wallet of `threshold` of as many keys as there are sentences (BIP-48). */
export function multisigWallet(
  threshold = 2,
  sentences: readonly string[] = ["cosigner one", "cosigner two", "cosigner three"],
  network: Network = "regtest",
): TestWallet {
  const seeds = sentences.map((sentence) =>
    testSeed(sentence, [48, BITCOIN_NETWORKS[network].coinType, 0, 2], network),
  );
  const keys = seeds.map(({ key }) => key);
  const descriptor = writeDescriptor({ kind: "p2wsh-sortedmulti", threshold, keys }, network);
  return { ...(seeds[0] as TestSeed), network, seeds, descriptor };
}

/** A wallet of any kind, its keys at the path that is ours for it; of several keys 2 of 3, unless told otherwise. */
export function walletOfKind(
  kind: DescriptorKind,
  {
    threshold = 2,
    sentences = ["cosigner one", "cosigner two", "cosigner three"],
    network = "regtest",
    internalKey = "point",
  }: {
    readonly threshold?: number;
    readonly sentences?: readonly string[];
    readonly network?: Network;
    readonly internalKey?: "point" | "extended";
  } = {},
): TestWallet {
  const { several } = walletKind(kind);
  const seeds = (several ? sentences : sentences.slice(0, 1)).map((sentence) =>
    testSeed(sentence, accountPath(kind, network), network),
  );
  const keys = seeds.map(({ key }) => key);
  const descriptor = writeDescriptor(
    { kind, threshold: several ? threshold : 1, keys, internalKey },
    network,
  );
  return { ...(seeds[0] as TestSeed), network, seeds, descriptor };
}

export function testSeed(
  sentence: string,
  hardenedSteps: readonly number[],
  network: Network = "regtest",
): TestSeed {
  const versions = BITCOIN_NETWORKS[network].bip32;
  const root = BIP32Factory(ecc).fromSeed(sha256(utf8(sentence)), { wif: 0xef, bip32: versions });
  const path = hardenedSteps.map((step) => step + HARDENED);
  const account = path.reduce<BIP32Interface>((node, step) => node.derive(step), root);
  const origin = { fingerprint: toHex(root.fingerprint), path };
  return { root, account, origin, key: formatKeyExpression({ origin, xpub: account.neutered().toBase58() }) };
}

/** The wallet as a policy names it. */
export function policyWallet(
  { descriptor, network }: TestWallet,
  name = "vault",
  indexGap = 20,
): PolicyWallet {
  return {
    name: parseName(name),
    chain: BITCOIN_CHAINS[network],
    descriptor: descriptor.text,
    threshold: descriptor.threshold,
    signers: descriptor.keys.map((_, i) => parseName(`offline-${i + 1}`)),
    foreign: 0,
    indexGap,
    exactlyOnce: "signers",
  };
}

export function viewOf(
  wallet: TestWallet,
  highestIndex = 20,
  indexGap = 20,
  own: readonly PolicyWallet[] = [],
): WalletView {
  return {
    wallet: policyWallet(wallet, "vault", indexGap),
    network: wallet.network,
    highestIndex,
    own,
    tokens: [],
  };
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
    ...CHOSEN,
    coins: listed,
    parents: parents.map((parent) => toHex(strippedBytes(parent))),
    feeRateMilli: "5000",
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

/** Caps that nothing in these tests reaches. */
export const WIDE_CAPS: BuildOptions["caps"] = {
  absoluteUnitsMax: "1000000000",
  rateUnit: SAT_PER_VBYTE,
  rateMax: 100_000,
  sharePermilleMax: 1000,
  ladderRatioMax: 1000,
};

/** One rung at the snapshot's rate, unless told otherwise. */
export function optionsOf(snapshot: BitcoinSnapshot, changes: Partial<BuildOptions> = {}): BuildOptions {
  return { feeRatesMilli: [BigInt(snapshot.feeRateMilli)], caps: WIDE_CAPS, anchors: [], ...changes };
}

/** A plan that pays `payments`, or does another task. */
export function planOf(
  task: BuildTask | readonly Payment[],
  view: WalletView,
  snapshot: BitcoinSnapshot,
  changes: Partial<BuildOptions> = {},
): BuiltPlan {
  const wanted = "type" in task ? task : { type: "pay" as const, payments: task };
  return build(wanted, view, snapshot, optionsOf(snapshot, changes));
}

/** Whole PSBTs of a plan's rungs, and of its cancel rung at the end. */
export function psbtsOf(plan: BuiltPlan, view: WalletView): readonly Uint8Array[] {
  return expandPlan(plan, plan.previous, view);
}

/** The first rung of a plan as a whole PSBT. */
export function firstPsbt(plan: BuiltPlan, view: WalletView): Uint8Array {
  const [first] = psbtsOf(plan, view);
  assert(first !== undefined, "a plan has a rung");
  return first;
}

/** A good unsigned PSBT with two inputs, one payment and change. */
export function goodPsbt(wallet: TestWallet): Uint8Array {
  const coins = [
    { units: 60_000n, index: 1 },
    { units: 50_000n, index: 2 },
  ];
  const view = viewOf(wallet);
  return firstPsbt(planOf([payment(80_000n)], view, snapshotOf(wallet, coins)), view);
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

/** The private key at an origin's path. */
export function privateKeyOf({ seeds }: TestWallet, { fingerprint, path }: KeyOrigin): Uint8Array {
  const seed = seeds.find(({ origin }) => origin.fingerprint === fingerprint);
  assert(seed !== undefined, "the wallet has a seed of that fingerprint");
  return seed.root.derivePath(formatKeyPath(path).replaceAll("h", "'")).privateKey as Uint8Array;
}

function signDigest(digest: Uint8Array, secret: Uint8Array, taproot: TaprootOutput | undefined): string {
  if (taproot === undefined) return encodeSignature(signLowR(digest, secret));
  return toHex(signSchnorr(digest, taproot.leaf === undefined ? tweakedSecret(secret) : secret));
}

/** Signatures of an attempt by all of the wallet's seeds, or by some. */
export function signAll(
  wallet: TestWallet,
  attempt: BitcoinAttempt,
  seeds: readonly TestSeed[] = wallet.seeds,
): InputSignature[] {
  const signing = new Set(seeds.map(({ origin }) => origin.fingerprint));
  return digests(attempt).flatMap(({ input, digest, keys, taproot }) =>
    keys
      .filter(({ fingerprint }) => signing.has(fingerprint))
      .map((key) => ({
        input,
        key: toHex(key.publicKey),
        signature: signDigest(digest, privateKeyOf(wallet, key), taproot),
      })),
  );
}
