/** One payment without trouble, step by step: what the tests of the simulator's own parts begin with. */
import type { Order, World } from "./world/world.ts";
import { arrive } from "./moves/gap.ts";
import { ask, exportPlan } from "./moves/queue.ts";
import { APPROVERS } from "./world/house.ts";
import { decisionOf, readIntent } from "./world/people.ts";

/** A customer of `world` asks for 0.04000001; nobody dies and nothing is lost from here on. */
export async function askQuietly(world: World): Promise<Order> {
  world.crashPercent = 0;
  const [customer] = world.customers;
  const order: Order = {
    key: "order-1",
    ref: customer?.ref ?? "",
    address: customer?.destinations[0] ?? "",
    units: 4_000_001n,
    id: undefined,
  };
  world.orders.push(order);
  await ask(world, order);
  return order;
}

/** It is approved, built, signed by two signers, sent and settled. */
export async function payQuietly(world: World): Promise<void> {
  const [withdrawal] = world.books.withdrawals;
  const intent = withdrawal === undefined ? undefined : await readIntent(world, withdrawal);
  if (intent === undefined) throw new Error("the request is not stored");
  for (const who of APPROVERS.slice(0, 2))
    world.gap.push({ what: "approval", to: "online", bytes: decisionOf(world, intent, who, "approve") });
  await arrive(world, world.gap.splice(0));
  await world.operate("withdraw build --wallet vault --rates 6,12");
  await exportPlan(world, world.books.plans.at(-1)?.id ?? "");
  await arrive(world, world.gap.splice(0, 2));
  await arrive(
    world,
    world.gap.splice(0).filter(({ to }) => to === "online"),
  );
  for (let block = 0; block < 4; block++) {
    await world.call("once", "custody-watcher");
    world.chain.mine(world.now);
  }
  await world.call("once", "custody-watcher");
}
