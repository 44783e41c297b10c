/**
 * From unsigned bytes to what they do, for a signer that believes nothing (gates G5 to G8). Default deny: each field
 * and script that this file does not name is refused.
 */
import type { DecodedAttempt, Effect, FeeFacts, WalletView } from "../adapter.ts";
import { BITCOIN_CHAINS } from "../../core/chain.ts";
import { declareError } from "../../core/errors.ts";
import { LIMITS } from "../../core/limits.ts";
import type { BitcoinAttempt, OwnedInput } from "./attempt.ts";
import { parseDescriptor, type Descriptor } from "./descriptor.ts";
import { feeSharePermille } from "../../core/policy/fee-caps.ts";
import { feeFacts } from "./fee.ts";
import { locksOf, signalsReplacement } from "./locks.ts";
import { proveOutputs } from "./outputs.ts";
import { proveInputs } from "./owned-inputs.ts";
import { fieldName, GLOBAL_FIELD, INPUT_FIELD, OUTPUT_FIELD, type MapKind } from "./psbt-fields.ts";
import type { PsbtField } from "./psbt-codec.ts";
import { parsePsbt, type Psbt } from "./psbt.ts";
import { classifyScript, dustThreshold } from "./script.ts";
import { transactionId, type Transaction } from "./transaction.ts";
import { STANDARD_WEIGHT_MAX, transactionWeight, virtualSizeOf } from "./weight.ts";

export const PSBT_FIELD_REFUSED = declareError(
  "PSBT_FIELD_REFUSED",
  "denied",
  "A PSBT carries a field that our signer gives no meaning to.",
);
export const PSBT_SIGNED = declareError(
  "PSBT_SIGNED",
  "denied",
  "A PSBT in a request already carries signatures.",
);
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
export const WALLET_MISMATCH = declareError(
  "WALLET_MISMATCH",
  "denied",
  "A wallet is not on the network that it is used for.",
);

/** The fields that our builder writes and our signer reads. */
const READ: Readonly<Record<MapKind, readonly number[]>> = {
  global: [GLOBAL_FIELD.unsignedTransaction, GLOBAL_FIELD.version],
  input: [
    INPUT_FIELD.previousTransaction,
    INPUT_FIELD.previousOutput,
    INPUT_FIELD.sighashType,
    INPUT_FIELD.derivation,
  ],
  output: [OUTPUT_FIELD.derivation],
};

const SIGNATURES: readonly number[] = [
  INPUT_FIELD.partialSignature,
  INPUT_FIELD.finalScriptSig,
  INPUT_FIELD.finalWitness,
  INPUT_FIELD.tapKeySignature,
  INPUT_FIELD.tapScriptSignature,
];

/**
 * Decodes a PSBT against the wallet that pays. The bytes are copied first, so that nobody can change them afterwards
 * (attack B18).
 * @throws typed errors of PSBT and transaction (invalid) and the refusals of this folder (denied), naming the field
 */
export function decode(bytes: Uint8Array, view: WalletView): DecodedAttempt<BitcoinAttempt> {
  const descriptor = walletDescriptor(view);
  const psbt = parsePsbt(new Uint8Array(bytes));
  assertFields(psbt);
  assertTransaction(psbt.unsigned);
  const inputs = proveInputs(psbt, descriptor);
  const highest = inputs.reduce((max, { index }) => Math.max(max, index), view.highestIndex);
  const indexMax = Math.min(highest + view.wallet.indexGap, LIMITS.addressIndexMax);
  const effects = proveOutputs(psbt, descriptor, indexMax);
  const fee = provenFee(psbt.unsigned, inputs);
  const id = transactionId(psbt.unsigned);
  const conflictKeys = conflictKeysOf(psbt.unsigned, descriptor);
  return {
    tx: { id, unsigned: psbt.unsigned, inputs },
    transaction: id,
    conflictKeys,
    inputs: inputs.map(({ units, path }, i) => ({
      conflictKey: conflictKeys[i] as string,
      units: units.toString(),
      path,
    })),
    effects,
    fee,
    locks: locksOf(psbt.unsigned),
    warnings: warningsOf(psbt.unsigned, effects, fee),
  };
}

