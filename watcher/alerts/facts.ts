/** What the alerts are judged by, read at one moment. */
import { SENDING } from "../../src/core/states/stages.ts";
import { statfsSync } from "node:fs";
import type { ChainId } from "../../src/core/chain.ts";
import type { Instant } from "../../src/core/instant.ts";
import { addSeconds } from "../../src/core/instant.ts";
import { rulesFor } from "../../src/core/policy/entries.ts";
import type { PolicyDocument } from "../../src/core/policy/policy.ts";
import { codecOf } from "../../src/chains/registry.ts";
import type { Id } from "../../src/core/identifier.ts";
import { tipAgeMax } from "../../src/home/node.ts";
import { READS } from "../../src/home/ports.ts";
import { planDocumentOf } from "../../src/withdrawals/planning/plan-bytes.ts";
import type { Online } from "../../src/home/online.ts";
import { countSetting } from "../../src/home/settings.ts";
import { failingChannels } from "../../src/store/alerts.ts";
import { seenTip } from "../../src/store/coins.ts";
import { findCursor } from "../../src/store/deposits.ts";
import { listLetters } from "../../src/store/dead-letters.ts";
import { stateFigures, standingBefore } from "../../src/store/figures.ts";
import { haltFlags } from "../../src/store/halt-flags.ts";
import { keptKeys, lateAttempts, unusedBy } from "../../src/store/late.ts";
import { getPlan } from "../../src/store/plans.ts";
import { openQuarantines } from "../../src/store/quarantine.ts";
import { newestRates } from "../../src/store/rates.ts";
import { worstReconciliation } from "../../src/store/reconciliations.ts";
import { overdueSince } from "../../src/withdrawals/waiting.ts";
import { newestBackup } from "../backups.ts";
import { doubts, type ChainRound } from "../metrics/chain-round.ts";
import type { Facts, StuckState } from "./conditions.ts";

/** Rows of one kind that are looked at: the alert about them says that there may be more. */
const ROWS_MAX = 100;

/** Minutes for which a transaction may wait for its block before somebody is told. */
const PENDING_MINUTES = 30;

/** Days for which a plan may keep coins without an end. */
const KEPT_DAYS = 3;

/**
 * @param asked chains whose nodes were asked: nothing is concluded about others
 * @param failing since when passes fail
 */
export function readFacts(
  online: Online,
  policy: PolicyDocument,
  asked: ReadonlyMap<ChainId, ChainRound>,
  failing: Instant | undefined,
): Facts {
  const { store, call } = online;
  const now = call.io.now();
  const { currency, ratesSecondsMax, limits } = policy.body.online;
  const every = countSetting(call.io, "backup.minutes");
  const { bavail, bsize } = statfsSync(call.home);
  return {
    now,
    stuck: stuckStates(online, now),
    pending: lateAttempts(store, addSeconds(now, -60 * PENDING_MINUTES), ROWS_MAX).map((late) => ({
      ...late,
      behind: waitsBehind(online, late.plan),
    })),
    kept: keptKeys(store, addSeconds(now, -86_400 * KEPT_DAYS), ROWS_MAX),
    chains: [...asked].map(([chain, round]) => ({
      chain,
      agreed: round.tip,
      ageMax: tipAgeMax(call.io, chain),
      nodes: round.nodes,
      doubts: doubts(round, now),
      carrier: round.carrier,
    })),
    channels: failingChannels(store),
    letters: listLetters(store, "OPEN", { limit: ROWS_MAX }),
    flags: haltFlags(store),
    quarantines: openQuarantines(store),
    reconciliation: worstReconciliation(store),
    rates:
      limits.some(({ max }) => "minorUnits" in max) || newestRates(store, currency) !== undefined
        ? { currency, secondsMax: ratesSecondsMax, newest: newestRates(store, currency) }
        : undefined,
    backup: every === 0 ? undefined : { every, newest: newestBackup(online)?.at },
    diskBytes: bavail * bsize,
    failing,
  };
}

/** Up to which height blocks of a chain were read, for our coins and for deposits; nothing where none was read yet. */
export function readUpTo(
  { store }: Pick<Online, "store">,
  { body }: PolicyDocument,
  chain: ChainId,
): readonly number[] {
  const { confirmations: depth } = rulesFor(body, chain);
  const [seen, credited] = [seenTip(store, chain)?.height, findCursor(store, chain)?.height];
  return [seen, credited === undefined ? undefined : credited + depth - 1].filter(
    (height) => height !== undefined,
  );
}

// What is on its way to a block has an alert of its own.
const ON_ITS_WAY: ReadonlySet<string> = new Set(SENDING);

function stuckStates({ store }: Online, now: Instant): readonly StuckState[] {
  return stateFigures(store).flatMap(({ state, since }) => {
    const before = ON_ITS_WAY.has(state) ? undefined : overdueSince(state, now);
    if (before === undefined || since >= before) return [];
    const found = standingBefore(store, state, before, ROWS_MAX);
    const [oldest] = found;
    return oldest === undefined ? [] : [{ state, count: found.length, oldest }];
  });
}

/** The dead plan whose number in a row a plan waits for, where nothing else has it. */
function waitsBehind({ store }: Online, plan: Id): { readonly id: Id } | undefined {
  const { body } = planDocumentOf(READS, store, getPlan(store, plan));
  const [key = ""] = body.conflictKeys;
  const before = codecOf(body.chain).row?.before(key);
  return before === undefined ? undefined : unusedBy(store, before);
}
