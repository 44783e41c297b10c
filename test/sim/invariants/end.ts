/** What must be true when a world has come to rest: each client was paid once or has its money back, and nothing hangs. */
import type { World } from "../world/world.ts";

const RELEASED: ReadonlySet<string> = new Set(["REJECTED", "CANCELLED", "INVALID"]);

export async function checkEnd(world: World, ended: boolean): Promise<readonly string[]> {
  const { books, orders } = world;
  const open = books.withdrawals.filter(
    ({ state }) => state !== "COMPLETED" && state !== "BLOCKED" && !RELEASED.has(state),
  );
  const hanging = ended
    ? []
    : open.map(
        ({ id, state, reason }) =>
          `END: withdrawal ${id} hangs in ${state}${reason === null ? "" : ` (${reason})`}`,
      );
  const wrong = orders.flatMap((order) => {
    const times = world.paid(order);
    const row = books.withdrawals.find(({ id }) => id === order.id);
    if (row === undefined) return times === 0 ? [] : [`END: order ${order.key} was refused and is paid`];
    if (row.state === "COMPLETED" && times !== 1)
      return [`END: ${row.id} is COMPLETED, the chain pays it ${times} times`];
    // What was signed in hours that a disk has lost is a loss that people book: the client is paid, once.
    if (RELEASED.has(row.state) && times !== 0 && !world.forgotten.has(order.key))
      return [`END: ${row.id} is ${row.state}, the chain pays it`];
    return [];
  });
  const unknown = books.withdrawals
    .filter(({ id }) => !orders.some((order) => order.id === id))
    .map(({ id }) => `END: nobody asked for ${id}`);
  const unbooked = ended
    ? []
    : books.foreignSpends
        .filter((id) => world.lossesBooked.get(id) !== (world.chain.blockOf(id) !== undefined))
        .map((id) => `END: what transaction ${id} took is not in the books`);
  const uneven = ended ? await compared(world) : [];
  return [...hanging, ...unbooked, ...wrong, ...unknown, ...(await verify(world)), ...uneven];
}

/** What the chain says that the wallet holds is what the books say. */
async function compared(world: World): Promise<readonly string[]> {
  const result = await world.call("ledger reconcile");
  const verdict = result === "crashed" ? result : result.data?.verdict;
  return verdict === "even" ? [] : [`END: custody ledger reconcile: ${JSON.stringify(result)}`];
}

/** The programs' own verdicts on books, log and file. */
export async function verify(world: World): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const line of ["ledger verify", "audit verify", "db check"]) {
    const result = await world.call(line);
    if (result === "crashed" || result.exit !== 0)
      broken.push(`END: custody ${line}: ${JSON.stringify(result)}`);
  }
  return broken;
}
