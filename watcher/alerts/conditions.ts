/**
 * Which conditions people are told of, and in which words. Pure: facts in, conditions out. Each says what to type next, and
 * none names a customer. Times stand in the text, not spans: an alert that lasts does not change with every look.
 */
import { carrierFault, type Carrier } from "../../src/chains/chain-node.ts";
import { formatAmount } from "../../src/core/amount.ts";
import type { ChainId } from "../../src/core/chain.ts";
import type { Id } from "../../src/core/identifier.ts";
import { counted } from "../../src/core/count.ts";
import { addSeconds, seconds, type Instant } from "../../src/core/instant.ts";
import { runbookOf } from "../../src/commands/nodes.ts";
import type { NodeFacts } from "../../src/nodes/survey.ts";
import type { WithdrawalState } from "../../src/core/states/edges.ts";
import type { Condition, FailingChannel } from "../../src/store/alerts.ts";
import type { Letter } from "../../src/store/dead-letters.ts";
import type { Standing } from "../../src/store/figures.ts";
import type { HaltFlag } from "../../src/store/halt-flags.ts";
import type { KeptKeys, LateAttempt } from "../../src/store/late.ts";
import type { Quarantine } from "../../src/store/quarantine.ts";
import type { StoredRates } from "../../src/store/rates.ts";
import type { Reconciliation } from "../../src/store/reconciliations.ts";
import { WAITING_FOR } from "../../src/withdrawals/waiting.ts";
import { ofFlags } from "./flagged.ts";
import { isLong, ofPasses, type PassFacts } from "./passes.ts";

export type StuckState = {
  readonly state: WithdrawalState;
  readonly count: number;
  readonly oldest: Standing;
};

export type ChainFacts = {
  readonly chain: ChainId;
  /** The newest block that the nodes agreed on, if ever they did, and the age in seconds that it may have. */
  readonly agreed: { readonly height: number; readonly time: Instant } | undefined;
  readonly ageMax: number;
  /** What has long been doubtful about the ground that passes stand on, in words. */
  readonly doubts: readonly string[];
  readonly nodes: readonly Pick<NodeFacts, "name" | "standing" | "reason">[];
  readonly carrier?: Carrier | undefined;
};

export type Facts = PassFacts & {
  readonly stuck: readonly StuckState[];
  /** `behind`: a dead plan whose number in a row nothing has used, as far as is known here. */
  readonly pending: readonly (LateAttempt & { readonly behind?: { readonly id: Id } | undefined })[];
  readonly kept: readonly KeptKeys[];
  /** Chains whose nodes were asked. */
  readonly chains: readonly ChainFacts[];
  readonly channels: readonly FailingChannel[];
  readonly letters: readonly Pick<Letter, "id" | "class" | "subject">[];
  readonly flags: readonly HaltFlag[];
  readonly quarantines: readonly Quarantine[];
  readonly reconciliation: Pick<Reconciliation, "verdict" | "at"> | undefined;
  /** `secondsMax`: the age up to which the policy takes rates. */
  readonly rates:
    | {
        readonly currency: string;
        readonly secondsMax: number;
        readonly newest: Pick<StoredRates, "issued" | "expires"> | undefined;
      }
    | undefined;
  /** Minutes between backups, and when the newest was made. */
  readonly backup: { readonly every: number; readonly newest: Instant | undefined } | undefined;
  readonly diskBytes: number;
};

/** Alerts of one kind that fire side by side; the rest is counted in the last of them. */
const EACH_MAX = 20;

/** Below it SQLite may soon find no room for a commit, and nothing is recorded any more. */
const DISK_BYTES_MIN = 1024 ** 3;

