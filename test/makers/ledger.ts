/**
 * @ledgerhq/psbtv2 as the other maker: PSBT version 2. The library reads, holds and writes the fields; the digest that
 * its device would sign is bitcoinjs-lib's (BIP-143), over a transaction put together from the library's fields alone.
 */
import { PsbtV2 } from "@ledgerhq/psbtv2";
import { Transaction } from "bitcoinjs-lib";
import type { TestSeed } from "../bitcoin/regtest-wallet.ts";
import { signLowR } from "../bitcoin/regtest-wallet.ts";
import { encodeSignature } from "../../src/chains/bitcoin/signature.ts";
import { fromHex } from "../../src/core/hex.ts";
import type { Maker } from "./maker.ts";
import { secretAt } from "./scure.ts";

const DERIVATION = 0x06;
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
    for (let input = 0; input < psbt.getGlobalInputCount(); input++)
      cosignInput(psbt, transaction, input, seed);
    return new Uint8Array(psbt.serialize());
  },
};

function cosignInput(psbt: Reading, transaction: Transaction, input: number, seed: TestSeed): void {
  for (const key of psbt.getInputKeyDatas(input, DERIVATION)) {
    const { masterFingerprint, path } = psbt.getInputBip32Derivation(input, key) ?? {};
    if (masterFingerprint?.toString("hex") !== seed.origin.fingerprint || path === undefined) continue;
    const { amount } = psbt.getInputWitnessUtxo(input) ?? {};
    if (amount === undefined) throw new TypeError(`input ${input} names no amount`);
    const digest = transaction.hashForWitnessV0(
      input,
      psbt.witnessScript(input),
      amount.readBigUInt64LE(),
      Transaction.SIGHASH_ALL,
    );
    const signature = encodeSignature(signLowR(digest, secretAt(seed, path)));
    psbt.setInputPartialSig(input, key, Buffer.from(fromHex(signature)));
  }
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
