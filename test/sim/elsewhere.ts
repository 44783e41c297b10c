/** Stories of a payment that people made with another maker's program, over the coins of a plan that is signed here. */
import { arrive } from "./moves/gap.ts";
import { judgePayments } from "./moves/foreign.ts";
import { reconcile } from "./moves/restore.ts";
import { askQuietly, exportQuietly, signQuietly } from "./quiet.ts";
import { rest } from "./world/rest.ts";
import type { World } from "./world/world.ts";

export const ELSEWHERE: Readonly<Record<string, (world: World) => Promise<void>>> = {
  /** F3: two admins say that it was paid. */
  "paid elsewhere": async (world) => {
    await payElsewhereQuietly(world, false);
    await judgeQuietly(world);
  },

  /** F3, F10: it was, and is not any more: nothing else pays it before they have said so. */
  "paid elsewhere, then reorganised": async (world) => {
    await payElsewhereQuietly(world, false);
    await judgeQuietly(world);
    world.chain.reorganise(6, world.now, [], true);
    await world.call("once", "custody-watcher");
    await judgeQuietly(world);
  },

  /** F3: by one satoshi another payment, which is the house's loss; the client is paid all the same. */
  "paid elsewhere by mistake": async (world) => {
    await payElsewhereQuietly(world, true);
    await rest(world);
  },
};

async function payElsewhereQuietly(world: World, mistaken: boolean): Promise<void> {
  await askQuietly(world);
  await signQuietly(world, await exportQuietly(world));
  world.keep();
  const [bytes = new Uint8Array()] = world.known.values();
  const other = world.family.madeElsewhere(new Uint8Array(bytes), world.house, mistaken);
  const trouble = other === undefined ? "there is no change" : world.chain.offer(other);
  world.say(`another maker's program pays it → ${trouble ?? "taken"}`);
  await mineQuietly(world);
}

async function mineQuietly(world: World): Promise<void> {
  for (let block = 0; block < 3; block++) world.chain.mine(world.now);
  await world.call("once", "custody-watcher");
}

/** Until there is nothing left to say: what may pay a second time has to be dead before. */
async function judgeQuietly(world: World): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await reconcile(world);
    await judgePayments(world);
    await arrive(world, world.gap.splice(0));
    await mineQuietly(world);
  }
}
