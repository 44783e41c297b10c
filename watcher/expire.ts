import { isError } from "../src/core/errors.ts";
import { STATE_CONFLICT } from "../src/core/states/edges.ts";
import { change } from "../src/home/online.ts";
import { PORTS } from "../src/home/ports.ts";
import { overdueMovements, overdueWithdrawals } from "../src/store/overdue.ts";
import { expireDue } from "../src/withdrawals/expire.ts";
import { WATCHER, type World } from "./world.ts";

// One row that cannot be moved must not keep the others from being sent and followed (F16).
function tolerant<T>(log: World["log"], work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!isError(error, STATE_CONFLICT)) throw error;
    log({ event: "expiry failed", level: "error", reason: `${error.code}: ${error.message}` });
    return undefined;
  }
}

/** Moves what was not planned in time to where people see it and can ask anew. It needs no node. */
export function expireAll({ online, log }: Pick<World, "online" | "log">): void {
  const { store, call } = online;
  const now = call.io.now();
  if (overdueWithdrawals(store, now, 1).length + overdueMovements(store, now, 1).length === 0) return;
  const { expired, operation } = tolerant(log, () =>
    change(online, (tx, operation) => ({ expired: expireDue(PORTS, tx, now), operation }), WATCHER),
  ) ?? { expired: [], operation: undefined };
  for (const { entity, id } of expired)
    log({
      event: "intent expired",
      level: "warn",
      operation,
      reason: `${entity} ${id} was not planned in time`,
    });
}
