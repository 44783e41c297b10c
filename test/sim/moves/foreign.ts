/** Payments from our coins that the online host has not planned, and what two admins say of each: what people know it was. */
import type { PlanRow, SightingRow, WithdrawalRow } from "../world/books.ts";
import { ADMINS } from "../world/house.ts";
import type { World } from "../world/world.ts";
import { byWarrant } from "./people.ts";
import { bumpCancel, proveDead } from "./queue.ts";
import { takeBack } from "./treasury.ts";

/**
 * People of the house pay what is signed already with another maker's programs and the same keys (runbook other-makers): the
 * same coins, another fee, and now and then the wrong amount. No row of ours has its id.
 */
export async function payElsewhere(world: World): Promise<void> {
  if (!world.usesOtherMakers) return;
  world.keep();
  const open = [...world.known]
    .map(([txid, bytes]) => ({ txid, rung: new Uint8Array(bytes) }))
    .filter(({ rung }) => world.family.keysOf(rung).every((key) => world.chain.takerOf(key) === undefined));
  if (open.length === 0) return;
  const { txid, rung } = world.random.of(open);
  const other = world.family.madeElsewhere(rung, world.house, world.random.chance(20));
  if (other === undefined) return;
  const trouble = world.chain.offer(other);
  if (trouble === undefined) world.count("made elsewhere");
  world.say(`another maker's program pays what ${txid.slice(0, 8)} pays → ${trouble ?? "taken"}`);
}

/** Two admins say of everything that is open what it was. */
export async function judgePayments(world: World): Promise<void> {
  for (const { withdrawal, transaction } of world.books.settlements)
    if (world.chain.blockOf(transaction) === undefined) await say(world, "unpaid", withdrawal, transaction);
  // A transaction may pay a destination more than once: what is said of it, is said of all that it pays there.
  const { sightings } = world.books;
  const names = new Set(sightings.map(matchOf));
  for (const name of names)
    await judge(
      world,
      sightings.filter((one) => matchOf(one) === name),
    );
  for (const transaction of world.books.foreignSpends) await bookLoss(world, transaction);
}

const matchOf = ({ withdrawal, transaction }: SightingRow) => `${withdrawal} ${transaction}`;

const OVER: ReadonlySet<string> = new Set(["COMPLETED", "REJECTED", "CANCELLED", "INVALID"]);

async function judge(world: World, matched: readonly SightingRow[]): Promise<void> {
  const { withdrawal: id, transaction } = matched[0] as SightingRow;
  const withdrawal = world.books.withdrawals.find((one) => one.id === id) as WithdrawalRow;
  if (OVER.has(withdrawal.state)) return;
  if (!matched.some(({ coin }) => isFor(world, coin, withdrawal)))
    return say(world, "unpaid", id, transaction);
  if (world.chain.blockOf(transaction) === undefined) return sendAgain(world, id, transaction);
  await say(world, "paid", id, transaction);
  const { state } = world.books.withdrawals.find((one) => one.id === id) as WithdrawalRow;
  if (state !== "COMPLETED") for (const plan of openPlansOf(world, id)) await endPlan(world, plan);
}

/** What everybody knows who was there: to whom it was meant to go. No two orders have the same amount. */
function isFor({ chain, family }: World, coin: string, { account, units }: WithdrawalRow): boolean {
  const paid = family.paidBy(chain, coin);
  return paid !== undefined && paid.units === BigInt(units) && paid.account === account;
}

// It has left the chain, and may come back as long as nothing else has taken what it competes for.
async function sendAgain(world: World, id: string, transaction: string): Promise<void> {
  const { chain, family, house } = world;
  const lost = chain.bytesOf(transaction) as Uint8Array;
  const trouble = chain.pending().includes(transaction) ? undefined : chain.offer(lost);
  world.say(`whoever made ${transaction.slice(0, 8)} sends it again → ${trouble ?? "taken"}`);
  const depth = house.policy.body.chains[0]?.confirmations ?? Infinity;
  const buried = family.keysOf(lost).some((key) => {
    const block = chain.blockOf(chain.takerOf(key)?.id ?? "");
    return block !== undefined && chain.height - block.height + 1 >= depth;
  });
  if (!buried) return;
  world.count("deaths");
  await say(world, "unpaid", id, transaction);
}

async function say(world: World, what: "paid" | "unpaid", id: string, transaction: string): Promise<void> {
  world.lossesBooked.delete(transaction);
  const act = `withdraw ${what} ${id} --by ${transaction}`;
  await byWarrant(world, act, ADMINS);
  if (
    world.story.at(-1)?.includes(`${act} --warrant`) === true &&
    world.story.at(-1)?.includes("→ ok") === true
  )
    world.count("judged");
}

/** Booked where the chain holds it, and taken out of the books where it does not any more. */
async function bookLoss(world: World, transaction: string): Promise<void> {
  const { chain, books, lossesBooked } = world;
  const inChain = chain.blockOf(transaction) !== undefined;
  if (lossesBooked.get(transaction) === inChain) return;
  await byWarrant(world, `ledger book-loss ${transaction} --wallet vault`, ADMINS);
  const told = world.story.at(-1) ?? "";
  const booked = /ledger book-loss .* --warrant .*(?:→ ok|FOREIGN_BOOKED)/.test(told);
  // It has left the chain before anybody had booked it: there is nothing to take out of the books.
  const never = told.includes("FOREIGN_UNKNOWN") && !books.foreignBookings.includes(transaction);
  if (!booked && (inChain || !never)) return;
  lossesBooked.set(transaction, inChain);
  if (booked) world.count("losses");
}

const MAY_PAY: ReadonlySet<string> = new Set(["DRAFT", "EXPORTED", "SIGNED", "REPLACED"]);

function openPlansOf({ books }: World, withdrawal: string): readonly PlanRow[] {
  const ids = new Set(
    books.planIntents.filter((intent) => intent.withdrawal === withdrawal).map(({ plan }) => plan),
  );
  return books.plans.filter(({ id, state }) => ids.has(id) && MAY_PAY.has(state));
}

// What could pay a second time has to be dead first.
async function endPlan(world: World, plan: PlanRow): Promise<void> {
  if (plan.state === "DRAFT") return void (await world.operate(`withdraw drop ${plan.id}`));
  const spent = world.planOf(plan.digest).conflictKeys.some((key) => world.chain.takerOf(key) !== undefined);
  if (spent) await proveDead(world, plan);
  else if (plan.state === "EXPORTED") await takeBack(world, plan);
  else await bumpCancel(world, plan);
}
