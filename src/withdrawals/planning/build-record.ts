/**
 * What a plan was built from beside its snapshot: task, options, and the policy whose wallets and caps held. It is stored
 * with the plan, so that anybody can build it again and compare (`rebuild.ts`), and it says how fast its fee may rise.
 */
import * as z from "zod";
import type { BuildOptions, BuildTask, DecodedAttempts, Payment, WalletView } from "../../chains/adapter.ts";
import { amount } from "../../core/amount.ts";
import { canonicalBytes, parseCanonical } from "../../core/canonical.ts";
import type { Digest } from "../../core/digest.ts";
import { declareError } from "../../core/errors.ts";
import {
  accountField,
  assetField,
  countField,
  digestField,
  nameField,
  textField,
  unitsField,
} from "../../core/fields.ts";
import { LIMITS } from "../../core/limits.ts";
import { tokensOn, walletNamed } from "../../core/policy/entries.ts";
import type { Policy } from "../../core/policy/policy.ts";
import type { Pace } from "./pace.ts";

const keyField = textField(LIMITS.textCharactersMax);
const paymentField = z.strictObject({
  account: accountField,
  memo: textField(LIMITS.memoCharactersMax).optional(),
  asset: assetField,
  units: unitsField,
  contract: z.strictObject({ codeHash: digestField, gasLimit: countField(2 ** 24) }).optional(),
  own: z.strictObject({ wallet: nameField, index: countField(LIMITS.addressIndexMax) }).optional(),
});
const taskField = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("pay"), payments: z.array(paymentField) }),
  z.strictObject({ type: z.literal("consolidate"), unitsMax: unitsField, child: keyField.optional() }),
  z.strictObject({ type: z.literal("cancel"), conflictKeys: z.array(keyField) }),
  z.strictObject({ type: z.literal("attest"), message: z.string(), coins: z.boolean() }),
  z.strictObject({ type: z.literal("control"), change: z.string() }),
]);
const recordField = z.strictObject({
  /** The policy in force. */
  policy: digestField,
  /** How many indexes of the wallet were in use: the highest, and one. */
  indexes: countField(LIMITS.addressIndexMax + 1),
  task: taskField,
  feeRatesMilli: z.array(unitsField),
  anchors: z.array(keyField),
  budgetUnits: unitsField.optional(),
  unconfirmedChange: z.boolean().optional(),
  /** What each rung pays, thousandths of a base unit per virtual byte. */
  rungRatesMilli: z.array(unitsField),
  /** Minutes from the signing until it shall be mined; 0 where people alone raise its fee. */
  minutes: countField(LIMITS.deadlineMinutesMax),
});

type Recorded = z.output<typeof recordField>;

export const BUILD_RECORD_MALFORMED = declareError(
  "BUILD_RECORD_MALFORMED",
  "verification",
  "What is stored of how a plan was built cannot be read.",
);

export type BuildRecord = {
  readonly policy: Digest;
  readonly view: (policy: Policy, wallet: string) => WalletView;
  readonly task: (policy: Policy) => BuildTask;
  readonly options: Omit<BuildOptions, "caps">;
  readonly rungRatesMilli: readonly bigint[];
  readonly pace: Pace;
};

/** @param minutes of the plan's deadline */
export function writeBuildRecord<Decoded>(
  { policy, view }: { readonly policy: Digest; readonly view: WalletView },
  task: BuildTask,
  options: BuildOptions,
  { rungs }: DecodedAttempts<Decoded>,
  minutes: number,
): Uint8Array {
  const { feeRatesMilli, anchors, budgetUnits, unconfirmedChange } = options;
  return canonicalBytes({
    policy,
    indexes: view.highestIndex + 1,
    task: writtenTask(task),
    feeRatesMilli: feeRatesMilli.map(String),
    anchors,
    budgetUnits: budgetUnits?.toString(),
    unconfirmedChange,
    rungRatesMilli: rungs.map(({ fee }) => fee.rateMilli.toString()),
    minutes,
  });
}

/** @throws BUILD_RECORD_MALFORMED */
export function readBuildRecord(bytes: Uint8Array): BuildRecord {
  const parsed = recordField.safeParse(parseCanonical(bytes, LIMITS.documentBytesMax));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw BUILD_RECORD_MALFORMED(`build.${issue?.path.join(".")}: ${issue?.message}`, {
      field: "plan.build",
      hint: "custody db check",
    });
  }
  const { policy, indexes, task, feeRatesMilli, anchors, budgetUnits, unconfirmedChange, ...rest } =
    parsed.data;
  const budget = budgetUnits === undefined ? undefined : BigInt(budgetUnits);
  return {
    policy,
    view: (body, wallet) => viewIn(body, wallet, indexes - 1),
    task: (body) => readTask(body, task),
    options: { feeRatesMilli: feeRatesMilli.map(BigInt), anchors, budgetUnits: budget, unconfirmedChange },
    rungRatesMilli: rest.rungRatesMilli.map(BigInt),
    pace: { minutes: rest.minutes, budgetUnits: budget },
  };
}

function viewIn(policy: Policy, name: string, highestIndex: number): WalletView {
  const wallet = walletNamed(policy, name);
  const own = policy.wallets.filter(({ chain }) => chain === wallet.chain);
  return { wallet, network: policy.network, highestIndex, own, tokens: tokensOn(policy, wallet.chain) };
}

function writtenTask(task: BuildTask) {
  switch (task.type) {
    case "pay":
      return { type: task.type, payments: task.payments.map(writtenPayment) };
    case "consolidate":
      return { type: task.type, unitsMax: task.unitsMax.toString(), child: task.child };
    default:
      return task;
  }
}

function writtenPayment({ account, memo, amount: { asset, units }, contract, own }: Payment) {
  const to = own === undefined ? undefined : { wallet: own.wallet.name, index: own.index };
  return { account, memo, asset, units: units.toString(), contract, own: to };
}

function readTask(policy: Policy, task: Recorded["task"]): BuildTask {
  if (task.type === "consolidate") return { ...task, unitsMax: BigInt(task.unitsMax) };
  if (task.type !== "pay") return task;
  const payments = task.payments.map(({ account, memo, asset, units, contract, own }): Payment => {
    const paid = { account, memo, amount: amount(asset, BigInt(units)), contract };
    if (own === undefined) return paid;
    return { ...paid, own: { wallet: walletNamed(policy, own.wallet), index: own.index } };
  });
  return { type: "pay", payments };
}
