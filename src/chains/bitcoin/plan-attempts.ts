/**
 * A plan's compact form. Its base is the cheapest rung with key origins and nothing else: what can be computed (amounts
 * and scripts from previous transactions, witness scripts from the descriptor) is not carried, so it cannot be false.
 * Every rung is the base with the one change output reduced by what the fee is higher; the cancel rung spends the same
 * inputs to our own change branch. Everything is proven once for the plan, not once for each attempt. The base of a plan
 * that signs a message is another thing (`message-plan.ts`).
 */
import type { DecodedAttempt, DecodedAttempts, PlanBytes, WalletView } from "../adapter.ts";
import { bitcoinAsset } from "../../core/asset.ts";
import type { Digest } from "../../core/digest.ts";
import { declareError } from "../../core/errors.ts";
import { fromBase64 } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";
import { addressOfScript, type Address } from "./address.ts";
import { assertCompactFields } from "./allowed-fields.ts";
import type { BitcoinAttempt } from "./attempt.ts";
import { assertTransaction, changeIndexMax, describeAttempt } from "./decode.ts";
import { deriveKey, type Descriptor, type WalletKey } from "./descriptor.ts";
import { sumUnits } from "./fee.ts";
import { CHANGE_INDEX, ownWallets, proveOutputs, type OutputEffect, type ProvenOutput } from "./outputs.ts";
import { assertWorth, PREVIOUS_TRANSACTION_MISMATCH, proveCompactInputs } from "./owned-inputs.ts";
import { carriesMessage, decodeMessage } from "./message-plan.ts";
import { newPsbt, parsePsbt } from "./psbt.ts";
import { signalsReplacement } from "./locks.ts";
import { INCREMENTAL_RATE_MILLI, replacementFee } from "./replacement.ts";
import { classifyScript, dustThreshold, type ScriptKind } from "./script.ts";
import { parseTransaction, strippedBytes, type Transaction } from "./transaction.ts";
import { walletDescriptor } from "./wallet.ts";
import { derivationsOf } from "./wallet-claims.ts";
import { NOTHING_PAID } from "./warnings.ts";
import { transactionWeight, varyingSignatures } from "./weight.ts";
import { hash256, txidText } from "./wire.ts";

export const BASE_FEE_MISSTATED = declareError(
  "BASE_FEE_MISSTATED",
  "denied",
  "A plan's first rung has another fee than its base.",
);
export const CHANGE_MISSING = declareError(
  "CHANGE_MISSING",
  "denied",
  "A plan without change has more than one rung: nothing could bear the higher fee.",
);
export const CHANGE_DUST = declareError(
  "CHANGE_DUST",
  "denied",
  "A rung leaves our own output below the dust threshold, so no node would relay it.",
);
export const CANCEL_TOO_CHEAP = declareError(
  "CANCEL_TOO_CHEAP",
  "denied",
  "A cancel rung pays too little for nodes to take it in place of the plan's dearest rung (BIP-125).",
);
export const CANCEL_CANNOT_REPLACE = declareError(
  "CANCEL_CANNOT_REPLACE",
  "denied",
  "A plan with a cancel rung spends no input that signals replacement (BIP-125).",
);

/** @throws the refusals of this folder (denied) and typed errors of PSBT and transaction (invalid) */
export function decodePlan(
  plan: PlanBytes,
  previous: readonly Uint8Array[],
  view: WalletView,
): DecodedAttempts<BitcoinAttempt> {
  const { rungs, cancel } = openPlan(plan, previous, view);
  return { rungs: rungs.map(({ attempt }) => attempt), cancel: cancel?.attempt };
}

/** Every rung and then the cancel rung as whole PSBTs (BIP-174, BIP-371), with previous transactions and scripts. */
export function expandPlan(
  plan: PlanBytes,
  previous: readonly Uint8Array[],
  view: WalletView,
): readonly Uint8Array[] {
  const { rungs, cancel, spent } = openPlan(plan, previous, view);
  const stripped = new Map([...spent].map(([txid, transaction]) => [txid, strippedBytes(transaction)]));
  return [...rungs, ...(cancel === undefined ? [] : [cancel])].map(({ attempt, outputKeys }) => {
    const { unsigned, inputs, message } = attempt.tx;
    return newPsbt(
      unsigned,
      inputs.map((owned, i) => ({
        previousTransaction: stripped.get((unsigned.inputs[i] as { txid: Digest }).txid) as Uint8Array,
        previousOutput: { units: owned.units, script: owned.script },
        scripts: owned,
        derivations: derivationsOf(owned),
      })),
      outputKeys.map((key) => ({ scripts: key, derivations: key === undefined ? [] : derivationsOf(key) })),
      message,
    );
  });
}

