/**
 * The world calms down: nodes are sound, clocks right, every paper arrives and everybody answers. Then the operator does
 * what the states ask for, round after round, until every promise is kept or its hold released. Whatever cannot be brought
 * to an end in this way hangs, and that is a finding.
 */
import { familyKeys, familyOf } from "../../../src/core/documents/family.ts";
import type { IntentDocument } from "../../../src/core/documents/intent.ts";
import type { Cast } from "../../factory/identities.ts";
import { judgePayments, payElsewhere } from "../moves/foreign.ts";
import { arrive } from "../moves/gap.ts";
import { accept, liftHalts, sayResumed } from "../moves/people.ts";
import { ask, bumpCancel, exportPlan, proveDead, proveLostDead, requestNew } from "../moves/queue.ts";
import { APPROVERS, COMPLIANCE } from "./house.ts";
import { decisionOf, readIntent, type Decision } from "./people.ts";
import type { PlanRow, WithdrawalRow } from "./books.ts";
import { reconcile } from "../moves/restore.ts";
import { leadMovements, spendApart, takeBack } from "../moves/treasury.ts";
import { lostPlansOf } from "./lost.ts";
import { close, sign } from "./signing.ts";
import type { World } from "./world.ts";

const ENDED: ReadonlySet<string> = new Set(["COMPLETED", "REJECTED", "CANCELLED", "BLOCKED", "INVALID"]);
/** Far more than the longest way takes. */
const ROUNDS = 40;
/** Nothing that waits for time waits longer. */
const STILL_ROUNDS = 4;
/** People go on paying with other makers' programs for so long. */
const ELSEWHERE_ROUNDS = 3;

/** @returns whether all came to rest */
export async function rest(world: World): Promise<boolean> {
  calm(world);
  sayResumed(world, world.everHalted);
  await empty(world);
  // One that was begun by a wrong clock may not be in force yet where its signers are.
  await world.beginSession();
  for (const { ref } of world.customers) await accept(world, ref);
  for (const order of world.orders) if (order.id === undefined) await ask(world, order);
  let [before, still] = ["", 0];
  for (let round = 1; round <= ROUNDS && still < STILL_ROUNDS; round++) {
    world.say(`round ${round} of the calm`);
    world.pass(1000);
    await turn(world, round <= ELSEWHERE_ROUNDS);
    if (allEnded(world)) return settle(world);
    const now = standing(world);
    still = now === before ? still + 1 : 0;
    before = now;
  }
  return false;
}

const standing = ({ books: { withdrawals, plans } }: World) =>
  [...withdrawals, ...plans].map(({ id, state }) => `${id} ${state}`).join();

function calm(world: World): void {
  world.crashPercent = 0;
  world.hostSkew = 0;
  world.signerSkew.fill(0);
  for (const node of world.nodes) node.become("none");
  world.family.askFees(world.chain, world.nodes, world.family.calmRateMilli);
  world.say("the world calms down");
}

// What is COMPLETED is as deep as it is followed, and stays.
async function settle(world: World): Promise<boolean> {
  for (let block = 0; block < 3; block++) world.chain.mine(world.now);
  await world.call("once", "custody-watcher");
  return allEnded(world);
}

// What people have said was paid must still be so.
function allEnded({ books, orders, chain, lossesBooked }: World): boolean {
  return (
    orders.every(({ id }) => id !== undefined) &&
    books.withdrawals.every(({ state }) => ENDED.has(state)) &&
    books.settlements.every(({ transaction }) => chain.blockOf(transaction) !== undefined) &&
    books.foreignSpends.every((id) => lossesBooked.get(id) === (chain.blockOf(id) !== undefined))
  );
}

async function empty(world: World): Promise<void> {
  while (world.gap.length > 0) await arrive(world, world.gap.splice(0));
}

async function turn(world: World, elsewhere: boolean): Promise<void> {
  await reconcile(world);
  await liftHalts(world);
  await judgePayments(world);
  for (const order of world.orders) if (order.id === undefined) await ask(world, order);
  for (const withdrawal of world.books.withdrawals) await help(world, withdrawal);
  await leadMovements(world);
  await empty(world);
  for (const plan of world.books.plans) await lead(world, plan);
  await empty(world);
  if (world.books.withdrawals.some(({ state }) => WAITS.has(state))) {
    await world.operate("withdraw build --wallet vault --rates 3,8");
    for (const plan of world.books.plans.filter(({ state }) => state === "DRAFT")) await lead(world, plan);
    await empty(world);
  }
  // Most is signed only now, and not sent.
  if (elsewhere && world.random.chance(40)) await payElsewhere(world);
  for (let block = 0; block < 3; block++) {
    await world.call("once", "custody-watcher");
    world.chain.mine(world.now);
  }
  await world.call("once", "custody-watcher");
}

