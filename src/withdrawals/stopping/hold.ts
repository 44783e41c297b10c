/**
 * A withdrawal that has not left the machine is stopped, by whoever works here (ON_HOLD) or by two of compliance (BLOCKED),
 * and goes on after it was screened again. What is being revoked or has lapsed is blocked as well: a hit stands in the way of
 * giving its money back. All of it binds this host alone: what lies at signers is not called back by it.
 */
import type { Digest } from "../../core/digest.ts";
import { declareError } from "../../core/errors.ts";
import type { Name } from "../../core/identifier.ts";
import type { Policy } from "../../core/policy/policy.ts";
import { STATE_CONFLICT } from "../../core/states/edges.ts";
import { UNEXPORTED } from "../../core/states/stages.ts";
import type { WithdrawalState } from "../../core/states/withdrawal-states.ts";
import { FREEZABLE } from "../../core/states/withdrawal.ts";
import { advance, type Advanced } from "../deciding/advance.ts";
import { standingNo, type JudgeAbout } from "../deciding/evidence.ts";
import { dropPlan } from "../crossing/export.ts";
import type { LifePorts } from "../ports.ts";
import type { DecidingPorts } from "../deciding/ports.ts";
import type { WithdrawalRow } from "../rows.ts";
import { releaseIfClosed, revoke } from "../ending/revoke.ts";
import { isInvalid, screen } from "../deciding/screen.ts";
import { stepWithdrawal } from "../step.ts";

export const HOLD_TOO_LATE = declareError(
  "HOLD_TOO_LATE",
  "conflict",
  "A withdrawal cannot be put on hold any more: its plan has left the machine, or it has ended.",
);

export const HOLD_OF_ANOTHER = declareError(
  "HOLD_OF_ANOTHER",
  "denied",
  "A withdrawal was put on hold by somebody else: that person lifts it, or two of compliance do.",
);

const HOLDABLE: ReadonlySet<WithdrawalState> = new Set(UNEXPORTED);

/**
 * Puts a withdrawal on hold. A plan of it that was not exported is dropped: it could never leave with this member in it, and
 * its others are ready again.
 * @param by who does it by hand, and may lift it alone
 * @throws HOLD_TOO_LATE
 */
export function holdWithdrawal<Tx>(
  ports: LifePorts<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
  code: Name,
  by?: string,
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
  return stepWithdrawal(ports, tx, ports.getWithdrawal(tx, id), { type: "held", code, by });
}

/**
 * Screens a withdrawal on hold again, and puts it where its documents carry it: it goes on, stays on hold for what still
 * speaks against it, or ends, if it can never be paid as it was asked for or somebody has said no, in any generation.
 * @throws STATE_CONFLICT, HOLD_OF_ANOTHER
 */
export function unholdWithdrawal<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
  about: Omit<JudgeAbout, "halts"> & Lifting,
): Advanced {
  heldFor(withdrawal);
  assertMayLift(withdrawal, about);
  const screening = stepWithdrawal(ports, tx, withdrawal, { type: "screening" });
  // A halt stops what is built and sent, not what is judged; under it nobody could tell where this one belongs.
  const judging = { ...about, halts: [] };
  const verdict = screen(ports, tx, screening, judging);
  const ended = (end: "rejected" | "invalid", reason: string) =>
    revoke(ports, tx, screening, { end, reason, policy: about.policy.body });
  const no = standingNo(ports, tx, withdrawal);
  if (no !== undefined) {
    return { withdrawal: ended("rejected", no), verdict: { allowed: false, rule: "REJECTED", why: no } };
  }
  if (!verdict.allowed && isInvalid(ports, tx, screening, verdict, about.now))
    return { withdrawal: ended("invalid", `${verdict.rule}: ${verdict.why}`), verdict };
  return advance(ports, tx, screening, judging);
}

/** Why a withdrawal is on hold. @throws STATE_CONFLICT where it is not */
export function heldFor({ id, state, code }: Pick<WithdrawalRow, "id" | "state" | "code">): Name {
  if (state === "ON_HOLD" && code !== undefined) return code;
  throw STATE_CONFLICT(`withdrawal ${id} is ${state}, not ON_HOLD`, {
    field: "withdrawal.state",
    hint:
      state === "BLOCKED"
        ? `custody withdraw unblock ${id} --code CODE --out warrant.json`
        : `custody withdraw show ${id}`,
    details: { entity: "withdrawal", from: state },
  });
}

/** Who lifts a hold, and by what. */
type Lifting = {
  readonly by?: string | undefined;
  /** Checked to allow exactly this, and used up in the same transaction. */
  readonly warrant?: Digest | undefined;
};

// What a rule holds is screened at anybody's word, for the rule is asked again. What a person has stopped for a reason of
// their own no rule asks for.
function assertMayLift({ id, holder, code }: WithdrawalRow, { by, warrant }: Lifting): void {
  if (holder === undefined || holder === by || warrant !== undefined) return;
  throw HOLD_OF_ANOTHER(`withdrawal ${id} was put on hold by ${holder} (${code})`, {
    field: "withdrawal.holder",
    hint: `custody withdraw unhold ${id} --out warrant.json   (two of compliance sign it)`,
    details: { holder },
  });
}

/**
 * Freezes what a withdrawal holds: two of compliance have confirmed a hit. What is not on hold yet is put there first.
 * @param warrant checked to allow exactly this, and used up in the same transaction
 * @throws HOLD_TOO_LATE
 */
export function blockWithdrawal<Tx>(
  ports: LifePorts<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
  { code, warrant }: { readonly code: Name; readonly warrant: Digest },
): WithdrawalRow {
  // What has lapsed or is being revoked cannot be put on hold, and its hold may be released at any time by law 3.
  const stopped = FREEZABLE.has(withdrawal.state);
  const held = stopped ? withdrawal : holdWithdrawal(ports, tx, withdrawal, code);
  return stepWithdrawal(ports, tx, held, { type: "blocked", code, warrant });
}

/**
 * Unfreezes what a withdrawal holds: it is ON_HOLD again, to be screened. What was revoked is REVOKING again, and released at
 * once if its family was closed meanwhile (law 3); what can never settle as it was signed is EXPIRED (law 4).
 * @throws STATE_CONFLICT
 */
export function unblockWithdrawal<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
  { code, policy }: { readonly code: Name; readonly policy: Policy },
): WithdrawalRow {
  const { reason, plan } = withdrawal;
  if (reason !== undefined) {
    const revoking = stepWithdrawal(ports, tx, withdrawal, { type: "unblocked, not wanted" });
    return releaseIfClosed(ports, tx, revoking, policy);
  }
  const state = plan === undefined ? undefined : ports.getPlan(tx, plan).state;
  const over = state === "CANCELLED" || state === "DEAD";
  if (!over) return stepWithdrawal(ports, tx, withdrawal, { type: "unblocked", code });
  const expired = stepWithdrawal(ports, tx, withdrawal, { type: "unblocked, expired" });
  // Nothing screens it from here: a no that came while it was frozen is heard at once.
  const no = standingNo(ports, tx, expired);
  return no === undefined ? expired : revoke(ports, tx, expired, { end: "rejected", reason: no, policy });
}
