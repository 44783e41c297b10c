import { amount, formatAmount, parseAmount, type Amount } from "../../core/amount.ts";
import { assetBySymbol, feeAsset } from "../../core/asset.ts";
import { INTENT_TYPES, MOVES_NOTHING, type IntentType } from "../../core/documents/intent-types.ts";
import { parseId, parseName, type Name } from "../../core/identifier.ts";
import { rowFor } from "../../core/policy/evaluate.ts";
import { signerShare } from "../../core/policy/limits.ts";
import type { Policy, PolicyDocument, PolicyRow, Role } from "../../core/policy/policy.ts";
import { holders } from "../../core/policy/roles.ts";
import { getWithdrawal, type Withdrawal } from "../../store/withdrawals.ts";
import { FLAG_MALFORMED, optionalFlag, requiredFlag, type Call, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { requirePolicy, withOnline } from "../../home/online.ts";
import { span } from "./span.ts";
import { drawLimit } from "./draw-online.ts";
import { explainWithdrawal } from "./explain-withdrawal.ts";

type Fact = readonly [label: string, value: string];
type Question = { readonly type: IntentType; readonly amount: Amount; readonly wallet: Name | undefined };

/** Says which row decides a payment, and what that row asks for: one that is thought of, or a withdrawal of this home. */
export const run: Run = async (call) =>
  withOnline(call, (online) => {
    const policy = requirePolicy(online);
    const [id] = call.args;
    const withdrawal = id === undefined ? undefined : getWithdrawal(online.store, parseId(id));
    const question = withdrawal === undefined ? asked(call, policy) : withdrawalAsked(withdrawal);
    const row = rowFor(policy.body, question.type, question.amount.asset, question.amount.units);
    const explained = withdrawal && explainWithdrawal(online, withdrawal, row);
    return {
      data: {
        policy: policy.body.number,
        type: question.type,
        asset: question.amount.asset,
        units: question.amount.units.toString(),
        ...(row === undefined ? { row: "none" } : dataOf(policy.body, row, question)),
        ...explained?.data,
      },
      text: drawFacts([
        [
          "asked",
          `${question.type} of ${formatAmount(question.amount)} under policy number ${policy.body.number}`,
        ],
        ...(row === undefined ? [NO_ROW] : factsOf(policy.body, row, question)),
        ...(explained?.facts ?? onlineFacts(policy, question)),
      ]),
    };
  });

// Who would be paid is not known: what the online host asks for besides is said for each of its limits.
function onlineFacts(
  { body: { online } }: PolicyDocument,
  { type, amount: paid }: Question,
): readonly Fact[] {
  if (type !== "withdrawal") return [];
  const about = online.limits.filter(({ max }) => !("asset" in max) || max.asset === paid.asset);
  return about.map((limit): Fact => [`limit ${limit.name}`, drawLimit(limit, online.currency)]);
}

const NO_ROW: Fact = ["row", "none covers it: denied, whoever approves"];

function asked({ flags }: Call, { body }: PolicyDocument): Question {
  const given = optionalFlag(flags, "type") ?? "withdrawal";
  const type = INTENT_TYPES.find((known) => known === given);
  if (type === undefined) {
    throw FLAG_MALFORMED(`--type ${JSON.stringify(given)} is no type of intent`, {
      field: "--type",
      hint: `--type ${INTENT_TYPES.join(" | ")}`,
    });
  }
  const asset = assetBySymbol(optionalFlag(flags, "asset") ?? "btc", body.network, "--asset", body.tokens);
  const wallet = optionalFlag(flags, "wallet");
  return {
    type,
    amount: MOVES_NOTHING.has(type)
      ? amount(asset, 0n)
      : parseAmount(requiredFlag(flags, "amount"), asset, "--amount"),
    wallet: wallet === undefined ? undefined : parseName(wallet, "--wallet"),
  };
}

function withdrawalAsked({ amount: paid }: Withdrawal): Question {
  return { type: "withdrawal", amount: paid, wallet: undefined };
}

type Windows = PolicyRow["limits"];

function dataOf(policy: Policy, row: PolicyRow, { wallet }: Question) {
  const share = signerShare(policy, row);
  const ofSigner = ({ dayUnits, monthUnits }: Windows) => ({
    dayUnits: share(BigInt(dayUnits)).toString(),
    monthUnits: share(BigInt(monthUnits)).toString(),
  });
  return {
    row: row.name,
    quorum: row.quorum,
    approvers: namesOf(policy, "approver"),
    delaySeconds: row.delaySeconds,
    clearance: row.clearance === "none" ? "none" : { ...row.clearance, tiers: [...row.clearance.tiers] },
    wallets: [...row.wallets],
    ...(wallet === undefined ? {} : { walletAllowed: row.wallets.includes(wallet) }),
    limits: { ...row.limits },
    feeBudget: { ...row.feeBudget },
    signerShare: { limits: ofSigner(row.limits), feeBudget: ofSigner(row.feeBudget) },
  };
}

function factsOf(policy: Policy, row: PolicyRow, { type, wallet }: Question): readonly Fact[] {
  const share = signerShare(policy, row);
  const money = (units: bigint | string, asset = row.asset) => formatAmount({ asset, units });
  const windows = ({ dayUnits, monthUnits }: Windows, of: (units: bigint) => bigint, asset = row.asset) =>
    `${money(of(BigInt(dayUnits)), asset)} a day, ${money(of(BigInt(monthUnits)), asset)} in 30 days`;
  const paidIn = feeAsset(row.asset);
  const { clearance, delaySeconds, approvalSecondsMax } = row;
  const allowed = wallet === undefined || row.wallets.includes(wallet);
  return [
    ["row", `${row.name}: above ${money(row.aboveUnits)} up to ${money(row.upToUnits)}`],
    ["from", `${row.wallets.join(", ")}${allowed ? "" : `; wallet ${wallet} is not allowed: denied`}`],
    [
      "approved by",
      `${row.quorum} of ${namesOf(policy, "approver").join(", ")}, each good for ${span(approvalSecondsMax)}`,
    ],
    [
      "kept apart",
      policy.conflicts.map((set) => `in each payment ${set.join(" / ")}`).join("; ") || "nobody",
    ],
    [
      "release",
      delaySeconds === 0 ? "none is needed" : `${span(delaySeconds)} after the last approval needed`,
    ],
    [
      "clearance",
      clearance === "none"
        ? "none is needed"
        : `${clearance.quorum} of ${namesOf(policy, "compliance").join(", ")} for ${clearance.tiers.join(", ")}`,
    ],
    ...(type === "withdrawal"
      ? [["destination", `signed by ${policy.quorums.beneficiary} of the approvers`] as const]
      : []),
    ["limits", windows(row.limits, (units) => units)],
    ["signer's share", windows(row.limits, share)],
    ["fees", windows(row.feeBudget, (units) => units, paidIn)],
    ["share of fees", windows(row.feeBudget, share, paidIn)],
  ];
}

function namesOf(policy: Policy, role: Role): string[] {
  return holders(policy, role).map(({ name }) => name);
}
