/**
 * Sending. The bytes and the intention to send them are durable before the first byte leaves (law 6); whatever
 * happens then, only the same bytes are ever sent again (failures F2, F3, F4). Of the attempts that compete, one is sent
 * at a time: the cheapest rung first, then whatever people want in its place.
 */
import { PLAN_SIGNED } from "../src/core/states/plan.ts";
import type { BroadcastOutcome } from "../src/chains/chain-node.ts";
import { isInBlock, isInPlay, rungsOf } from "../src/chains/attempts.ts";
import type { Id } from "../src/core/identifier.ts";
import { seconds } from "../src/core/instant.ts";
import type { AttemptState } from "../src/core/states/edges.ts";
import type { AttemptEvent } from "../src/core/states/attempt.ts";
import { change } from "../src/home/online.ts";
import { PORTS, READS } from "../src/home/ports.ts";
import { attemptsOf, getAttempt, livePlans, observeAttempt, type Attempt } from "../src/store/attempts.ts";
import { findSighting } from "../src/store/sightings.ts";
import { getPlan, lineOf, plansOfWithdrawal } from "../src/store/plans.ts";
import type { Tx } from "../src/store/transaction.ts";
import { movementOfPlan } from "../src/store/treasury.ts";
import { getWallet } from "../src/store/wallets.ts";
import { withdrawalsOf } from "../src/store/withdrawals.ts";
import { haltsNow, verdictsOn } from "../src/withdrawals/deciding/evidence.ts";
import { followAttempt } from "../src/withdrawals/following/follow.ts";
import { whyHalted } from "../src/withdrawals/stopping/halt.ts";
import { revivedBeside } from "../src/withdrawals/following/surface.ts";
import { trackDead } from "./dead.ts";
import { send } from "./packages.ts";
import { trackSettled } from "./track.ts";
import { plansInTheDark, tried } from "./tried.ts";
import { WATCHER, type World } from "./world.ts";

/**
 * Sends what should be on the network and is not, or whose sending has no known outcome. Settlements and plans that were
 * declared dead are looked at first, so that no later generation is sent beside one that settles.
 */
export async function broadcastAll(world: World): Promise<void> {
  const { store } = world.online;
  await trackSettled(world);
  const undead = await trackDead(world);
  const unknown = plansInTheDark(world);
  const seen = new Set<Id>();
  for (const plan of livePlans(store, world.node.chain)) {
    if (seen.has(plan)) continue;
    const line = lineOf(store, plan).map(({ id }) => id);
    for (const id of line) seen.add(id);
    await tried(world, { entity: "plan", id: plan, step: "send" }, () =>
      sendDue(world, line, undead, unknown),
    );
  }
}

async function sendDue(
  world: World,
  line: readonly Id[],
  undead: ReadonlySet<Id>,
  unknown: ReadonlySet<Id>,
): Promise<void> {
  const attempt = wantedOf(world, line);
  const isOut = attempt?.state === "BROADCAST";
  if (attempt === undefined || !(isOut ? isForgotten(world, attempt) : DUE.has(attempt.state))) return;
  const held = whyHeld(world, attempt, undead) ?? whyInTheDark(world, attempt, line, unknown);
  if (held !== undefined)
    return world.log({ event: "not sent", level: "warn", transaction: attempt.txid, reason: held });
  await (isOut ? remind(world, attempt) : broadcast(world, attempt.id));
}

// An attempt of another line that nobody could look at may have settled what this one is about to pay (F10). Within a line
// all of them conflict, so that it does not matter.
function whyInTheDark(
  { online: { store } }: World,
  attempt: Attempt,
  line: readonly Id[],
  unknown: ReadonlySet<Id>,
): string | undefined {
  if (attempt.kind === "cancel" || unknown.size === 0) return undefined;
  const found = withdrawalsOf(store, attempt.plan)
    .flatMap(({ id }) => plansOfWithdrawal(store, id))
    .find(({ id }) => unknown.has(id) && !line.includes(id));
  return found && `plan ${found.id}, which may pay a member of it, could not be looked at (custody dlq list)`;
}

const DUE: ReadonlySet<AttemptState> = new Set(["SIGNED", "BROADCASTING", "UNCERTAIN"]);

/**
 * Whether what has waited for long is to be sent again, when everything is looked at: one node that says it has it is believed,
 * and may be the only one that does (F11).
 */
function isForgotten({ online, changes }: World, { created }: Attempt): boolean {
  return changes?.all === true && seconds(online.call.io.now()) - seconds(created) >= REMIND_SECONDS;
}

/** The same bytes again. Nothing follows from what is said to them. */
async function remind(world: World, attempt: Attempt): Promise<void> {
  const outcome = await send(world, attempt);
  world.log({ event: "sent again", transaction: attempt.txid, reason: reasonOf(outcome) });
}

/** What is younger has been sent just now, and blocks come late now and then. */
const REMIND_SECONDS = 3600;

