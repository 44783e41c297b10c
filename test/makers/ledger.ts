/**
 * @ledgerhq/psbtv2 as the other maker: PSBT version 2, of wsh(sortedmulti) and of one taproot key (it knows no scripts of
 * taproot). The library reads, holds and writes the fields; the digests that its device would sign are bitcoinjs-lib's
 * (BIP-143, BIP-341), over a transaction put together from the library's fields alone; Schnorr is @noble/curves'.
 */
import { PsbtV2 } from "@ledgerhq/psbtv2";
import { schnorr, secp256k1 } from "@noble/curves/secp256k1.js";
import { Transaction } from "bitcoinjs-lib";
import type { TestSeed } from "../bitcoin/regtest-wallet.ts";
import { signLowR } from "../bitcoin/regtest-wallet.ts";
import { encodeSignature } from "../../src/chains/bitcoin/signature.ts";
import { fromHex, toHex } from "../../src/core/hex.ts";
import type { Maker } from "./maker.ts";
import { secretAt } from "./scure.ts";

const DERIVATION = 0x06;
const TAP_DERIVATION = 0x16;
/** PSBT_IN_WITNESS_SCRIPT: a field that the library keeps without a name for it. */
const WITNESS_SCRIPT = "05";

/** The library's class, with its kept fields in reach. */
class Reading extends PsbtV2 {
  witnessScript(input: number): Uint8Array {
    return this.inputMaps[input]?.get(WITNESS_SCRIPT) ?? new Uint8Array();
  }
}

export const LEDGER: Maker = {
  name: "@ledgerhq/psbtv2",
  version: 2,
  cosign(bytes, seed) {
    const psbt = new Reading();
    psbt.deserialize(Buffer.from(bytes));
    const transaction = transactionOf(psbt);
    for (let input = 0; input < psbt.getGlobalInputCount(); input++) {
      cosignInput(psbt, transaction, input, seed);
      cosignTaproot(psbt, transaction, input, seed);
    }
    return new Uint8Array(psbt.serialize());
  },
};

function cosignInput(psbt: Reading, transaction: Transaction, input: number, seed: TestSeed): void {
  for (const key of psbt.getInputKeyDatas(input, DERIVATION)) {
    const { masterFingerprint, path } = psbt.getInputBip32Derivation(input, key) ?? {};
    if (masterFingerprint?.toString("hex") !== seed.origin.fingerprint || path === undefined) continue;
    const digest = transaction.hashForWitnessV0(
      input,
      psbt.witnessScript(input),
      spentBy(psbt, input).units,
      Transaction.SIGHASH_ALL,
    );
    const signature = encodeSignature(signLowR(digest, secretAt(seed, path)));
    psbt.setInputPartialSig(input, key, Buffer.from(fromHex(signature)));
  }
}

function cosignTaproot(psbt: Reading, transaction: Transaction, input: number, seed: TestSeed): void {
  const [key] = psbt.getInputKeyDatas(input, TAP_DERIVATION);
  if (key === undefined) return;
  const { masterFingerprint, path } = psbt.getInputTapBip32Derivation(input, key);
  if (masterFingerprint.toString("hex") !== seed.origin.fingerprint) return;
  const spent = Array.from({ length: psbt.getGlobalInputCount() }, (_, i) => spentBy(psbt, i));
  const digest = transaction.hashForWitnessV1(
    input,
    spent.map(({ script }) => script),
    spent.map(({ units }) => units),
    Transaction.SIGHASH_DEFAULT,
  );
  const secret = tweakedSecret(secretAt(seed, path), new Uint8Array(key));
  psbt.setInputTapKeySig(input, Buffer.from(schnorr.sign(digest, secret, new Uint8Array(32))));
}

/** BIP-341 taproot_tweak_seckey of a key without scripts. */
function tweakedSecret(secret: Uint8Array, xOnlyKey: Uint8Array): Uint8Array {
  const { Fn } = schnorr.Point;
  const even = secp256k1.getPublicKey(secret)[0] === 0x02;
  const own = Fn.fromBytes(secret);
  const tweak = Fn.create(BigInt(`0x${toHex(schnorr.utils.taggedHash("TapTweak", xOnlyKey))}`));
  return Fn.toBytes(Fn.add(even ? own : Fn.neg(own), tweak));
}

function spentBy(psbt: Reading, input: number): { readonly script: Uint8Array; readonly units: bigint } {
  const { amount, scriptPubKey } = psbt.getInputWitnessUtxo(input) ?? {};
  if (amount === undefined || scriptPubKey === undefined) throw new TypeError(`input ${input} names no coin`);
  return { script: new Uint8Array(scriptPubKey), units: amount.readBigUInt64LE() };
}

function transactionOf(psbt: Reading): Transaction {
  const transaction = new Transaction();
  transaction.version = psbt.getGlobalTxVersion();
  transaction.locktime = psbt.getGlobalFallbackLocktime() ?? 0;
  for (let input = 0; input < psbt.getGlobalInputCount(); input++)
    transaction.addInput(
      psbt.getInputPreviousTxid(input),
      psbt.getInputOutputIndex(input),
      psbt.getInputSequence(input),
    );
  for (let output = 0; output < psbt.getGlobalOutputCount(); output++)
    transaction.addOutput(psbt.getOutputScript(output), BigInt(psbt.getOutputAmount(output)));
  return transaction;
}
