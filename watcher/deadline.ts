/**
 * The next rung by itself: a plan that was given a deadline is raised along its signed rungs as time passes, within its
 * budget (`src/withdrawals/planning/pace.ts`). Every rung was approved and signed with the plan, so that nobody is
 * asked again; what is not to be sent at all is held back where it is sent.
 */
import type { FeeEstimate } from "../src/chains/adapter.ts";
import { currentPlace, isBeingEnded, isInBlock, rungName, rungsOf } from "../src/chains/attempts.ts";
import { CustodyError } from "../src/core/errors.ts";
import type { Id } from "../src/core/identifier.ts";
import type { Instant } from "../src/core/instant.ts";
import { change } from "../src/home/online.ts";
import { PORTS } from "../src/home/ports.ts";
import { attemptsOf, livePlans, type Attempt } from "../src/store/attempts.ts";
import { getPlan, type StoredPlan } from "../src/store/plans.ts";
import type { Tx } from "../src/store/transaction.ts";
import { readBuildRecord } from "../src/withdrawals/planning/build-record.ts";
import { blocksLeft, rungDue } from "../src/withdrawals/planning/pace.ts";
import { tried } from "./tried.ts";
import { WATCHER, type World } from "./world.ts";

/** Marks the rungs that are due. They are sent, like any other that is wanted, by `broadcastAll`. */
export async function raiseDue(world: World): Promise<void> {
  const { online } = world;
  const { store } = online;
  // What is not to be sent is not to be wanted either: time goes on, and the rung is asked for when the doubt is gone.
  if (world.doubt !== undefined) return;
  const now = online.call.io.now();
  let estimates: readonly FeeEstimate[] | undefined;
  for (const id of livePlans(store, world.node.chain)) {
    const plan = getPlan(store, id);
    const rungs = raisable(plan, attemptsOf(store, id));
    if (rungs === undefined) continue;
    const asked = (estimates ??= await estimatesOf(world));
    // One record that cannot be read must not keep the others from being sent (F16); doctor says more of it.
    await tried(world, { entity: "plan", id, step: "raise" }, () => {
      const due = dueOf(plan, rungs, asked, now);
      if (due !== undefined) want(world, due);
    });
  }
}

function want({ online, log }: World, { id, plan, rung, txid }: Attempt): void {
  const mark = (tx: Tx, operation: Id) => {
    PORTS.wantAttempt(tx, id);
    return operation;
  };
  const operation = change(online, mark, WATCHER);
  const reason = `plan ${plan}: ${rungName(rung)} is due by its deadline`;
  log({ event: "rung wanted", level: "info", operation, transaction: txid, reason });
}

// Complete rungs, cheapest first, of a plan that waits for a block: its first was sent, nothing of it is in a block,
// and nobody wants it ended. One that another plan shall replace is raised there. What a crash has left half sent is
// sent again first, byte for byte (F2).
function raisable(
  { state }: StoredPlan,
  attempts: readonly Attempt[],
): readonly [Attempt, ...Attempt[]] | undefined {
  if (state !== "SIGNED") return undefined;
  if (attempts.some(isInBlock)) return undefined;
  if (attempts.some((attempt) => attempt.state === "BROADCASTING")) return undefined;
  if (isBeingEnded(attempts)) return undefined;
  const [first, ...dearer] = rungsOf(attempts);
  return first === undefined || first.state === "SIGNED" ? undefined : [first, ...dearer];
}

function dueOf(
  { build }: StoredPlan,
  rungs: readonly [Attempt, ...Attempt[]],
  estimates: readonly FeeEstimate[],
  now: Instant,
): Attempt | undefined {
  const { pace, rungRatesMilli } = readBuildRecord(build);
  if (pace.minutes === 0) return undefined;
  const signed = rungs[0].created;
  const ladder = rungs.map(({ rung, feeUnits }) => ({ feeUnits, rateMilli: rungRatesMilli[rung] ?? 0n }));
  const asked = askedFor(estimates, blocksLeft(signed, pace, now));
  const place = rungDue(ladder, signed, pace, now, asked);
  // What is out already, or wanted, stays: a rung is never taken back.
  return place > currentPlace(rungs) ? rungs[place] : undefined;
}

// The least that anybody asks for the time left: who asks more is not followed (F15).
function askedFor(estimates: readonly FeeEstimate[], blocks: number): bigint | undefined {
  const within = estimates.filter((estimate) => estimate.blocks <= blocks);
  const target = within.reduce((longest, estimate) => Math.max(longest, estimate.blocks), 0);
  const rates = within.filter((estimate) => estimate.blocks === target).map(({ rateMilli }) => rateMilli);
  return rates.reduce<bigint | undefined>(
    (least, rate) => (least === undefined || rate < least ? rate : least),
    undefined,
  );
}

// Time alone decides where no node says what it expects.
async function estimatesOf({ node }: World): Promise<readonly FeeEstimate[]> {
  try {
    return (await node.feeEstimates?.()) ?? [];
  } catch (error) {
    if (error instanceof CustodyError) return [];
    throw error;
  }
}
