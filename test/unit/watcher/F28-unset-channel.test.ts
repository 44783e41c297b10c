/** F28: the daemon gives up what has waited for a day for a channel that its settings name no more; one pass does not. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { addSeconds } from "../../../src/core/instant.ts";
import { listLetters } from "../../../src/store/dead-letters.ts";
import { addDelivery, channelsWaiting, fireAlert, firingAlerts } from "../../../src/store/alerts.ts";
import { write } from "../../../src/store/transaction.ts";
import { main } from "../../../watcher/main.ts";
import { startEndpoint, type TestEndpoint } from "../../factory/endpoint.ts";
import { at, fixtureId } from "../../factory/identities.ts";
import { fakeIo } from "../../factory/io.ts";
import { onlineHome, type OnlineHome } from "../../factory/online-home.ts";

const NOW = at("09:00:00");
const DAY = 86_400;

let node: TestEndpoint;
beforeAll(async () => void (node = await startEndpoint(0)));
afterAll(() => node.close());

/** A home in which a message for slack has waited for so long. */
async function waitingFor(seconds: number): Promise<OnlineHome> {
  const home = await onlineHome();
  const context = {
    operation: fixtureId("earlier"),
    command: "run",
    actor: "watcher",
    now: addSeconds(NOW, -seconds),
  };
  home.inside((store) =>
    write(store, context, (tx) => {
      const condition = {
        kind: "disk-low",
        subject: "home",
        severity: "error",
        text: "t",
        next: "df",
      } as const;
      fireAlert(tx, fixtureId("alert"), condition);
      for (const alert of firingAlerts(tx))
        addDelivery(tx, fixtureId("delivery"), { event: "firing", channel: "slack", alert });
    }),
  );
  return home;
}

/** Runs the watcher with mail for its one channel, `run` until it pauses for the first time. @returns what it logged */
async function watch(home: OnlineHome, command: "run" | "once") {
  const env = {
    HOME: home.path("."),
    CUSTODY_BITCOIND_URL: node.url,
    CUSTODY_BITCOIND_COOKIE: node.cookiePath,
    CUSTODY_BACKUP_MINUTES: "0",
    CUSTODY_NOTIFY_MAIL_TO: "ann@example.org",
    CUSTODY_NOTIFY_MAIL_FROM: "custody@example.org",
    CUSTODY_NOTIFY_SENDMAIL: "/bin/true",
  };
  const argv = [command, "--json", "--home", home.path("home")];
  const { io, stdout } = fakeIo({ argv, env, now: NOW });
  let stop = () => undefined as void;
  const onStop = (wanted: () => void) => {
    stop = wanted;
    return () => undefined;
  };
  const sleep = async () => stop();
  const exit = await main({ ...io, onStop, sleep });
  return { exit, said: stdout() };
}

const letters = (home: OnlineHome) =>
  home
    .inside((store) => listLetters(store, "OPEN", { limit: 10 }))
    .map(({ subject, code }) => [subject.step, code]);

test("run: after a day, with a dead letter that has it sent after all", async () => {
  const home = await waitingFor(DAY + 1);
  expect((await watch(home, "run")).said).toContain('"alert given up"');
  expect(letters(home)).toEqual([["slack", "NOTIFY_UNSET"]]);
  expect(home.inside(channelsWaiting)).not.toContain("slack");
});

test("run: not before; once: never, for whoever types it in another shell may know other settings", async () => {
  for (const [seconds, command] of [
    [DAY - 1, "run"],
    [9 * DAY, "once"],
  ] as const) {
    const home = await waitingFor(seconds);
    expect((await watch(home, command)).said).not.toContain("alert given up");
    expect(letters(home)).toEqual([]);
    expect(home.inside(channelsWaiting)).toContain("slack");
  }
});
