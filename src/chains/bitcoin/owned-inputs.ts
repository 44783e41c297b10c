/**
 * Proof that every input is the wallet's and worth what it says: amounts from full previous transactions, keys from
 * the wallet's own descriptor. Nothing in the PSBT is believed.
 */
import { declareError } from "../../core/errors.ts";
import { equalBytes } from "../../core/hex.ts";
import type { OwnedInput } from "./attempt.ts";
import type { Descriptor, WalletKey } from "./descriptor.ts";
import type { Psbt, PsbtDerivation, PsbtInput } from "./psbt.ts";
import { claimedKey, provenKey } from "./proven-key.ts";
import { SIGHASH_ALL } from "./sighash.ts";
import { transactionId, type TransactionInput, type TransactionOutput } from "./transaction.ts";

export const INPUT_DUPLICATE = declareError(
  "INPUT_DUPLICATE",
  "denied",
  "A transaction spends the same coin twice.",
);
export const INPUT_NOT_OURS = declareError(
  "INPUT_NOT_OURS",
  "denied",
  "An input is not the paying wallet's, so its key is not ours and the fee is not known.",
);
export const PREVIOUS_TRANSACTION_MISSING = declareError(
  "PREVIOUS_TRANSACTION_MISSING",
  "denied",
  "An input comes without its full previous transaction, so its amount cannot be proven (CVE-2020-14199).",
);
export const PREVIOUS_TRANSACTION_MISMATCH = declareError(
  "PREVIOUS_TRANSACTION_MISMATCH",
  "denied",
  "An input's previous transaction is another one, or lacks the output that is spent.",
);
export const PREVIOUS_OUTPUT_MISMATCH = declareError(
  "PREVIOUS_OUTPUT_MISMATCH",
  "denied",
  "An input's amount or script is not what its previous transaction says (CVE-2020-14199).",
);
export const SIGHASH_REFUSED = declareError(
  "SIGHASH_REFUSED",
  "denied",
  "An input asks for a sighash type other than ALL.",
);

/** @throws the errors declared above, each naming the input */
export function proveInputs({ unsigned, inputs }: Psbt, descriptor: Descriptor): readonly OwnedInput[] {
  assertDistinct(unsigned.inputs);
  return unsigned.inputs.map((input, index) => {
    const fields = inputs[index] as PsbtInput;
    const where = `inputs[${index}]`;
    // Attack B9: NONE and SINGLE leave outputs open, ANYONECANPAY leaves inputs open.
    if (fields.sighashType !== undefined && fields.sighashType !== SIGHASH_ALL) {
      throw SIGHASH_REFUSED(
        `${where} asks for sighash type 0x${fields.sighashType.toString(16)}, only ALL is signed`,
        {
          field: `${where}.sighashType`,
          hint: "build the transaction again without a sighash type",
        },
      );
    }
    const { units, script } = provenOutput(input, fields, where);
    const key = ownKey(fields.derivations, script, descriptor, where);
    const { publicKey, keyPath, path, branch, index: addressIndex } = key;
    return { units, script, publicKey, keyPath, path, branch, index: addressIndex };
  });
}

// Attack B10 (class of CVE-2018-17144): a coin counted twice is money from nowhere in our sums.
function assertDistinct(inputs: readonly TransactionInput[]): void {
  const seen = new Map<string, number>();
  inputs.forEach(({ txid, vout }, index) => {
    const outpoint = `${txid}:${vout}`;
    const first = seen.get(outpoint);
    if (first !== undefined)
      throw INPUT_DUPLICATE(`inputs ${first} and ${index} spend the same coin ${outpoint}`, {
        field: `inputs[${index}]`,
      });
    seen.set(outpoint, index);
  });
}

// Attacks B1 and B2: BIP-143 commits to the amount of its own input alone, so two signings with false amounts for
// the other input add up to a fee that nobody saw. The previous transaction's hash is the only proof of an amount.
function provenOutput(input: TransactionInput, fields: PsbtInput, where: string): TransactionOutput {
  const { previousTransaction, previousOutput } = fields;
  if (previousTransaction === undefined) {
    throw PREVIOUS_TRANSACTION_MISSING(`${where} has no full previous transaction`, {
      field: `${where}.nonWitnessUtxo`,
      hint: "build the PSBT with full previous transactions (PSBT_IN_NON_WITNESS_UTXO)",
    });
  }
  const output = previousTransaction.outputs[input.vout];
  if (transactionId(previousTransaction) !== input.txid || output === undefined) {
    throw PREVIOUS_TRANSACTION_MISMATCH(
      `${where} spends ${input.txid}:${input.vout}, its previous transaction does not have that id and output`,
      {
        field: `${where}.nonWitnessUtxo`,
      },
    );
  }
  if (
    previousOutput !== undefined &&
    (previousOutput.units !== output.units || !equalBytes(previousOutput.script, output.script))
  ) {
    throw PREVIOUS_OUTPUT_MISMATCH(
      `${where} claims ${previousOutput.units} sat, its previous transaction says ${output.units} sat${equalBytes(previousOutput.script, output.script) ? "" : " and another script"}: likely attack`,
      { field: `${where}.witnessUtxo`, hint: "stop, and look at the machine that built this" },
    );
  }
  return output;
}

// Attacks B3 and B11: the key must come out of our own descriptor and give exactly the script that is spent.
function ownKey(
  derivations: readonly PsbtDerivation[],
  script: Uint8Array,
  descriptor: Descriptor,
  where: string,
): WalletKey {
  const proven = provenKey(derivations, script, descriptor);
  if (proven !== undefined) return proven;
  const [derivation] = derivations;
  const why =
    derivations.length !== 1
      ? `names ${derivations.length} keys, a P2WPKH input has one`
      : derivation === undefined || claimedKey(derivation, descriptor) === undefined
        ? "names a key that is not under this wallet's origin, or out of range"
        : "does not pay the key that its path leads to";
  throw INPUT_NOT_OURS(`${where} ${why}`, {
    field: `${where}.bip32Derivation`,
    hint: "build the transaction from the coins of one registered wallet",
  });
}
