/** One payment without trouble, step by step: what the tests of the simulator's own parts begin with. */
import type { Order } from "./world/orders.ts";
import type { World } from "./world/world.ts";
import { arrive } from "./moves/gap.ts";
import { ask, exportPlan, unitsOf } from "./moves/queue.ts";
import { APPROVERS } from "./world/house.ts";
import { decisionOf, readIntent } from "./world/people.ts";
import { sign } from "./world/signing.ts";

/** A customer of `world` asks for 0.04000001; nobody dies and nothing is lost from here on. */
export async function askQuietly(world: World): Promise<Order> {
  world.crashPercent = 0;
  const [customer] = world.customers;
  const order: Order = {
    key: "order-1",
    ref: customer?.ref ?? "",
    address: customer?.destinations[0] ?? "",
    units: unitsOf(world, 4_000_001),
    id: undefined,
  };
  world.orders.push(order);
  await ask(world, order);
  return order;
}

/** It is approved and built. @returns the newest plan */
export async function buildQuietly(world: World): Promise<string> {
  const [withdrawal] = world.books.withdrawals;
  const intent = withdrawal === undefined ? undefined : await readIntent(world, withdrawal);
  if (intent === undefined) throw new Error("the request is not stored");
  for (const who of APPROVERS)
    world.gap.push({ what: "approval", to: "online", bytes: decisionOf(world, intent, who, "approve") });
  await arrive(world, world.gap.splice(0));
  await world.operate("withdraw build --wallet vault --rates 6,12");
  return world.books.plans.at(-1)?.id ?? "";
}

/** It is approved, built and exported. @returns the request */
export async function exportQuietly(world: World): Promise<Uint8Array> {
  const plan = await buildQuietly(world);
  await exportPlan(world, plan);
  world.gap.splice(0);
  const request = world.requests.get(plan);
  if (request === undefined) throw new Error(`nothing was exported: ${world.story.slice(-3).join("\n")}`);
  return request;
}

/** As many signers as are needed sign a request, if they do; their receipts arrive. */
export async function signQuietly(world: World, request: Uint8Array): Promise<void> {
  for (let signer = 0; signer < world.family.ground.quorum.threshold; signer++) sign(world, signer, request);
  await arrive(world, world.gap.splice(0));
}

/** All that is done for a payment, from its approval until it is settled. */
export async function payQuietly(world: World): Promise<void> {
  await signQuietly(world, await exportQuietly(world));
  await settleQuietly(world);
}

/** The watcher looks, and blocks are found. */
export async function settleQuietly(world: World): Promise<void> {
  for (let block = 0; block < 4; block++) {
    await world.call("once", "custody-watcher");
    world.chain.mine(world.now);
  }
  await world.call("once", "custody-watcher");
}