const WAITS: ReadonlySet<string> = new Set(["SCREENING", "PENDING_APPROVAL", "COOLING", "READY"]);
const UNSIGNED: ReadonlySet<string> = new Set([...WAITS, "PLANNED", "EXPORTED"]);

const SENT: ReadonlySet<string> = new Set(["SIGNED", "BROADCASTING", "BROADCAST", "UNCERTAIN"]);

async function help(world: World, withdrawal: WithdrawalRow): Promise<void> {
  const { state } = withdrawal;
  if (ENDED.has(state)) return;
  if (state === "EXPIRED") return renew(world, withdrawal);
  if (state === "ON_HOLD") return void (await world.operate(`withdraw unhold ${withdrawal.id}`));
  // Another transaction may have taken its plan's coins, which paid somebody else.
  if (SENT.has(state)) for (const plan of plansOf(world, withdrawal)) await proveDead(world, plan);
  const intent = await readIntent(world, withdrawal);
  if (intent === undefined) return;
  // Asked for again after a restore that had forgotten how it was called off: signers say so, and it is called off here too.
  if (state === "EXPORTED" && familyKeys(familyOf(intent.body)).some((name) => world.voided.has(name)))
    return void (await world.operate(`withdraw cancel ${withdrawal.id}`));
  if (state === "EXPORTED" && (await ledOverLostCoins(world, withdrawal, intent))) return;
  if (state === "REVOKING") {
    for (const signer of world.machines.keys()) close(world, signer, intent);
    for (const plan of plansOf(world, withdrawal)) await proveDead(world, plan);
    for (const plan of lostPlansOf(world, intent))
      if (!(await proveLostDead(world, plan))) await useOtherwise(world, plan.conflictKeys);
    return;
  }
  if (isUnsigned(world, withdrawal)) sayAgain(world, intent);
}

// A number in a row is the next payment's, whoever asks for it; a coin is spent by an intent of our own.
async function useOtherwise(world: World, keys: readonly string[]): Promise<void> {
  const { family, books, chain } = world;
  if (!family.inRow) return spendApart(world, keys.map(family.coinOf));
  const waits = books.withdrawals.some(({ state }) => !ENDED.has(state) && state !== "REVOKING");
  if (!waits && keys.every((key) => chain.takerOf(key) === undefined && !isHeld(world, key)))
    await requestNew(world);
}

// Asked for again after a restore that had forgotten a plan: signers that have signed that one take no other coins (G10),
// nor anything that travels with it. The plan is built over one of those coins then, or called off where that is gone.
async function ledOverLostCoins(
  world: World,
  withdrawal: WithdrawalRow,
  intent: IntentDocument,
): Promise<boolean> {
  const newest = plansOf(world, withdrawal).findLast(({ state }) => state !== "DROPPED");
  if (newest === undefined) return false;
  const coins = new Set(world.planOf(newest.digest).conflictKeys);
  const apart = lostPlansOf(world, intent).filter(
    ({ conflictKeys }) => !conflictKeys.some((key) => coins.has(key)),
  );
  if (apart.length === 0) return false;
  const free = apart.map(({ conflictKeys }) =>
    conflictKeys
      .filter((key) => world.chain.takerOf(key) === undefined)
      .map(world.family.coinOf)
      .at(0),
  );
  const named = free.flatMap((coin) => (coin === undefined ? [] : [`--coin ${coin}`]));
  if (named.length === apart.length) {
    const replace = `withdraw build --wallet vault --replace ${newest.id} --rates 9,12 ${named.join(" ")}`;
    const result = await world.operate(replace);
    if (result === "crashed" || result.exit === 0) return true;
  }
  await world.operate(`withdraw cancel ${withdrawal.id}`);
  return true;
}

// A plan that has taken the place of a signed one is to be signed as well: until then nothing of either is sent.
function isUnsigned(world: World, withdrawal: WithdrawalRow): boolean {
  if (withdrawal.state !== "SIGNED") return UNSIGNED.has(withdrawal.state);
  const newest = plansOf(world, withdrawal).findLast(({ state }) => state !== "DROPPED");
  return newest?.state === "DRAFT" || newest?.state === "EXPORTED";
}

