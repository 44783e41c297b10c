import { OPEN } from "../../core/states/stages.ts";
import { SUPERSEDABLE } from "../../core/states/withdrawal.ts";
import { finalEnd } from "../../withdrawals/ending/dead.ts";
import { rungNumber, rungOf } from "../../chains/attempts.ts";
import type { Instant } from "../../core/instant.ts";
import { counted } from "../../core/count.ts";
import { LIMITS } from "../../core/limits.ts";
import { parseId } from "../../core/identifier.ts";
import { attemptsOf, type Attempt } from "../../store/attempts.ts";
import { findCustomer } from "../../store/customers.ts";
import { plansOfWithdrawal, type StoredPlan } from "../../store/plans.ts";
import { activePolicy } from "../../store/policies.ts";
import { receiptsOf } from "../../store/receipts.ts";
import { listWithdrawals } from "../../store/withdrawal-lists.ts";
import { getWithdrawal, type Withdrawal } from "../../store/withdrawals.ts";
import { haltsNow, judgeWithdrawal } from "../../withdrawals/deciding/evidence.ts";
import { keptReason } from "../../withdrawals/ending/revoke.ts";
import { utf8 } from "../../core/hex.ts";
import { optionalFlag, switchedOn, type Run } from "../../terminal/command.ts";
import { writeOutput } from "../../terminal/files.ts";
import type { OutputStream } from "../../terminal/output.ts";
import { shortfallText } from "../../chains/shortfall.ts";
import { drawFacts, drawTable } from "../../terminal/table.ts";
import { timelineHtml } from "../../terminal/timeline-html.ts";
import { requirePolicy, withOnline, type Online } from "../../home/online.ts";
import { READS } from "../../home/ports.ts";
import { overdueSince, WAITING_FOR } from "../../withdrawals/waiting.ts";
import { haltedOver } from "./halted.ts";
import { describeAlerts, drawAlerts, drawLetters, lettersAbout } from "../attention.ts";
import { refusalHint } from "./refusal-hint.ts";
import { describe, drawWithdrawal } from "./draw.ts";
import { happenings, stays, type Happening } from "./timeline.ts";

/** One withdrawal and its timeline, from the audit rows. */
export const run: Run = async (call) =>
  withOnline(call, (online) => {
    const { store } = online;
    const withdrawal = getWithdrawal(store, parseId(call.args[0] ?? "", "id"));
    // Whoever is asked "where is order-77?" has these two names and no other.
    const customerRef = findCustomer(store, withdrawal.customer)?.ref ?? "unknown";
    const stored = plansOfWithdrawal(store, withdrawal.id);
    const plans = stored.map((plan) => describePlan(online, plan));
    // Of those that took each other's place, the one that something can be done with.
    const newest = stored.findLast(({ state }) => state !== "DROPPED");
    const waits = whatFor(online, withdrawal, newest);
    const halted = haltedOver(online, withdrawal, stored.at(-1)?.wallet);
    const letters = lettersOf(online, withdrawal, stored);
    const alerts = describeAlerts(store, ({ subject }) => stored.some(({ id }) => id === subject));
    // Still owed, and asked for again only when people have said that the old plan is dead: nothing else names that step.
    const ended = SUPERSEDABLE.has(withdrawal.state)
      ? stored.findLast((plan) => finalEnd(READS, store, plan) !== undefined)
      : undefined;
    const timeline = happenings(store, withdrawal.id);
    writeTimeline(online, withdrawal, timeline);
    return {
      data: {
        ...describe(withdrawal),
        customerRef,
        clientKey: withdrawal.clientKey,
        ...(waits === undefined ? {} : { waits }),
        ...(halted === undefined ? {} : { halted }),
        letters: letters.letters,
        alerts,
        attempts: plans.flatMap(({ attempts }) => attempts),
        plans,
        timeline,
      },
      text: [
        drawFacts([
          ...drawWithdrawal(withdrawal).filter(([label]) => label !== "plan" || plans.length === 0),
          ["customer", `${customerRef}, pseudonym ${withdrawal.customer}`],
          ["client's key", withdrawal.clientKey],
          ...(waits === undefined ? [] : [["waits for", waits] as const]),
          ...(halted === undefined
            ? []
            : ([
                ["HALT", `${halted}; nothing of it is built, exported or sent first`],
                ["", "custody emergency resume   (docs/runbooks/halt-and-resume.md)"],
              ] as const)),
          ...drawLetters(letters),
          ...drawAlerts(alerts),
          ...plans.flatMap(drawPlan),
        ]),
        drawTimeline(timeline, call.io.stdout),
      ].join("\n"),
      next:
        ended === undefined
          ? nextFor(withdrawal, newest, isLate(withdrawal, call.io.now()), halted)
          : `custody withdraw dead ${ended.id} --out dead.json   (approvers sign it; then: custody withdraw supersede ${withdrawal.id})`,
    };
  });