export function conditions(facts: Facts): readonly Condition[] {
  return [
    ...stuck(facts),
    ...facts.pending.slice(0, EACH_MAX).map(pending),
    ...facts.kept.slice(0, EACH_MAX).map(kept),
    ...facts.chains.flatMap((chain) => staleTip(chain, facts.now)),
    ...facts.chains.flatMap(doubtful),
    ...facts.chains.flatMap(({ nodes }) => nodes.filter(({ standing }) => standing !== "ok").map(setAside)),
    ...facts.chains.flatMap(gasKey),
    ...facts.channels.filter(({ since }) => isLong(since, facts.now)).map(unheard),
    ...letters(facts),
    ...ofFlags(facts.flags, EACH_MAX),
    ...facts.quarantines.slice(0, EACH_MAX).map(quarantined),
    ...broken(facts),
    ...oldRates(facts),
    ...oldBackup(facts),
    ...fullDisk(facts),
    ...ofPasses(facts),
  ];
}

function stuck({ stuck: states }: Facts): readonly Condition[] {
  return states.map(({ state, count, oldest }) => ({
    kind: "stuck-state",
    subject: state,
    severity: "warning",
    text: `${counted(count, "withdrawal")} in ${state} too long, for ${WAITING_FOR[state]?.on ?? "somebody"}; the oldest is ${oldest.id}, since ${oldest.since}`,
    next: WAITING_FOR[state]?.next(oldest) ?? "custody status",
  }));
}

function pending({ plan, transaction, state, since, behind }: Facts["pending"][number]): Condition {
  const told = `transaction ${transaction} of plan ${plan} was sent first at ${since} and is in no block (${state})`;
  if (behind !== undefined)
    return {
      kind: "pending",
      subject: plan,
      severity: "warning",
      text: `${told}; it may wait for the nonce before its own, which dead plan ${behind.id} had and nothing has used`,
      next: `custody intent new --type cancel --plan ${behind.id}   (docs/runbooks/stuck-fee.md)`,
    };
  return {
    kind: "pending",
    subject: plan,
    severity: "warning",
    text: told,
    next: `custody withdraw bump ${plan}   (docs/runbooks/stuck-fee.md)`,
  };
}

function kept({ plan, state, since, keys }: KeptKeys): Condition {
  return {
    kind: "stuck-conflict-key",
    subject: plan,
    severity: "warning",
    text: `plan ${plan} (${state} since ${since}) keeps ${counted(keys, "coin")} from every other plan`,
    next:
      state === "DRAFT"
        ? `custody withdraw drop ${plan}`
        : `custody intent new --type cancel --plan ${plan}   (its coins come back)`,
  };
}

function staleTip({ chain, agreed, ageMax }: ChainFacts, now: Instant): readonly Condition[] {
  if (agreed !== undefined && seconds(now) - seconds(agreed.time) <= ageMax) return [];
  const what =
    agreed === undefined
      ? "the nodes agree on no block"
      : `the newest block that the nodes agree on is number ${agreed.height} of ${agreed.time}`;
  return [
    {
      kind: "stale-tip",
      subject: chain,
      severity: "error",
      text: `${chain}: ${what}: nothing is built, nor sent for the first time`,
      next: "custody doctor   (docs/runbooks/node-down.md, docs/runbooks/lying-node.md)",
    },
  ];
}

// The nodes agree when they are asked, and passes come no further all the same (F28).
function doubtful({ chain, doubts }: ChainFacts): readonly Condition[] {
  if (doubts.length === 0) return [];
  return [
    {
      kind: "blocks-unread",
      subject: chain,
      severity: "error",
      text: `${chain}: ${doubts.join("; ")}: nothing is built, nor sent for the first time`,
      next: "custody doctor   (docs/runbooks/lying-node.md)",
    },
  ];
}

function setAside({ name, standing, reason }: ChainFacts["nodes"][number]): Condition {
  return {
    kind: "node-set-aside",
    subject: name,
    severity: "warning",
    text: `node ${name} is ${standing}: ${reason}`,
    next: `custody doctor   (${runbookOf(standing)})`,
  };
}

