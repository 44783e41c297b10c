/** From waiting to ready: looked at whenever something is said about a withdrawal, and again when a batch is built. */
import type { Verdict, JudgeAbout } from "./evidence.ts";
import { judgeWithdrawal } from "./evidence.ts";
import type { WithdrawalPorts, WithdrawalRow } from "./ports.ts";
import { stepWithdrawal } from "./step.ts";

/** What a quorum that has approved still waits for. */
const AFTER_APPROVAL: ReadonlySet<string> = new Set(["NOT_RELEASED", "CLEARANCE_MISSING"]);

export type Advanced = {
  readonly withdrawal: WithdrawalRow;
  /** Undefined where it does not wait for decisions. */
  readonly verdict: Verdict | undefined;
};

/**
 * Moves a waiting withdrawal as far as it may go: COOLING once a quorum has approved, READY once it is also released and
 * cleared. What denies it now (a halt, KYC, a destination not in force yet) leaves it where it is.
 */
export function advance<Tx>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
  about: JudgeAbout,
): Advanced {
  if (withdrawal.state !== "PENDING_APPROVAL" && withdrawal.state !== "COOLING")
    return { withdrawal, verdict: undefined };
  const verdict = judgeWithdrawal(ports, tx, withdrawal, about);
  if (verdict.allowed) {
    const event = withdrawal.state === "COOLING" ? "released" : "approved";
    return { withdrawal: stepWithdrawal(ports, tx, withdrawal, { to: "READY", event }), verdict };
  }
  if (withdrawal.state === "PENDING_APPROVAL" && AFTER_APPROVAL.has(verdict.rule))
    return {
      withdrawal: stepWithdrawal(ports, tx, withdrawal, { to: "COOLING", event: "approved" }),
      verdict,
    };
  return { withdrawal, verdict };
}
