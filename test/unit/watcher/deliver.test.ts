/** The outbox: what is told is told once, a receiver that fails is tried again and given up, and stops nobody. */
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { addSeconds, type Instant } from "../../../src/core/instant.ts";
import { LETTER_PORTS } from "../../../src/home/ports.ts";
import type { Online } from "../../../src/home/online.ts";
import { clearAlert, findFiring, fireAlert, reviveDelivery } from "../../../src/store/alerts.ts";
import { listLetters } from "../../../src/store/dead-letters.ts";
import { write, type Tx } from "../../../src/store/transaction.ts";
import { requeueLetter } from "../../../src/withdrawals/dead-letters.ts";
import type { WatcherEvent } from "../../../watcher/log.ts";
import { channelsOf } from "../../../watcher/notify/channels.ts";
import { announce, deliver } from "../../../watcher/notify/deliver.ts";
import { NOTIFY_FAILED, NOTIFY_REFUSED, type Channel, type Message } from "../../../watcher/notify/port.ts";
import { temporaryFolder } from "../../factory/folder.ts";
import { at, fixtureId } from "../../factory/identities.ts";
import { fakeIo } from "../../factory/io.ts";
import { codeOf } from "../../factory/thrown.ts";
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
  const fire = () => step((tx) => void fireAlert(tx, fixtureId(`alert ${counter}`), TIP));
  const over = () => step((tx) => clearAlert(tx, findFiring(tx, TIP)?.id ?? id(0)));
  return { store, events, step, round, fire, over };
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
    for (let second = 0; second < 40_000; second += 10) {
      const before = events.length;
      await round([hook, mail], addSeconds(now, second));
      tries += events.length - before;
    }
    expect(tries).toBe(10);
    expect(mail.sent).toHaveLength(1);
    const [letter] = listLetters(store, "OPEN", { limit: 10 });
    expect(letter).toMatchObject({
      class: "node",
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

  test("one that refuses for good is given up at once", async () => {
    const { store, fire, round } = house();
    fire();
    await round([channel("webhook", () => NOTIFY_REFUSED("410"))]);
    expect(listLetters(store, "OPEN", { limit: 10 })).toMatchObject([
      { attempts: 1, code: "NOTIFY_REFUSED" },
    ]);
  });

  test("a message for a channel that is no longer set goes nowhere, and comes back to nobody", async () => {
    const { store, fire, round } = house();
    fire();
    await round([channel("slack", late)]);
    await round([]);
    const slack = channel("slack");
    await round([slack], addSeconds(now, 3600));
    expect(slack.sent).toEqual([]);
    expect(listLetters(store, "OPEN", { limit: 10 })).toEqual([]);
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

describe("the settings of channels", () => {
  const channels = (env: Readonly<Record<string, string>>, secret?: string) => {
    const cwd = temporaryFolder("channels");
    if (secret !== undefined) {
      writeFileSync(join(cwd, "secret"), secret);
      chmodSync(join(cwd, "secret"), 0o600);
    }
    return () => channelsOf(fakeIo({ cwd, env: { HOME: cwd, ...env } }).io).map(({ name }) => name);
  };
  const hook = {
    CUSTODY_NOTIFY_WEBHOOK_URL: "https://a.example.org/",
    CUSTODY_NOTIFY_WEBHOOK_SECRET_FILE: "secret",
  };
  const secret = `whsec_${Buffer.alloc(24).toString("base64")}`;

  test("none is set, and one for each that is", () => {
    expect(channels({})()).toEqual([]);
    expect(channels(hook, secret)()).toEqual(["webhook"]);
    const pager = { CUSTODY_NOTIFY_PAGERDUTY_KEY_FILE: "secret" };
    expect(channels(pager, "0123456789abcdef0123456789abcdef")()).toEqual(["pagerduty"]);
    const slack = { CUSTODY_NOTIFY_SLACK_URL_FILE: "secret" };
    expect(channels(slack, "https://hooks.slack.com/services/x")()).toEqual(["slack"]);
  });

  test("one that could not tell anybody is refused when the watcher begins", () => {
    const { CUSTODY_NOTIFY_WEBHOOK_URL: _, ...noUrl } = hook;
    expect(channels(noUrl, secret)()).toEqual([]);
    const { CUSTODY_NOTIFY_WEBHOOK_SECRET_FILE: __, ...noSecret } = hook;
    expect(codeOf(channels(noSecret))).toBe("SETTING_MISSING");
    expect(codeOf(channels(hook))).toBe("FILE_MISSING");
    expect(codeOf(channels(hook, "whsec_"))).toBe("SECRET_FILE_MALFORMED");
    expect(codeOf(channels({ ...hook, CUSTODY_NOTIFY_WEBHOOK_URL: "http://a.example.org/" }, secret))).toBe(
      "NOTIFY_ADDRESS",
    );
    const mail = { CUSTODY_NOTIFY_MAIL_TO: "ann@example.org" };
    expect(codeOf(channels(mail))).toBe("SETTING_MISSING");
    const program = {
      ...mail,
      CUSTODY_NOTIFY_MAIL_FROM: "c@example.org",
      CUSTODY_NOTIFY_SENDMAIL: "sendmail",
    };
    expect(codeOf(channels(program))).toBe("SETTING_MALFORMED");
  });
});
