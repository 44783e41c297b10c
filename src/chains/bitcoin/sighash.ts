/** Signature digests: of witness version 0 (BIP-143) here, of taproot in `taproot-sighash.ts`. Linear in the size. */
import { concatBytes } from "../../core/hex.ts";
import type { BitcoinAttempt, OwnedInput } from "./attempt.ts";
import type { OriginKey } from "../key-path.ts";
import { walletKind } from "./kinds/table.ts";
import { taprootDigest, taprootMidstateOf } from "./taproot-sighash.ts";
import type { TaprootOutput } from "./taproot.ts";
import { outputBytes, type Transaction } from "./transaction.ts";
import { compactSize, hash256, joined, txidBytes, uint32, uint64 } from "./wire.ts";

/** The only sighash type that we sign: everything, nothing left open (attack B9). */
export const SIGHASH_ALL = 0x01;

/** What all inputs of one transaction share (BIP-143 hashPrevouts, hashSequence, hashOutputs). */
export type SighashMidstate = {
  readonly prevouts: Uint8Array;
  readonly sequences: Uint8Array;
  readonly outputs: Uint8Array;
};

/** What an input's keys must sign: all of them the same. */
export type InputDigest = {
  readonly input: number;
  /** 32 bytes. */
  readonly digest: Uint8Array;
  /** In the script's order. */
  readonly keys: readonly OriginKey[];
  /** Of a taproot input: Schnorr signatures, by the output's key when it has no leaf. Otherwise ECDSA. */
  readonly taproot: TaprootOutput | undefined;
};

/** Hashed once a transaction: hashing them per input is what makes signing quadratic. */
export function midstateOf({ inputs, outputs }: Transaction): SighashMidstate {
  return {
    prevouts: hash256(joined(inputs.flatMap(({ txid, vout }) => [txidBytes(txid), uint32(vout)]))),
    sequences: hash256(joined(inputs.map(({ sequence }) => uint32(sequence)))),
    outputs: hash256(joined(outputs.map(outputBytes))),
  };
}

/**
 * The SIGHASH_ALL digest of the input at `index`, which spends `units` satoshis.
 * @param scriptCode with its length in front, as `scriptCodeOf` gives it
 */
export function witnessDigest(
  transaction: Transaction,
  index: number,
  scriptCode: Uint8Array,
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
      scriptCode,
      uint64(units),
      uint32(input.sequence),
      midstate.outputs,
      uint32(transaction.lockTime),
      uint32(SIGHASH_ALL),
    ),
  );
}

/**
 * BIP-143's script code with its length: of a P2WSH input its witness script (without OP_CODESEPARATOR, which ours
 * never have), of a P2WPKH program OP_DUP OP_HASH160 <20 bytes> OP_EQUALVERIFY OP_CHECKSIG. Inside P2SH the program is the
 * redeem script.
 */
export function scriptCodeOf({
  script,
  redeemScript,
  witnessScript,
}: Pick<OwnedInput, "script" | "witnessScript"> & Partial<Pick<OwnedInput, "redeemScript">>): Uint8Array {
  return witnessScript === undefined
    ? concatBytes(SCRIPT_CODE_BEFORE, (redeemScript ?? script).subarray(2), SCRIPT_CODE_AFTER)
    : concatBytes(compactSize(witnessScript.length), witnessScript);
}

/** The digests of all inputs, each with the keys that may sign it. */
export function digests({ unsigned, inputs, descriptor }: BitcoinAttempt): readonly InputDigest[] {
  const digestOf =
    walletKind(descriptor.kind).scheme === "ecdsa"
      ? witnessDigester(unsigned, inputs)
      : taprootDigester(unsigned, inputs);
  return inputs.map(({ keys, taproot }, input) => ({ input, digest: digestOf(input), keys, taproot }));
}

type Digester = (input: number) => Uint8Array;

function witnessDigester(unsigned: Transaction, inputs: readonly OwnedInput[]): Digester {
  const midstate = midstateOf(unsigned);
  return (input) => {
    const owned = inputs[input] as OwnedInput;
    return witnessDigest(unsigned, input, scriptCodeOf(owned), owned.units, midstate);
  };
}

function taprootDigester(unsigned: Transaction, inputs: readonly OwnedInput[]): Digester {
  const midstate = taprootMidstateOf(unsigned, inputs);
  return (input) =>
    taprootDigest(unsigned, input, inputs, (inputs[input] as OwnedInput).taproot?.leaf?.hash, midstate);
}

const SCRIPT_CODE_BEFORE = Uint8Array.of(0x19, 0x76, 0xa9, 0x14);
const SCRIPT_CODE_AFTER = Uint8Array.of(0x88, 0xac);
