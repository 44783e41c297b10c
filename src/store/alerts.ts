/** Alerts that fire and that are over, and the outbox of the messages about them. */
import type { Id } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import type { AlertTable, DeliveryTable } from "./watch-schema.ts";
import { all, get, run, type Reader } from "./statement.ts";
import type { Tx } from "./transaction.ts";

export type Severity = AlertTable["severity"];

/** Something that people should know of, told apart by kind and subject. */
export type Condition = {
  readonly kind: string;
  /** What it is about: a plan's id, a chain, a state. Never a customer. */
  readonly subject: string;
  readonly severity: Severity;
  readonly text: string;
  /** What to type next. */
  readonly next: string;
};

export type Alert = Condition & {
  readonly id: Id;
  readonly firstSeen: Instant;
  readonly lastSeen: Instant;
  readonly cleared: Instant | undefined;
};

export type Delivery = {
  /** Stays the same however often it is tried: receivers tell repetitions by it. */
  readonly id: Id;
  readonly event: "firing" | "cleared";
  readonly channel: string;
  readonly alert: Alert;
};

/** Alerts that fire, the oldest first. */
export function firingAlerts(reader: Reader): readonly Alert[] {
  return all<AlertTable>(reader, "SELECT * FROM alert WHERE cleared IS NULL ORDER BY seq").map(alertOf);
}

/** How many fire, by severity. */
export function countFiring(reader: Reader): ReadonlyMap<Severity, number> {
  const sql = "SELECT severity, count(*) AS count FROM alert WHERE cleared IS NULL GROUP BY severity";
  return new Map(
    all<{ severity: Severity; count: number }>(reader, sql).map(({ severity, count }) => [severity, count]),
  );
}

/** The alert of a kind and subject that fires, if one does. */
export function findFiring(
  reader: Reader,
  { kind, subject }: Pick<Condition, "kind" | "subject">,
): Alert | undefined {
  const sql = "SELECT * FROM alert WHERE kind = ? AND subject = ? AND cleared IS NULL";
  const row = get<AlertTable>(reader, sql, kind, subject);
  return row && alertOf(row);
}

/** Begins an alert. One of its kind and subject that fires already is only seen again. @returns whether it is news */
export function fireAlert(tx: Tx, id: Id, condition: Condition): boolean {
  const { kind, subject, severity, text, next } = condition;
  const known = findFiring(tx, condition);
  if (known !== undefined) {
    const sql = "UPDATE alert SET last_seen = ?, severity = ?, text = ?, next = ? WHERE id = ?";
    run(tx, sql, tx.now, severity, text, next, known.id);
    return false;
  }
  const sql =
    "INSERT INTO alert (id, kind, subject, severity, text, next, first_seen, last_seen) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
  run(tx, sql, id, kind, subject, severity, text, next, tx.now, tx.now);
  return true;
}

/** Ends an alert. */
export function clearAlert(tx: Tx, id: Id): void {
  run(tx, "UPDATE alert SET cleared = ? WHERE id = ? AND cleared IS NULL", tx.now, id);
}

/** Deletes what was cleared before `before`, with its messages. */
export function forgetAlerts(tx: Tx, before: Instant): void {
  run(tx, "DELETE FROM alert WHERE cleared < ?", before);
}

/** Puts the message that an alert fires, or is over, into the outbox for one channel; once, whoever asks again. */
export function addDelivery(tx: Tx, id: Id, { event, channel, alert }: Omit<Delivery, "id">): void {
  const sql =
    "INSERT INTO delivery (id, alert, event, channel, state, created) VALUES (?, ?, ?, ?, 'PENDING', ?)" +
    " ON CONFLICT (alert, event, channel) DO NOTHING";
  run(tx, sql, id, alert.id, event, channel, tx.now);
}

/**
 * Alerts without the message that they fire, or that they are over, for `channel`. One that began and ended unheard is
 * left out: nobody has to be told that nothing is the matter.
 */
