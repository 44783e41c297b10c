/** From waiting to ready, and back: looked at whenever something is said about a withdrawal, and before a batch is built. */
import type { Evaluation } from "../../core/policy/evaluate.ts";
import type { WithdrawalEvent } from "../../core/states/withdrawal-events.ts";
import type { WithdrawalState } from "../../core/states/withdrawal-states.ts";
import { JUDGED } from "../../core/states/withdrawal.ts";
import type { JudgeAbout } from "./evidence.ts";
import type { LifePorts } from "../ports.ts";
import type { DecidingPorts } from "./ports.ts";
import type { WithdrawalRow } from "../rows.ts";
import { holdCode, holdsBack, screen, type Screened } from "./screen.ts";
import { stepWithdrawal } from "../step.ts";

export type Advanced = {
  readonly withdrawal: WithdrawalRow;
  /** Undefined where it does not wait for decisions. */
  readonly verdict: Screened | undefined;
};

/**
 * Puts a waiting withdrawal where its documents carry it: COOLING once a quorum has approved, READY once it is also
 * released and cleared, back where signatures have lapsed, EXPIRED when its intent has ended. What speaks against paying
 * it at all puts it ON_HOLD: it is never passed over in silence (F25).
 */
export function advance<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
  about: JudgeAbout,
): Advanced {
  if (!JUDGED.has(withdrawal.state)) return { withdrawal, verdict: undefined };
  const verdict = screen(ports, tx, withdrawal, about);
  const event = eventFor(withdrawal.state, verdict);
  return {
    withdrawal: event === undefined ? withdrawal : stepWithdrawal(ports, tx, withdrawal, event),
    verdict,
  };
}

function eventFor(state: WithdrawalState, verdict: Screened): WithdrawalEvent | undefined {
  if (!verdict.allowed && holdsBack(verdict)) return { type: "held", code: holdCode(verdict) };
  const type = carriedTo(state, verdict);
  if (type !== undefined) return { type };
  // Nothing rests in SCREENING: it is admitted to the approvals, or stays on hold for whatever it was denied.
  if (state !== "SCREENING" || verdict.allowed) return undefined;
  return verdict.rule === "QUORUM_NOT_MET" ? { type: "admitted" } : { type: "held", code: holdCode(verdict) };
}

type Carried =
  | "approved, waits"
  | "approved"
  | "released"
  | "approvals lapsed"
  | "release lapsed"
  | "intent expired";

/** What a verdict does to what waits in `state`, a withdrawal or a movement; undefined where it stays. */
export function carriedTo(state: WithdrawalState, verdict: Evaluation | Screened): Carried | undefined {
  const approved = state === "COOLING" || state === "READY";
  if (verdict.allowed) {
    if (state === "READY") return undefined;
    return state === "COOLING" ? "released" : "approved";
  }
  switch (verdict.rule) {
    case "NOT_RELEASED":
    case "CLEARANCE_MISSING":
      if (state === "COOLING") return undefined;
      return state === "READY" ? "release lapsed" : "approved, waits";
    // An approval has a life of its own, shorter than the intent's: the same intent is approved again.
    case "QUORUM_NOT_MET":
      return approved ? "approvals lapsed" : undefined;
    case "INTENT_EXPIRED":
      return "intent expired";
    default:
      return undefined;
  }
}
