/** The metrics of one moment: counts, ages and sums. Labels are states, assets and classes; none is a customer's or a payment's. */
import { LETTER_STATES } from "../../src/core/states/letters.ts";
import { statSync } from "node:fs";
import { seconds, type Instant } from "../../src/core/instant.ts";
import { countFiring } from "../../src/store/alerts.ts";
import { auditHead } from "../../src/store/audit.ts";
import { countLetters } from "../../src/store/dead-letters.ts";
import { stateFigures } from "../../src/store/figures.ts";
import { countAttempts, readyUnits } from "../../src/store/gauges.ts";
import { haltFlags } from "../../src/store/halt-flags.ts";
import { worstReconciliation } from "../../src/store/reconciliations.ts";
import type { Reader } from "../../src/store/statement.ts";
import type { Rounds } from "./rounds.ts";
import type { Metric, Sample } from "./text.ts";

/** @param backup when the newest backup was made */
export function databaseMetrics(store: Reader, now: Instant, backup: Instant | undefined): readonly Metric[] {
  const states = stateFigures(store);
  const age = (since: Instant) => Math.max(0, seconds(now) - seconds(since));
  const compared = worstReconciliation(store);
  return [
    gauge(
      "custody_withdrawals",
      "Withdrawals by state.",
      states.map(({ state, count }) => ({ labels: { state }, value: count })),
    ),
    gauge(
      "custody_withdrawal_oldest_seconds",
      "How long the withdrawal that is longest in a state has been in it.",
      states.map(({ state, since }) => ({ labels: { state }, value: age(since) })),
    ),
    gauge(
      "custody_ready_units",
      "Base units that are READY and in no plan, by asset.",
      readyUnits(store).map(({ asset, units }) => ({ labels: { asset }, value: units })),
    ),
    gauge(
      "custody_attempts",
      "Attempts by state.",
      countAttempts(store).map(({ state, count }) => ({ labels: { state }, value: count })),
    ),
    gauge("custody_dead_letters", "Dead letters by state.", byState(countLetters(store), LETTER_STATES)),
    gauge("custody_alerts_firing", "Alerts that fire, by severity.", firing(store)),
    one("custody_halt_flags", "Halts in force that this host alone knows.", haltFlags(store).length),
    one("custody_audit_rows", "Rows of the audit tree.", auditHead(store)?.size ?? 0),
    one("custody_database_bytes", "Size of the database and its write-ahead log.", databaseBytes(store)),
    ...(backup === undefined
      ? []
      : [one("custody_backup_age_seconds", "Age of the newest backup.", age(backup))]),
    ...(compared === undefined
      ? []
      : [
          one(
            "custody_reconciliation_age_seconds",
            "Age of the last comparison of ledger and chain.",
            age(compared.at),
          ),
          one(
            "custody_reconciled",
            "1 when the last comparison found no difference.",
            compared.verdict === "even" ? 1 : 0,
          ),
        ]),
  ];
}

/** What the process knows itself, whatever ails the database. The time of the last pass is the dead man's switch (F28). */
export function roundMetrics(rounds: Rounds, now: Instant): readonly Metric[] {
  const { passes, failures, last, reorganisation } = rounds;
  const chains = [...rounds.chains];
  return [
    counter("custody_watcher_passes_total", "Passes that did their work.", passes),
    counter("custody_watcher_failures_total", "Passes that failed.", failures),
    one(
      "custody_watcher_up_since_seconds",
      "When this process began, in seconds since 1970.",
      seconds(rounds.started),
    ),
    ...(last === undefined
      ? []
      : [
          one(
            "custody_watcher_last_pass_timestamp_seconds",
            "When the last pass that did its work ended, in seconds since 1970.",
            seconds(last.at),
          ),
          one("custody_watcher_last_pass_seconds", "How long that pass took.", last.seconds),
        ]),
    gauge(
      "custody_tip_height",
      "Height of the newest block that a chain's nodes agree on.",
      chains.flatMap(([chain, { tip }]) =>
        tip === undefined ? [] : [{ labels: { chain }, value: tip.height }],
      ),
    ),
    gauge(
      "custody_tip_age_seconds",
      "Age of the newest block that a chain's nodes agree on, by its own time.",
      chains.flatMap(([chain, { tip }]) =>
        tip === undefined
          ? []
          : [{ labels: { chain }, value: Math.max(0, seconds(now) - seconds(tip.time)) }],
      ),
    ),
    one("custody_reorganisation_depth", "Blocks that the last reorganisation took back.", reorganisation),
    gauge(
      "custody_node_up",
      "1 for a node that answers and keeps up with the others, 0 for one that is set aside.",
      chains.flatMap(([chain, { nodes }]) =>
        nodes.map(({ name, standing }) => ({
          labels: { chain, node: name },
          value: standing === "ok" ? 1 : 0,
        })),
      ),
    ),
  ];
}

function firing(store: Reader): readonly Sample[] {
  const counts = countFiring(store);
  return (["critical", "error", "warning"] as const).map((severity) => ({
    labels: { severity },
    value: counts.get(severity) ?? 0,
  }));
}

function byState(counts: ReadonlyMap<string, number>, states: readonly string[]): readonly Sample[] {
  return states.map((state) => ({ labels: { state }, value: counts.get(state) ?? 0 }));
}

function databaseBytes({ path }: Reader): number {
  return [path, `${path}-wal`].reduce(
    (sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, type: "gauge", help, samples };
}

function one(name: string, help: string, value: number): Metric {
  return gauge(name, help, [{ value }]);
}

function counter(name: string, help: string, value: number): Metric {
  return { name, type: "counter", help, samples: [{ value }] };
}
