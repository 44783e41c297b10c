import type { PlanRow } from "../../withdrawals/rows.ts";

/** A word of people is missing, or has lapsed on the way: built again, a plan would leave out whom it was to pay. */
const LAPSED: ReadonlySet<string> = new Set(["QUORUM_NOT_MET", "NOT_RELEASED", "CLEARANCE_MISSING"]);

/** What helps against a refusal, as far as the gate tells. */
export function refusalHint(
  { gate, rule }: { readonly gate: string; readonly rule: string },
  plan: Pick<PlanRow, "id" | "wallet"> | undefined,
): string {
  const { id = "PLAN", wallet = "NAME" } = plan ?? {};
  // The plan is as good as it was: a new one would only meet the same halt.
  if (rule === "HALTED")
    return "custody status   (says which halt. The same request is signed after the resume)";
  const again = `custody withdraw export ${id} --out request.json`;
  if (rule === "POLICY_EXPIRED")
    return `${again}   (once the next policy is pinned: docs/runbooks/policy-ends.md)`;
  if (gate === "G2" || gate === "G3") return `${again}   (afresh, after: custody status)`;
  // People sign the same intent again, and the same plan leaves in a new request.
  if (LAPSED.has(rule)) return `${again}   (after they have signed again: docs/runbooks/signing-day.md)`;
  const replace = `custody withdraw build --wallet ${wallet} --replace ${id}`;
  if (gate === "G4" || gate === "G9" || gate === "G10")
    return `${replace}   (without what may not be paid; custody-signer review says why)`;
  if (gate === "G7") return `${replace} --rates RATES   (lower)`;
  return "custody-signer review --in request.json   (says why, at the offline machine)";
}
