import { spawnSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { verifyAudit } from "../../../src/store/audit.ts";
import { findCustomer, insertCustomer, listCustomers } from "../../../src/store/customers.ts";
import { databaseProblems, verifyLedger } from "../../../src/store/integrity.ts";
import { write, type Tx } from "../../../src/store/transaction.ts";
import { CONTEXT, another, furnish, id, requested, scratch } from "./scratch.ts";

const add = (number: number) => (tx: Tx) => insertCustomer(tx, { id: id(number), ref: `c-${number}` });

describe("a transaction", () => {
  test("that throws leaves no row, no audit row and no root", () => {
    const { store } = scratch();
    write(store, CONTEXT, add(1));
    const before = verifyAudit(store);
    const failing = () =>
      write(store, CONTEXT, (tx) => {
        add(2)(tx);
        throw new Error("no");
      });
    expect(failing).toThrow("no");
    expect(verifyAudit(store)).toEqual(before);
    write(store, CONTEXT, add(2));
    expect(verifyAudit(store).rows).toBe(2);
  });

  test("within another is taken back alone: one bad row does not take the others", () => {
    const { store } = scratch();
    write(store, CONTEXT, (tx) => {
      for (let number = 1; number <= 5; number++) {
        const one = () =>
          write(tx, tx, (inner) => {
            add(number)(inner);
            if (number === 3) throw new Error("bad row");
          });
        if (number === 3) expect(one).toThrow("bad row");
        else one();
      }
    });
    expect(listCustomers(store, { limit: 10 }).map((row) => row.id)).toEqual([1, 2, 4, 5].map(id));
    expect(verifyAudit(store)).toMatchObject({ rows: 4, heads: 1 });
  });

  test("that writes nothing commits no root", () => {
    const { store } = scratch();
    expect(write(store, CONTEXT, () => 42)).toBe(42);
    expect(verifyAudit(store)).toMatchObject({ rows: 0, heads: 0 });
  });

  test("does not wait: a promise takes it back", () => {
    const { store } = scratch();
    const slow = () =>
      write(store, CONTEXT, (tx) => {
        add(1)(tx);
        return Promise.resolve();
      });
    expect(slow).toThrow("does not wait");
    expect(findCustomer(store, id(1))).toBeUndefined();
  });

  test("is of no use once it is over", () => {
    const { store } = scratch();
    const kept = write(store, CONTEXT, (tx) => tx);
    expect(() => kept.audit({ entity: "x", entityId: "x", version: 1, event: "late" })).toThrow(
      "after the end",
    );
  });

  test("is not seen by another connection before it is committed", () => {
    const { store, path } = scratch();
    const other = another(path);
    write(store, CONTEXT, (tx) => {
      add(1)(tx);
      expect(findCustomer(other, id(1))).toBeUndefined();
    });
    expect(findCustomer(other, id(1))).toBeDefined();
  });
});

describe("after a crash", () => {
  test("what was committed is there and what was not is gone (the files as a power cut leaves them)", () => {
    const { store, path, folder } = scratch();
    furnish(store, 1000n);
    write(store, CONTEXT, (tx) => requested(tx, 1, 100n));
    const before = verifyAudit(store);
    const copy = join(folder, "after.db");
    store.database.pragma("cache_size = 1");
    write(store, CONTEXT, (tx) => {
      for (let number = 2; number <= 200; number++) requested(tx, number, 1n);
      for (const suffix of ["", "-wal"]) copyFileSync(`${path}${suffix}`, `${copy}${suffix}`);
    });
    const restored = another(copy);
    expect(databaseProblems(restored)).toEqual([]);
    expect(verifyAudit(restored)).toEqual(before);
    verifyLedger(restored);
    write(restored, CONTEXT, (tx) => requested(tx, 2, 1n));
    expect(verifyAudit(store).rows).toBeGreaterThan(before.rows);
  });

  test("kill -9 in the middle of a transaction: it never happened", () => {
    const { store, path } = scratch();
    furnish(store, 1000n);
    const before = verifyAudit(store);
    const meta = (reader: typeof store) => reader.database.prepare("SELECT * FROM meta ORDER BY key").all();
    const rows = meta(store);
    const driver = createRequire(import.meta.url).resolve("better-sqlite3");
    const script = `
      const database = new (require(process.argv[1]))(process.argv[2]);
      database.pragma("cache_size = 1");
      database.exec("BEGIN IMMEDIATE");
      const insert = database.prepare("INSERT INTO meta VALUES (?, ?)");
      for (let row = 0; row < 2000; row++) insert.run("key " + row, "x".repeat(500));
      process.kill(process.pid, "SIGKILL");`;
    const { signal } = spawnSync(process.execPath, ["-e", script, driver, path]);
    expect(signal).toBe("SIGKILL");
    const survivor = another(path);
    expect(meta(survivor)).toEqual(rows);
    expect(databaseProblems(survivor)).toEqual([]);
    expect(verifyAudit(survivor)).toEqual(before);
    write(survivor, CONTEXT, (tx) => requested(tx, 1, 1n));
  });
});