/** The one attempt of a line that is wanted on the network, unless a block holds one of them. */
function wantedOf({ online: { store } }: World, line: readonly Id[]): Attempt | undefined {
  const live = line.filter((id) => PLAN_SIGNED.has(getPlan(store, id).state));
  const attempts = live.flatMap((id) => attemptsOf(store, id));
  // A block holds one of them: all others can only be refused.
  if (attempts.some(isInBlock)) return undefined;
  // The newest plan's, and of one plan the dearest: it is what was wanted last.
  const wanted = attempts.filter(isInPlay).at(-1);
  const newest = live.at(-1);
  const begun = wanted !== undefined && wanted.plan === newest;
  const first =
    newest !== undefined && getPlan(store, newest).state === "SIGNED"
      ? rungsOf(attemptsOf(store, newest))[0]
      : undefined;
  return begun ? wanted : (first ?? wanted);
}

/**
 * Why an attempt is held back. It is asked before the first sending of what pays others: halts, KYC and rejections that
 * came after the signing (F25). A cancel rung pays only ourselves and ends what nobody wants, so nothing holds it.
 */
function whyHeld(
  { online, policy, doubt }: World,
  attempt: Attempt,
  undead: ReadonlySet<Id>,
): string | undefined {
  if (attempt.state === "SIGNED" && doubt !== undefined) return doubt;
  if (attempt.kind === "cancel") return undefined;
  const { store, call } = online;
  const { wallet } = getPlan(store, attempt.plan);
  const members = withdrawalsOf(store, attempt.plan);
  const revoked = members.find(({ reason }) => reason !== undefined);
  if (revoked !== undefined) return `withdrawal ${revoked.id} is revoked: ${revoked.reason}`;
  const sighting = members.map(({ id }) => findSighting(store, id)).find((found) => found !== undefined);
  if (sighting !== undefined)
    return `withdrawal ${sighting.withdrawal}: transaction ${sighting.transaction}, no attempt of it, has paid the same from our coins`;
  const earlier = members.flatMap(({ id }) => plansOfWithdrawal(store, id)).find(({ id }) => undead.has(id));
  if (earlier !== undefined)
    return `plan ${earlier.id}, which was declared dead, is about to pay a member of it`;
  const revived = revivedBeside(READS, store, attempt.plan, members);
  if (revived !== undefined)
    return `plan ${revived.id}, of another generation, may pay a member of it: what had killed it was reorganised away`;
  const movement = movementOfPlan(store, attempt.plan);
  if (movement?.reason !== undefined) return `intent ${movement.id} is revoked: ${movement.reason}`;
  if (attempt.state !== "SIGNED") return undefined;
  const halts = haltsNow(READS, store);
  const halted = whyHalted(READS, store, { wallet, chain: getWallet(store, wallet).chain });
  if (halted !== undefined) return halted;
  for (const withdrawal of members) {
    const about = { policy, now: call.io.now(), halts, wallet };
    for (const verdict of verdictsOn(READS, store, withdrawal, about))
      if (!verdict.allowed && HOLDS_BACK.test(verdict.rule))
        return `withdrawal ${withdrawal.id}: ${verdict.rule}: ${verdict.why}`;
  }
  return undefined;
}

/**
 * Denials that end the right to be paid. That an approval has lapsed since the signing takes nothing back, nor does a sum
 * of which this payment is a part; a limit that it is above by itself does.
 */
const HOLDS_BACK = /^(KYC_|HALTED|REJECTED|CLEARANCE_REFUSED|TIER_WITHOUT_LIMIT|ABOVE_ONLINE_LIMIT)/;

async function broadcast(world: World, id: Id): Promise<void> {
  const { online, policy, log } = world;
  const attempt = getAttempt(online.store, id);
  const { state, txid } = attempt;
  const follow = (tx: Tx, event: AttemptEvent) =>
    followAttempt(PORTS, tx, id, event, { policy: policy.body });
  // A state of BROADCASTING here means that an earlier run ended between sending and recording.
  if (state !== "BROADCASTING") {
    const event = state === "SIGNED" ? "sending" : "sending again";
    change(online, (tx) => follow(tx, event), WATCHER);
  }
  const outcome = await send(world, attempt);
  const operation = change(
    online,
    (tx, operation) => {
      observeAttempt(tx, id, { error: reasonOf(outcome) });
      follow(tx, EVENTS[outcome.type]);
      return operation;
    },
    WATCHER,
  );
  log({
    event: EVENTS[outcome.type],
    level: outcome.type === "accepted" ? "info" : "warn",
    operation,
    transaction: txid,
    reason: reasonOf(outcome),
  });
}

/** A rejection is what one node said today; it proves nothing about the transaction, so it is an unknown outcome too. */
const EVENTS: Readonly<Record<BroadcastOutcome["type"], AttemptEvent>> = {
  accepted: "broadcast",
  rejected: "refused by node",
  uncertain: "outcome unknown",
};

function reasonOf(outcome: BroadcastOutcome): string | undefined {
  return outcome.type === "accepted" ? undefined : outcome.reason;
}