/**
 * The ids of previous transactions, computed from their bytes.
 * @param previous without witnesses, so that the hash of the bytes is the id
 */
export function previousIds(previous: readonly Uint8Array[]): readonly Digest[] {
  return previous.map((bytes) => txidText(hash256(bytes)));
}

type Expanded = {
  readonly attempt: DecodedAttempt<BitcoinAttempt>;
  /** For each output the keys that own it, where it is ours. */
  readonly outputKeys: readonly (WalletKey | undefined)[];
};

type OpenPlan = {
  readonly rungs: readonly Expanded[];
  readonly cancel: Expanded | undefined;
  /** Previous transactions by id. */
  readonly spent: ReadonlyMap<string, Transaction>;
};

/** What all attempts of a plan share. */
type Base = Omit<BitcoinAttempt, "id"> & {
  readonly outputs: readonly ProvenOutput[];
  readonly indexMax: number;
};

function openPlan(plan: PlanBytes, previous: readonly Uint8Array[], view: WalletView): OpenPlan {
  const descriptor = walletDescriptor(view);
  const psbt = parsePsbt(fromBase64(plan.base, "plan.base"), "plan.base");
  const { unsigned } = psbt;
  // Either it is a message through and through, or it has none (attack B24): nothing lies between the two.
  if (carriesMessage(psbt)) {
    const { attempt, spent } = decodeMessage(plan, psbt, spentBy(unsigned, previous), descriptor);
    return { rungs: [{ attempt, outputKeys: [undefined] }], cancel: undefined, spent };
  }
  assertCompactFields(psbt, descriptor.kind);
  assertTransaction(unsigned);
  const spent = spentBy(unsigned, previous);
  const inputs = proveCompactInputs(psbt, spent, descriptor);
  assertWorth(inputs);
  const indexMax = changeIndexMax(inputs, view);
  const outputs = proveOutputs(psbt, descriptor, ownWallets(view), indexMax);
  const base = { unsigned, inputs, descriptor, outputs, indexMax };
  const rungs = expandRungs(plan, base);
  const cancel = plan.cancel === undefined ? undefined : expandCancel(plan.cancel, base, rungs);
  return { rungs, cancel, spent };
}

// Only what the base spends is parsed, from a copy, so that nobody can change it afterwards (attack B18). A segwit
// serialisation hashes to something else than an id, so whatever has an id here carries no witnesses.
function spentBy({ inputs }: Transaction, previous: readonly Uint8Array[]): ReadonlyMap<string, Transaction> {
  const wanted = new Set<string>(inputs.map(({ txid }) => txid));
  const spent = new Map<string, Transaction>();
  previousIds(previous).forEach((txid, i) => {
    if (!wanted.has(txid) || spent.has(txid)) return;
    const field = `previous[${i}]`;
    const transaction = parseTransaction(new Uint8Array(previous[i] as Uint8Array), field);
    if (transaction.inputs.some(({ witness }) => witness.length > 0)) {
      throw PREVIOUS_TRANSACTION_MISMATCH(`${field} carries witnesses, so its hash is no transaction's id`, {
        field,
        hint: "send previous transactions without witnesses",
      });
    }
    spent.set(txid, transaction);
  });
  return spent;
}

function expandRungs({ rungs }: PlanBytes, base: Base): readonly Expanded[] {
  const { unsigned, inputs, outputs } = base;
  const baseFee = sumUnits(inputs) - sumUnits(unsigned.outputs);
  const stated = rungs[0]?.feeUnits;
  if (stated !== baseFee.toString()) {
    throw BASE_FEE_MISSTATED(`the base's fee is ${baseFee} sat, the plan's first rung says ${stated}`, {
      field: "plan.rungs[0].feeUnits",
      hint: "do not sign: somebody changed the transaction or the plan",
    });
  }
  const changeAt = outputs.findIndex(({ effect }) => effect.type === "change");
  if (changeAt < 0 && rungs.length > 1) {
    throw CHANGE_MISSING(`the plan has ${rungs.length} rungs and no change`, {
      field: "plan.rungs",
      hint: "build the plan again: custody withdraw build --wallet WALLET",
    });
  }
  const outputKeys = outputs.map(({ key }) => key);
  return rungs.map(({ feeUnits }, rung) => {
    const effects = outputs.map(({ effect }, i): OutputEffect => {
      if (i !== changeAt) return effect;
      const units = effect.units - (BigInt(feeUnits) - baseFee);
      assertNotDust(units, unsigned.outputs[i]?.script as Uint8Array, `plan.rungs[${rung}]`);
      return { ...effect, units };
    });
    const transaction = {
      ...unsigned,
      outputs: unsigned.outputs.map(({ script }, i) => ({
        units: (effects[i] as OutputEffect).units,
        script,
      })),
    };
    return { attempt: describeAttempt({ ...base, unsigned: transaction }, effects), outputKeys };
  });
}

