/**
 * From unsigned bytes to what they do, for a signer that believes nothing (gates G5 to G8). Default deny: each field
 * and script that this folder does not name is refused.
 */
import type { DecodedAttempt, FeeFacts, WalletView } from "../adapter.ts";
import { declareError } from "../../core/errors.ts";
import { LIMITS } from "../../core/limits.ts";
import { assertWholeFields } from "./allowed-fields.ts";
import { signedId, type BitcoinAttempt, type OwnedInput } from "./attempt.ts";
import type { Descriptor } from "./descriptor.ts";
import { feeFacts, sumUnits } from "./fee.ts";
import { locksOf } from "./locks.ts";
import { ownWallets, proveOutputs, type OutputEffect } from "./outputs.ts";
import { assertWorth, proveInputs } from "./owned-inputs.ts";
import { outpointKey } from "./outpoint.ts";
import { parsePsbt } from "./psbt.ts";
import type { Transaction } from "./transaction.ts";
import { walletDescriptor } from "./wallet.ts";
import { warningsOf } from "./warnings.ts";
import { transactionWeight, virtualSizeOf } from "./weight.ts";

export const TRANSACTION_VERSION = declareError(
  "TRANSACTION_VERSION",
  "denied",
  "A transaction has a version other than 1 or 2.",
);
export const TRANSACTION_EMPTY = declareError(
  "TRANSACTION_EMPTY",
  "denied",
  "A transaction has no inputs or no outputs.",
);
export const OUTPUTS_EXCEED_INPUTS = declareError(
  "OUTPUTS_EXCEED_INPUTS",
  "denied",
  "A transaction pays out more than it spends.",
);

/**
 * Decodes a PSBT against the wallet that pays. The bytes are copied first, so that nobody can change them afterwards
 * (attack B18).
 * @throws typed errors of PSBT and transaction (invalid) and the refusals of this folder (denied), naming the field
 */
export function decode(bytes: Uint8Array, view: WalletView): DecodedAttempt<BitcoinAttempt> {
  const descriptor = walletDescriptor(view);
  const psbt = parsePsbt(new Uint8Array(bytes));
  assertWholeFields(psbt, descriptor.kind);
  assertTransaction(psbt.unsigned);
  const inputs = proveInputs(psbt, descriptor);
  assertWorth(inputs);
  const proven = proveOutputs(psbt, descriptor, ownWallets(view), changeIndexMax(inputs, view));
  const effects = proven.map(({ effect }) => effect);
  return describeAttempt({ unsigned: psbt.unsigned, inputs, descriptor }, effects);
}

/** `<chain>:outpoint:<txid>:<vout>` in input order: what the transaction competes for (law 4). */
export function conflictKeysOf(inputs: Transaction["inputs"], { network }: Descriptor): readonly string[] {
  return inputs.map((input) => outpointKey(input, network));
}

/** The highest index at which change may lie (law 10). */
export function changeIndexMax(
  inputs: readonly { readonly index: number }[],
  { highestIndex, wallet }: WalletView,
): number {
  const highest = inputs.reduce((max, { index }) => Math.max(max, index), highestIndex);
  return Math.min(highest + wallet.indexGap, LIMITS.addressIndexMax);
}

/** An attempt whose inputs and outputs are proven, with its fee. @throws OUTPUTS_EXCEED_INPUTS */
export function describeAttempt(
  { unsigned, inputs, descriptor }: Omit<BitcoinAttempt, "id">,
  effects: readonly OutputEffect[],
): DecodedAttempt<BitcoinAttempt> {
  const id = signedId(unsigned, inputs);
  const conflictKeys = conflictKeysOf(unsigned.inputs, descriptor);
  const weight = transactionWeight(
    inputs.length,
    descriptor,
    unsigned.outputs.map(({ script }) => script),
  );
  const fee = provenFee(unsigned, inputs, weight);
  return {
    tx: { id, unsigned, inputs, descriptor },
    transaction: id,
    conflictKeys,
    inputs: inputs.map(({ units, path }, i) => ({
      conflictKey: conflictKeys[i] as string,
      units: units.toString(),
      path,
    })),
    effects,
    fee,
    locks: locksOf(unsigned),
    warnings: warningsOf(unsigned, effects, fee, weight),
  };
}

/** @throws TRANSACTION_VERSION, TRANSACTION_EMPTY */
export function assertTransaction({ version, inputs, outputs }: Transaction): void {
  if (version !== 1 && version !== 2) {
    throw TRANSACTION_VERSION(`the transaction has version ${version}`, {
      field: "version",
      hint: "build it with version 2",
    });
  }
  if (inputs.length === 0 || outputs.length === 0) {
    throw TRANSACTION_EMPTY(`the transaction has ${inputs.length} inputs and ${outputs.length} outputs`, {
      field: "transaction",
    });
  }
}

// Attack B12, failure F15: the fee is computed here, from amounts proven here, and from nothing else.
function provenFee({ outputs }: Transaction, inputs: readonly OwnedInput[], weight: number): FeeFacts {
  const spent = sumUnits(inputs);
  const paid = sumUnits(outputs);
  if (paid > spent)
    throw OUTPUTS_EXCEED_INPUTS(`outputs add up to ${paid} sat, inputs to ${spent} sat`, {
      field: "outputs",
    });
  return feeFacts(spent - paid, virtualSizeOf(weight));
}
