/** Policies, wallets with addresses, sessions, deposits, customers. */
import { describe, expect, test } from "vitest";
import type { PublicKey } from "../../../src/core/ed25519.ts";
import type { Name } from "../../../src/core/identifier.ts";
import type { Instant } from "../../../src/core/instant.ts";
import { listAuditRows, verifyAudit } from "../../../src/store/audit.ts";
import {
  CUSTOMER_EXISTS,
  findCustomerByRef,
  insertCustomer,
  listCustomers,
} from "../../../src/store/customers.ts";
import {
  depositsOf,
  findCursor,
  findDeposit,
  insertDeposit,
  saveCursor,
} from "../../../src/store/deposits.ts";
import {
  POLICY_OUT_OF_ORDER,
  activatePolicy,
  activePolicy,
  storedCustody,
} from "../../../src/store/policies.ts";
import {
  SESSION_USED,
  activeSession,
  endSession,
  noteSessionUse,
  startSession,
} from "../../../src/store/sessions.ts";
import { write } from "../../../src/store/transaction.ts";
import {
  ADDRESS_OUT_OF_ORDER,
  WALLET_EXISTS,
  WALLET_UNKNOWN,
  addressesOf,
  findAddress,
  getWallet,
  highestIndex,
  insertAddress,
  insertWallet,
  listWallets,
} from "../../../src/store/wallets.ts";
import {
  BTC,
  CHAIN,
  CONTEXT,
  CUSTOMER,
  NOW,
  VAULT,
  account,
  digest,
  furnish,
  id,
  scratch,
} from "./scratch.ts";

const code = (kind: { readonly code: string }) => expect.objectContaining({ code: kind.code });

function furnished() {
  const { store } = scratch();
  furnish(store, 1000n);
  return store;
}

describe("policies", () => {
  test("follow one another; the first one's digest is the custody id", () => {
    const { store } = scratch();
    expect([activePolicy(store), storedCustody(store)]).toEqual([undefined, undefined]);
    const activate = (number: number) =>
      write(store, CONTEXT, (tx) => activatePolicy(tx, { number, digest: digest(`policy ${number}`) }));
    expect(() => activate(2)).toThrow(code(POLICY_OUT_OF_ORDER));
    activate(1);
    expect(() => activate(1)).toThrow(code(POLICY_OUT_OF_ORDER));
    activate(2);
    expect(activePolicy(store)).toEqual({ number: 2, digest: digest("policy 2") });
    expect(storedCustody(store)).toBe(digest("policy 1"));
  });
});

describe("wallets", () => {
  test("give out each index once, on both branches", () => {
    const store = furnished();
    const issue = (branch: 0 | 1, index: number, name: string, customer?: typeof CUSTOMER) =>
      write(store, CONTEXT, (tx) =>
        insertAddress(tx, { account: account(name), wallet: VAULT, branch, index, customer }),
      );
    expect(highestIndex(getWallet(store, VAULT))).toBe(-1);
    issue(0, 0, "first", CUSTOMER);
    expect(() => issue(0, 0, "again")).toThrow(code(ADDRESS_OUT_OF_ORDER));
    expect(() => issue(0, 2, "gap")).toThrow(code(ADDRESS_OUT_OF_ORDER));
    issue(0, 1, "second", CUSTOMER);
    issue(1, 0, "change");
    expect(getWallet(store, VAULT)).toMatchObject({ nextReceive: 2, nextChange: 1 });
    expect(highestIndex(getWallet(store, VAULT))).toBe(1);
    expect(findAddress(store, account("second"))).toEqual({
      account: account("second"),
      wallet: VAULT,
      branch: 0,
      index: 1,
      customer: CUSTOMER,
      issued: NOW,
    });
    expect(findAddress(store, account("nobody"))).toBeUndefined();
    expect(addressesOf(store, CUSTOMER).map(({ index }) => index)).toEqual([0, 1]);
  });

  test("an index never goes back", () => {
    const store = furnished();
    write(store, CONTEXT, (tx) => {
      insertAddress(tx, { account: account("first"), wallet: VAULT, branch: 0, index: 0 });
      tx.audit({ entity: "wallet", entityId: VAULT, version: 3, event: "test" });
      expect(() => tx.database.exec("UPDATE wallet SET next_receive = 0, version = 3")).toThrow(
        "never given out twice",
      );
    });
  });

  test("have one name and one descriptor each", () => {
    const store = furnished();
    const register = (name: string, descriptor: string) =>
      write(store, CONTEXT, (tx) => insertWallet(tx, { name: name as Name, chain: CHAIN, descriptor }));
    expect(() => register("vault", "other")).toThrow(code(WALLET_EXISTS));
    expect(() => register("other", getWallet(store, VAULT).descriptor)).toThrow(code(WALLET_EXISTS));
    register("other", "other");
    expect(listWallets(store).map(({ name }) => name)).toEqual(["other", "vault"]);
    expect(() => getWallet(store, "none" as Name)).toThrow(code(WALLET_UNKNOWN));
  });
});

