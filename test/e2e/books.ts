/** The online home's database, read without a program in between: what every test asks after every step. */
import type { Cast } from "../../demo/cast.ts";
import { databaseFile } from "../../src/home/online.ts";
import { verifyAudit } from "../../src/store/audit.ts";
import { closeStore, openStore, type Store } from "../../src/store/database.ts";
import { databaseProblems, verifyLedger } from "../../src/store/integrity.ts";
import { listBalances, listPostings } from "../../src/store/postings.ts";

export type Books = {
  readonly rows: number;
  readonly root: string;
  /** Reasons of all postings in order. */
  readonly reasons: readonly string[];
  /** Base units by account; ids in account names are left out, several accounts of one kind are added up. */
  readonly balances: Readonly<Record<string, string>>;
};

/** Reads the books after verifying ledger, audit tree and file. @throws LEDGER_BROKEN, AUDIT_BROKEN */
export function readBooks(cast: Cast): Books {
  return withBooks(cast, (store) => {
    const problems = databaseProblems(store);
    if (problems.length > 0) throw new Error(problems.join("\n"));
    verifyLedger(store);
    const { rows, root } = verifyAudit(store);
    const balances = new Map<string, bigint>();
    for (const { account, units } of listBalances(store, {}, { limit: 1000 })) {
      const kind = account.replace(/:[0-9a-f]{32}/, "");
      balances.set(kind, (balances.get(kind) ?? 0n) + units);
    }
    return {
      rows,
      root,
      reasons: listPostings(store, {}, { limit: 1000 }).map(({ reason }) => reason),
      balances: Object.fromEntries([...balances].map(([kind, units]) => [kind, units.toString()])),
    };
  });
}

export function withBooks<T>(cast: Cast, read: (store: Store) => T): T {
  const store = openStore(databaseFile(cast.home("online"), "regtest"), { network: "regtest" });
  try {
    return read(store);
  } finally {
    closeStore(store);
  }
}
