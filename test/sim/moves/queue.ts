/** What clients and the operator do at the queue. */
import type { Order } from "../world/orders.ts";
import type { World } from "../world/world.ts";
import type { PlanRow, WithdrawalRow } from "../world/books.ts";
import { signDead } from "../world/people.ts";
import type { SignedPlan } from "../../../src/core/documents/receipt.ts";

/** A client asks for something new, or asks again. */
export async function request(world: World): Promise<void> {
  const { random, orders } = world;
  if (orders.length > 0 && (orders.length >= 8 || random.chance(30))) return askAgain(world);
  await requestNew(world);
}

export async function requestNew(world: World): Promise<void> {
  const { random, orders } = world;
  const customer = random.of(world.customers);
  const order: Order = {
    key: `order-${orders.length + 1}`,
    ref: customer.ref,
    address: random.of(customer.destinations),
    // No two amounts are the same, so that the chain alone says who was paid what.
    units: unitsOf(world, 500_000 + 1000 * random.below(7000) + orders.length),
    id: undefined,
  };
  orders.push(order);
  await ask(world, order);
}

/** An order's amount, of what is given in satoshis. */
export const unitsOf = ({ family }: Pick<World, "family">, satoshis: number): bigint =>
  BigInt(family.ground.unitsOf(`${satoshis}`));

/** An amount as an operator types it. */
export function amountOf({ family }: Pick<World, "family">, units: bigint): string {
  const digits = units.toString().padStart(family.decimals + 1, "0");
  return `--asset ${family.asset} --amount ${digits.slice(0, -family.decimals)}.${digits.slice(-family.decimals)}`;
}

/** The same wish with the same key; a client that has heard no answer does so until it hears one. */
export async function ask(world: World, order: Order): Promise<void> {
  const { key, ref, address, units } = order;
  const result = await world.operate(
    `withdraw request --customer ${ref} ${amountOf(world, units)} --to ${address} --key ${key}`,
  );
  if (result !== "crashed" && result.exit === 0) order.id = result.data.id;
}

async function askAgain(world: World): Promise<void> {
  const { random } = world;
  const order = random.of(world.orders);
  if (order.id === undefined || random.chance(70)) return ask(world, order);
  // Another wish under a key that is taken must be refused, whoever asks.
  const { key, ref, address, units } = order;
  const result = await world.operate(
    `withdraw request --customer ${ref} ${amountOf(world, units + 1n)} --to ${address} --key ${key}`,
  );
  if (result !== "crashed" && result.exit === 0)
    world.broken.push(`I5: key ${key} was taken twice for different wishes`);
}

export async function build(world: World): Promise<void> {
  const { random } = world;
  const rates = random.chance(60) ? " --rates 2,5,12" : "";
  const max = random.chance(40) ? ` --max ${1 + random.below(3)}` : "";
  await world.operate(`withdraw build --wallet vault${max}${rates}`);
}

/** An exported plan's place is taken by another over the same coins. */
export async function replace(world: World): Promise<void> {
  const plan = somePlan(world, ["EXPORTED", "SIGNED"]);
  if (plan !== undefined)
    await world.operate(`withdraw build --wallet vault --replace ${plan.id} --rates 20,40`);
}

export async function drop(world: World): Promise<void> {
  const plan = somePlan(world, ["DRAFT"]);
  if (plan !== undefined) await world.operate(`withdraw drop ${plan.id}`);
}

/** A plan leaves, or leaves again, for every signer. */
export async function exportSome(world: World): Promise<void> {
  const plan = somePlan(world, ["DRAFT", "DRAFT", "EXPORTED", "SIGNED"]);
  if (plan !== undefined) await exportPlan(world, plan.id);
}

