import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  closeStore,
  openStore,
  STORE_EXISTS,
  STORE_MISSING,
  STORE_WRONG_NETWORK,
} from "../../../src/store/database.ts";
import { STORE_CORRUPT, STORE_FULL, STORE_LOCKED, STORE_UNREADABLE } from "../../../src/store/failure.ts";
import { STORE_NEWER } from "../../../src/store/migrate.ts";
import { listCustomers } from "../../../src/store/customers.ts";
import { CONTEXT, CUSTOMER, another, furnish, request, scratch } from "./scratch.ts";
import { write } from "../../../src/store/transaction.ts";
import { insertWithdrawal } from "../../../src/store/withdrawals.ts";
import { insertCustomer } from "../../../src/store/customers.ts";
import { verifyAudit } from "../../../src/store/audit.ts";
import type { ErrorKind } from "../../../src/core/errors.ts";

const kind = ({ code }: ErrorKind) => expect.objectContaining({ code, hint: expect.any(String) as string });

describe("opening a database", () => {
  test("a new one is private, durable and ours; it opens again", () => {
    const { path, folder, store } = scratch();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.endsWith(".new"))).toEqual([]);
    expect(store.database.pragma("journal_mode", { simple: true })).toBe("wal");
    expect(store.database.pragma("synchronous", { simple: true })).toBe(2);
    expect(store.database.pragma("foreign_keys", { simple: true })).toBe(1);
    // As much as is touched between two commits, not two megabytes of it.
    expect(store.database.pragma("cache_size", { simple: true })).toBe(-65_536);
    expect(store.database.pragma("wal_autocheckpoint", { simple: true })).toBe(4000);
    expect(readFileSync(path).subarray(68, 72).toString()).toBe("cust");
    expect(another(path).network).toBe("regtest");
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o077, name).toBe(0);
  });

  test("a missing one is not made by accident", () => {
    const { folder } = scratch();
    expect(() => openStore(join(folder, "none.db"), { network: "regtest" })).toThrow(kind(STORE_MISSING));
    expect(existsSync(join(folder, "none.db"))).toBe(false);
  });

  test("an existing file is never overwritten by a new one", () => {
    const { path } = scratch();
    expect(() => openStore(path, { network: "regtest", create: true })).toThrow(kind(STORE_EXISTS));
  });

  test("another network's is refused and left as it is", () => {
    const { path } = scratch();
    expect(() => openStore(path, { network: "mainnet" })).toThrow(kind(STORE_WRONG_NETWORK));
    expect(another(path).network).toBe("regtest");
  });

  test("a newer program's is refused", () => {
    const { path, store } = scratch();
    store.database.pragma("user_version = 999");
    expect(() => openStore(path, { network: "regtest" })).toThrow(kind(STORE_NEWER));
  });

  test.each([
    ["text", "not a database, just some words that fill a header".repeat(100)],
    ["an empty file", ""],
  ])("%s is not taken for a database", (_, content) => {
    const { folder } = scratch();
    writeFileSync(join(folder, "file.db"), content);
    expect(() => openStore(join(folder, "file.db"), { network: "regtest" })).toThrow(kind(STORE_CORRUPT));
  });

  test("a damaged page is a typed error, its whole twin is read", () => {
    const { path, folder, store } = scratch();
    write(store, CONTEXT, (tx) => insertCustomer(tx, { id: CUSTOMER, ref: "c-1001" }));
    store.database.pragma("wal_checkpoint(TRUNCATE)");
    const root = store.database
      .prepare<[], number>("SELECT rootpage FROM sqlite_schema WHERE name = 'customer'")
      .pluck()
      .get() as number;
    const size = store.database.pragma("page_size", { simple: true }) as number;
    const [whole, damaged] = [join(folder, "whole.db"), join(folder, "damaged.db")];
    copyFileSync(path, whole);
    const bytes = readFileSync(path);
    bytes.fill(0xff, (root - 1) * size, root * size);
    writeFileSync(damaged, bytes);
    expect(listCustomers(another(whole), { limit: 10 })).toHaveLength(1);
    expect(() => listCustomers(another(damaged), { limit: 10 })).toThrow(kind(STORE_CORRUPT));
  });

  test("a folder in which nothing can be written is a typed error", () => {
    const { folder } = scratch();
    expect(() => openStore(join(folder, "no/such/folder.db"), { network: "regtest", create: true })).toThrow(
      kind(STORE_UNREADABLE),
    );
  });
});

describe("trouble while writing", () => {
  test("a database that another program holds is a typed error, and works when that one is done", () => {
    const { path, store } = scratch();
    const other = another(path);
    other.database.exec("BEGIN IMMEDIATE");
    const add = () =>
      write(another(path), CONTEXT, (tx) => insertCustomer(tx, { id: CUSTOMER, ref: "c-1001" }));
    expect(add).toThrow(kind(STORE_LOCKED));
    expect(listCustomers(store, { limit: 10 })).toEqual([]);
    other.database.exec("ROLLBACK");
    add();
    expect(listCustomers(store, { limit: 10 })).toHaveLength(1);
  });

  test("a full disk is a typed error and leaves nothing half done; with space again the work goes on", () => {
    const { store } = scratch();
    furnish(store, 1000n);
    const before = verifyAudit(store);
    store.database.pragma(
      `max_page_count = ${String(store.database.pragma("page_count", { simple: true }))}`,
    );
    const fill = () =>
      write(store, CONTEXT, (tx) => {
        for (let number = 1; number <= 300; number++) insertWithdrawal(tx, request(number, 1n));
      });
    expect(fill).toThrow(kind(STORE_FULL));
    expect(store.database.inTransaction).toBe(false);
    expect(store.database.prepare("SELECT count(*) AS n FROM withdrawal").get()).toEqual({ n: 0 });
    expect(verifyAudit(store)).toEqual(before);
    store.database.pragma("max_page_count = 1000000");
    fill();
    expect(verifyAudit(store).rows).toBe(before.rows + 300);
  });

  test("what a crash left of a database being made is in nobody's way", () => {
    const { folder } = scratch();
    const path = join(folder, "new.db");
    writeFileSync(`${path}.${process.pid}.new`, "left over from a crash");
    closeStore(openStore(path, { network: "regtest", create: true }));
    expect(readdirSync(folder).filter((name) => name.startsWith("new.db"))).toEqual(["new.db"]);
  });
});