// The key is derived here from the index alone: nobody names the script that a cancelled plan's coins go to.
function expandCancel(
  { feeUnits, changeIndex }: NonNullable<PlanBytes["cancel"]>,
  base: Base,
  rungs: readonly Expanded[],
): Expanded {
  const { descriptor, inputs, unsigned, indexMax } = base;
  if (changeIndex > Math.min(indexMax, LIMITS.addressIndexMax)) {
    throw CHANGE_INDEX(
      `the cancel rung goes to change index ${changeIndex}, the highest allowed is ${indexMax}`,
      {
        field: "plan.cancel.changeIndex",
        hint: "use the wallet's next unused change address",
      },
    );
  }
  const key = deriveKey(descriptor, 1, changeIndex);
  const units = sumUnits(inputs) - BigInt(feeUnits);
  assertNotDust(units, key.script, "plan.cancel");
  const transaction = { ...unsigned, outputs: [{ units, script: key.script }] };
  assertSignals(unsigned);
  assertReplaces(BigInt(feeUnits), transaction, rungs, descriptor);
  const { account } = addressOfScript(key.script, descriptor.network) as Address;
  const effects: readonly OutputEffect[] = [
    {
      type: "change",
      account,
      asset: bitcoinAsset(descriptor.network),
      units,
      path: key.path,
      index: changeIndex,
    },
  ];
  const attempt = describeAttempt({ ...base, unsigned: transaction }, effects);
  // To pay nobody is what it is for; said at every payment, it would teach officers to read past warnings.
  const warnings = attempt.warnings.filter((warning) => warning !== NOTHING_PAID);
  return { attempt: { ...attempt, warnings }, outputKeys: [key] };
}

// Who built the plan has chosen its sequences: final ones would let older nodes keep the payment (BIP-125, rule 1).
function assertSignals(transaction: Transaction): void {
  if (signalsReplacement(transaction)) return;
  throw CANCEL_CANNOT_REPLACE("no input of the plan signals that it may be replaced by its cancel rung", {
    field: "plan.base",
    hint: "build the plan again: custody withdraw build --wallet WALLET",
  });
}

// A cancel rung that nodes do not take in place of the rungs would be a promise that nobody can keep.
function assertReplaces(
  feeUnits: bigint,
  { outputs }: Transaction,
  rungs: readonly Expanded[],
  descriptor: Descriptor,
): void {
  for (const { attempt } of rungs) {
    const { tx, fee } = attempt;
    const scripts = (list: readonly { readonly script: Uint8Array }[]) => list.map(({ script }) => script);
    const weightOf = (list: Transaction["outputs"]) =>
      transactionWeight(tx.inputs.length, descriptor, scripts(list));
    const signatures = varyingSignatures(tx.inputs.length, descriptor);
    const replaced = { units: fee.units, weight: weightOf(tx.unsigned.outputs), signatures };
    const least = replacementFee(replaced, weightOf(outputs), INCREMENTAL_RATE_MILLI);
    if (feeUnits >= least) continue;
    throw CANCEL_TOO_CHEAP(
      `the cancel rung pays ${feeUnits} sat, replacing the plan's rungs takes ${least} sat`,
      {
        field: "plan.cancel.feeUnits",
        hint: "build the plan again: custody withdraw build --wallet WALLET",
      },
    );
  }
}

function assertNotDust(units: bigint, script: Uint8Array, where: string): void {
  const dust = dustThreshold(classifyScript(script)?.kind as ScriptKind);
  if (units >= dust) return;
  throw CHANGE_DUST(`${where} leaves ${units} sat to our own output, the dust threshold is ${dust} sat`, {
    field: `${where}.feeUnits`,
    hint: "build the plan again: custody withdraw build --wallet WALLET",
  });
}
