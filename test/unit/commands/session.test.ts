import { utimesSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import type { Instant } from "../../../src/core/instant.ts";
import { listAuditRows } from "../../../src/store/audit.ts";
import { at } from "../../factory/identities.ts";
import { beginSession, lend, onlineHome, type OnlineHome } from "../../factory/online-home.ts";

let home: OnlineHome;
beforeEach(async () => {
  home = await onlineHome();
});

const IDLE = { exit: 4, error: { code: "SESSION_IDLE", field: "session" } };
const START = "session start --delegation delegation.signed.json";
let customers = 0;
const add = () => `customer add --ref c-${(customers += 1)}`;

describe("a session that is left idle", () => {
  test("is refused after half an hour; each change under it begins the half hour anew, reading does not", async () => {
    await beginSession(home, at("09:00:00"));
    expect(await home.run(add(), { now: at("09:30:00") })).toMatchObject({ exit: 0 });
    expect(await home.run("customer list", { now: at("09:59:00") })).toMatchObject({ exit: 0 });
    expect(await home.run(`${add()} --dry-run`, { now: at("09:59:30") })).toMatchObject({ exit: 0 });
    expect(await home.run(add(), { now: at("10:00:00") })).toMatchObject({ exit: 0 });
    const refused = await home.run(add(), { now: at("10:30:01") });
    expect(refused).toMatchObject(IDLE);
    expect(refused.error.hint).toContain("custody session start --delegation");
  });

  test("is shown as idle", async () => {
    await beginSession(home, at("09:00:00"));
    const status = async (now: Instant) => (await home.run("status", { now })).data.sessionIdle;
    expect([await status(at("09:30:00")), await status(at("09:30:01"))]).toEqual([false, true]);
    expect(await home.text("status", { now: at("09:30:01") })).toContain("left idle");
  });

  test("is taken up again with its own delegation while that is in force, and audited", async () => {
    await beginSession(home, at("09:00:00"));
    expect(await home.run(START, { now: at("10:00:00") })).toMatchObject({
      exit: 0,
      data: { resumed: true },
    });
    expect(await home.run(add(), { now: at("10:20:00") })).toMatchObject({ exit: 0 });
    const over = await home.run(START, { now: "2026-11-22T21:00:00Z" as Instant });
    expect(over).toMatchObject({ exit: 4, error: { code: "DELEGATION_NOT_IN_FORCE" } });
    const rows = home.inside((store) => listAuditRows(store, { entity: "session" }, { limit: 9 }));
    expect(rows.map(({ event, actor, version }) => `${event} ${actor} ${version}`)).toEqual([
      "started oscar 1",
      "resumed oscar 2",
    ]);
  });

  test("is ended all the same, by its operator's name, and its delegation is spent", async () => {
    await beginSession(home, at("09:00:00"));
    expect(await home.run("session end", { now: at("11:00:00") })).toMatchObject({ exit: 0 });
    expect(home.files().filter((name) => name.endsWith(".key"))).toEqual([]);
    expect(await home.run(START, { now: at("11:01:00") })).toMatchObject({ exit: 6 });
    const rows = home.inside((store) => listAuditRows(store, { entity: "session" }, { limit: 9 }));
    expect(rows.at(-1)).toMatchObject({ event: "ended", actor: "oscar" });
    expect(await home.run("session end", { now: at("11:02:00") })).toMatchObject({
      exit: 4,
      error: { code: "SESSION_MISSING" },
    });
  });

  test("the settings say how long, from a minute to twelve hours", async () => {
    await beginSession(home, at("09:00:00"), 24);
    const after = async (now: string, minutes: string) => {
      const env = { CUSTODY_SESSION_IDLE_MINUTES: minutes };
      return (await home.run(`${add()} --dry-run`, { now: now as Instant, env })).exit;
    };
    expect([await after(at("09:01:00"), "1"), await after(at("09:01:01"), "1")]).toEqual([0, 4]);
    expect([await after(at("21:00:00"), "720"), await after(at("21:00:01"), "720")]).toEqual([0, 4]);
    expect(await home.run("config set session.idle-minutes 5")).toMatchObject({ exit: 0 });
    for (const minutes of ["0", "721", "-1", "1.5", "half", ""]) {
      const line = `config set session.idle-minutes ${minutes}`;
      const refused = { exit: 3, error: { code: "SETTING_MALFORMED", field: "session.idle-minutes" } };
      expect(await home.run(line), line).toMatchObject(refused);
      if (minutes !== "") expect(await after(at("09:00:30"), minutes), line).toBe(3);
    }
    expect(await home.run(add(), { now: at("09:05:01") })).toMatchObject(IDLE);
    expect(await home.run(add(), { now: at("09:05:00") })).toMatchObject({ exit: 0 });
  });
});

describe("session keys that nobody started anything with", () => {
  const keys = () => home.files().filter((name) => /^session-.*\.key$/.test(name));
  const age = (name: string, time: string) =>
    utimesSync(home.path(`home/${name}`), new Date(time), new Date(time));

  test("are removed by the next `session new` once they are older than a day, and it says so", async () => {
    const now = at("09:00:00");
    for (const name of ["one", "two", "three"]) await lend(home, name, now);
    const [one, two, three] = keys() as [string, string, string];
    age(one, "2026-11-21T08:59:59Z");
    age(two, "2026-11-21T09:00:00Z");
    age(three, "2026-11-22T08:00:00Z");
    const line = "session new --operator oscar --out four.json";
    expect((await home.run(`${line} --dry-run`, { now })).data).toMatchObject({ keysRemoved: 1 });
    expect(keys()).toHaveLength(3);
    expect((await home.run(line, { now })).data).toMatchObject({ keysRemoved: 1 });
    expect(keys()).toHaveLength(3);
    expect(keys()).toEqual(expect.arrayContaining([two, three]));
    age(two, "2026-11-20T09:00:00Z");
    expect(await home.text("session new --operator oscar --out five.json", { now })).toMatch(
      /removed +1 session keys older than a day/,
    );
    expect((await home.run("session new --operator oscar --out six.json", { now })).data).toMatchObject({
      keysRemoved: 0,
    });
  });

  test("the key of the session under way stays, whatever its file's time says, and so do other files", async () => {
    await beginSession(home);
    const [key] = keys() as [string];
    age(key, "2020-01-01T00:00:00Z");
    home.write("home/session-notes.key", "mine");
    age("session-notes.key", "2020-01-01T00:00:00Z");
    expect((await lend(home, "next", at("09:10:00"))).data).toMatchObject({ keysRemoved: 0 });
    expect(keys()).toEqual(expect.arrayContaining([key, "session-notes.key"]));
  });
});
