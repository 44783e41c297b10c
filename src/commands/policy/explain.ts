import { amount, formatAmount, parseAmount, type Amount } from "../../core/amount.ts";
import { assetBySymbol } from "../../core/asset.ts";
import { INTENT_TYPES, type IntentType } from "../../core/documents/intent-types.ts";
import { INTENT } from "../../core/documents/intent.ts";
import { assert } from "../../core/errors.ts";
import { parseId, parseName, type Name } from "../../core/identifier.ts";
import { evaluate, rowFor } from "../../core/policy/evaluate.ts";
import { signerShare } from "../../core/policy/limits.ts";
import type { Policy, PolicyDocument, PolicyRow, Role } from "../../core/policy/policy.ts";
import { holders } from "../../core/policy/roles.ts";
import { findDocument } from "../../store/documents.ts";
import { getWithdrawal } from "../../store/withdrawals.ts";
import { FLAG_MALFORMED, optionalFlag, requiredFlag, type Call, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { requirePolicy, withOnline, type Online } from "../../home/online.ts";
import { span } from "./draw.ts";
import { recordedEvidence } from "./recorded.ts";

type Fact = readonly [label: string, value: string];
type Question = { readonly type: IntentType; readonly amount: Amount; readonly wallet: Name | undefined };

/** Says which row decides a payment, and what that row asks for: one that is thought of, or a withdrawal of this home. */
export const run: Run = async (call) =>
  withOnline(call, (online) => {
    const policy = requirePolicy(online);
    const id = call.args[0];
    const question = id === undefined ? asked(call, policy) : withdrawalAsked(online, id);
    const row = rowFor(policy.body, question.type, question.amount.asset, question.amount.units);
    const verdict = id === undefined ? [] : verdictOn(online, policy, id);
    return {
      data: {
        policy: policy.body.number,
        type: question.type,
        asset: question.amount.asset,
        units: question.amount.units.toString(),
        ...(row === undefined ? { row: "none" } : dataOf(policy.body, row, question)),
        ...Object.fromEntries(verdict),
      },
      text: drawFacts([
        [
          "asked",
          `${question.type} of ${formatAmount(question.amount)} under policy number ${policy.body.number}`,
        ],
        ...(row === undefined ? [NO_ROW] : factsOf(policy.body, row, question)),
        ...verdict,
      ]),
    };
  });

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
  const asset = assetBySymbol(optionalFlag(flags, "asset") ?? "btc", body.network, "--asset");
  const movesNothing = type === "cancel" || type === "attest";
  const wallet = optionalFlag(flags, "wallet");
  return {
    type,
    amount: movesNothing ? amount(asset, 0n) : parseAmount(requiredFlag(flags, "amount"), asset, "--amount"),
    wallet: wallet === undefined ? undefined : parseName(wallet, "--wallet"),
  };
}

function withdrawalAsked({ store }: Online, id: string): Question {
  const { amount: paid } = getWithdrawal(store, parseId(id));
  return { type: "withdrawal", amount: paid, wallet: undefined };
}

// The judgement of what is recorded, at this moment.
function verdictOn({ store, call }: Online, policy: PolicyDocument, id: string): readonly Fact[] {
  const { intent } = getWithdrawal(store, parseId(id));
  if (intent === undefined || findDocument(store, INTENT, intent) === undefined)
    return [["verdict", "it has no intent yet"]];
  const [evidence] = recordedEvidence(store, [intent]);
  assert(evidence !== undefined, "an intent that is here has its evidence");
  const result = evaluate(policy.body, evidence, call.io.now());
  return [["verdict", result.allowed ? "allowed" : `${result.rule}: ${result.why}`]];
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
  const money = (units: bigint) => formatAmount(amount(row.asset, units));
  const windows = ({ dayUnits, monthUnits }: Windows, of: (units: bigint) => bigint) =>
    `${money(of(BigInt(dayUnits)))} a day, ${money(of(BigInt(monthUnits)))} in 30 days`;
  const { clearance, delaySeconds, approvalSecondsMax } = row;
  const allowed = wallet === undefined || row.wallets.includes(wallet);
  return [
    ["row", `${row.name}: above ${money(BigInt(row.aboveUnits))} up to ${money(BigInt(row.upToUnits))}`],
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
    ["fees", windows(row.feeBudget, (units) => units)],
    ["share of fees", windows(row.feeBudget, share)],
  ];
}

function namesOf(policy: Policy, role: Role): string[] {
  return holders(policy, role).map(({ name }) => name);
}
