/**
 * The outbox. What is to be said stands in the database before it is said, so that a restart neither forgets nor repeats
 * it; a receiver that does not answer is tried again by the schedule of dead letters, and given up at last.
 */
import { counted } from "../../src/core/count.ts";
import { sha256, type Digest } from "../../src/core/digest.ts";
import { isError } from "../../src/core/errors.ts";
import { toHex, utf8 } from "../../src/core/hex.ts";
import type { Id } from "../../src/core/identifier.ts";
import { addSeconds } from "../../src/core/instant.ts";
import { change, newId, type Online } from "../../src/home/online.ts";
import { LETTER_PORTS } from "../../src/home/ports.ts";
import {
  addDelivery,
  channelsWaiting,
  dueDeliveries,
  endDelivery,
  unannounced,
  waitingDeliveries,
  type Delivery,
} from "../../src/store/alerts.ts";
import { clearRetry } from "../../src/store/dead-letters.ts";
import type { Tx } from "../../src/store/transaction.ts";
import {
  failureOf,
  noteFailure,
  type Failure,
  type Subject,
} from "../../src/withdrawals/settling/dead-letters.ts";
import type { Log } from "../log.ts";
import { WATCHER } from "../world.ts";
import { NOTIFY_REFUSED, NOTIFY_UNSET, type Channel } from "./port.ts";
import { webhookBody } from "./webhook.ts";

/** Messages that one channel is given in one round. */
const SENT_MAX = 10;

/** Seconds that a message waits for a channel that is not set: a setting that was lost is noticed in a day. */
const UNSET_SECONDS = 86_400;

/** Messages of one channel that are given up in one round. */
const GIVEN_UP_MAX = 100;

/** Puts what nobody has been told of into the outbox, for every channel. */
export function announce(online: Online, channels: readonly Channel[]): void {
  const news = channels.flatMap(({ name }) =>
    unannounced(online.store, name).map((message) => ({ ...message, channel: name })),
  );
  if (news.length === 0) return;
  change(
    online,
    (tx) => {
      for (const message of news) addDelivery(tx, newId(online), message);
    },
    WATCHER,
  );
}

/**
 * Gives up, with a dead letter each, what has waited for a day for a channel that is not among `channels`. For the daemon
 * alone: a command that is typed in another shell may know other settings. Where no channel is set at all, a setting is
 * more likely missing than meant, and everything waits.
 */
export function giveUpUnset(online: Online, channels: readonly Channel[], log: Log): void {
  if (channels.length === 0) return;
  const now = online.call.io.now();
  const known = new Set(channels.map(({ name }) => name));
  for (const channel of channelsWaiting(online.store).filter((name) => !known.has(name))) {
    const waiting = waitingDeliveries(online.store, channel, addSeconds(now, -UNSET_SECONDS), GIVEN_UP_MAX);
    if (waiting.length === 0) continue;
    const failure = failureOf(NOTIFY_UNSET(`channel ${channel} is not set`));
    const letters = change(
      online,
      (tx) => waiting.map((delivery) => noteFailed(tx, online, delivery, failure, true)),
      WATCHER,
    );
    const reason = `${counted(waiting.length, "message")} for a channel that is not set`;
    const next = `custody dlq show ${letters[0] ?? ""}`;
    log({ event: "alert given up", level: "warn", channel, code: failure.code, reason, next });
  }
}

/** Sends what is due: channels side by side, so that one that hangs holds up no other. Never throws for a receiver. */
export async function deliver(online: Online, channels: readonly Channel[], log: Log): Promise<void> {
  await Promise.all(
    channels.map(async (channel) => {
      const due = dueDeliveries(online.store, channel.name, online.call.io.now(), SENT_MAX);
      // At the first failure the rest waits for the next round: it would most likely meet the same.
      for (const delivery of due) if (!(await send(online, channel, delivery, log))) return;
    }),
  );
}

const subjectOf = ({ id, channel }: Delivery): Subject => ({ entity: "delivery", id, step: channel });

// A wrong token, an address that has moved, a secret file that is being changed: all of these an operator mends, so they
// are tried as long as a receiver that does not answer. The message itself is at fault only where the receiver says so.
function failureOfSending(error: unknown): Failure {
  const failure = failureOf(error);
  return failure.class === "unknown" || isError(error, NOTIFY_REFUSED)
    ? failure
    : { ...failure, class: "exhausted" };
}

/** Counts a failure of a message, and ends it with the last. @returns the dead letter's id when it was given up */
function noteFailed(
  tx: Tx,
  online: Online,
  delivery: Delivery,
  failure: Failure,
  forGood: boolean,
): Id | undefined {
  const payload = toHex(sha256(utf8(webhookBody({ ...delivery, network: online.network })))) as Digest;
  const about = { id: newId(online), payload, now: online.call.io.now(), forGood };
  const letter = noteFailure(LETTER_PORTS, tx, subjectOf(delivery), failure, about);
  if (letter !== undefined) endDelivery(tx, delivery.id, "DEAD");
  return letter;
}

/** @returns whether the next message is worth trying: not after one that the channel itself has failed at */
async function send(online: Online, channel: Channel, delivery: Delivery, log: Log): Promise<boolean> {
  const { io } = online.call;
  const message = { ...delivery, network: online.network };
  const subject = subjectOf(delivery);
  try {
    await channel.send(message, io.now());
  } catch (error) {
    const failure = failureOfSending(error);
    const refused = isError(error, NOTIFY_REFUSED);
    const letter = change(online, (tx) => noteFailed(tx, online, delivery, failure, refused), WATCHER);
    const event = letter === undefined ? "alert not delivered" : "alert given up";
    log({
      event,
      level: "warn",
      channel: channel.name,
      alert: delivery.alert.id,
      letter,
      code: failure.code,
      reason: failure.why,
      ...(letter === undefined ? {} : { next: `custody dlq show ${letter}` }),
    });
    return refused;
  }
  change(
    online,
    (tx) => {
      endDelivery(tx, delivery.id, "DELIVERED");
      clearRetry(tx, subject);
    },
    WATCHER,
  );
  return true;
}
