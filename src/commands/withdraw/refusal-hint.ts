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
  // The request is good, the signer is behind: a new request would meet the same.
  if (rule === "POLICY_NEWER")
    return "custody policy show --out policy.json   (that signer pins it, then signs the same request)";
  if (rule === "ROLLED_BACK" || rule === "LOGBOOK_HEAD_UNKNOWN")
    return "custody status   (this signer signs nothing more: docs/runbooks/lost-signer.md)";
  // The intent names the signed destination that has ended: no newer one takes its place in it.
  if (rule === "BENEFICIARY_NOT_IN_FORCE")
    return "custody withdraw queue --state EXPORTED   (custody withdraw show says whose destination has ended: custody withdraw cancel that one, and ask anew)";
  if (gate === "G2" || gate === "G3") return `${again}   (afresh, after: custody status)`;
  // People sign the same intent again, and the same plan leaves in a new request.
  if (LAPSED.has(rule)) return `${again}   (after they have signed again: docs/runbooks/signing-day.md)`;
  const replace = `custody withdraw build --wallet ${wallet} --replace ${id}`;
  if (rule === "NO_SHARED_COIN")
    return `${replace} --coin TXID:VOUT   (the coin that the signer names on its screen; where that is spent: docs/runbooks/database-restored.md)`;
  if (gate === "G4" || gate === "G9" || gate === "G10")
    return `${replace}   (without what may not be paid; custody-signer review says why)`;
  if (gate === "G7") return `${replace} --rates RATES   (lower)`;
  return "custody-signer review --in request.json   (says why, at the offline machine)";
}
