/** Short worlds of one course each, in which a planted defect shows that random ones would meet once in hundreds. */
import { ELSEWHERE } from "./elsewhere.ts";
import { LAPSED } from "./lapsed.ts";
import { reconcile } from "./moves/restore.ts";
import { ROW } from "./row.ts";
import { ask } from "./moves/queue.ts";
import { askQuietly, buildQuietly, exportQuietly, payQuietly, settleQuietly, signQuietly } from "./quiet.ts";
import { Inspection } from "./invariants/inspection.ts";
import type { Founded } from "./world/founding.ts";
import type { Host } from "./world/host.ts";
import type { Order } from "./world/orders.ts";
import { rest } from "./world/rest.ts";
import { World } from "./world/world.ts";

export const STORIES: Readonly<Record<string, (world: World) => Promise<void>>> = {
  ...ELSEWHERE,
  ...LAPSED,
  ...ROW,

  pay: async (world) => {
    await askQuietly(world);
    await payQuietly(world);
  },

  /** I4: what two signers have signed is replaced by a dearer plan. */
  replace: async (world) => {
    await askQuietly(world);
    await signQuietly(world, await exportQuietly(world));
    const plan = world.books.plans.at(-1)?.id ?? "";
    await largerCoin(world);
    await world.operate(`withdraw build --wallet vault --replace ${plan} --rates 20,40`);
  },

  /** F11: the only node that answers says that blocks hold what was sent. */
  "a liar alone": async (world) => {
    await askQuietly(world);
    await signQuietly(world, await exportQuietly(world));
    await world.call("once", "custody-watcher");
    world.nodes.forEach((node, place) => node.become(place === 0 ? "invents blocks" : "down"));
    for (let pass = 0; pass < 3; pass++) await world.call("once", "custody-watcher");
  },

  /** F9, I10: the lost hours have approved and signed what is called off now. */
  "cancel after a restore": async (world) => {
    const order = await askQuietly(world);
    await backUp(world);
    await signQuietly(world, await exportQuietly(world));
    await lose(world);
    await reconcile(world);
    await world.operate(`withdraw cancel ${order.id ?? ""}`);
  },

  /** F9: what stands signed in a backup may have been paid otherwise since. */
  "send after a restore": async (world) => {
    await askQuietly(world);
    await signQuietly(world, await exportQuietly(world));
    await backUp(world);
    await lose(world);
    await world.call("once", "custody-watcher");
  },

  /** F9, I5: a client asks again for what the lost hours have signed, and somebody who has the bytes sends them. */
  "ask after a restore": async (world) => {
    await askAgain(world);
    await settleQuietly(world);
    // The first is the cheapest rung of what was signed before the loss.
    const [bytes = new Uint8Array()] = world.known.values();
    const trouble = world.chain.offer(new Uint8Array(bytes));
    world.say(`somebody sends what was signed first → ${trouble ?? "taken"}`);
    world.chain.mine(world.now);
  },

  /** F9: signers take no other coins for it, and people build the payment over those of the lost plan. */
  "ask after a restore, over the lost coins": async (world) => {
    await askAgain(world);
    await rest(world);
  },

  /** F9: nobody wants it any more; the lost plan's coin comes back, and people vouch for that plan's death. */
  "call off after a restore": async (world) => {
    const order = await askAgain(world);
    await world.operate(`withdraw cancel ${order.id ?? ""}`);
    await rest(world);
  },

  /** F9: the lost hours have signed what is a draft in the backup, and is dropped now. */
  "drop after a restore": async (world) => {
    await dropSigned(world);
    await rest(world);
  },

  /** F9: nobody wants it any more; that the plan was dropped here says nothing of what signers hold. */
  "drop after a restore, and call off": async (world) => {
    const order = await dropSigned(world);
    await world.operate(`withdraw cancel ${order.id ?? ""}`);
    await rest(world);
  },
};

/** A draft leaves in hours that are lost; dropped afterwards, it is built over a coin that is larger. */
async function dropSigned(world: World): Promise<Order> {
  const order = await askQuietly(world);
  const plan = await buildQuietly(world);
  await backUp(world);
  await signQuietly(world, await exportQuietly(world));
  await lose(world);
  await reconcile(world);
  await world.operate(`withdraw drop ${plan}`);
  await ask(world, order);
  await largerCoin(world);
  await signQuietly(world, await exportQuietly(world));
  return order;
}

/** A client asks again for what the lost hours have signed; there is a larger coin by now, which is chosen. */
async function askAgain(world: World): Promise<Order> {
  await backUp(world);
  const order = await askQuietly(world);
  await signQuietly(world, await exportQuietly(world));
  await lose(world);
  await reconcile(world);
  await ask(world, order);
  await largerCoin(world);
  await signQuietly(world, await exportQuietly(world));
  return order;
}

/** @returns what is broken at the end of a story, and what is looked at of the world then */
export async function playStory<T>(
  name: string,
  { seed, host, founded }: { readonly seed: number; readonly host: Host; readonly founded: Founded },
  look: (world: World) => T,
): Promise<{ readonly broken: readonly string[]; readonly seen: T }> {
  const world = new World(seed, host, founded);
  try {
    await STORIES[name]?.(world);
    return { broken: new Inspection(world).inspect(), seen: look(world) };
  } finally {
    world.remove();
  }
}

/** Of choices that waste as little, whoever may choose anew takes the largest coin. */
async function largerCoin(world: World): Promise<void> {
  world.family.enrich(world.chain, world.house, world.now);
  for (let block = 0; block < 6; block++) world.chain.mine(world.now);
  await world.call("once", "custody-watcher");
}

const BACKUP = "home/backups/before.db";

async function backUp(world: World): Promise<void> {
  world.crashPercent = 0;
  await world.call(`db backup --out ${BACKUP}`);
}

async function lose(world: World): Promise<void> {
  world.loseDatabase(true);
  await world.call(`db restore ${BACKUP}`);
  world.clientsAskAnew();
}