// What shows it again is no next step.
function nextFor(
  { id, state }: Withdrawal,
  plan: StoredPlan | undefined,
  late: boolean,
  halted: string | undefined,
): string | undefined {
  if (halted !== undefined) return "custody emergency resume";
  // Its hold waits for voids, and a signer voids by the bundle.
  if (state === "REVOKING") return `custody withdraw bundle ${id} --out bundle.json`;
  // A dearer rung is for what no block takes, and not for what was sent a moment ago.
  if (state === "BROADCAST" && !late) return "custody-watcher once   (once there is a block)";
  const next = WAITING_FOR[isOutdated(state, plan) ? "EXPORTED" : state]?.next({ id, plan: plan?.id });
  return next === `custody withdraw show ${id}` ? undefined : next;
}

function isLate({ state, updated }: Withdrawal, now: Instant): boolean {
  const since = overdueSince(state, now);
  return since !== undefined && updated < since;
}

// Its signed plan was replaced, and is not sent; the replacement has left and is not signed.
const isOutdated = (state: Withdrawal["state"], plan: StoredPlan | undefined): boolean =>
  state === "SIGNED" && plan?.state === "EXPORTED";

function lettersOf({ store }: Online, { id }: Withdrawal, plans: readonly StoredPlan[]) {
  const attempts = plans.flatMap((plan) => attemptsOf(store, plan.id));
  return lettersAbout(store, [
    { entity: "withdrawal", id },
    ...plans.map((plan) => ({ entity: "plan", id: plan.id })),
    ...attempts.map((attempt) => ({ entity: "attempt", id: attempt.id })),
  ]);
}

function describePlan(online: Online, { id, wallet, state, replaces }: StoredPlan) {
  const attempts = attemptsOf(online.store, id).map((attempt) => ({
    transaction: attempt.txid,
    rung: rungNumber(rungOf(attempt)),
    state: attempt.state,
    feeUnits: attempt.feeUnits.toString(),
    ...(attempt.wanted === undefined ? {} : { wanted: attempt.wanted }),
    ...(attempt.block === undefined ? {} : { blockHash: attempt.block.hash, height: attempt.block.height }),
    confirmations: attempt.confirmationsSeen,
    ...effectOf(attempt),
  }));
  const answers = receiptsOf(online.store, id);
  // What helps against a no is told while its plan waits for a yes of that signer.
  const isLast = (place: number) =>
    !answers.some(({ signer }, at) => at > place && signer === answers[place]?.signer);
  const receipts = answers.map(({ signer, refusal }, place) => ({
    signer,
    ...(refusal === undefined
      ? { outcome: "signed" }
      : {
          outcome: "refused",
          ...refusal,
          ...(state === "EXPORTED" && isLast(place) ? { hint: refusalHint(refusal, { id, wallet }) } : {}),
        }),
  }));
  return { plan: id, wallet, state, ...(replaces === undefined ? {} : { replaces }), receipts, attempts };
}

// Where ids hang on signatures, nodes and explorers know it by another than what people have signed.
function effectOf({ effect }: Attempt): {
  readonly networkId?: string;
  readonly paidUnits?: string;
  readonly failed?: boolean;
  readonly shortfalls?: readonly string[];
} {
  if (effect === undefined) return {};
  const { id, feeUnits, failed, shortfalls } = effect;
  const short = shortfalls.length === 0 ? {} : { shortfalls: shortfalls.map(shortfallText) };
  return { networkId: id, paidUnits: feeUnits.toString(), failed, ...short };
}

