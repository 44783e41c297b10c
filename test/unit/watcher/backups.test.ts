import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { addSeconds, type Instant } from "../../../src/core/instant.ts";
import { backupName, backupOf, outlived } from "../../../src/home/backup-files.ts";
import { verifyBackup } from "../../../src/store/backup.ts";
import { backUp, newestBackup } from "../../../watcher/backups.ts";
import { makeDesk } from "../../attack/online.ts";
import { writtenChain, watcherOf } from "../../factory/chain.ts";
import { at } from "../../factory/identities.ts";

/** A watcher in a home of its own. */
function watcher(env: Readonly<Record<string, string>> = {}) {
  const desk = makeDesk();
  const home = join(dirname(desk.store.path), "home");
  mkdirSync(home);
  const { world, events } = watcherOf(desk, writtenChain().node);
  const pass = async (now: Instant) => {
    const { call } = world.online;
    const io = { ...call.io, now: () => now, env: { ...call.io.env, ...env } };
    await backUp({ ...world, online: { ...world.online, call: { ...call, io, home } } });
  };
  const folder = join(home, "backups");
  const files = () => (existsSync(folder) ? readdirSync(folder).sort() : []);
  const newest = () => newestBackup({ call: { ...world.online.call, home }, network: "regtest" })?.at;
  return { pass, files, folder, events, newest, home };
}

describe("the watcher's backups", () => {
  test("one every quarter of an hour: private, verified, named by its time and rows", async () => {
    const { pass, files, folder, newest } = watcher();
    await pass(at("10:00:00"));
    await pass(at("10:14:59"));
    expect(files()).toHaveLength(1);
    const [name = ""] = files();
    const { rows } = verifyBackup(join(folder, name), "regtest");
    expect(name).toBe(`custody-regtest-20261122T100000Z-${rows}.db`);
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    await pass(at("10:15:00"));
    expect(files()).toHaveLength(2);
    expect(newest()).toBe(at("10:15:00"));
  });

  test("as often as the settings say, or never", async () => {
    const rare = watcher({ CUSTODY_BACKUP_MINUTES: "60" });
    await rare.pass(at("10:00:00"));
    await rare.pass(at("10:59:59"));
    expect(rare.files()).toHaveLength(1);
    const never = watcher({ CUSTODY_BACKUP_MINUTES: "0" });
    await never.pass(at("10:00:00"));
    expect(never.files()).toEqual([]);
  });

  test("a clock that went back makes none wait", async () => {
    const { pass, files } = watcher();
    await pass(at("10:00:00"));
    await pass(at("09:00:00"));
    expect(files()).toHaveLength(2);
  });

  test("one that fails is told and ends nothing; the next works again", async () => {
    const { pass, files, events, home } = watcher();
    writeFileSync(join(home, "backups"), "a file where a folder should be");
    await pass(at("10:00:00"));
    expect(events).toMatchObject([{ event: "backup failed", level: "error" }]);
    const better = watcher();
    await better.pass(at("10:00:00"));
    expect(better.events).toMatchObject([{ event: "backup made" }]);
    expect(better.files()).toHaveLength(1);
    expect(files).toThrow();
  });

  test("what has had its time goes, with old drafts of a killed program; what is not ours stays", async () => {
    const { pass, files, folder } = watcher();
    mkdirSync(folder);
    const old = backupName("regtest", "2024-01-31T00:00:00Z" as Instant, 1);
    const quarters = Array.from({ length: 400 }, (_, n) =>
      backupName("regtest", addSeconds(at("09:59:00"), -900 * n), 5),
    );
    const draft = backupName("regtest", "2026-11-22T03:00:00Z" as Instant, 5);
    const young = `${backupName("regtest", "2026-11-22T09:00:00Z" as Instant, 5)}.77.partial`;
    for (const name of [old, ...quarters, `${draft}.66.partial`, young, "notes.txt", "custody-mainnet.db"])
      writeFileSync(join(folder, name), "");
    await pass(at("10:30:00"));
    const left = files();
    expect(left).toContain("notes.txt");
    expect(left).toContain("custody-mainnet.db");
    expect(left).toContain(young);
    expect(left).not.toContain(`${draft}.66.partial`);
    // One of each month is kept, however old; of the days before, the last of each.
    expect(left).toContain(old);
    expect(left.filter((name) => backupOf("regtest", name))).toHaveLength(96 + 3 + 1);
  });
});

describe("retention", () => {
  const file = (time: string, rows = 1) => {
    const name = backupName("regtest", time as Instant, rows);
    return backupOf("regtest", name) as NonNullable<ReturnType<typeof backupOf>>;
  };

  test("two years of quarters leave a day, a month of days and a year of months", () => {
    const start = "2026-11-22T10:00:00Z" as Instant;
    const files = Array.from({ length: 2 * 365 * 96 }, (_, n) => file(addSeconds(start, -900 * n)));
    const gone = new Set(outlived(files));
    const kept = files.filter((one) => !gone.has(one)).map(({ at: time }) => time);
    expect(kept.slice(0, 96)).toEqual(files.slice(0, 96).map(({ at: time }) => time));
    expect(new Set(kept.map((time) => time.slice(0, 7))).size).toBe(12);
    expect(new Set(kept.map((time) => time.slice(0, 10))).size).toBeGreaterThanOrEqual(30);
    expect(kept.length).toBeLessThanOrEqual(96 + 30 + 12);
  });

  test("a name says when and how much, and another's name says nothing", () => {
    expect(backupOf("regtest", "custody-regtest-20261122T091500Z-1234.db")).toEqual({
      name: "custody-regtest-20261122T091500Z-1234.db",
      at: "2026-11-22T09:15:00Z",
      rows: 1234,
    });
    for (const name of [
      "custody-mainnet-20261122T091500Z-1234.db",
      "custody-regtest-20261322T091500Z-1234.db",
      "custody-regtest-20261122T091500Z-1234.db.9.partial",
      "custody-regtest.db",
    ])
      expect(backupOf("regtest", name)).toBeUndefined();
  });
});
