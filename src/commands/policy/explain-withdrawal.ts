/** One withdrawal, gate by gate: which row decides it, what each gate says now, and how much of each limit is used. */
import { formatAmount } from "../../core/amount.ts";
import { assetFacts } from "../../core/asset.ts";
import type { Json } from "../../core/canonical.ts";
import { formatMinorUnits } from "../../core/currency.ts";
import { leftOf, WHOLE } from "../../core/policy/limits.ts";
import type { Standing } from "../../core/policy/online/judge.ts";
import type { PolicyDocument, PolicyRow } from "../../core/policy/policy.ts";
import { requirePolicy, type Online } from "../../home/online.ts";
import { READS } from "../../home/ports.ts";
import { kycDenial } from "../../kyc/denial.ts";
import { findKyc } from "../../store/kyc.ts";
import { plansOfWithdrawal, spendingsSince } from "../../store/plans.ts";
import type { Withdrawal } from "../../store/withdrawals.ts";
import { windowStart } from "../../withdrawals/planning/candidates.ts";
import { evidenceOf, haltsNow, verdictsOn, type JudgeAbout } from "../../withdrawals/deciding/evidence.ts";
import { whyHalted } from "../../withdrawals/stopping/halt.ts";
import { judgeByOnlineRules, type OnlineFindings } from "../../withdrawals/deciding/online.ts";
import { missingFor, standingOf } from "../desk/standing.ts";
import type { IntentSubject } from "../desk/subject.ts";
import { drawUnits } from "./draw-online.ts";
import { span } from "./span.ts";

type Fact = readonly [label: string, value: string];
export type Explained = { readonly data: { readonly [key: string]: Json }; readonly facts: readonly Fact[] };

/** What stands for and against a stored withdrawal at this moment. */
export function explainWithdrawal(
  online: Online,
  withdrawal: Withdrawal,
  row: PolicyRow | undefined,
): Explained {
  const { store, call } = online;
  const about = { policy: requirePolicy(online), now: call.io.now(), halts: haltsNow(READS, store) };
  const { policy } = about;
  const findings = judgeByOnlineRules(READS, store, withdrawal, about);
  const gates: readonly Fact[] = [
    ["KYC", kycText(online, withdrawal, about)],
    ...findings.standings.map((standing) => limitFact(standing, policy)),
    ...(findings.denial?.rule === "TIER_WITHOUT_LIMIT"
      ? [["online limits", `denied: ${findings.denial.why}`] as const]
      : []),
    ["halts", haltText(online, row) ?? "none over the row's wallets"],
    ...signatureFacts(online, withdrawal, about),
    ...(row === undefined ? [] : rowLimitFacts(online, withdrawal, row, about)),
  ];
  const verdict = verdictText(online, withdrawal, about);
  return {
    data: {
      withdrawal: withdrawal.id,
      state: withdrawal.state,
      verdict,
      gates: gates.map(([gate, says]) => ({ gate, says })),
      online: onlineData(findings, policy),
    },
    facts: [
      ["withdrawal", `${withdrawal.id} is ${withdrawal.state}`],
      ...gates,
      ["valued by", ratesText(findings)],
      ["verdict", verdict],
    ],
  };
}

function kycText({ store }: Online, { customer }: Withdrawal, { now }: JudgeAbout): string {
  const record = findKyc(store, customer);
  const denial = kycDenial(record, now);
  return denial === undefined ? `accepted, tier ${record?.tier}` : `denied: ${denial.rule}: ${denial.why}`;
}

function limitFact(standing: Standing, { body }: PolicyDocument): Fact {
  const { limit, used, asked, max, left, payments, verdict } = standing;
  const money = (units: bigint | undefined) =>
    units === undefined ? "an unknown value" : drawUnits(limit, units, body.online.currency);
  const { name, per, window, paymentsMax } = limit;
  return [
    `limit ${name}`,
    [
      `${VERDICTS[verdict]}: per ${per} in any ${window}`,
      `${money(used)} used before it, ${money(asked)} asked, ${money(left)} left of ${money(max)}`,
      ...(paymentsMax === undefined ? [] : [`${payments} of ${paymentsMax} payments`]),
    ].join(" · "),
  ];
}

const VERDICTS: Readonly<Record<Standing["verdict"], string>> = {
  within: "met",
  above: "denied, it is above it by itself",
  reached: "denied, it is reached",
  unvalued: "denied, nothing says what it is worth",
};

