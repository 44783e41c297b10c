/**
 * The outbox. What is to be said stands in the database before it is said, so that a restart neither forgets nor repeats
 * it; a receiver that does not answer is tried again by the schedule of dead letters, and given up at last.
 */
import { sha256, type Digest } from "../../src/core/digest.ts";
import { isError } from "../../src/core/errors.ts";
import { toHex, utf8 } from "../../src/core/hex.ts";
import { change, newId, type Online } from "../../src/home/online.ts";
import { LETTER_PORTS, LETTER_READS } from "../../src/home/ports.ts";
import {
  addDelivery,
  endDelivery,
  pendingDeliveries,
  unannounced,
  type Delivery,
} from "../../src/store/alerts.ts";
import { clearRetry } from "../../src/store/dead-letters.ts";
import { failureOf, mayTry, noteFailure, type Subject } from "../../src/withdrawals/dead-letters.ts";
import type { Log } from "../log.ts";
import { WATCHER } from "../world.ts";
import { NOTIFY_REFUSED, type Channel } from "./port.ts";
import { webhookBody } from "./webhook.ts";

/** Messages that are looked at, and that one channel is given, in one round. */
const PENDING_MAX = 1000;
const SENT_MAX = 10;

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

/** Sends what is due: channels side by side, so that one that hangs holds up no other. Never throws for a receiver. */
export async function deliver(online: Online, channels: readonly Channel[], log: Log): Promise<void> {
  const pending = pendingDeliveries(online.store, PENDING_MAX);
  const known = new Set(channels.map(({ name }) => name));
  for (const { id } of pending.filter(({ channel }) => !known.has(channel)))
    change(online, (tx) => endDelivery(tx, id, "DEAD"), WATCHER);
  await Promise.all(
    channels.map(async (channel) => {
      const now = online.call.io.now();
      const due = pending.filter(
        (delivery) =>
          delivery.channel === channel.name && mayTry(LETTER_READS, online.store, subjectOf(delivery), now),
      );
      // At the first failure the rest waits for the next round: it would most likely meet the same.
      for (const delivery of due.slice(0, SENT_MAX))
        if (!(await send(online, channel, delivery, log))) return;
    }),
  );
}

const subjectOf = ({ id, channel }: Delivery): Subject => ({ entity: "delivery", id, step: channel });

async function send(online: Online, channel: Channel, delivery: Delivery, log: Log): Promise<boolean> {
  const { io } = online.call;
  const message = { ...delivery, network: online.network };
  const subject = subjectOf(delivery);
  try {
    await channel.send(message, io.now());
  } catch (error) {
    const failure = failureOf(error);
    const about = {
      id: newId(online),
      payload: toHex(sha256(utf8(webhookBody(message)))) as Digest,
      now: io.now(),
      forGood: isError(error, NOTIFY_REFUSED),
    };
    const letter = change(
      online,
      (tx) => {
        const given = noteFailure(LETTER_PORTS, tx, subject, failure, about);
        if (given !== undefined) endDelivery(tx, delivery.id, "DEAD");
        return given;
      },
      WATCHER,
    );
    const event = letter === undefined ? "alert not delivered" : "alert given up";
    log({
      event,
      level: "warn",
      channel: channel.name,
      alert: delivery.alert.id,
      letter,
      reason: failure.why,
    });
    return false;
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
