/**
 * Sizes of our transactions before they are signed, in weight units (BIP-141: four for a byte outside the witness,
 * one inside). Counted with the largest signatures that `verifySignatures` accepts, so that a fee never falls short.
 */
import type { Descriptor } from "./descriptor.ts";
import { walletKind } from "./kinds/table.ts";
import { compactSizeLength } from "./wire.ts";

/** Outpoint, length of the script signature, sequence: 41 bytes. */
const INPUT_BASE_WEIGHT = 4 * (32 + 4 + 1 + 4);

/** Largest weight that nodes relay (Bitcoin Core policy/policy.h, MAX_STANDARD_TX_WEIGHT). */
export const STANDARD_WEIGHT_MAX = 400_000;

/** What decides an input's size. */
export type InputShape = Pick<Descriptor, "kind" | "threshold"> & {
  readonly keys: { readonly length: number };
};

/** Weight of one signed input; its script signature and witness are the kind's (`kinds/`). */
export function inputWeight({ kind, threshold, keys }: InputShape): number {
  return INPUT_BASE_WEIGHT + walletKind(kind).spendWeight(threshold, keys.length);
}

/** How many of a transaction's signatures may turn out shorter than they are counted: ECDSA's, as DER. */
export function varyingSignatures(inputs: number, { kind, threshold }: InputShape): number {
  return walletKind(kind).scheme === "ecdsa" ? inputs * threshold : 0;
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