function drawPlan({
  plan,
  state,
  receipts,
  attempts,
}: ReturnType<typeof describePlan>): (readonly [string, string])[] {
  const over = attempts.some(({ state: at }) => at === "FINAL");
  return [
    ["plan", `${plan} is ${state}`],
    ...receipts.map((receipt): [string, string] => [
      `signer ${receipt.signer}`,
      "gate" in receipt
        ? [
            `refused at ${receipt.gate}: ${receipt.rule}`,
            ...(receipt.hint === undefined ? [] : [receipt.hint]),
          ].join("; ")
        : receipt.outcome,
    ]),
    ...attempts.flatMap(
      ({
        transaction,
        rung,
        state: at,
        confirmations,
        networkId,
        failed,
        shortfalls = [],
      }): [string, string][] => [
        [
          rung === "cancel" ? "cancel rung" : `rung ${rung}`,
          `${transaction} ${at}${confirmations === 0 ? "" : `, ${counted(confirmations, "confirmation")}`}${over && at !== "FINAL" ? ", never settles: its coins are spent" : ""}`,
        ],
        ...(networkId === undefined
          ? []
          : [
              ["on the chain", `0x${networkId}${failed === true ? ", without its effect" : ""}`] as [
                string,
                string,
              ],
            ]),
        ...shortfalls.map((text): [string, string] => ["paid less", text]),
      ],
    ),
  ];
}

// What stands between it and its payment, or between it and its hold's release.
function whatFor(online: Online, withdrawal: Withdrawal, plan: StoredPlan | undefined): string | undefined {
  const { store, call } = online;
  if (activePolicy(store) === undefined) return undefined;
  const policy = requirePolicy(online);
  if (withdrawal.state === "REVOKING") return keptReason(READS, store, withdrawal);
  // It is live, and no signer will take it any more: people end it, or the coins are fetched back.
  const { state, expires } = withdrawal;
  if (state === "EXPORTED" && expires !== undefined && call.io.now() > expires)
    return `INTENT_EXPIRED: no signer takes it any more; custody intent new --type cancel --plan ${plan?.id}, or custody withdraw cancel ${withdrawal.id}`;
  if (isOutdated(state, plan))
    return `signers: nothing is sent before plan ${plan?.id} is signed, which takes the place of what is; custody withdraw export ${plan?.id} --out request.json`;
  if (state === "EXPORTED" && plan !== undefined) {
    const other = revokedBeside(online, plan);
    if (other !== undefined)
      return `the end of withdrawal ${other.id}, which is REVOKING in the same plan: signers void that one, then custody withdraw build --wallet ${plan.wallet} --replace ${plan.id}`;
  }
  if (!["ON_HOLD", "EXPORTED", ...OPEN].includes(state)) return undefined;
  const about = { policy, now: call.io.now(), halts: haltsNow(READS, store) };
  const verdict = judgeWithdrawal(READS, store, withdrawal, about);
  return verdict.allowed ? undefined : `${verdict.rule}: ${verdict.why}`;
}

// A signer that has been brought the rejection signs nothing of that plan.
function revokedBeside({ store }: Online, { id }: StoredPlan): Withdrawal | undefined {
  return listWithdrawals(store, { state: "REVOKING" }, { limit: LIMITS.pageRowsMax }).find(
    ({ plan }) => plan === id,
  );
}

// To a person what happened comes last: it may be a sentence, and breaks no other row there. A pipe keeps its order.
function drawTimeline(timeline: readonly Happening[], to: OutputStream): string {
  const [time, by, subject, event, state] = [
    { head: "TIME" },
    { head: "RECORDED BY" },
    { head: "TO" },
    { head: "EVENT" },
    { head: "STATE" },
  ] as const;
  return to.isTTY
    ? drawTable(
        [time, by, subject, state, event],
        timeline.map((one) => [one.at, one.actor, one.subject, one.state, one.event]),
        to,
      )
    : drawTable(
        [time, by, subject, event, state],
        timeline.map((one) => [one.at, one.actor, one.subject, one.event, one.state]),
        to,
      );
}

// The same lines as a file for a browser, where `--html` asks for one.
function writeTimeline(online: Online, withdrawal: Withdrawal, all: readonly Happening[]): void {
  const { call, network } = online;
  const out = optionalFlag(call.flags, "html");
  if (out === undefined) return;
  const page = timelineHtml({
    network,
    title: `Withdrawal ${withdrawal.id}`,
    facts: drawWithdrawal(withdrawal),
    stays: stays(all, call.io.now()),
    happenings: all,
  });
  writeOutput(call.io, out, utf8(page), { force: switchedOn(call.flags, "force") });
}
