/** Brings the alerts up to date: what is new fires, what is gone is over, and the log says both. */
import { addSeconds, type Instant } from "../../src/core/instant.ts";
import { change, newId, type Online } from "../../src/home/online.ts";
import {
  clearAlert,
  fireAlert,
  firingAlerts,
  forgetAlerts,
  type Alert,
  type Condition,
} from "../../src/store/alerts.ts";
import { PAID_SHORT } from "../alarms.ts";
import { STOPPING } from "../flags.ts";
import type { Log, WatcherEvent } from "../log.ts";
import { WATCHER } from "../world.ts";

/** Alerts that fire at once, and critical ones beside them. Above it something is wrong that no list of alerts explains. */
const FIRING_MAX = 200;

/** An event happens once and cannot be looked at again: it is over when it was not repeated for so long. */
const EVENT_SECONDS = 86_400;

/** How long what was cleared is kept. */
const KEPT_SECONDS = 90 * 86_400;

/** Seconds after which it is noted that an alert still fires. */
const SEEN_SECONDS = 300;

/** Characters of an event's name in its subject; a transaction's id has room beside it. */
const EVENT_NAME_MAX = 60;

/** The kind of what was logged as an error. */
const EVENT = "event";

/** Texts are cut to what the table holds. */
const TEXT_MAX = 1000;

/** What a pass has logged as errors, each as a condition of its own event. */
export function ofEvents(events: readonly WatcherEvent[]): readonly Condition[] {
  return events
    .filter(({ level }) => level === "error")
    .map(({ event, reason, transaction, next }) => ({
      kind: EVENT,
      subject: subjectOf(event, transaction),
      severity: "error",
      text: [event, transaction, reason].filter((part) => part !== undefined).join(": "),
      next: typeof next === "string" ? next : "custody status",
    }));
}

// What stops this host, or a payee lost by, is told of for each transaction: the second of a kind is no repetition of the
// first. The rest is told apart by its name alone, or a node that is down would fill the list.
function subjectOf(event: string, transaction: unknown): string {
  const name = event.replaceAll(/[^a-z0-9]+/gi, "-").slice(0, EVENT_NAME_MAX);
  return (STOPPING.has(event) || event === PAID_SHORT) && typeof transaction === "string"
    ? `${name}:${transaction}`
    : name;
}

/**
 * @param unjudged kinds that could not be judged this time: theirs stay as they are
 */
export function settleAlerts(
  online: Online,
  found: readonly Condition[],
  log: Log,
  unjudged: ReadonlySet<string> = new Set(),
): void {
  const now = online.call.io.now();
  const firing = firingAlerts(online.store);
  const wanted = firstOfEach(found).map(cut);
  const over = firing.filter((alert) => !unjudged.has(alert.kind) && isOver(alert, wanted, now));
  const fresh = withRoom(
    firing.filter((alert) => !over.includes(alert)),
    wanted.filter((condition) => same(firing, condition) === undefined),
  );
  const again = wanted.filter((condition) => {
    const alert = same(firing, condition);
    return alert !== undefined && isNews(alert, condition, now);
  });
  if (over.length + fresh.length + again.length === 0) return;
  change(
    online,
    (tx) => {
      for (const { id } of over) clearAlert(tx, id);
      for (const condition of [...fresh, ...again]) fireAlert(tx, newId(online), condition);
      forgetAlerts(tx, addSeconds(now, -KEPT_SECONDS));
    },
    WATCHER,
  );
  for (const { kind, subject, severity, text, next } of fresh)
    log({
      event: "alert",
      level: severity === "warning" ? "warn" : "error",
      kind,
      subject,
      reason: text,
      next,
    });
  for (const { kind, subject } of over) log({ event: "alert over", kind, subject });
}

/** As many of `fresh` as there is room for, the gravest first: however many warnings fire, none keeps a critical one out. */
function withRoom(firing: readonly Alert[], fresh: readonly Condition[]): readonly Condition[] {
  const of = (severities: readonly Condition["severity"][]) => {
    const room = FIRING_MAX - firing.filter(({ severity }) => severities.includes(severity)).length;
    const found = severities.flatMap((wanted) => fresh.filter(({ severity }) => severity === wanted));
    return found.slice(0, Math.max(0, room));
  };
  return [...of(["critical"]), ...of(["error", "warning"])];
}

function same(alerts: readonly Alert[], { kind, subject }: Condition): Alert | undefined {
  return alerts.find((alert) => alert.kind === kind && alert.subject === subject);
}

function isOver(alert: Alert, wanted: readonly Condition[], now: Instant): boolean {
  if (wanted.some(({ kind, subject }) => kind === alert.kind && subject === alert.subject)) return false;
  return alert.kind !== EVENT || addSeconds(alert.lastSeen, EVENT_SECONDS) <= now;
}

function isNews(alert: Alert, { text, next, severity }: Condition, now: Instant): boolean {
  if (alert.text !== text || alert.next !== next || alert.severity !== severity) return true;
  return addSeconds(alert.lastSeen, SEEN_SECONDS) <= now;
}

function firstOfEach(found: readonly Condition[]): readonly Condition[] {
  return [...new Map(found.map((one) => [`${one.kind} ${one.subject}`, one])).values()];
}

function cut(condition: Condition): Condition {
  const { subject, text, next } = condition;
  return {
    ...condition,
    subject: subject.slice(0, 128),
    text: text.slice(0, TEXT_MAX),
    next: next.slice(0, 256),
  };
}
