/**
 * Sizes of our transactions before they are signed, in weight units (BIP-141: four for a byte outside the witness,
 * one inside). Counted with the largest signature that `verifySignatures` accepts, so that a fee never falls short.
 */
import { compactSizeLength } from "./wire.ts";

/**
 * A P2WPKH input's witness: item count, signature with its length, key with its length. A DER signature with low S
 * has 71 bytes when R is high and 70 when R is low (BIP-66, BIP-62), and one sighash byte follows. Our own signer
 * grinds for low R as Bitcoin Core does and stays a quarter of a virtual byte below this.
 */
const P2WPKH_WITNESS_WEIGHT = 1 + (1 + 72) + (1 + 33);
/** Outpoint, empty script signature, sequence: 41 bytes. 272 weight units, 68 virtual bytes in all. */
export const P2WPKH_INPUT_WEIGHT = 4 * (32 + 4 + 1 + 4) + P2WPKH_WITNESS_WEIGHT;

/** Largest weight that nodes relay (Bitcoin Core policy/policy.h, MAX_STANDARD_TX_WEIGHT). */
export const STANDARD_WEIGHT_MAX = 400_000;

/** Weight of an output with `script`. */
export function outputWeight(script: Uint8Array): number {
  return 4 * (8 + compactSizeLength(script.length) + script.length);
}

/** Weight of a signed transaction of `inputs` P2WPKH inputs and outputs with these scripts. */
export function transactionWeight(inputs: number, scripts: readonly Uint8Array[]): number {
  const outputs = scripts.reduce((total, script) => total + outputWeight(script), 0);
  return overheadWeight(inputs, scripts.length) + inputs * P2WPKH_INPUT_WEIGHT + outputs;
}

/** Version, lock time, both counts, and BIP-144's marker and flag. */
export function overheadWeight(inputs: number, outputs: number): number {
  return 4 * (4 + compactSizeLength(inputs) + compactSizeLength(outputs) + 4) + 2;
}

/** Virtual bytes: weight over four, rounded up (BIP-141). */
export function virtualSizeOf(weight: number): number {
  return Math.ceil(weight / 4);
}
