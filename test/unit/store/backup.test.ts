import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { verifyAudit } from "../../../src/store/audit.ts";
import {
  backupStore,
  networkOfBackup,
  restoreStore,
  verifyBackup,
  type Restoring,
} from "../../../src/store/backup.ts";
import { STORE_EXISTS, STORE_MISSING, STORE_WRONG_NETWORK } from "../../../src/store/database.ts";
import { STORE_CORRUPT } from "../../../src/store/failure.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { instanceOf, openQuarantines } from "../../../src/store/quarantine.ts";
import { write } from "../../../src/store/transaction.ts";
import { getWithdrawal } from "../../../src/store/withdrawals.ts";
import { CONTEXT, another, furnish, id, requested, scratch } from "./scratch.ts";

const RESTORING: Restoring = {
  network: "regtest",
  instance: id(0xaaaa),
  detail: "restored in a test",
  context: CONTEXT,
};

function busy() {
  const made = scratch();
  furnish(made.store, 1000n);
  write(made.store, CONTEXT, (tx) => requested(tx, 1, 100n));
  return { ...made, target: join(made.folder, "backup.db") };
}

describe("F09: a restored database", () => {
  test("is in quarantine from its first moment, as another line of history; the backup stays as it was", async () => {
    const { store, folder, target } = busy();
    const before = instanceOf(store);
    await backupStore(store, target);
    expect(networkOfBackup(target)).toBe("regtest");
    const path = join(folder, "restored.db");
    const { rows } = restoreStore(target, path, RESTORING);
    const restored = another(path);
    expect(openQuarantines(restored)).toMatchObject([{ cause: "restored", detail: "restored in a test" }]);
    expect(instanceOf(restored)).toBe(RESTORING.instance);
    expect(before).toMatch(/^[0-9a-f]{32}$/);
    expect(before).not.toBe(RESTORING.instance);
    expect(verifyAudit(restored).rows).toBe(rows + 1);
    expect(openQuarantines(store)).toEqual([]);
  });

  test("is not put beside a log of the lost one, which would be played into it (F26)", async () => {
    const { store, folder, target } = busy();
    await backupStore(store, target);
    const path = join(folder, "restored.db");
    writeFileSync(`${path}-wal`, "left behind");
    expect(() => restoreStore(target, path, RESTORING)).toThrow(
      expect.objectContaining({ code: STORE_EXISTS.code }),
    );
    expect(existsSync(path)).toBe(false);
  });
});

describe("a backup", () => {
  test("holds what is still in the write-ahead log, is one private file, and restores to the same audit root (F26)", async () => {
    const { store, folder, target } = busy();
    const summary = await backupStore(store, target);
    const { rows, root } = verifyAudit(store);
    expect(summary).toEqual({ rows, root });
    expect(statSync(target).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.startsWith("backup"))).toEqual(["backup.db"]);

    write(store, CONTEXT, (tx) => requested(tx, 2, 100n));
    const path = join(folder, "restored.db");
    expect(restoreStore(target, path, RESTORING)).toEqual(summary);
    const restored = another(path);
    expect(getWithdrawal(restored, id(1)).state).toBe("REQUESTED");
    expect(() => getWithdrawal(restored, id(2))).toThrow("there is no withdrawal");
    expect(verifyLedger(restored).postings).toBe(2);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    // Whose key may be among the lost rows: not before people have looked (F9, F14).
    expect(() => write(restored, CONTEXT, (tx) => requested(tx, 2, 100n))).toThrow("is in quarantine");
    expect(verifyBackup(target, "regtest")).toEqual(summary);
  });

  test("is taken while another connection is writing", async () => {
    const { store, path, target } = busy();
    const other = another(path);
    other.database.exec("BEGIN IMMEDIATE");
    const summary = await backupStore(store, target);
    other.database.exec("ROLLBACK");
    expect(summary.root).toBe(verifyAudit(store).root);
  });

  test("overwrites nothing, nor does restoring", async () => {
    const { store, path, folder, target } = busy();
    writeFileSync(target, "precious");
    await expect(backupStore(store, target)).rejects.toMatchObject({ code: STORE_EXISTS.code });
    expect(readFileSync(target, "utf8")).toBe("precious");
    const second = join(folder, "second.db");
    await backupStore(store, second);
    expect(() => restoreStore(second, path, RESTORING)).toThrow(
      expect.objectContaining({ code: STORE_EXISTS.code }),
    );
  });

  test("that is damaged, foreign or missing is not restored", async () => {
    const { store, folder, target } = busy();
    await backupStore(store, target);
    const bytes = readFileSync(target);
    const damaged = join(folder, "damaged.db");
    bytes.fill(0xff, 8192, 12288);
    writeFileSync(damaged, bytes);
    const path = join(folder, "restored.db");
    expect(() => restoreStore(damaged, path, RESTORING)).toThrow(
      expect.objectContaining({ code: STORE_CORRUPT.code }),
    );
    expect(() => restoreStore(target, path, { ...RESTORING, network: "mainnet" })).toThrow(
      expect.objectContaining({ code: STORE_WRONG_NETWORK.code }),
    );
    expect(() => restoreStore(join(folder, "none.db"), path, RESTORING)).toThrow(
      expect.objectContaining({ code: STORE_MISSING.code }),
    );
    expect(existsSync(path)).toBe(false);
    restoreStore(target, path, RESTORING);
    expect(existsSync(path)).toBe(true);
  });

  test("of a database whose money does not add up is refused, and leaves no file", async () => {
    const { store, folder, target } = busy();
    store.database.exec(
      "UPDATE account_balance SET units = '900000' WHERE account GLOB 'customer:*:available'",
    );
    await expect(backupStore(store, target)).rejects.toMatchObject({ code: "LEDGER_BROKEN" });
    expect(readdirSync(folder).filter((name) => name.startsWith("backup"))).toEqual([]);
  });
});
