/**
 * One pass, and what people have to hear of it: whether it worked or not, alerts are brought up to date and put into the
 * outbox, so that nothing is silent because something else failed. A pass that takes long holds no alert up: they are
 * brought up to date, and sent, beside it (F28).
 */
import type { ChainId } from "../src/core/chain.ts";
import { CustodyError } from "../src/core/errors.ts";
import { seconds, type Instant } from "../src/core/instant.ts";
import type { PolicyDocument } from "../src/core/policy/policy.ts";
import { chainsOfWallets, withChain } from "../src/home/chains.ts";
import { requirePolicy, withOnline } from "../src/home/online.ts";
import type { Surveyed } from "../src/nodes/quorum.ts";
import type { Call } from "../src/terminal/command.ts";
import { conditions } from "./alerts/conditions.ts";
import { readFacts, readUpTo } from "./alerts/facts.ts";
import { ofEvents, settleAlerts } from "./alerts/settle.ts";
import type { Log, WatcherEvent } from "./log.ts";
import { meanwhile } from "./meanwhile.ts";
import { noteGround, noteReading, noteSurvey, type ChainRound } from "./metrics/chain-round.ts";
import { chainRound, noteEvent, type Rounds } from "./metrics/rounds.ts";
import { announce, deliver } from "./notify/deliver.ts";
import type { Channel } from "./notify/port.ts";
import { pass, type Passed } from "./pass.ts";

/** Errors of one pass that become alerts; the log has them all. */
const EVENTS_MAX = 100;

/** How often alerts are judged while a pass is under way: as often as passes are, where these take no longer. */
const BESIDE_MS = 60_000;

/** Kinds of alerts that nobody can judge when no node was asked. */
const OF_NODES: ReadonlySet<string> = new Set(["stale-tip", "blocks-unread", "node-set-aside", "gas-key"]);
/** Nor this one by a process that has not been in doubt for long: another one may have been. */
const OF_DOUBT: ReadonlySet<string> = new Set(["blocks-unread"]);

/** @throws whatever the pass throws, once people are told of it */
export async function round(
  call: Call,
  log: Log,
  rounds: Rounds,
  channels: readonly Channel[],
): Promise<void> {
  const { io } = call;
  const events: WatcherEvent[] = [];
  const heard: Log = (event) => {
    if (event.level === "error" && events.length < EVENTS_MAX) events.push(event);
    noteEvent(rounds, event);
    log(event);
  };
  const began = io.now();
  const grounds: Passed[] = [];
  const passed = pass(call, heard, (one) => void grounds.push(one)).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  rounds.underWay = began;
  const beside = async () => {
    await watchOver(call, log, { rounds, events, channels, grounds: [] });
    await tell(call, log, channels);
  };
  const trouble = await meanwhile(passed, beside, BESIDE_MS);
  rounds.underWay = undefined;
  if (trouble !== undefined && !isPassing(trouble.error))
    events.push({ event: "watcher failed", level: "error", reason: reasonOf(trouble.error) });
  noteEnd(rounds, began, io.now(), trouble?.error);
  await watchOver(call, log, { rounds, events, channels, grounds });
  if (trouble !== undefined) throw trouble.error;
}

/** Sends what is in the outbox and due. A receiver that fails is counted and logged, and stops nothing. */
export async function tell(call: Call, log: Log, channels: readonly Channel[]): Promise<void> {
  if (channels.length === 0) return;
  await withOnline(call, (online) => deliver(online, channels, log)).catch((error: unknown) =>
    complain(log, "alerts not delivered", error),
  );
}

function noteEnd(rounds: Rounds, began: Instant, ended: Instant, error: unknown): void {
  if (error === undefined) {
    rounds.passes += 1;
    rounds.last = { at: ended, seconds: Math.max(0, seconds(ended) - seconds(began)) };
    rounds.failingSince = undefined;
    rounds.failure = undefined;
    return;
  }
  rounds.failures += 1;
  rounds.failingSince ??= began;
  rounds.failure = error instanceof CustodyError ? error.code : "BUG";
}

/** Whether another pass may not meet it any more: an unreachable node, a locked database. */
export function isPassing(error: unknown): boolean {
  return error instanceof CustodyError && (error.exit === "network" || error.exit === "local");
}

function reasonOf(error: unknown): string {
  return error instanceof CustodyError ? `${error.code}: ${error.message}` : "a fault of this program";
}

type About = {
  readonly rounds: Rounds;
  readonly events: readonly WatcherEvent[];
  readonly channels: readonly Channel[];
  /** What the pass stood on, chain by chain. One that failed has most likely failed at its nodes: they are not worth asking. */
  readonly grounds: readonly Passed[];
};

async function watchOver(call: Call, log: Log, about: About): Promise<void> {
  const { rounds, events, channels, grounds } = about;
  try {
    await withOnline(call, async (online) => {
      const policy = requirePolicy(online);
      const asked = new Map<ChainId, ChainRound>();
      for (const { chain, ground } of grounds) {
        const known = chainRound(rounds, chain);
        const survey = await askNodes(call, policy, chain, log);
        if (survey !== undefined) asked.set(chain, known);
        if (survey !== undefined) noteSurvey(known, survey, ground);
        noteGround(known, ground, call.io.now());
      }
      const chains = chainsOfWallets(policy.body);
      for (const chain of chains)
        noteReading(chainRound(rounds, chain), readUpTo(online, policy, chain), call.io.now());
      const { failingSince: failing, underWay } = rounds;
      const found = conditions({ ...readFacts(online, policy, asked, failing), underWay });
      // Of a chain that was not asked nobody can judge, and kinds are settled as a whole.
      const known = chains.map((chain) => asked.get(chain));
      const unjudged = known.includes(undefined)
        ? OF_NODES
        : known.some((one) => one !== undefined && isInDoubt(one))
          ? OF_DOUBT
          : new Set<string>();
      settleAlerts(online, [...found, ...ofEvents(events)], log, unjudged);
      announce(online, channels);
    });
  } catch (error) {
    complain(log, "alerts not judged", error);
  }
}

function isInDoubt({ doubt, unread }: ChainRound): boolean {
  return doubt !== undefined || unread !== undefined;
}

async function askNodes(
  call: Call,
  policy: PolicyDocument,
  chain: ChainId,
  log: Log,
): Promise<Surveyed | undefined> {
  return withChain(call, policy, chain, (node) => node.survey()).catch((error: unknown) => {
    complain(log, "nodes not asked", error);
    return undefined;
  });
}

function complain(log: Log, event: string, error: unknown): void {
  if (!(error instanceof CustodyError)) throw error;
  log({ event, level: "warn", code: error.code, reason: error.message });
}
