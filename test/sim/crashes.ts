/**
 * F02, F03, F09: the online host is killed at every write of the main path, one after the other. After each death the
 * invariants hold, the same command again does what is left and no more, and the payment stands where it would have stood.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { hostOf } from "./bundled.ts";
import { verify } from "./invariants/end.ts";
import { Inspection } from "./invariants/inspection.ts";
import { decisionOf, readIntent } from "./world/people.ts";
import { remember, rewind } from "./world/rewind.ts";
import { sign } from "./world/signing.ts";
import { openStage, type Stage } from "./stage.ts";
import { APPROVERS } from "./world/house.ts";
import { World } from "./world/world.ts";

/** The points are shared between two workers: each of them costs a process. */
const PARTS = 2;
type Part = 0 | 1;

type Step = { readonly line: string; readonly program: "custody" | "custody-watcher" };

/** Rows and their states: what two ways through one step must agree on. */
const standing = ({ books: { withdrawals, plans, attempts, holds } }: World) => [
  withdrawals.map(({ state }) => state),
  plans.map(({ state }) => state),
  attempts.map(({ kind, rung, state }) => `${kind} ${rung} ${state}`),
  holds.map(({ state }) => state),
];

/** Plays a step once whole, then once with a death at each point of this share. @returns all its points */
async function survive(world: World, { line, program }: Step, part: Part): Promise<readonly string[]> {
  const before = remember(world);
  const inspection = new Inspection(world);
  const whole = await world.callAt(line, program, undefined);
  if (whole === "crashed" || whole.exit !== 0) throw new Error(`${line}: ${JSON.stringify(whole)}`);
  const wanted = standing(world);
  for (const [place, point] of whole.points.entries()) {
    if (place % PARTS !== part) continue;
    rewind(world, before);
    const where = `${program} ${line}, killed ${point} (${place + 1} of ${whole.points.length})`;
    expect(await world.callAt(line, program, place + 1), where).toBe("crashed");
    expect(inspection.inspect(), where).toEqual([]);
    await world.callAt(line, program, undefined);
    expect(inspection.inspect(), where).toEqual([]);
    expect(standing(world), where).toEqual(wanted);
  }
  // Once more: the files that it has written beside the home are those of the way that goes on.
  rewind(world, before);
  await world.callAt(line, program, undefined);
  expect(standing(world)).toEqual(wanted);
  return whole.points;
}

export function dieAtEveryWrite(part: Part): void {
  let stage: Stage;
  beforeAll(() => void (stage = openStage(hostOf())));
  afterAll(() => stage.close());

  test("a payment survives the death of its host at every write", () => payDying(stage, part));
}

async function payDying(stage: Stage, part: Part): Promise<void> {
  const founded = await stage.founded(3);
  await stage.host.keepSpare();
  const world = new World(3, stage.host, founded);
  world.crashPercent = 0;
  const points: string[] = [];
  const step = async (line: string, program: Step["program"] = "custody") => {
    world.pass(60);
    points.push(...(await survive(world, { line, program }, part)));
  };
  try {
    const [customer] = world.customers;
    const order = {
      key: "order-1",
      ref: customer?.ref ?? "",
      address: customer?.destinations[0] ?? "",
      units: 4_000_001n,
      id: undefined,
    };
    world.orders.push(order);
    await step(
      `withdraw request --customer ${order.ref} --asset btc --amount 0.04000001 --to ${order.address} --key order-1`,
    );
    const [withdrawal] = world.books.withdrawals;
    const intent = withdrawal === undefined ? undefined : await readIntent(world, withdrawal);
    if (intent === undefined) throw new Error("the request is not stored");
    for (const who of APPROVERS.slice(0, 2))
      world.writeFile(`${who.name}.json`, decisionOf(world, intent, who, "approve"));
    await step("withdraw import ann.json ben.json");
    await step("withdraw build --wallet vault --rates 6,12");
    const plan = world.books.plans.at(-1)?.id ?? "";
    await step(`withdraw export ${plan} --out request.json --force`);
    for (const signer of [0, 1]) sign(world, signer, world.readFile("request.json"));
    for (const [place, { bytes }] of world.gap.splice(0).entries())
      world.writeFile(`receipt-${place}.json`, bytes);
    await step("withdraw import receipt-0.json");
    await step("withdraw import receipt-1.json");
    await step("once", "custody-watcher");
    world.chain.mine(world.now);
    await step("once", "custody-watcher");
    for (let block = 0; block < 3; block++) world.chain.mine(world.now);
    await step("once", "custody-watcher");
    expect(world.books.withdrawals.map(({ state }) => state)).toEqual(["COMPLETED"]);
    expect(world.paid(order)).toBe(1);
    expect(await verify(world)).toEqual([]);
    expect(points.length).toBeGreaterThan(30);
    console.log(`${points.length} points`);
  } finally {
    world.remove();
  }
}