// Approvals, clearances and releases live for hours: whatever has not been signed may need others. A release that comes
// before its delay is over counts for nothing.
function sayAgain(world: World, intent: IntentDocument): void {
  const words: readonly (readonly [Decision, readonly Cast[]])[] = [
    ["approve", APPROVERS],
    ["clear", COMPLIANCE.slice(0, 1)],
    ["release", APPROVERS.slice(0, 1)],
  ];
  for (const [decision, people] of words)
    for (const who of people) {
      const bytes = decisionOf(world, intent, who, decision);
      world.gap.push({ what: `${decision} by ${who.name}`, to: "online", bytes });
    }
}

// What can never settle as it was signed is sworn dead and asked for anew.
async function renew(world: World, withdrawal: WithdrawalRow): Promise<void> {
  for (const plan of plansOf(world, withdrawal)) await proveDead(world, plan);
  await empty(world);
  const result = await world.operate(`withdraw supersede ${withdrawal.id}`);
  // So many signers have closed it that nobody can sign it any more: it is called off, and its hold released.
  if (result !== "crashed" && result.error?.code === "SUPERSEDE_CLOSED")
    await world.operate(`withdraw cancel ${withdrawal.id}`);
}

function plansOf({ books }: World, { id }: WithdrawalRow): readonly PlanRow[] {
  const ids = new Set(
    books.planIntents.filter(({ withdrawal }) => withdrawal === id).map(({ plan }) => plan),
  );
  return books.plans.filter((plan) => ids.has(plan.id));
}

/** A number in a row that a dead plan had and nothing has used: whatever has a later one waits for it. */
function isGap(world: World, { digest, state }: PlanRow): boolean {
  const { books, chain, family } = world;
  if (!family.inRow || state !== "DEAD") return false;
  const [key = ""] = world.planOf(digest).conflictKeys;
  const waits = books.plans.some((plan) => !OVER.has(plan.state));
  return waits && chain.takerOf(key) === undefined && !isHeld(world, key);
}

/** Whether a plan that may settle has a conflict key. */
function isHeld(world: World, key: string): boolean {
  const live = world.books.plans.filter(({ state }) => !OVER.has(state));
  return live.some(({ digest }) => world.planOf(digest).conflictKeys.includes(key));
}

const OVER: ReadonlySet<string> = new Set(["DEAD", "DROPPED", "SETTLED", "CANCELLED"]);

async function lead(world: World, { id }: PlanRow): Promise<void> {
  const plan = world.books.plans.find((one) => one.id === id) as PlanRow;
  if (isGap(world, plan)) await takeBack(world, plan);
  const members = membersOf(world, plan);
  const unwanted = members.filter(({ reason }) => reason !== null);
  const open = members.filter(({ state }) => !ENDED.has(state));
  if (plan.state === "DRAFT" && !(await exportPlan(world, id))) await world.operate(`withdraw drop ${id}`);
  if (plan.state === "EXPORTED") {
    if (unwanted.length === 0) await exportPlan(world, id);
    else if (open.some(({ reason }) => reason === null))
      await world.operate(`withdraw build --wallet vault --replace ${id}`);
    else if (open.length > 0) await endUnsigned(world, plan);
  }
  if (plan.state === "SIGNED" && unwanted.some(({ state }) => !ENDED.has(state)))
    await bumpCancel(world, plan);
}

// Some signers have signed it and nobody wants it. Their receipts may have been lost, and with enough of them its cancel
// rung is whole; if not, its coins are taken back by an intent of our own.
async function endUnsigned(world: World, plan: PlanRow): Promise<void> {
  const request = world.requests.get(plan.id);
  if (request !== undefined) for (const signer of world.machines.keys()) sign(world, signer, request);
  await empty(world);
  if (world.books.plans.find(({ id }) => id === plan.id)?.state === "EXPORTED") await takeBack(world, plan);
}

function membersOf({ books }: World, { id }: PlanRow): readonly WithdrawalRow[] {
  const ids = new Set(
    books.planIntents.filter(({ plan }) => plan === id).map(({ withdrawal }) => withdrawal),
  );
  return books.withdrawals.filter((withdrawal) => ids.has(withdrawal.id));
}
