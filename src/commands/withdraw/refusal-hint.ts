import type { PlanRow } from "../../withdrawals/ports.ts";

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
  if (gate === "G2" || gate === "G3") return `${again}   (afresh, after: custody status)`;
  const replace = `custody withdraw build --wallet ${wallet} --replace ${id}`;
  if (gate === "G4" || gate === "G9" || gate === "G10")
    return `${replace}   (without what may not be paid; custody-signer review says why)`;
  if (gate === "G7") return `${replace} --rates RATES   (lower)`;
  return "custody-signer review --in request.json   (says why, at the offline machine)";
}
