/**
 * What a new plan must not hold: the very transaction of another. Where what is paid, what is competed for and the fee are
 * all that there is to a transaction, as with an account's nonce, the same choices make the same bytes; one transaction is
 * one attempt of one plan, so that what becomes of it is told once.
 */
import type { ChainCodec, DecodedAttempts, WalletView } from "../../chains/adapter.ts";
import { allAttempts } from "../../chains/attempts.ts";
import { declareError } from "../../core/errors.ts";
import { PLAN_OVER } from "../../core/states/plan.ts";
import type { LifePorts } from "../ports.ts";
import type { PlanRow } from "../rows.ts";
import { attemptsAsBuilt } from "./plan-bytes.ts";
import type { PlanningPorts } from "./ports.ts";

export const PLAN_REPEATS = declareError(
  "PLAN_REPEATS",
  "conflict",
  "An attempt of a new plan is the very transaction that another plan holds already.",
);

/** @throws PLAN_REPEATS */
export function assertRepeatsNothing<Tx, Decoded>(
  ports: LifePorts<Tx> & PlanningPorts<Tx>,
  tx: Tx,
  codec: ChainCodec<Decoded>,
  view: WalletView,
  decoded: DecodedAttempts<Decoded>,
): void {
  const attempts = allAttempts(decoded);
  // The same transaction competes for the same keys, so that any one of them finds it.
  const [key = ""] = attempts[0]?.conflictKeys ?? [];
  for (const id of ports.plansOver(tx, key)) {
    const plan = ports.getPlan(tx, id);
    const known = namesOf(ports, tx, codec, view, plan);
    const place = attempts.findIndex(({ transaction }) => known.has(transaction));
    if (place < 0) continue;
    const which = place < decoded.rungs.length ? `rung ${place + 1}` : "the cancel rung";
    throw PLAN_REPEATS(`${which} is the very transaction that plan ${id} has`, {
      field: "--rates",
      hint: "name other --rates: at those of that plan there is nothing new to sign",
      details: { plan: id },
    });
  }
}

// What is signed is known by its name; what is not may be yet, unless its plan is over.
function namesOf<Tx, Decoded>(
  ports: LifePorts<Tx>,
  tx: Tx,
  codec: ChainCodec<Decoded>,
  view: WalletView,
  plan: PlanRow,
): ReadonlySet<string> {
  const signed = ports.attemptsOf(tx, plan.id).map(({ txid }) => txid);
  if (plan.state === "DROPPED" || PLAN_OVER.has(plan.state)) return new Set(signed);
  const built = attemptsAsBuilt(ports, tx, plan, { codec: () => codec, view: () => view });
  return new Set([...signed, ...allAttempts(built).map(({ transaction }) => transaction)]);
}
