import type { Played } from "./run.ts";

/** What many worlds came to. */
export type Summary = {
  readonly worlds: number;
  readonly steps: number;
  readonly crashes: number;
  readonly reorganisations: number;
  readonly restores: number;
  /** Taken by the network, of those that were made with other makers' programs. */
  readonly elsewhere: number;
  /** Warrants over what such a payment was, and over what was none. */
  readonly judged: number;
  readonly payments: number;
  readonly checks: number;
  readonly findings: number;
};

export const NOTHING_PLAYED: Summary = {
  worlds: 0,
  steps: 0,
  crashes: 0,
  reorganisations: 0,
  restores: 0,
  elsewhere: 0,
  judged: 0,
  payments: 0,
  checks: 0,
  findings: 0,
};

export function added(summary: Summary, { steps, counts, payments, checks, broken }: Played): Summary {
  return {
    worlds: summary.worlds + 1,
    steps: summary.steps + steps,
    crashes: summary.crashes + (counts["crashes"] ?? 0),
    reorganisations: summary.reorganisations + (counts["reorganisations"] ?? 0),
    restores: summary.restores + (counts["restores"] ?? 0),
    elsewhere: summary.elsewhere + (counts["made elsewhere"] ?? 0),
    judged: summary.judged + (counts["judged"] ?? 0) + (counts["losses"] ?? 0),
    payments: summary.payments + payments,
    checks: summary.checks + checks,
    findings: summary.findings + (broken.length > 0 ? 1 : 0),
  };
}

/** One line. */
export function summaryOf({
  worlds,
  steps,
  crashes,
  reorganisations,
  restores,
  elsewhere,
  judged,
  payments,
  checks,
  findings,
}: Summary): string {
  return (
    `${worlds} worlds, ${steps} steps, ${crashes} crashes, ${reorganisations} reorganisations, ` +
    `${restores} restores, ${elsewhere} payments elsewhere, ${judged} of them judged, ${payments} payments, ${checks} invariant checks, ${findings} findings`
  );
}
