/** The outbox: what is told is told once, a receiver that fails is tried again and given up, and stops nobody. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { addSeconds, type Instant } from "../../../src/core/instant.ts";
import { LETTER_PORTS } from "../../../src/home/ports.ts";
import type { Online } from "../../../src/home/online.ts";
import {
  clearAlert,
  failingChannels,
  findFiring,
  fireAlert,
  reviveDelivery,
} from "../../../src/store/alerts.ts";
import { listLetters } from "../../../src/store/dead-letters.ts";
import { write, type Tx } from "../../../src/store/transaction.ts";
import { requeueLetter } from "../../../src/withdrawals/settling/dead-letters.ts";
import type { WatcherEvent } from "../../../watcher/log.ts";
import { channelsOf } from "../../../watcher/notify/channels.ts";
import { malformedSecret } from "../../../watcher/notify/secret-file.ts";
import { announce, deliver, giveUpUnset } from "../../../watcher/notify/deliver.ts";
import { NOTIFY_FAILED, NOTIFY_REFUSED, type Channel, type Message } from "../../../watcher/notify/port.ts";
import { temporaryFolder } from "../../factory/folder.ts";
import { at, fixtureId } from "../../factory/identities.ts";
import { fakeIo } from "../../factory/io.ts";
import { CONTEXT, id, scratch } from "../store/scratch.ts";

const now = at("12:00:00");
const TIP = {
  kind: "stale-tip",
  subject: "tip",
  severity: "error",
  text: "old",
  next: "custody doctor",
} as const;

/** A channel that remembers, and fails as told. */
function channel(name: string, fails: () => Error | undefined = () => undefined) {
  const sent: Message[] = [];
  const made: Channel = {
    name,
    send: async (message) => {
      const error = fails();
      if (error !== undefined) throw error;
      sent.push(message);
    },
  };
  return { ...made, sent };
}

const late = () => NOTIFY_FAILED("it did not answer");

function house() {
  const { store } = scratch();
  const events: WatcherEvent[] = [];
  let counter = 0;
  const online = (time: Instant): Online => {
    const { io } = fakeIo({ argv: ["run"], now: time });
    const random = (length: number) => {
      counter += 1;
      return Uint8Array.from({ length }, (_, index) => (counter >> (8 * index)) & 255);
    };
    return { call: { io: { ...io, random }, dryRun: false }, store, network: "regtest" } as unknown as Online;
  };
  const step = (work: (tx: Tx) => void) => {
    counter += 1;
    write(store, { ...CONTEXT, now, operation: id(0xe0000 + counter) }, work);
  };
  const round = async (channels: readonly Channel[], time = now) => {
    announce(online(time), channels);
    await deliver(online(time), channels, (event) => void events.push(event));
  };
  const fire = (subject: string = TIP.subject) =>
    step((tx) => void fireAlert(tx, fixtureId(`alert ${counter}`), { ...TIP, subject }));
  const over = () => step((tx) => clearAlert(tx, findFiring(tx, TIP)?.id ?? id(0)));
  const giveUp = (channels: readonly Channel[], time: Instant) =>
    giveUpUnset(online(time), channels, (event) => void events.push(event));
  return { store, events, step, round, giveUp, fire, over };
}

