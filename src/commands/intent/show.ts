import { OPEN } from "../../core/states/stages.ts";
import { splitAccount } from "../../core/account.ts";
import { parseId } from "../../core/identifier.ts";
import type { PolicyDocument } from "../../core/policy/policy.ts";
import type { Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { attemptsOf } from "../../store/attempts.ts";
import { rungSignaturesOf } from "../../store/receipts.ts";
import { getMovement, movementDecisionsOf, plansOfMovement } from "../../store/treasury.ts";
import { openMovement } from "../../treasury/close.ts";
import { judgeMovement, movementEvidence } from "../../treasury/evidence.ts";
import { signedMessage, type SignedMessage } from "../../treasury/message.ts";
import type { MovementRow } from "../../treasury/ports.ts";
import { haltsNow } from "../../withdrawals/deciding/evidence.ts";
import { requirePolicy, withOnline, type Online } from "../../home/online.ts";
import { planReading } from "../../home/plan-reading.ts";
import { READS } from "../../home/ports.ts";
import { describe, drawMovement, wordsData, wordsFacts, nextFor } from "./draw.ts";

export const run: Run = async (call) =>
  withOnline(call, (online) => {
    const { store } = online;
    const movement = getMovement(store, parseId(call.args[0] ?? "", "id"));
    const policy = requirePolicy(online);
    const about = { policy, now: call.io.now(), halts: haltsNow(READS, store) };
    const verdict = judgeMovement({ ...READS, movementDecisionsOf }, store, movement, about);
    const denied = verdict.allowed ? undefined : `${verdict.rule}: ${verdict.why}`;
    const reads = { ...READS, movementDecisionsOf, plansOfMovement };
    const waits = movement.state === "REVOKING" ? openMovement(reads, store, movement) : denied;
    const waiting = [...OPEN, "REVOKING"].includes(movement.state);
    const plans = plansOfMovement(store, movement).map(({ id, state }) => ({
      plan: id,
      state,
      attempts: attemptsOf(store, id).map(({ txid, rung, state: at }) => ({
        transaction: txid,
        rung,
        state: at,
      })),
    }));
    const { intent } = movementEvidence({ ...READS, movementDecisionsOf }, store, movement);
    const signed = signedHere(online, policy, movement);
    return {
      data: {
        ...describe(movement),
        ...wordsData(intent.body),
        ...(waiting && waits !== undefined ? { waits } : {}),
        plans,
        ...(signed === undefined
          ? {}
          : {
              address: splitAccount(signed.account).address,
              shown: signed.coins,
              signature: signed.signature,
            }),
      },
      text: drawFacts([
        ...drawMovement(movement),
        ...wordsFacts(intent.body),
        ...(waiting && waits !== undefined ? [["waits", waits] as const] : []),
        ...plans.map(({ plan, state }) => ["plan", `${plan} ${state}`] as const),
        ...plans.flatMap(({ attempts }) =>
          attempts.map(({ transaction, state }) => ["transaction", `${transaction} ${state}`] as const),
        ),
        ...(signed === undefined
          ? []
          : ([
              ["address", splitAccount(signed.account).address],
              ["coins shown", String(signed.coins)],
              ["signature", signed.signature],
            ] as const)),
      ]),
      next: nextFor(movement, plans.at(-1)?.plan),
    };
  });

// Only of a wallet that the policy still has: without its descriptor nobody can say which signatures complete it.
function signedHere(
  online: Online,
  policy: PolicyDocument,
  movement: MovementRow,
): SignedMessage | undefined {
  const { store } = online;
  if (!policy.body.wallets.some(({ name }) => name === movement.wallet)) return undefined;
  const ports = { ...READS, plansOfMovement, rungSignaturesOf };
  return signedMessage(ports, store, movement, planReading(store, policy, movement));
}
