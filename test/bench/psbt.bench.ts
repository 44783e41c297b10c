/**
 * Row `psbt`: build, export, decode, sign and finalise a P2WPKH plan of 1,000 inputs, against the work that cannot be
 * avoided and against two libraries; and a 2-of-3 P2WSH plan of 300 inputs against its own floor. The plan has a cancel
 * rung, which is built and decoded as well. Interleaved, median of five. Regtest keys.
 */
import { createHmac } from "node:crypto";
import { Transaction as ScureTransaction } from "@scure/btc-signer";
import type { BIP32Interface } from "bip32";
import { networks, Psbt } from "bitcoinjs-lib";
import * as ecc from "tiny-secp256k1";
import { combine } from "../../src/chains/bitcoin/finalize.ts";
import { decodePlan } from "../../src/chains/bitcoin/plan-attempts.ts";
import { digests } from "../../src/chains/bitcoin/sighash.ts";
import { encodeSignature, verifySignatures } from "../../src/chains/bitcoin/signature.ts";
import type { BitcoinSnapshot } from "../../src/chains/bitcoin/snapshot.ts";
import { hash256 } from "../../src/chains/bitcoin/wire.ts";
import { assert } from "../../src/core/errors.ts";
import { fromBase64, toBase64, toHex } from "../../src/core/hex.ts";
import {
  multisigWallet,
  payment,
  planOf,
  signLowR,
  snapshotOf,
  testWallet,
  viewOf,
  type TestWallet,
} from "../bitcoin/regtest-wallet.ts";
import { median, type Row } from "./row.ts";

const INPUTS = 1000;
const MULTISIG_INPUTS = 300;
const PEER_INPUTS = 200;
const ROUNDS = 5;
const COIN_UNITS = 100_000n;

type Task = {
  readonly wallet: TestWallet;
  readonly snapshot: BitcoinSnapshot;
  readonly payUnits: bigint;
  readonly inputs: number;
};

type Measured = "ours" | "floor" | "multisig" | "multisigFloor" | "oursSmall" | "bitcoinjs" | "scure";

