/** F28: a pass that hangs at its nodes held up every alert. People are told beside it, while it is under way. */
import { afterEach, expect, test, vi } from "vitest";
import { addSeconds } from "../../../src/core/instant.ts";
import { firingAlerts } from "../../../src/store/alerts.ts";
import type { Call } from "../../../src/terminal/command.ts";
import { WATCHER_PROGRAM } from "../../../watcher/program.ts";
import { meanwhile } from "../../../watcher/meanwhile.ts";
import { beginRounds } from "../../../watcher/metrics/rounds.ts";
import type { Message } from "../../../watcher/notify/port.ts";
import { round } from "../../../watcher/round.ts";
import { startEndpoint } from "../../factory/endpoint.ts";
import { at } from "../../factory/identities.ts";
import { fakeIo } from "../../factory/io.ts";
import { beginSession, onlineHome } from "../../factory/online-home.ts";

afterEach(() => void vi.useRealTimers());

const MINUTE = 60_000;

test("alerts are judged and sent each minute of a pass that hangs; that it hangs is one, and over with it", async () => {
  const home = await onlineHome();
  await beginSession(home);
  await home.run("emergency halt --now");
  const node = await startEndpoint(0);
  node.sleeps = true;
  const sent: Message[] = [];
  const channel = { name: "test", send: async (message: Message) => void sent.push(message) };
  let now = at("09:00:00");
  const env = {
    HOME: home.path("."),
    CUSTODY_BITCOIND_URL: node.url,
    CUSTODY_BITCOIND_COOKIE: node.cookiePath,
    CUSTODY_BACKUP_MINUTES: "0",
  };
  const { io } = fakeIo({ argv: ["run"], env });
  const call: Call = {
    io: { ...io, now: () => now },
    program: WATCHER_PROGRAM,
    args: [],
    flags: {},
    home: home.path("home"),
    json: true,
    dryRun: false,
  };
  const told = () => sent.map(({ event, alert }) => `${event} ${alert.kind}`);
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const rounds = beginRounds(now, 15);
  const passed = round(call, () => undefined, rounds, [channel]);
  await vi.waitFor(() => expect(node.asked).toBe(1), { timeout: 10_000 });
  expect(told()).toEqual([]);
  await vi.advanceTimersByTimeAsync(MINUTE);
  await vi.waitFor(() => expect(told()).toEqual(["firing halted-here"]), { timeout: 10_000 });
  now = addSeconds(now, 300);
  await vi.advanceTimersByTimeAsync(MINUTE);
  await vi.waitFor(() => expect(told()).toEqual(["firing halted-here", "firing pass-slow"]), {
    timeout: 10_000,
  });
  expect(rounds.passes).toBe(0);
  node.wake();
  await passed;
  expect(rounds.passes).toBe(1);
  const firing = home.inside(firingAlerts).map(({ kind }) => kind);
  expect(firing).toContain("halted-here");
  expect(firing).not.toContain("pass-slow");
  await node.close();
});

test("a turn that would begin while the last one is under way is left out, and the last is waited for", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const ends: (() => void)[] = [];
  let begun = 0;
  const beside = () => {
    begun += 1;
    return new Promise<void>((resolve) => void ends.push(resolve));
  };
  let end: (value: string) => void = () => undefined;
  const work = meanwhile(new Promise<string>((resolve) => (end = resolve)), beside, MINUTE);
  await vi.advanceTimersByTimeAsync(3 * MINUTE);
  expect(begun).toBe(1);
  ends[0]?.();
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(begun).toBe(2);
  end("done");
  let isOver = false;
  void work.then(() => (isOver = true));
  await vi.advanceTimersByTimeAsync(3 * MINUTE);
  expect([begun, isOver]).toEqual([2, false]);
  ends[1]?.();
  expect(await work).toBe("done");
});

test("what goes wrong beside it is thrown when it is over; what goes wrong in it, at once", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  let end: () => void = () => undefined;
  const fault = new TypeError("a fault");
  const work = meanwhile(
    new Promise<void>((resolve) => (end = resolve)),
    () => Promise.reject(fault),
    MINUTE,
  );
  await vi.advanceTimersByTimeAsync(MINUTE);
  end();
  await expect(work).rejects.toBe(fault);
  await expect(meanwhile(Promise.reject(fault), async () => undefined, MINUTE)).rejects.toBe(fault);
});
