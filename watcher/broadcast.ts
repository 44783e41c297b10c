/**
 * Sending. The bytes and the intention to send them are durable before the first byte leaves (law 6); whatever
 * happens then, only the same bytes are ever sent again (failures F2, F3, F4).
 */
import type { BroadcastOutcome } from "../src/chains/adapter.ts";
import type { Id } from "../src/core/identifier.ts";
import { change } from "../src/home/online.ts";
import { attemptsIn, getAttempt, observeAttempt } from "../src/store/attempts.ts";
import { follow } from "./follow.ts";
import { WATCHER, type World } from "./world.ts";

/** Sends every attempt that is signed, or whose sending has no known outcome. */
export async function broadcastAll(world: World): Promise<void> {
  for (const id of attemptsIn(world.online.store, "SIGNED", "BROADCASTING", "UNCERTAIN"))
    await broadcast(world, id);
}

async function broadcast({ online, node, log }: World, id: Id): Promise<void> {
  const { state, bytes, txid } = getAttempt(online.store, id);
  // A state of BROADCASTING here means that an earlier run ended between sending and recording.
  if (state !== "BROADCASTING") {
    change(
      online,
      (tx) => follow(tx, id, "BROADCASTING", state === "SIGNED" ? "sending" : "sending again"),
      WATCHER,
    );
  }
  const outcome = await node.broadcast(bytes);
  const operation = change(
    online,
    (tx, operation) => {
      observeAttempt(tx, id, { error: reasonOf(outcome) });
      follow(tx, id, outcome.type === "accepted" ? "BROADCAST" : "UNCERTAIN", EVENTS[outcome.type]);
      return operation;
    },
    WATCHER,
  );
  log({
    event: EVENTS[outcome.type],
    level: outcome.type === "accepted" ? "info" : "warn",
    operation,
    transaction: txid,
    reason: reasonOf(outcome),
  });
}

/** A rejection is what one node said today; it proves nothing about the transaction, so it is an unknown outcome too. */
const EVENTS: Readonly<Record<BroadcastOutcome["type"], string>> = {
  accepted: "broadcast",
  rejected: "refused by node",
  uncertain: "outcome unknown",
};

function reasonOf(outcome: BroadcastOutcome): string | undefined {
  return outcome.type === "accepted" ? undefined : outcome.reason;
}
