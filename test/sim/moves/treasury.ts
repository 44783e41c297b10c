/** Intents about our own coins: small ones brought together, and those of a plan brought back that nobody wants any more. */
import type { MovementRow, PlanRow } from "../world/books.ts";
import { APPROVERS } from "../world/house.ts";
import { decisionOf, readIntent } from "../world/people.ts";
import type { World } from "../world/world.ts";

const ENDED: ReadonlySet<string> = new Set(["COMPLETED", "REJECTED", "CANCELLED", "EXPIRED", "REVOKING"]);

/** Somebody asks for it, and no more than once at a time. */
export async function consolidate(world: World): Promise<void> {
  if (!world.family.consolidates || openOf(world, "consolidate").length > 0) return;
  world.count("consolidations");
  await world.operate("intent new --type consolidate --wallet vault --amount 0.5");
}

/** The coins of a plan are asked back, where no cancel rung of it is signed. */
export async function takeBack(world: World, { id }: PlanRow): Promise<void> {
  if (openOf(world, "cancel").length > 0) return;
  world.count("taken back");
  await world.operate(`intent new --type cancel --plan ${id}`);
}

/**
 * A coin that a plan spends which no row holds any more is spent otherwise, so that people can vouch for that plan's death.
 * @param coins of the plan; one is enough
 */
export async function spendApart(world: World, coins: readonly string[]): Promise<void> {
  const [coin] = coins;
  if (coin === undefined || openOf(world, "consolidate").length > 0) return;
  const result = await world.operate("intent new --type consolidate --wallet vault --amount 5");
  if (result === "crashed" || result.exit !== 0) return;
  world.count("spent apart");
  world.apart.set(result.data.id as string, coin);
}

/** One of our own intents goes a step on: everybody approves it, or it is built. */
export async function leadMovement(world: World): Promise<void> {
  const open = openOf(world);
  if (open.length > 0) await leadOn(world, world.random.of(open));
}

/** All of them do. */
export async function leadMovements(world: World): Promise<void> {
  for (const movement of openOf(world)) await leadOn(world, movement);
}

async function leadOn(world: World, movement: MovementRow): Promise<void> {
  const { id, state } = movement;
  const coin = world.apart.get(id);
  const only = coin === undefined ? "" : ` --coin ${coin}`;
  if (state === "READY") return void (await world.operate(`intent build ${id} --rates 30,40${only}`));
  if (state !== "PENDING_APPROVAL" && state !== "EXPORTED") return;
  const intent = await readIntent(world, movement, "intent");
  if (intent === undefined) return;
  for (const who of APPROVERS)
    world.gap.push({
      what: `approval by ${who.name}`,
      to: "online",
      bytes: decisionOf(world, intent, who, "approve"),
    });
}

const openOf = ({ books }: World, type?: string): readonly MovementRow[] =>
  books.movements.filter((one) => !ENDED.has(one.state) && (type === undefined || one.type === type));
