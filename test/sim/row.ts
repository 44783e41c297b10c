/** Stories of numbers in a row (law 4): what holds one and never uses it keeps all later ones waiting. */
import { arrive } from "./moves/gap.ts";
import { ask, exportPlan, unitsOf } from "./moves/queue.ts";
import { close, sign } from "./world/signing.ts";
import { leadMovement, takeBack } from "./moves/treasury.ts";
import { askQuietly, settleQuietly, signQuietly, exportQuietly } from "./quiet.ts";
import { APPROVERS } from "./world/house.ts";
import { decisionOf, readIntent } from "./world/people.ts";
import type { Order } from "./world/orders.ts";
import type { World } from "./world/world.ts";

export const ROW: Readonly<Record<string, (world: World) => Promise<void>>> = {
  /** F07: the first is called off and never used; people use its number up, and the second is paid. */
  "a gap is filled": async (world) => {
    await leaveGap(world);
    const dead = world.books.plans.find(({ state }) => state === "DEAD");
    if (dead === undefined) throw new Error(`nothing is dead: ${world.story.slice(-5).join("\n")}`);
    await settleQuietly(world);
    world.pass(2400);
    await world.call("once", "custody-watcher");
    const status = await world.call("status");
    const asked = `custody intent new --type cancel --plan ${dead.id}`;
    if (!JSON.stringify(status).includes(asked)) throw new Error("no alert says what is waited for");
    await takeBack(world, dead);
    for (let step = 0; step < 3; step++) {
      await leadMovement(world);
      await arrive(world, world.gap.splice(0));
    }
    const filling = world.books.plans.at(-1)?.id ?? "";
    await exportPlan(world, filling);
    for (const carried of world.gap.splice(0)) await arrive(world, [carried]);
    await arrive(world, world.gap.splice(0));
    await settleQuietly(world);
  },

  /** The next payment takes the number that nothing has used. */
  "a gap is taken": async (world) => {
    await leaveGap(world);
    const order = await askAnother(world, "order-3", 5_000_003);
    await approve(world, order);
    await world.operate("withdraw build --wallet vault --rates 6,12");
    await signQuietly(world, await exported(world));
    await settleQuietly(world);
  },

  /** At the same rates the same number and payment are the same transaction: there is nothing new to sign. */
  "replaced by itself": async (world) => {
    await askQuietly(world);
    await exportQuietly(world);
    const [plan] = world.books.plans;
    await world.operate(`withdraw build --wallet vault --replace ${plan?.id ?? ""} --rates 6,12`);
    await world.operate(`withdraw build --wallet vault --replace ${plan?.id ?? ""} --rates 20,40`);
    await signQuietly(world, await exported(world));
    await settleQuietly(world);
  },
};

/** Two plans, one after the other in the row; the first is closed by its signers before it is signed, the second is sent. */
async function leaveGap(world: World): Promise<void> {
  const first = await askQuietly(world);
  const second = await askAnother(world, "order-2", 5_000_002);
  for (const order of [first, second]) await approve(world, order);
  for (let plans = 0; plans < 2; plans++) {
    await world.operate("withdraw build --wallet vault --max 1 --rates 6,12");
    await exportPlan(world, world.books.plans.at(-1)?.id ?? "");
  }
  const [, later] = world.books.plans;
  world.gap.splice(0);
  await world.operate(`withdraw cancel ${first.id ?? ""}`);
  const intent = await intentOf(world, first);
  for (const signer of world.machines.keys()) close(world, signer, intent);
  const request = world.requests.get(later?.id ?? "") ?? new Uint8Array();
  for (let signer = 0; signer < world.family.ground.quorum.threshold; signer++) sign(world, signer, request);
  await arrive(world, world.gap.splice(0));
}

async function askAnother(world: World, key: string, satoshis: number): Promise<Order> {
  const [, customer] = world.customers;
  const order: Order = {
    key,
    ref: customer?.ref ?? "",
    address: customer?.destinations[0] ?? "",
    units: unitsOf(world, satoshis),
    id: undefined,
  };
  world.orders.push(order);
  await ask(world, order);
  return order;
}

async function intentOf(world: World, order: Order) {
  const withdrawal = world.books.withdrawals.find(({ id }) => id === order.id);
  const intent = withdrawal && (await readIntent(world, withdrawal));
  if (intent === undefined) throw new Error(`order ${order.key} is not stored`);
  return intent;
}

async function approve(world: World, order: Order): Promise<void> {
  const intent = await intentOf(world, order);
  for (const who of APPROVERS)
    world.gap.push({ what: "approval", to: "online", bytes: decisionOf(world, intent, who, "approve") });
  await arrive(world, world.gap.splice(0));
}

/** The newest plan's request. */
async function exported(world: World): Promise<Uint8Array> {
  const plan = world.books.plans.at(-1)?.id ?? "";
  await exportPlan(world, plan);
  world.gap.splice(0);
  const request = world.requests.get(plan);
  if (request === undefined) throw new Error(`nothing was exported: ${world.story.slice(-3).join("\n")}`);
  return request;
}
