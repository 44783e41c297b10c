/**
 * Proof that every input is the wallet's and worth what it says: amounts from full previous transactions, keys from
 * the wallet's own descriptor. Nothing in the PSBT is believed.
 */
import { declareError } from "../../core/errors.ts";
import { equalBytes } from "../../core/hex.ts";
import type { OwnedInput } from "./attempt.ts";
import { assertInputScripts } from "./claimed-scripts.ts";
import type { Descriptor, WalletKey } from "./descriptor.ts";
import { walletKind } from "./kinds/table.ts";
import { outpointText } from "./outpoint.ts";
import type { PsbtDerivation, PsbtInput } from "./psbt-maps.ts";
import type { Psbt } from "./psbt.ts";
import { claimedKey, provenKey } from "./proven-key.ts";
import { SIGHASH_ALL } from "./sighash.ts";
import { SIGHASH_DEFAULT } from "./taproot-sighash.ts";
import {
  transactionId,
  type Transaction,
  type TransactionInput,
  type TransactionOutput,
} from "./transaction.ts";

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
  "An input asks for a sighash type other than ALL, or other than DEFAULT where it is taproot.",
);

export const INPUT_WORTHLESS = declareError(
  "INPUT_WORTHLESS",
  "denied",
  "A transaction spends a coin that is worth nothing, as the virtual coin of a signed message is (BIP-322).",
);

/**
 * Inputs of a whole PSBT, each with its previous transaction.
 * @throws the errors declared above, each naming the input
 */
export function proveInputs({ unsigned, inputs }: Psbt, descriptor: Descriptor): readonly OwnedInput[] {
  assertDistinct(unsigned.inputs);
  return unsigned.inputs.map((input, index) => {
    const fields = inputs[index] as PsbtInput;
    const where = `inputs[${index}]`;
    assertSighashType(fields.sighashType, descriptor, where);
    const output = provenOutput(input, fields, where);
    const key = ownKey(fields.derivations, output.script, descriptor, where);
    assertInputScripts(fields, key, where);
    return { ...key, units: output.units };
  });
}

/**
 * Inputs of a compact base, which names keys and nothing else (`plan-attempts.ts`).
 * @param previous by the id that was computed from their bytes
 * @throws as `proveInputs`
 */
export function proveCompactInputs(
  { unsigned, inputs }: Psbt,
  previous: ReadonlyMap<string, Transaction>,
  descriptor: Descriptor,
): readonly OwnedInput[] {
  assertDistinct(unsigned.inputs);
  return unsigned.inputs.map((input, index) => {
    const where = `inputs[${index}]`;
    const output = spentOutput(input, previous.get(input.txid), where);
    const key = ownKey((inputs[index] as PsbtInput).derivations, output.script, descriptor, where);
    return { ...key, units: output.units };
  });
}

/**
 * Whatever a payment spends, and a message shows, is worth something. Attack B24: `to_spend` of a message pays 0 sat to
 * our address and proves itself by its hash as a coin does, but is in no block: a payment that spent it could never be
 * sent, and a message that showed it would sign for a second one.
 * @param first place of the first input given @throws INPUT_WORTHLESS
 */
export function assertWorth(inputs: readonly OwnedInput[], first = 0): void {
  const place = inputs.findIndex(({ units }) => units === 0n);
  if (place < 0) return;
  throw INPUT_WORTHLESS(`inputs[${first + place}] is worth 0 sat`, {
    field: `inputs[${first + place}]`,
    hint: "build the transaction without this coin; if nobody chose it, look at the machine that built this",
  });
}

// Attack B9: NONE and SINGLE leave outputs open, ANYONECANPAY leaves inputs open. In taproot ALL signs what DEFAULT does,
// with a byte more that the fee was not counted with.
function assertSighashType(type: number | undefined, { kind }: Descriptor, where: string): void {
  const [signed, name] =
    walletKind(kind).scheme === "ecdsa" ? [SIGHASH_ALL, "ALL"] : [SIGHASH_DEFAULT, "DEFAULT"];
  if (type === undefined || type === signed) return;
  throw SIGHASH_REFUSED(`${where} asks for sighash type 0x${type.toString(16)}, only ${name} is signed`, {
    field: `${where}.sighashType`,
    hint: "build the transaction again without a sighash type",
  });
}

// Attack B10 (class of CVE-2018-17144): a coin counted twice is money from nowhere in our sums.
function assertDistinct(inputs: readonly TransactionInput[]): void {
  const seen = new Map<string, number>();
  inputs.forEach((input, index) => {
    const outpoint = outpointText(input);
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
  const names = previousTransaction === undefined || transactionId(previousTransaction) === input.txid;
  if (!names) throw previousMismatch(input, where);
  const output = spentOutput(input, previousTransaction, where);
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

function spentOutput(
  input: TransactionInput,
  previous: Transaction | undefined,
  where: string,
): TransactionOutput {
  if (previous === undefined) {
    throw PREVIOUS_TRANSACTION_MISSING(`${where} has no full previous transaction`, {
      field: `${where}.nonWitnessUtxo`,
      hint: "send the full previous transactions (PSBT_IN_NON_WITNESS_UTXO)",
    });
  }
  const output = previous.outputs[input.vout];
  if (output === undefined) throw previousMismatch(input, where);
  return output;
}

function previousMismatch({ txid, vout }: TransactionInput, where: string) {
  return PREVIOUS_TRANSACTION_MISMATCH(
    `${where} spends ${txid}:${vout}, its previous transaction does not have that id and output`,
    { field: `${where}.nonWitnessUtxo` },
  );
}

// Attacks B3 and B11: the keys must come out of our own descriptor and give exactly the script that is spent.
function ownKey(
  derivations: readonly PsbtDerivation[],
  script: Uint8Array,
  descriptor: Descriptor,
  where: string,
): WalletKey {
  const proven = provenKey(derivations, script, descriptor);
  if (proven !== undefined) return proven;
  const [first] = derivations;
  const expected = descriptor.keys.length;
  const why =
    derivations.length !== expected
      ? `names ${derivations.length} keys, the wallet has ${expected}`
      : first === undefined || derivations.some((each) => claimedKey(each, descriptor) === undefined)
        ? "names a key that is not under this wallet's origin, or out of range"
        : "does not pay the keys that its paths lead to";
  throw INPUT_NOT_OURS(`${where} ${why}`, {
    field: `${where}.bip32Derivation`,
    hint: "build the transaction from the coins of one registered wallet",
  });
}
