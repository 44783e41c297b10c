/**
 * Sizes of our transactions before they are signed, in weight units (BIP-141: four for a byte outside the witness,
 * one inside). Counted with the largest signature that `verifySignatures` accepts, so that a fee never falls short.
 */
import type { Descriptor } from "./descriptor.ts";
import { compactSizeLength } from "./wire.ts";

/**
 * A signature with its length. A DER signature with low S has 71 bytes when R is high and 70 when R is low (BIP-66,
 * BIP-62), and one sighash byte follows. Our own signer grinds for low R as Bitcoin Core does and stays one below this.
 */
const SIGNATURE_WEIGHT = 1 + 72;
/** Outpoint, empty script signature, sequence: 41 bytes. */
const INPUT_BASE_WEIGHT = 4 * (32 + 4 + 1 + 4);

/** Largest weight that nodes relay (Bitcoin Core policy/policy.h, MAX_STANDARD_TX_WEIGHT). */
export const STANDARD_WEIGHT_MAX = 400_000;

/** What decides an input's size. */
export type InputShape = Pick<Descriptor, "kind" | "threshold"> & {
  readonly keys: { readonly length: number };
};

/**
 * Weight of one signed input. P2WPKH: item count, signature, key: 272 weight units, 68 virtual bytes in all. P2WSH
 * multisig: item count, the empty item (BIP-147), m signatures, the script of m, n keys of 33 bytes, n and the opcode.
 */
export function inputWeight({ kind, threshold, keys }: InputShape): number {
  if (kind === "p2wpkh") return INPUT_BASE_WEIGHT + 1 + SIGNATURE_WEIGHT + (1 + 33);
  const script = 1 + 34 * keys.length + 1 + 1;
  return INPUT_BASE_WEIGHT + 1 + 1 + threshold * SIGNATURE_WEIGHT + compactSizeLength(script) + script;
}

/** Weight of an output with `script`. */
export function outputWeight(script: Uint8Array): number {
  return 4 * (8 + compactSizeLength(script.length) + script.length);
}

/** Weight of a signed transaction of `inputs` inputs of one wallet and outputs with these scripts. */
export function transactionWeight(inputs: number, shape: InputShape, scripts: readonly Uint8Array[]): number {
  const outputs = scripts.reduce((total, script) => total + outputWeight(script), 0);
  return overheadWeight(inputs, scripts.length) + inputs * inputWeight(shape) + outputs;
}

/** Version, lock time, both counts, and BIP-144's marker and flag. */
export function overheadWeight(inputs: number, outputs: number): number {
  return 4 * (4 + compactSizeLength(inputs) + compactSizeLength(outputs) + 4) + 2;
}

/** Virtual bytes: weight over four, rounded up (BIP-141). */
export function virtualSizeOf(weight: number): number {
  return Math.ceil(weight / 4);
}