/** The descriptor of a view's wallet. @throws WALLET_MISMATCH (attack B19), and the errors of `parseDescriptor` */
export function walletDescriptor({ wallet, network }: WalletView): Descriptor {
  if (wallet.chain !== BITCOIN_CHAINS[network]) {
    throw WALLET_MISMATCH(`wallet ${wallet.name} is on ${wallet.chain}, not on bitcoin ${network}`, {
      field: "wallet.chain",
    });
  }
  return parseDescriptor(wallet.descriptor, network, "wallet.descriptor");
}

/** `<chain>:outpoint:<txid>:<vout>` in input order: what the transaction competes for (law 4). */
export function conflictKeysOf({ inputs }: Transaction, { network }: Descriptor): readonly string[] {
  return inputs.map(({ txid, vout }) => `${BITCOIN_CHAINS[network]}:outpoint:${txid}:${vout}`);
}

// Attack B15: fields without meaning to us can carry words out or mean something to another reader.
function assertFields({ fields, inputs, outputs }: Psbt): void {
  assertRead("global", fields, "global");
  inputs.forEach((input, i) => assertRead("input", input.fields, `inputs[${i}]`));
  outputs.forEach((output, i) => assertRead("output", output.fields, `outputs[${i}]`));
}

function assertRead(kind: MapKind, fields: readonly PsbtField[], where: string): void {
  for (const field of fields) {
    if (READ[kind].includes(field.type)) continue;
    const name = fieldName(kind, field);
    if (kind === "input" && SIGNATURES.includes(field.type)) {
      throw PSBT_SIGNED(`${where} already has a ${name}`, { field: where, hint: "send the unsigned PSBT" });
    }
    throw PSBT_FIELD_REFUSED(`${where} has a ${name}, which this wallet's transactions do not need`, {
      field: where,
      hint: "build the PSBT with `custody withdraw build`",
    });
  }
}

function assertTransaction({ version, inputs, outputs }: Transaction): void {
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
function provenFee({ outputs }: Transaction, inputs: readonly OwnedInput[]): FeeFacts {
  const spent = inputs.reduce((total, { units }) => total + units, 0n);
  const paid = outputs.reduce((total, { units }) => total + units, 0n);
  if (paid > spent)
    throw OUTPUTS_EXCEED_INPUTS(`outputs add up to ${paid} sat, inputs to ${spent} sat`, {
      field: "outputs",
    });
  const weight = transactionWeight(
    inputs.length,
    outputs.map(({ script }) => script),
  );
  return feeFacts(spent - paid, virtualSizeOf(weight));
}

function warningsOf(transaction: Transaction, effects: readonly Effect[], fee: FeeFacts): readonly string[] {
  const warnings: string[] = [];
  const paid = effects.reduce((total, effect) => (effect.type === "pay" ? total + effect.units : total), 0n);
  const share = feeSharePermille(fee.units, paid);
  // Attack B12: the shares at which hardware signers begin to warn.
  if (share === undefined) warnings.push("nothing is paid to others");
  else if (share >= 50n) warnings.push(`the fee is ${share} thousandths of what is paid`);
  if (fee.rateMilli < 1000n) warnings.push("the fee rate is below 1 sat/vB: nodes may not relay it");
  if (!signalsReplacement(transaction))
    warnings.push("replacement is not signalled (BIP-125): the fee may be hard to raise");
  if (transaction.lockTime !== 0 && locksOf(transaction).length === 0)
    warnings.push("the lock time has no effect: all inputs are final");
  transaction.outputs.forEach(({ units, script }, i) => {
    const kind = classifyScript(script)?.kind;
    if (kind !== undefined && units < dustThreshold(kind))
      warnings.push(`output ${i} is dust: nodes do not relay it`);
  });
  const weight = transactionWeight(
    transaction.inputs.length,
    transaction.outputs.map(({ script }) => script),
  );
  if (weight > STANDARD_WEIGHT_MAX) warnings.push("the transaction is heavier than nodes relay");
  // The review shows at most 64 warnings; one line says that there are more.
  return warnings.length <= 60
    ? warnings
    : [...warnings.slice(0, 60), `and ${warnings.length - 60} more warnings`];
}
