/** What is answered to a receipt that brings signatures. */
import { rungName, rungOf } from "../../chains/attempts.ts";
import { attemptsOf } from "../../store/attempts.ts";
import type { Reader } from "../../store/statement.ts";
import type { Outcome } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import type { Received } from "../../withdrawals/crossing/receive.ts";

/** A message goes to no node: its signature is what was wanted. */
export const MESSAGE_SIGNED = "custody intent list --state COMPLETED   (then: custody intent show ID)";

/** Each complete attempt by its rung: the dearer ones are kept until they are wanted. */
export function drawSigned(reader: Reader, { signer, plans: received }: Received): Outcome {
  const plans = received.map((plan) => ({
    ...plan,
    rungs: new Map<string, string>(
      attemptsOf(reader, plan.plan.id).map((each) => [each.txid, rungName(rungOf(each))]),
    ),
  }));
  const transactions = plans.flatMap(({ complete }) => complete);
  const messages = plans.filter(({ plan: { state } }) => state === "ATTESTED");
  const waiting = plans.filter((plan) => plan.complete.length === 0 && !messages.includes(plan));
  return {
    data: {
      outcome: "signed",
      signer,
      plans: plans.map(({ plan: { id, state }, complete }) => ({ plan: id, state, complete: [...complete] })),
      transactions,
    },
    text: drawFacts([
      ["signer", `${signer} signed; every signature was verified here`],
      ...plans.map(({ plan: { id, state } }) => ["plan", `${id} is ${state}`] as const),
      ...plans.flatMap(({ rungs, complete }) =>
        complete.map((id) => [rungs.get(id) ?? "transaction", id] as const),
      ),
      ...waiting.map(({ plan: { id } }) => ["waits", `plan ${id} for the wallet's other signers`] as const),
    ]),
    next:
      waiting.length > 0
        ? "custody withdraw import receipt.json   (of the next signer, for the same request)"
        : messages.length > 0
          ? MESSAGE_SIGNED
          : "custody-watcher once",
  };
}
