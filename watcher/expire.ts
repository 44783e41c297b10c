import type { Id } from "../src/core/identifier.ts";
import { change } from "../src/home/online.ts";
import { OVERDUE_PORTS, PORTS } from "../src/home/ports.ts";
import type { Tx } from "../src/store/transaction.ts";
import { expire, overdueAt } from "../src/withdrawals/ending/expire.ts";
import { tried } from "./tried.ts";
import { WATCHER, type World } from "./world.ts";

/**
 * Moves what was not planned in time to where people see it and can ask anew. It needs no node. Each on its own: one that
 * cannot be moved must not keep the others from being sent and followed (F16).
 */
export async function expireAll(world: Pick<World, "online" | "log">): Promise<void> {
  const { online, log } = world;
  const now = online.call.io.now();
  for (const overdue of overdueAt(OVERDUE_PORTS, online.store, now)) {
    const { entity, id } = overdue;
    const move = (tx: Tx, operation: Id) => (expire(PORTS, tx, overdue, now) ? operation : undefined);
    const moved = await tried(world, { entity, id, step: "expire" }, () => change(online, move, WATCHER));
    if (!moved.done || moved.value === undefined) continue;
    const reason = `${entity} ${id} was not planned in time`;
    log({ event: "intent expired", level: "warn", operation: moved.value, reason });
  }
}
