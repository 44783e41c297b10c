/** Payments from our coins that the online host has not planned, and what two admins say of each: what people know it was. */
import { parseTransaction, type Transaction } from "../../../src/chains/bitcoin/transaction.ts";
import { toHex } from "../../../src/core/hex.ts";
import type { PlanRow, SightingRow, WithdrawalRow } from "../world/books.ts";
import { pointsOf } from "../world/chain.ts";
import { ADMINS } from "../world/house.ts";
import { accountOfScript, scriptsOf } from "../world/node.ts";
import type { World } from "../world/world.ts";
import { byWarrant } from "./people.ts";
import { bumpCancel, conflictPoints, proveDead } from "./queue.ts";
import { takeBack } from "./treasury.ts";

/** Receive and change addresses that a world comes to use. */
const INDEX_MAX = 120;
/** What another maker's program pays more to the network, and what it leaves of the change at least. */
const [DEARER, CHANGE_MIN] = [9_000n, 50_000n];

/**
 * People of the house pay what is signed already with another maker's programs and the same keys (runbook other-makers): the
 * same coins, another fee, and now and then the wrong amount. No row of ours has its id.
 */
export async function payElsewhere(world: World): Promise<void> {
  if (!world.usesOtherMakers) return;
  world.keep();
  const open = [...world.known]
    .map(([txid, bytes]) => ({ txid, rung: parseTransaction(new Uint8Array(bytes)) }))
    .filter(({ rung }) => pointsOf(rung).every((point) => world.chain.spenderOf(point) === undefined));
  if (open.length === 0) return;
  const { txid, rung } = world.random.of(open);
  const other = madeElsewhere(world, rung, world.random.chance(20));
  if (other === undefined) return;
  const trouble = world.chain.offer(other);
  if (trouble === undefined) world.count("made elsewhere");
  world.say(`another maker's program pays what ${txid.slice(0, 8)} pays → ${trouble ?? "taken"}`);
}

/** A rung with less change. @param mistaken and with one satoshi more for somebody */
export function madeElsewhere(
  { house }: Pick<World, "house">,
  { outputs, ...rest }: Transaction,
  mistaken: boolean,
): Transaction | undefined {
  const own = scriptsOf(house.vault.descriptor, INDEX_MAX);
  const isChange = ({ script }: Transaction["outputs"][number]) => own.has(toHex(script));
  const change = outputs.findIndex((output) => isChange(output) && output.units > DEARER + CHANGE_MIN);
  const payment = outputs.findIndex((output) => !isChange(output));
  if (change < 0 || payment < 0) return undefined;
  const more = mistaken ? 1n : 0n;
  return {
    ...rest,
    outputs: outputs.map((output, place) => {
      if (place === change) return { ...output, units: output.units - DEARER - more };
      return place === payment ? { ...output, units: output.units + more } : output;
    }),
  };
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

/** What everybody knows who was there: to whom an output was meant to go. No two orders have the same amount. */
function isFor({ chain }: World, coin: string, { account, units }: WithdrawalRow): boolean {
  const [txid = "", vout = ""] = coin.split(":").slice(-2);
  const output = chain.seen.get(txid)?.transaction.outputs[Number(vout)];
  return output !== undefined && output.units === BigInt(units) && accountOfScript(output.script) === account;
}

// It has left the chain, and may come back as long as nothing else has spent its coins.
async function sendAgain(world: World, id: string, transaction: string): Promise<void> {
  const { chain, house } = world;
  const lost = (chain.seen.get(transaction) as { readonly transaction: Transaction }).transaction;
  const trouble = chain.mempool.has(transaction) ? undefined : chain.offer(lost);
  world.say(`whoever made ${transaction.slice(0, 8)} sends it again → ${trouble ?? "taken"}`);
  const depth = house.policy.body.chains[0]?.confirmations ?? Infinity;
  const buried = pointsOf(lost).some((point) => {
    const block = chain.blockOf(chain.spenderOf(point) ?? "");
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
  const spent = conflictPoints(world, plan).some((point) => world.chain.spenderOf(point) !== undefined);
  if (spent) await proveDead(world, plan);
  else if (plan.state === "EXPORTED") await takeBack(world, plan);
  else await bumpCancel(world, plan);
}