describe("sessions", () => {
  const session = (number: number, expires: string) => ({
    id: id(number),
    operator: "olga" as Name,
    key: "ab".repeat(32) as PublicKey,
    delegation: digest(`delegation ${number}`),
    expires: expires as Instant,
  });

  test("one at a time, until it expires or is ended; a delegation whose session has ended is spent", () => {
    const { store } = scratch();
    const at = (time: string) => activeSession(store, time as Instant)?.id;
    write(store, CONTEXT, (tx) => startSession(tx, session(1, "2026-11-22T12:00:00Z")));
    expect([at("2026-11-22T12:00:00Z"), at("2026-11-22T12:00:01Z")]).toEqual([id(1), undefined]);
    write(store, CONTEXT, (tx) => startSession(tx, session(2, "2026-11-22T11:00:00Z")));
    expect(at("2026-11-22T10:00:00Z")).toBe(id(2));
    expect(() => write(store, CONTEXT, (tx) => startSession(tx, session(1, "2026-11-22T13:00:00Z")))).toThrow(
      code(SESSION_USED),
    );
    expect(write(store, CONTEXT, endSession)).toBe(true);
    expect(write(store, CONTEXT, endSession)).toBe(false);
    expect(at("2026-11-22T10:00:00Z")).toBeUndefined();
    expect(() => write(store, CONTEXT, (tx) => startSession(tx, session(2, "2026-11-22T11:00:00Z")))).toThrow(
      code(SESSION_USED),
    );
  });

  test("one that was begun while the clock was ahead is none until that time has come, and is not taken up before", () => {
    const { store } = scratch();
    const ahead = { ...CONTEXT, now: "2026-11-22T10:00:00Z" as Instant };
    write(store, ahead, (tx) => startSession(tx, session(1, "2026-11-22T12:00:00Z")));
    const at = (time: string) => activeSession(store, time as Instant)?.id;
    expect([at("2026-11-22T09:59:59Z"), at("2026-11-22T10:00:00Z")]).toEqual([undefined, id(1)]);
    const again = () => write(store, CONTEXT, (tx) => startSession(tx, session(1, "2026-11-22T12:00:00Z")));
    expect(again).toThrow(code(SESSION_USED));
    write(store, CONTEXT, (tx) => startSession(tx, session(2, "2026-11-22T11:00:00Z")));
    expect([at("2026-11-22T08:00:00Z"), at("2026-11-22T10:30:00Z")]).toEqual([id(2), id(2)]);
  });

  test("the delegation of the session under way takes it up again, with an audit row; its life stays what it was", () => {
    const { store } = scratch();
    const later = { ...CONTEXT, now: "2026-11-22T09:00:00Z" as Instant };
    write(store, CONTEXT, (tx) => startSession(tx, session(1, "2026-11-22T12:00:00Z")));
    const again = { ...session(1, "2026-11-22T13:00:00Z"), id: id(7) };
    const resumed = write(store, later, (tx) => startSession(tx, again));
    expect(resumed).toMatchObject({ id: id(1), version: 2, started: NOW, lastUsed: later.now });
    expect(activeSession(store, later.now)).toEqual(resumed);
    expect(resumed.expires).toBe("2026-11-22T12:00:00Z");
    const events = listAuditRows(store, { entity: "session" }, { limit: 9 }).map(({ event }) => event);
    expect(events).toEqual(["started", "resumed"]);
  });

  test("last use moves forward alone, and not after the end; it is no change that needs an audit row", () => {
    const { store } = scratch();
    const use = (now: string) =>
      write(store, { ...CONTEXT, now: now as Instant }, (tx) => noteSessionUse(tx, id(1)));
    const lastUsed = () => activeSession(store, NOW)?.lastUsed;
    write(store, CONTEXT, (tx) => startSession(tx, session(1, "2026-11-22T12:00:00Z")));
    expect(lastUsed()).toBe(NOW);
    use("2026-11-22T09:00:00Z");
    use("2026-11-22T08:30:00Z");
    expect(lastUsed()).toBe("2026-11-22T09:00:00Z");
    expect(verifyAudit(store).rows).toBe(1);
    write(store, CONTEXT, endSession);
    use("2026-11-22T10:00:00Z");
    const stored = store.database.prepare<[], string>("SELECT last_used FROM session").pluck().get();
    expect(stored).toBe("2026-11-22T09:00:00Z");
    expect(() => store.database.exec("UPDATE session SET ended = NULL")).toThrow(/once|one step/);
  });
});

