import { parseId } from "../../core/identifier.ts";
import type { Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { attemptsOf } from "../../store/attempts.ts";
import { getMovement, movementDecisionsOf, plansOfMovement } from "../../store/treasury.ts";
import { judgeMovement } from "../../treasury/evidence.ts";
import { haltsNow } from "../../withdrawals/evidence.ts";
import { requirePolicy, withOnline } from "../../home/online.ts";
import { READS } from "../../home/ports.ts";
import { describe, drawMovement, nextFor } from "./draw.ts";

export const run: Run = async (call) =>
  withOnline(call, (online) => {
    const { store } = online;
    const movement = getMovement(store, parseId(call.args[0] ?? "", "id"));
    const policy = requirePolicy(online);
    const about = { policy, now: call.io.now(), halts: haltsNow(READS, store, policy) };
    const verdict = judgeMovement({ ...READS, movementDecisionsOf }, store, movement, about);
    const waits = verdict.allowed ? undefined : `${verdict.rule}: ${verdict.why}`;
    const waiting = ["PENDING_APPROVAL", "COOLING", "READY"].includes(movement.state);
    const plans = plansOfMovement(store, movement).map(({ id, state }) => ({
      plan: id,
      state,
      attempts: attemptsOf(store, id).map(({ txid, rung, state: at }) => ({
        transaction: txid,
        rung,
        state: at,
      })),
    }));
    return {
      data: { ...describe(movement), ...(waiting && waits !== undefined ? { waits } : {}), plans },
      text: drawFacts([
        ...drawMovement(movement),
        ...(waiting && waits !== undefined ? [["waits", waits] as const] : []),
        ...plans.map(({ plan, state }) => ["plan", `${plan} ${state}`] as const),
        ...plans.flatMap(({ attempts }) =>
          attempts.map(({ transaction, state }) => ["transaction", `${transaction} ${state}`] as const),
        ),
      ]),
      next: nextFor(movement, plans.at(-1)?.plan),
    };
  });