// A wallet of the row that is halted is no reason while another may pay; all of them are shown.
function haltText({ store }: Online, row: PolicyRow | undefined): string | undefined {
  if (row === undefined) return undefined;
  const { chain } = assetFacts(row.asset);
  const halted = row.wallets.flatMap((wallet) => whyHalted(READS, store, { wallet, chain }) ?? []);
  return halted.length === 0 ? undefined : `denied: ${[...new Set(halted)].join("; ")}`;
}

function signatureFacts({ store }: Online, withdrawal: Withdrawal, about: JudgeAbout): readonly Fact[] {
  const { policy, now, halts } = about;
  const papers = evidenceOf(READS, store, withdrawal);
  const subject: IntentSubject = {
    kind: "bundle",
    document: papers.intent,
    evidence: { ...papers, halts },
    similar: [],
    policy: policy.body.number,
  };
  const standing = standingOf(policy.body, subject, now);
  const { row, approvers, releasers, clearedBy, releaseFrom } = standing;
  if (row === undefined) return [["policy", "denied: no row covers it"]];
  const names = (counted: typeof approvers) =>
    counted.map(({ identity }) => identity.name).join(", ") || "nobody";
  return [
    ["approvals", `${approvers.length} of ${row.quorum}: ${names(approvers)}`],
    ...(row.delaySeconds === 0
      ? []
      : [
          [
            "release",
            `by ${names(releasers)}; ${releaseFrom === undefined ? `${span(row.delaySeconds)} after the quorum` : `counts from ${releaseFrom}`}`,
          ] as const,
        ]),
    ...(row.clearance === "none"
      ? []
      : [["clearance", `${clearedBy.length} of ${row.clearance.quorum}: ${names(clearedBy)}`] as const]),
    [
      "missing",
      missingFor(standing)
        .map(({ says }) => says)
        .join("; ") || "no signature",
    ],
  ];
}

function rowLimitFacts(
  { store }: Online,
  { id, amount: paid }: Withdrawal,
  row: PolicyRow,
  { now }: JudgeAbout,
): readonly Fact[] {
  const own = plansOfWithdrawal(store, id).map((plan) => plan.id);
  const spendings = spendingsSince(store, windowStart(now), own);
  return (["day", "month"] as const).map((window): Fact => {
    const left = leftOf(row, "limits", window, spendings, now, WHOLE);
    const most = window === "day" ? row.limits.dayUnits : row.limits.monthUnits;
    const says = paid.units > left ? "denied, it is reached" : "met";
    return [
      `row's ${window}`,
      `${says}: ${formatAmount({ asset: row.asset, units: left })} left of ${formatAmount({ asset: row.asset, units: most })} for all payments of the row`,
    ];
  });
}

function verdictText({ store }: Online, withdrawal: Withdrawal, about: JudgeAbout): string {
  for (const verdict of verdictsOn(READS, store, withdrawal, about))
    if (!verdict.allowed) return `${verdict.rule}: ${verdict.why}`;
  return "allowed";
}

function ratesText({ recorded, rates }: OnlineFindings): string {
  const value = recorded?.value;
  if (value !== undefined)
    return `${formatMinorUnits(value.minorUnits, value.currency)} since its request, by rates ${value.rates.slice(0, 16)}`;
  return typeof rates === "string"
    ? `nothing: ${rates}`
    : `rates ${rates.digest.slice(0, 16)} of ${rates.body.issued}`;
}

function onlineData({ standings, tier, recorded, rates }: OnlineFindings, { body }: PolicyDocument): Json {
  const text = (units: bigint | undefined) => units?.toString();
  return {
    currency: body.online.currency,
    tier: tier ?? "none",
    countedSince: recorded?.at,
    value: recorded?.value && {
      minorUnits: recorded.value.minorUnits.toString(),
      currency: recorded.value.currency,
      rates: recorded.value.rates,
    },
    rates: typeof rates === "string" ? undefined : rates.digest,
    limits: standings.map(({ limit, used, asked, max, left, payments, verdict }) => ({
      name: limit.name,
      per: limit.per,
      window: limit.window,
      counts: "asset" in limit.max ? limit.max.asset : body.online.currency,
      max: max.toString(),
      used: text(used),
      asked: text(asked),
      left: text(left),
      payments,
      paymentsMax: limit.paymentsMax,
      verdict,
    })),
  };
}