describe("deposits", () => {
  test("a coin is credited once, however often it is reported", () => {
    const store = furnished();
    const deposit = {
      coin: "coin-1",
      account: account("first"),
      customer: CUSTOMER,
      amount: { asset: BTC, units: 5n },
      blockHash: "aa",
      height: 7,
    };
    write(store, CONTEXT, (tx) =>
      insertAddress(tx, {
        account: account("first"),
        wallet: VAULT,
        branch: 0,
        index: 0,
        customer: CUSTOMER,
      }),
    );
    expect(write(store, CONTEXT, (tx) => insertDeposit(tx, deposit))).toBe(true);
    expect(write(store, CONTEXT, (tx) => insertDeposit(tx, { ...deposit, height: 8 }))).toBe(false);
    expect(findDeposit(store, "coin-1")).toEqual({
      ...deposit,
      operation: CONTEXT.operation,
      state: "CREDITED",
      version: 1,
    });
    expect(depositsOf(store, CUSTOMER)).toHaveLength(1);
  });

  test("a chain's cursor moves both ways", () => {
    const { store } = scratch();
    expect(findCursor(store, CHAIN)).toBeUndefined();
    for (const height of [7, 9, 8]) {
      write(store, CONTEXT, (tx) => saveCursor(tx, { chain: CHAIN, height, hash: `${height}` }));
      expect(findCursor(store, CHAIN)).toEqual({ chain: CHAIN, height, hash: `${height}` });
    }
  });
});

describe("customers", () => {
  test("have one reference each and are listed in pages", () => {
    const { store } = scratch();
    const add = (number: number, ref: string) =>
      write(store, CONTEXT, (tx) => insertCustomer(tx, { id: id(number), ref }));
    for (let number = 1; number <= 5; number++) add(number, `c-${number}`);
    expect(() => add(6, "c-1")).toThrow(code(CUSTOMER_EXISTS));
    expect(findCustomerByRef(store, "c-4")?.id).toBe(id(4));
    expect(findCustomerByRef(store, "c-9")).toBeUndefined();
    expect(listCustomers(store, { limit: 2, after: id(2) }).map(({ ref }) => ref)).toEqual(["c-3", "c-4"]);
  });
});
