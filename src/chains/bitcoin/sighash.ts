/** Signature digests of P2WPKH inputs (BIP-143), linear in the transaction's size. */
import { concatBytes } from "../../core/hex.ts";
import type { BitcoinAttempt } from "./attempt.ts";
import { outputBytes, type Transaction } from "./transaction.ts";
import { hash256, joined, txidBytes, uint32, uint64 } from "./wire.ts";

/** The only sighash type that we sign: everything, nothing left open (attack B9). */
export const SIGHASH_ALL = 0x01;

/** What all inputs of one transaction share (BIP-143 hashPrevouts, hashSequence, hashOutputs). */
export type SighashMidstate = {
  readonly prevouts: Uint8Array;
  readonly sequences: Uint8Array;
  readonly outputs: Uint8Array;
};

/** What one key must sign. */
export type InputDigest = {
  readonly input: number;
  /** 32 bytes. */
  readonly digest: Uint8Array;
  readonly publicKey: Uint8Array;
  /** From the master key: child numbers, hardened ones with bit 31. */
  readonly keyPath: readonly number[];
};

/** Hashed once a transaction: hashing them per input is what makes signing quadratic. */
export function midstateOf({ inputs, outputs }: Transaction): SighashMidstate {
  return {
    prevouts: hash256(joined(inputs.flatMap(({ txid, vout }) => [txidBytes(txid), uint32(vout)]))),
    sequences: hash256(joined(inputs.map(({ sequence }) => uint32(sequence)))),
    outputs: hash256(joined(outputs.map(outputBytes))),
  };
}

/** The SIGHASH_ALL digest of the P2WPKH input at `index`, which spends `units` satoshis from `script`. */
export function witnessDigest(
  transaction: Transaction,
  index: number,
  script: Uint8Array,
  units: bigint,
  midstate: SighashMidstate = midstateOf(transaction),
): Uint8Array {
  const input = transaction.inputs[index] as Transaction["inputs"][number];
  return hash256(
    concatBytes(
      uint32(transaction.version),
      midstate.prevouts,
      midstate.sequences,
      txidBytes(input.txid),
      uint32(input.vout),
      SCRIPT_CODE_BEFORE,
      script.subarray(2),
      SCRIPT_CODE_AFTER,
      uint64(units),
      uint32(input.sequence),
      midstate.outputs,
      uint32(transaction.lockTime),
      uint32(SIGHASH_ALL),
    ),
  );
}

/** The digests of all inputs, each with the key that must sign it. */
export function digests({ unsigned, inputs }: BitcoinAttempt): readonly InputDigest[] {
  const midstate = midstateOf(unsigned);
  return inputs.map(({ script, units, publicKey, keyPath }, input) => ({
    input,
    digest: witnessDigest(unsigned, input, script, units, midstate),
    publicKey,
    keyPath,
  }));
}

// BIP-143: the script code of a P2WPKH program is OP_DUP OP_HASH160 <20 bytes> OP_EQUALVERIFY OP_CHECKSIG.
const SCRIPT_CODE_BEFORE = Uint8Array.of(0x19, 0x76, 0xa9, 0x14);
const SCRIPT_CODE_AFTER = Uint8Array.of(0x88, 0xac);