export function unannounced(reader: Reader, channel: string): readonly Pick<Delivery, "event" | "alert">[] {
  const without = (event: Delivery["event"]) =>
    `NOT EXISTS (SELECT 1 FROM delivery AS d WHERE d.alert = alert.id AND d.channel = ? AND d.event = '${event}')`;
  const told =
    "EXISTS (SELECT 1 FROM delivery AS d WHERE d.alert = alert.id AND d.channel = ? AND d.event = 'firing')";
  const firing = all<AlertTable>(
    reader,
    `SELECT * FROM alert WHERE cleared IS NULL AND ${without("firing")} ORDER BY seq`,
    channel,
  );
  const over = all<AlertTable>(
    reader,
    `SELECT * FROM alert WHERE cleared IS NOT NULL AND ${without("cleared")} AND ${told} ORDER BY seq`,
    channel,
    channel,
  );
  return [
    ...firing.map((row) => ({ event: "firing", alert: alertOf(row) }) as const),
    ...over.map((row) => ({ event: "cleared", alert: alertOf(row) }) as const),
  ];
}

/**
 * Messages of one channel that are due at `now`, the oldest first: each channel has a queue of its own, so that one that
 * fails for hours takes no room from another. That an alert is over waits until the message that it fires has left: in the
 * other order an incident would stay open for ever.
 */
export function dueDeliveries(
  reader: Reader,
  channel: string,
  now: Instant,
  limit: number,
): readonly Delivery[] {
  const sql =
    "SELECT d.id AS delivery, d.event, d.channel, alert.* FROM delivery AS d JOIN alert ON alert.id = d.alert" +
    " WHERE d.state = 'PENDING' AND d.channel = ? AND NOT EXISTS (SELECT 1 FROM retry AS r" +
    " WHERE r.entity = 'delivery' AND r.entity_id = d.id AND r.step = d.channel AND r.next_try > ?)" +
    " AND NOT EXISTS (SELECT 1 FROM delivery AS e WHERE e.alert = d.alert AND e.channel = d.channel" +
    " AND e.seq < d.seq AND e.state = 'PENDING') ORDER BY d.seq LIMIT ?";
  return all<DeliveryRow>(reader, sql, channel, now, limit).map(deliveryOf);
}

/** Messages of one channel that have waited since before `before`, the oldest first, whenever they are due. */
export function waitingDeliveries(
  reader: Reader,
  channel: string,
  before: Instant,
  limit: number,
): readonly Delivery[] {
  const sql =
    "SELECT d.id AS delivery, d.event, d.channel, alert.* FROM delivery AS d JOIN alert ON alert.id = d.alert" +
    " WHERE d.state = 'PENDING' AND d.channel = ? AND d.created < ? ORDER BY d.seq LIMIT ?";
  return all<DeliveryRow>(reader, sql, channel, before, limit).map(deliveryOf);
}

/** Channels that have messages to be sent. */
export function channelsWaiting(reader: Reader): readonly string[] {
  const sql = "SELECT DISTINCT channel FROM delivery WHERE state = 'PENDING' ORDER BY channel";
  return all<{ channel: string }>(reader, sql).map(({ channel }) => channel);
}

/** A channel that takes no messages: since when, how many have failed so far, and the last one's code. */
export type FailingChannel = {
  readonly channel: string;
  readonly since: Instant;
  readonly messages: number;
  readonly code: string;
};

/** Channels with a message that has failed and is tried again. */
export function failingChannels(reader: Reader): readonly FailingChannel[] {
  const sql =
    "SELECT step AS channel, min(first_failed) AS since, count(*) AS messages, code FROM retry" +
    " WHERE entity = 'delivery' GROUP BY step ORDER BY step";
  return all<FailingChannel>(reader, sql);
}

/** The message has left, or was given up. */
export function endDelivery(tx: Tx, id: Id, state: "DELIVERED" | "DEAD"): void {
  run(tx, "UPDATE delivery SET state = ? WHERE id = ? AND state = 'PENDING'", state, id);
}

/** A message that was given up is to be sent after all. */
export function reviveDelivery(tx: Tx, id: string): void {
  run(tx, "UPDATE delivery SET state = 'PENDING' WHERE id = ? AND state = 'DEAD'", id);
}

type DeliveryRow = AlertTable & { delivery: Id } & Pick<DeliveryTable, "event" | "channel">;

function deliveryOf(row: DeliveryRow): Delivery {
  return { id: row.delivery, event: row.event, channel: row.channel, alert: alertOf(row) };
}

function alertOf(row: AlertTable): Alert {
  const { id, kind, subject, severity, text, next, first_seen, last_seen, cleared } = row;
  return {
    id,
    kind,
    subject,
    severity,
    text,
    next,
    firstSeen: first_seen,
    lastSeen: last_seen,
    cleared: cleared ?? undefined,
  };
}