export async function psbt(): Promise<Row> {
  const wallet = testWallet();
  const large = taskOf(wallet, INPUTS);
  const small = taskOf(wallet, PEER_INPUTS);
  const multisig = taskOf(multisigWallet(2), MULTISIG_INPUTS);
  const times: Record<Measured, number[]> = {
    ours: [],
    floor: [],
    multisig: [],
    multisigFloor: [],
    oursSmall: [],
    bitcoinjs: [],
    scure: [],
  };
  // Once unmeasured, so that no row pays for compilation.
  runOurs(small);
  runFloor(small);
  for (let round = 0; round < ROUNDS; round++) {
    times.floor.push(timed(() => runFloor(large)));
    times.ours.push(timed(() => runOurs(large)));
    times.multisigFloor.push(timed(() => runFloor(multisig)));
    times.multisig.push(timed(() => runOurs(multisig)));
    times.oursSmall.push(timed(() => runOurs(small)));
    times.bitcoinjs.push(timed(() => runBitcoinjs(small)));
    times.scure.push(timed(() => runScure(small)));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const [ours, floor, oursSmall] = [median(times.ours), median(times.floor), median(times.oursSmall)];
  const [several, severalFloor] = [median(times.multisig), median(times.multisigFloor)];
  const [bitcoinjs, scure] = [median(times.bitcoinjs), median(times.scure)];
  return {
    name: "psbt",
    unit: "ms",
    ours,
    floor,
    peers: { "bitcoinjs-lib": bitcoinjs, "@scure/btc-signer": scure },
    ratio: ours / floor,
    goal: "at most 2x the floor; at least 20x faster than the peers; time per input does not grow",
    notes: [
      `ours and floor: ${INPUTS} inputs; peers: ${PEER_INPUTS} inputs, on which ours takes ${oursSmall.toFixed(1)} ms`,
      `at ${PEER_INPUTS} inputs bitcoinjs-lib takes ${(bitcoinjs / oursSmall).toFixed(1)}x and @scure/btc-signer ${(scure / oursSmall).toFixed(1)}x of ours`,
      `2-of-3 P2WSH with ${MULTISIG_INPUTS} inputs: ${several.toFixed(1)} ms, floor ${severalFloor.toFixed(1)} ms, ratio ${(several / severalFloor).toFixed(2)}x`,
      `per input: ${(ours / INPUTS).toFixed(3)} ms at ${INPUTS}, ${(oursSmall / PEER_INPUTS).toFixed(3)} ms at ${PEER_INPUTS}`,
    ],
  };
}

/** A wallet whose every coin is needed, so that the plan has as many inputs as there are coins. */
function taskOf(wallet: TestWallet, inputs: number): Task {
  const coins = Array.from({ length: inputs }, (_, index) => ({ units: COIN_UNITS, index }));
  const snapshot = snapshotOf(wallet, coins, { feeRateMilli: "1000", changeIndex: 1 });
  // At 1 sat/vB an input of one key costs 68 sat, one of 2 of 3 keys 105.
  return { wallet, snapshot, payUnits: BigInt(inputs) * (COIN_UNITS - 140n), inputs };
}

function runOurs({ wallet, snapshot, payUnits, inputs }: Task): Uint8Array {
  const view = viewOf(wallet, inputs);
  const built = planOf([payment(payUnits)], view, snapshot);
  const exported = built.previous.map(toBase64);
  const previous = exported.map((text) => fromBase64(text));
  const { rungs, cancel } = decodePlan(built, previous, view);
  const [attempt] = rungs as [(typeof rungs)[number]];
  assert(attempt.inputs.length === inputs && cancel !== undefined, "every coin is spent");
  const signing = new Map(
    wallet.seeds
      .slice(0, wallet.descriptor.threshold)
      .map(({ origin, account }) => [origin.fingerprint, [account.derive(0), account.derive(1)] as const]),
  );
  const signatures = digests(attempt.tx).flatMap(({ input, digest, keys }) => {
    const { branch, index } = attempt.tx.inputs[input] as (typeof attempt.tx.inputs)[number];
    return keys.flatMap(({ fingerprint, publicKey }) => {
      const secret = signing.get(fingerprint)?.[branch].derive(index).privateKey;
      if (secret === undefined) return [];
      return [{ input, key: toHex(publicKey), signature: encodeSignature(signLowR(digest, secret)) }];
    });
  });
  verifySignatures(attempt.tx, signatures);
  return combine(attempt.tx, signatures);
}

/**
 * For each input the preimage's hash and a child derivation for each key; for each key that signs a low-R signature and
 * one verification.
 */
function runFloor({ wallet, inputs }: Task): void {
  const branches = wallet.seeds.map(({ account }) => account.derive(0));
  const preimage = new Uint8Array(wallet.seeds.length === 1 ? 182 : 262);
  for (let index = 0; index < inputs; index++) {
    new DataView(preimage.buffer).setUint32(0, index, true);
    const digest = hash256(preimage);
    branches.forEach((branch, place) => {
      const data = new Uint8Array(37);
      data.set(branch.publicKey);
      new DataView(data.buffer).setUint32(33, index, false);
      const tweak = createHmac("sha512", branch.chainCode).update(data).digest().subarray(0, 32);
      const publicKey = ecc.pointAddScalar(branch.publicKey, tweak, true) as Uint8Array;
      if (place >= wallet.descriptor.threshold) return;
      const privateKey = ecc.privateAdd(branch.privateKey as Uint8Array, tweak) as Uint8Array;
      assert(ecc.verify(digest, publicKey, signLowR(digest, privateKey), true), "the floor signs correctly");
    });
  }
}

function peerInputs({
  wallet,
  snapshot,
}: Task): readonly { readonly node: BIP32Interface; readonly coin: BitcoinSnapshot["coins"][number] }[] {
  const branch = wallet.account.derive(0);
  return snapshot.coins.map((coin) => ({ node: branch.derive(coin.index), coin }));
}

function runBitcoinjs(task: Task): Uint8Array {
  const plan = new Psbt({ network: networks.regtest, maximumFeeRate: 1_000_000 });
  const inputs = peerInputs(task);
  inputs.forEach(({ coin }, i) => {
    plan.addInput({
      hash: coin.txid,
      index: coin.vout,
      nonWitnessUtxo: Buffer.from(task.snapshot.parents[i] as string, "hex"),
    });
  });
  plan.addOutput({ script: destination(task), value: task.payUnits });
  const imported = Psbt.fromBase64(plan.toBase64(), { network: networks.regtest });
  inputs.forEach(({ node }, i) => {
    node.lowR = true;
    imported.signInput(i, node);
  });
  imported.validateSignaturesOfAllInputs((publicKey, digest, signature) =>
    ecc.verify(digest, publicKey, signature),
  );
  return imported.finalizeAllInputs().extractTransaction(true).toBuffer();
}

function runScure(task: Task): Uint8Array {
  const plan = new ScureTransaction();
  const inputs = peerInputs(task);
  inputs.forEach(({ coin }, i) => {
    plan.addInput({
      txid: coin.txid,
      index: coin.vout,
      nonWitnessUtxo: Buffer.from(task.snapshot.parents[i] as string, "hex"),
    });
  });
  plan.addOutput({ script: destination(task), amount: task.payUnits });
  const imported = ScureTransaction.fromPSBT(plan.toPSBT(), { lowR: true });
  inputs.forEach(({ node }, i) => imported.signIdx(node.privateKey as Uint8Array, i));
  imported.finalize();
  return imported.extract();
}

function destination({ wallet }: Task): Uint8Array {
  return Uint8Array.from([0x00, 0x14, ...wallet.root.identifier]);
}

function timed(run: () => unknown): number {
  const start = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - start) / 1e6;
}