/** @returns whether the request is on its way */
export async function exportPlan(world: World, plan: string): Promise<boolean> {
  const file = world.newFile("request");
  const result = await world.operate(`withdraw export ${plan} --out ${file}`);
  if (result === "crashed" || result.exit !== 0) return false;
  const bytes = world.readFile(file);
  world.requests.set(plan, bytes);
  for (const to of world.machines.keys())
    world.gap.push({ what: `request for plan ${plan} to signer ${to + 1}`, to, bytes });
  return true;
}

export async function bump(world: World): Promise<void> {
  const plan = somePlan(world, ["SIGNED", "REPLACED"]);
  if (plan === undefined) return;
  if (world.random.chance(75)) await world.operate(`withdraw bump ${plan.id}`);
  else await bumpCancel(world, plan);
}

export async function bumpCancel(world: World, plan: PlanRow): Promise<void> {
  const cancel = world.books.attempts.find(
    (attempt) => attempt.plan === plan.id && attempt.kind === "cancel",
  );
  if (cancel !== undefined) await world.operate(`withdraw bump ${plan.id} --cancel --confirm ${cancel.txid}`);
}

export async function cancel(world: World): Promise<void> {
  const withdrawal = someWithdrawal(world);
  if (withdrawal !== undefined) await world.operate(`withdraw cancel ${withdrawal.id}`);
}

/** People say that a plan is dead, where it is. */
export async function declareDead(world: World): Promise<void> {
  const plan = somePlan(world, ["EXPORTED", "SIGNED", "REPLACED", "CANCELLED", "DEAD"]);
  if (plan !== undefined) await proveDead(world, plan);
}

/** @returns whether a signed proof is on its way */
export async function proveDead(world: World, plan: PlanRow): Promise<boolean> {
  const own = world.books.attempts.filter(({ plan: of, kind }) => of === plan.id && kind === "rung");
  return swearDead(world, plan.id, killerOf(world, world.planOf(plan.digest).conflictKeys, txidsOf(own)));
}

/** The same of a plan that no row holds any more: signers have listed it in their voids. */
export async function proveLostDead(
  world: World,
  { plan, conflictKeys, rungs }: SignedPlan,
): Promise<boolean> {
  const paying = rungs.filter(({ rung }) => rung !== "cancel").map(({ transaction }) => transaction);
  return swearDead(world, plan, killerOf(world, conflictKeys, new Set(paying)));
}

async function swearDead(world: World, plan: string, killer: string | undefined): Promise<boolean> {
  if (killer === undefined) return false;
  const file = world.newFile("dead");
  const result = await world.operate(`withdraw dead ${plan} --spent-by ${killer} --out ${file}`);
  if (result === "crashed" || result.exit !== 0) return false;
  const bytes = signDead(world, file);
  if (bytes === undefined) return false;
  world.count("deaths");
  world.gap.push({ what: `proof that plan ${plan} is dead`, to: "online", bytes });
  return true;
}

const txidsOf = (attempts: readonly { readonly txid: string }[]) => new Set(attempts.map(({ txid }) => txid));

/** What has taken one of a plan's coins, or its nonce, in the best chain, and is no attempt of it that pays. */
function killerOf(
  { chain }: World,
  keys: readonly string[],
  paying: ReadonlySet<string>,
): string | undefined {
  const takers = keys.map((key) => chain.takerOf(key));
  return takers.find((taker) => taker !== undefined && !paying.has(taker.name))?.id;
}

export async function supersede(world: World): Promise<void> {
  const expired = world.books.withdrawals.filter(({ state }) => state === "EXPIRED");
  if (expired.length > 0) await world.operate(`withdraw supersede ${world.random.of(expired).id}`);
}

export function somePlan(world: World, states: readonly string[]): PlanRow | undefined {
  const found = world.books.plans.filter(({ state }) => states.includes(state));
  return found.length === 0 ? undefined : world.random.of(found);
}

export function someWithdrawal(world: World, states?: readonly string[]): WithdrawalRow | undefined {
  const found = world.books.withdrawals.filter(({ state }) => states?.includes(state) ?? true);
  return found.length === 0 ? undefined : world.random.of(found);
}