describe("the outbox", () => {
  test("each channel is told once that an alert fires and once that it is over, across restarts", async () => {
    const { fire, over, round } = house();
    const [mail, hook] = [channel("mail"), channel("webhook")];
    fire();
    await round([mail, hook]);
    await round([mail, hook]);
    // A new process with the same settings.
    const again = channel("mail");
    await round([again, hook]);
    expect(again.sent).toEqual([]);
    over();
    await round([again, hook]);
    await round([again, hook]);
    expect(mail.sent.map(({ event }) => event)).toEqual(["firing"]);
    expect(again.sent.map(({ event }) => event)).toEqual(["cleared"]);
    expect(hook.sent.map(({ event }) => event)).toEqual(["firing", "cleared"]);
    expect(new Set(hook.sent.map((message) => message.id)).size).toBe(2);
  });

  test("that it is over is not told before that it fires, nor of one that nobody heard of", async () => {
    const { fire, over, round } = house();
    let down = true;
    const hook = channel("webhook", () => (down ? late() : undefined));
    fire();
    await round([hook]);
    over();
    await round([hook], addSeconds(now, 1));
    down = false;
    await round([hook], addSeconds(now, 11));
    await round([hook], addSeconds(now, 12));
    expect(hook.sent.map(({ event }) => event)).toEqual(["firing", "cleared"]);
    fire();
    over();
    await round([hook], addSeconds(now, 20));
    expect(hook.sent).toHaveLength(2);
  });

  test("a receiver that never answers is given up with a dead letter; requeued, the same message is sent", async () => {
    const { store, fire, round, step, events } = house();
    let down = true;
    const hook = channel("webhook", () => (down ? late() : undefined));
    const mail = channel("mail");
    fire();
    let tries = 0;
    for (let second = 0; second < 40_000; second += 50) {
      const before = events.length;
      await round([hook, mail], addSeconds(now, second));
      tries += events.length - before;
    }
    expect(tries).toBe(10);
    expect(mail.sent).toHaveLength(1);
    const [letter] = listLetters(store, "OPEN", { limit: 10 });
    expect(letter).toMatchObject({
      class: "exhausted",
      subject: { entity: "delivery", step: "webhook" },
      attempts: 10,
    });
    expect(events.at(-1)).toMatchObject({ event: "alert given up", channel: "webhook" });
    down = false;
    await round([hook, mail], addSeconds(now, 50_000));
    expect(hook.sent).toEqual([]);
    step((tx) => {
      reviveDelivery(tx, letter?.subject.id ?? "");
      if (letter !== undefined) requeueLetter(LETTER_PORTS, tx, letter);
    });
    await round([hook, mail], addSeconds(now, 50_010));
    expect(hook.sent.map((message) => message.id)).toEqual([letter?.subject.id]);
  });

  test("a message that is refused as malformed is given up at once, and the next one is sent in the same round", async () => {
    const { store, fire, round } = house();
    fire("poison");
    fire("sound");
    let first = true;
    const hook = channel("webhook", () => {
      const refused = first ? NOTIFY_REFUSED("the receiver answered 422") : undefined;
      first = false;
      return refused;
    });
    await round([hook]);
    expect(hook.sent.map(({ alert }) => alert.subject)).toEqual(["sound"]);
    expect(listLetters(store, "OPEN", { limit: 10 })).toMatchObject([
      { attempts: 1, code: "NOTIFY_REFUSED", class: "poison" },
    ]);
  });

  test.each([
    ["a wrong token", () => NOTIFY_FAILED("the receiver answered 401")],
    [
      "a secret file that is being changed",
      () => malformedSecret("f", "notify.webhook-secret-file", "empty"),
    ],
  ])("%s is mended by an operator within hours: nothing is lost until then", async (_what, fails) => {
    const { store, fire, round } = house();
    let broken = true;
    const hook = channel("webhook", () => (broken ? fails() : undefined));
    fire();
    for (let second = 0; second < 7200; second += 60) await round([hook], addSeconds(now, second));
    expect(failingChannels(store)).toMatchObject([{ channel: "webhook", since: now, messages: 1 }]);
    broken = false;
    await round([hook], addSeconds(now, 14_400));
    expect(hook.sent).toHaveLength(1);
    expect(failingChannels(store)).toEqual([]);
    expect(listLetters(store, undefined, { limit: 10 })).toEqual([]);
  });

  test("however much waits for a dead channel, another is told in the same round", async () => {
    const { fire, round } = house();
    const [dead, mail] = [channel("slack", late), channel("mail")];
    for (let number = 0; number < 30; number++) fire(`s${number}`);
    await round([dead]);
    fire("new");
    // Ten of a channel's queue a round, whatever the other channel's holds.
    for (let turn = 1; turn <= 4; turn++) await round([dead, mail], addSeconds(now, turn));
    expect(mail.sent).toHaveLength(31);
    expect(mail.sent.at(-1)?.alert.subject).toBe("new");
    expect(dead.sent).toEqual([]);
  });

  test("one round tries a failing channel once, and what waits for its next try is passed over", async () => {
    const { fire, round, events } = house();
    const dead = channel("slack", late);
    for (let number = 0; number < 5; number++) fire(`s${number}`);
    await round([dead]);
    expect(events).toHaveLength(1);
    await round([dead], addSeconds(now, 1));
    expect(events).toHaveLength(2);
    expect(new Set(events.map(({ alert }) => alert)).size).toBe(2);
  });

  describe("F28: what waits for a channel that is not set", () => {
    const DAY = 86_400;

    test("is touched by no one who only makes a pass in another shell, and is sent where the channel is set", async () => {
      const { fire, round, store } = house();
      fire();
      await round([channel("slack", late), channel("mail")]);
      await round([], addSeconds(now, 2 * DAY));
      await round([channel("mail")], addSeconds(now, 2 * DAY));
      const slack = channel("slack");
      await round([slack], addSeconds(now, 2 * DAY + 1));
      expect(slack.sent.map(({ event }) => event)).toEqual(["firing"]);
      expect(listLetters(store, "OPEN", { limit: 10 })).toEqual([]);
    });

    test("is kept by the daemon for a day, and for ever where no channel is set", async () => {
      const { fire, round, giveUp, events } = house();
      fire();
      await round([channel("slack", late), channel("mail")]);
      events.length = 0;
      giveUp([channel("mail")], addSeconds(now, DAY));
      giveUp([], addSeconds(now, 9 * DAY));
      giveUp([channel("slack")], addSeconds(now, 9 * DAY));
      expect(events).toEqual([]);
      const slack = channel("slack");
      await round([slack], addSeconds(now, 9 * DAY));
      expect(slack.sent).toHaveLength(1);
    });

    test("is given up after it, with a line in the log and a dead letter that has it sent after all", async () => {
      const { store, fire, round, giveUp, step, events } = house();
      fire("one");
      fire("two");
      await round([channel("slack", late), channel("mail")]);
      events.length = 0;
      giveUp([channel("mail")], addSeconds(now, DAY + 1));
      giveUp([channel("mail")], addSeconds(now, DAY + 2));
      expect(events).toMatchObject([
        { event: "alert given up", level: "warn", channel: "slack", code: "NOTIFY_UNSET" },
      ]);
      expect(failingChannels(store)).toEqual([]);
      const letters = listLetters(store, "OPEN", { limit: 10 });
      expect(letters.map(({ subject }) => subject.step)).toEqual(["slack", "slack"]);
      const slack = channel("slack");
      await round([slack], addSeconds(now, DAY + 3));
      expect(slack.sent).toEqual([]);
      step((tx) => {
        for (const letter of letters) {
          reviveDelivery(tx, letter.subject.id);
          requeueLetter(LETTER_PORTS, tx, letter);
        }
      });
      await round([slack], addSeconds(now, DAY + 4));
      expect(slack.sent.map(({ alert }) => alert.subject).sort()).toEqual(["one", "two"]);
    });
  });

  test("a dead mail program, run as a program, does not stop the others", async () => {
    const { fire, round, events } = house();
    const cwd = temporaryFolder("mail");
    const { io } = fakeIo({
      cwd,
      env: {
        HOME: cwd,
        CUSTODY_NOTIFY_MAIL_TO: "ann@example.org",
        CUSTODY_NOTIFY_MAIL_FROM: "custody@example.org",
        CUSTODY_NOTIFY_SENDMAIL: join(cwd, "gone"),
      },
    });
    const hook = channel("webhook");
    fire();
    await round([...channelsOf(io), hook]);
    expect(hook.sent).toHaveLength(1);
    expect(events).toMatchObject([{ event: "alert not delivered", channel: "mail" }]);
  });
});
