/** Rehearsal: what a draft would have decided on the intents that the policy in force has judged. */
import type { Id, Name } from "../identifier.ts";
import { later, type Instant } from "../instant.ts";
import { evaluate, type DenialRule, type Evidence } from "./evaluate.ts";
import { limitExcess, WHOLE, type Spending } from "./limits.ts";
import type { Policy } from "./policy.ts";

/** What one policy says of one intent. `LIMIT_EXCEEDED`: allowed by itself, after what was paid before it not. */
export type Verdict = {
  readonly decision: "ALLOWED" | "LIMIT_EXCEEDED" | DenialRule;
  readonly row: Name | undefined;
  readonly why: string;
};

export type Difference = {
  readonly intent: Id;
  /** When it was judged: once everything that is recorded about it had been signed. */
  readonly at: Instant;
  readonly before: Verdict;
  readonly after: Verdict;
};

/** @param undecided when an intent that nobody has signed yet is judged */
export function rehearse(
  before: Policy,
  after: Policy,
  recorded: readonly Evidence[],
  undecided: Instant,
): readonly Difference[] {
  const cases = recorded
    .map((evidence) => ({ evidence, at: judgedAt(evidence) ?? undecided }))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  const old = judge(before);
  // As if people had approved again, where the draft ends earlier approvals: else every decision would differ.
  const draft = judge({ ...after, approvalsSince: before.approvalsSince });
  return cases
    .map(({ evidence, at }): Difference => {
      const { id } = evidence.intent.body;
      return { intent: id, at, before: old(evidence, at), after: draft(evidence, at) };
    })
    .filter(({ before: a, after: b }) => a.decision !== b.decision || a.row !== b.row);
}

type Judge = (evidence: Evidence, at: Instant) => Verdict;

// Remembers what it allowed, for a row's limits count what went before.
function judge(policy: Policy): Judge {
  const spent: Spending[] = [];
  return (evidence, at) => {
    const result = evaluate(policy, evidence, at);
    if (!result.allowed) return { decision: result.rule, row: result.row?.name, why: result.why };
    const { row } = result;
    const units = BigInt(evidence.intent.body.units);
    const excess = limitExcess(row, spent, { units, feeUnits: 0n }, at, WHOLE);
    if (excess !== undefined) return { decision: "LIMIT_EXCEEDED", row: row.name, why: excess.why };
    spent.push({ row: row.name, units, feeUnits: 0n, at });
    return { decision: "ALLOWED", row: row.name, why: `row ${row.name} allows it` };
  };
}

// Later than all that was signed, so that everything counts; earlier than any life ends, so that nothing has lapsed.
function judgedAt({ approvals, clearances, beneficiary }: Evidence): Instant | undefined {
  const decisions = [...approvals, ...clearances].flatMap(({ signatures }) => signatures);
  if (decisions.length === 0) return undefined;
  return [...decisions, ...(beneficiary?.signatures ?? [])].map(({ at }) => at).reduce(later);
}
