/**
 * A withdrawal that has not left the machine is stopped, by whoever works here (ON_HOLD) or by two of compliance (BLOCKED),
 * and goes on after it was screened again. All of it binds this host alone: what lies at signers is not called back by it.
 */
import type { Digest } from "../core/digest.ts";
import { declareError } from "../core/errors.ts";
import type { Name } from "../core/identifier.ts";
import { STATE_CONFLICT } from "../core/states/edges.ts";
import type { WithdrawalState } from "../core/states/withdrawal.ts";
import { advance, type Advanced } from "./advance.ts";
import type { JudgeAbout } from "./evidence.ts";
import { dropPlan } from "./export.ts";
import type { WithdrawalPorts, WithdrawalRow } from "./ports.ts";
import { revoke } from "./revoke.ts";
import { isInvalid, screen } from "./screen.ts";
import { stepWithdrawal } from "./step.ts";

export const HOLD_TOO_LATE = declareError(
  "HOLD_TOO_LATE",
  "conflict",
  "A withdrawal cannot be put on hold any more: its plan has left the machine, or it has ended.",
);

const HOLDABLE: ReadonlySet<WithdrawalState> = new Set(["PENDING_APPROVAL", "COOLING", "READY", "PLANNED"]);

/**
 * Puts a withdrawal on hold. A plan of it that was not exported is dropped: it could never leave with this member in it, and
 * its others are ready again.
 * @throws HOLD_TOO_LATE
 */
export function holdWithdrawal<Tx>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
  code: Name,
): WithdrawalRow {
  const { id, state, plan } = withdrawal;
  if (!HOLDABLE.has(state)) {
    throw HOLD_TOO_LATE(`withdrawal ${id} is ${state}`, {
      field: "withdrawal.state",
      hint: `custody withdraw show ${id}   (custody withdraw cancel ${id} ends what has left, by law 3)`,
      details: { state },
    });
  }
  if (state === "PLANNED" && plan !== undefined) dropPlan(ports, tx, ports.getPlan(tx, plan));
  return stepWithdrawal(ports, tx, ports.getWithdrawal(tx, id), { type: "held", code });
}

/**
 * Screens a withdrawal on hold again, and puts it where its documents carry it: it goes on, stays on hold for what still
 * speaks against it, or ends, if it can never be paid as it was asked for or somebody has said no meanwhile.
 * @throws STATE_CONFLICT
 */
export function unholdWithdrawal<Tx>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
  about: Omit<JudgeAbout, "halts">,
): Advanced {
  const { id, state } = withdrawal;
  if (state !== "ON_HOLD") {
    throw STATE_CONFLICT(`withdrawal ${id} is ${state}, not ON_HOLD`, {
      field: "withdrawal.state",
      hint:
        state === "BLOCKED"
          ? `custody withdraw unblock ${id} --code CODE --out warrant.json`
          : `custody withdraw show ${id}`,
      details: { entity: "withdrawal", from: state },
    });
  }
  const screening = stepWithdrawal(ports, tx, withdrawal, { type: "screening" });
  // A halt stops what is built and sent, not what is judged; under it nobody could tell where this one belongs.
  const judging = { ...about, halts: [] };
  const verdict = screen(ports, tx, screening, judging);
  const policy = about.policy.body;
  const ended = (end: "rejected" | "invalid", reason: string) =>
    ({ withdrawal: revoke(ports, tx, screening, { end, reason, policy }), verdict }) as const;
  if (!verdict.allowed) {
    if (verdict.rule === "REJECTED" || verdict.rule === "CLEARANCE_REFUSED")
      return ended("rejected", verdict.why);
    if (isInvalid(ports, tx, screening, verdict, about.now))
      return ended("invalid", `${verdict.rule}: ${verdict.why}`);
  }
  return advance(ports, tx, screening, judging);
}

/**
 * Freezes what a withdrawal holds: two of compliance have confirmed a hit. What is not on hold yet is put there first.
 * @param warrant checked to allow exactly this, and used up in the same transaction
 * @throws HOLD_TOO_LATE
 */
export function blockWithdrawal<Tx>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
  { code, warrant }: { readonly code: Name; readonly warrant: Digest },
): WithdrawalRow {
  const held = withdrawal.state === "ON_HOLD" ? withdrawal : holdWithdrawal(ports, tx, withdrawal, code);
  return stepWithdrawal(ports, tx, held, { type: "blocked", code, warrant });
}

/**
 * Unfreezes what a withdrawal holds: it is ON_HOLD again, to be screened.
 * @throws STATE_CONFLICT
 */
export function unblockWithdrawal<Tx>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
  code: Name,
): WithdrawalRow {
  return stepWithdrawal(ports, tx, withdrawal, { type: "unblocked", code });
}