// It holds nobody's money: with too little Safes pay nobody, with too much there is something to steal.
function gasKey({ carrier }: ChainFacts): readonly Condition[] {
  const fault = carrier && carrierFault(carrier);
  if (fault === undefined) return [];
  const { account, holds, most, needs } = carrier as Carrier;
  return [
    {
      kind: "gas-key",
      subject: account,
      severity: "warning",
      text:
        fault === "too much"
          ? `the gas key ${account} holds ${formatAmount(holds)}, more than ${formatAmount(most)}`
          : `the gas key ${account} holds ${formatAmount(holds)}; carrying one transaction of a Safe may cost ${formatAmount(needs)}`,
      next: "custody doctor   (docs/runbooks/alerts.md)",
    },
  ];
}

// Those channels that work say that another does not.
function unheard({ channel, since, code }: FailingChannel): Condition {
  return {
    kind: "channel-failing",
    subject: channel,
    severity: "warning",
    text: `alerts are not delivered by ${channel} since ${since} (${code}); they are tried again for nine hours`,
    next: "custody config list --show-origin   (docs/runbooks/alerts.md)",
  };
}

function letters({ letters: open }: Facts): readonly Condition[] {
  const [first] = open;
  if (first === undefined) return [];
  const { entity, step } = first.subject;
  return [
    {
      kind: "dead-letter",
      subject: "open",
      severity: "error",
      text: `${counted(open.length, "dead letter")} open; the oldest is about ${entity} ${step} (${first.class})`,
      next: `custody dlq show ${first.id}   (docs/runbooks/alerts.md)`,
    },
  ];
}

function quarantined({ id, cause, detail, since }: Quarantine): Condition {
  return {
    kind: "quarantine",
    subject: id,
    severity: "critical",
    text: `the database is in quarantine since ${since} (${cause}): ${detail}`.slice(0, 1000),
    next: "custody db reconcile   (docs/runbooks/database-restored.md)",
  };
}

function broken({ reconciliation }: Facts): readonly Condition[] {
  if (reconciliation?.verdict !== "differs") return [];
  return [
    {
      kind: "reconciliation-break",
      subject: "books",
      severity: "critical",
      text: "ledger, coins on the chain and attempts do not say the same; nothing is built or sent first",
      next: "custody ledger reconcile",
    },
  ];
}

function oldRates({ rates, now }: Facts): readonly Condition[] {
  if (rates === undefined) return [];
  const { currency, secondsMax, newest } = rates;
  const until =
    newest && [newest.expires, addSeconds(newest.issued, secondsMax)].reduce((a, b) => (a < b ? a : b));
  // A fifth of their life before they end, so that there is time to issue others.
  const warned = until && addSeconds(until, -Math.floor(secondsMax / 5));
  if (warned !== undefined && now < warned) return [];
  const over = until === undefined || now >= until;
  return [
    {
      kind: "list-age",
      subject: `rates-${currency.toLowerCase()}`,
      severity: over ? "error" : "warning",
      text:
        until === undefined
          ? `there are no rates in ${currency}: what is limited in it is denied`
          : `rates in ${currency} count until ${until}; after that what is limited in it is denied`,
      next: "custody rates show",
    },
  ];
}

function oldBackup({ backup, now }: Facts): readonly Condition[] {
  if (backup === undefined) return [];
  const { every, newest } = backup;
  if (newest !== undefined && seconds(now) - seconds(newest) <= 180 * every) return [];
  return [
    {
      kind: "backup-age",
      subject: "backup",
      severity: "error",
      text: `the newest backup is of ${newest ?? "never"}; one is due every ${counted(every, "minute")}`,
      next: "custody db backup --out FILE",
    },
  ];
}

function fullDisk({ diskBytes }: Facts): readonly Condition[] {
  if (diskBytes >= DISK_BYTES_MIN) return [];
  return [
    {
      kind: "disk-low",
      subject: "home",
      severity: "error",
      text: "less than a gibibyte is free where the home lies: the database may soon take nothing more",
      next: "df -h",
    },
  ];
}
