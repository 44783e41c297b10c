import { change } from "../src/home/online.ts";
import { PORTS } from "../src/home/ports.ts";
import { overdueMovements, overdueWithdrawals } from "../src/store/overdue.ts";
import { expireDue } from "../src/withdrawals/expire.ts";
import { WATCHER, type World } from "./world.ts";

/** Moves what was not planned in time to where people see it and can ask anew. It needs no node. */
export function expireAll({ online, log }: Pick<World, "online" | "log">): void {
  const { store, call } = online;
  const now = call.io.now();
  if (overdueWithdrawals(store, now, 1).length + overdueMovements(store, now, 1).length === 0) return;
  const { expired, operation } = change(
    online,
    (tx, operation) => ({ expired: expireDue(PORTS, tx, now), operation }),
    WATCHER,
  );
  for (const { entity, id } of expired)
    log({
      event: "intent expired",
      level: "warn",
      operation,
      reason: `${entity} ${id} was not planned in time`,
    });
}
