import { describe, expect, test } from "vitest";
import { EDGES, type Entity } from "../../../src/core/states/edges.ts";
import { HOLD_EDGES } from "../../../src/core/states/holds.ts";
import { insertCustomer } from "../../../src/store/customers.ts";
import type { Store } from "../../../src/store/database.ts";
import { write, type Tx } from "../../../src/store/transaction.ts";
import { BTC, CONTEXT, CUSTOMER, VAULT, account, digest, furnish, id, scratch } from "./scratch.ts";

/** Raw SQL that writes a row in any state and tries to move it, with everything but the edge in order. */
const INSERTS: Readonly<Record<Entity, (tx: Tx, number: number, state: string) => void>> = {
  withdrawal: (tx, number, state) =>
    tx.database
      .prepare(
        "INSERT INTO withdrawal (id, customer, asset, units, account, beneficiary, client_key, body_hash, state, version, created, updated)" +
          " VALUES (?, ?, ?, '1', ?, ?, ?, ?, ?, 1, ?, ?)",
      )
      .run(
        id(number),
        CUSTOMER,
        BTC,
        account("x"),
        digest("b"),
        `key ${number}`,
        digest("h"),
        state,
        tx.now,
        tx.now,
      ),
  plan: (tx, number, state) =>
    tx.database
      .prepare(
        "INSERT INTO plan (id, wallet, digest, state, version, snapshot, fee_units, created, updated) VALUES (?, ?, ?, ?, 1, x'00', '1', ?, ?)",
      )
      .run(id(number), VAULT, digest(`plan ${number}`), state, tx.now, tx.now),
  movement: (tx, number, state) =>
    tx.database
      .prepare(
        "INSERT INTO movement (id, type, wallet, asset, units, intent, state, version, created, updated) VALUES (?, 'consolidate', ?, ?, '1', ?, ?, 1, ?, ?)",
      )
      .run(id(number), VAULT, BTC, digest(`movement ${number}`), state, tx.now, tx.now),
  attempt: (tx, number, state) =>
    tx.database
      .prepare(
        "INSERT INTO attempt (id, plan, rung, txid, bytes, state, version, confirmations_seen, created, updated) VALUES (?, ?, ?, ?, x'00', ?, 1, 0, ?, ?)",
      )
      .run(id(number), id(9), number, digest(`tx ${number}`), state, tx.now, tx.now),
  kyc: (tx, number, state) => {
    insertCustomer(tx, { id: id(number), ref: `c-${number}` });
    const [tier, expires] = state === "ACCEPTED" ? ["basic", tx.now] : [null, null];
    tx.database
      .prepare(
        "INSERT INTO kyc (id, state, tier, expires, version, created, updated) VALUES (?, ?, ?, ?, 1, ?, ?)",
      )
      .run(id(number), state, tier, expires, tx.now, tx.now);
  },
};

/** What has to change with the state for a row to be one. */
const BESIDE: Readonly<Partial<Record<Entity, (to: string) => string>>> = {
  kyc: (to) => (to === "ACCEPTED" ? ", tier = 'basic', expires = created" : ", tier = NULL, expires = NULL"),
};

function prepared(): Store {
  const { store } = scratch();
  furnish(store, 1000n);
  write(store, CONTEXT, (tx) => {
    tx.audit({ entity: "plan", entityId: id(9), version: 1, event: "test" });
    INSERTS.plan(tx, 9, "DRAFT");
  });
  return store;
}

/** A database whose rows may begin in any state and whose withdrawals need no plan and no warrant and plans no message, so that the edge alone can refuse. */
function loosened(): Store {
  const store = prepared();
  for (const guard of [
    "withdrawal_initial",
    "plan_initial",
    "attempt_initial",
    "movement_initial",
    "kyc_initial",
    "withdrawal_one_plan",
    "withdrawal_blocked",
    "withdrawal_held",
    "withdrawal_paid_elsewhere",
    "withdrawal_planned_in_draft",
    "withdrawal_next_generation",
    "plan_message_never_sent",
    "movement_attested",
  ]) {
    store.database.exec(`DROP TRIGGER ${guard}`);
  }
  return store;
}

function move(store: Store, entity: Entity, number: number, from: string, to: string): void {
  write(store, CONTEXT, (tx) => {
    tx.audit({ entity, entityId: id(number), version: 1, event: "test" });
    INSERTS[entity](tx, number, from);
    tx.audit({ entity, entityId: id(number), version: 2, event: "test" });
    const beside = BESIDE[entity]?.(to) ?? "";
    tx.database
      .prepare(`UPDATE ${entity} SET state = ?, version = 2${beside} WHERE id = ?`)
      .run(to, id(number));
  });
}

describe.each(["withdrawal", "plan", "attempt", "movement", "kyc"] as const)("I13: %s", (entity) => {
  test("the database allows exactly the edges of the frozen table, of all pairs of states", () => {
    const store = loosened();
    const edges = EDGES[entity] as Readonly<Record<string, readonly string[]>>;
    const states = Object.keys(edges);
    let [allowed, refused, number] = [0, 0, 100];
    for (const from of states) {
      for (const to of [...states, "INVENTED"]) {
        number += 1;
        if (edges[from]?.includes(to) === true) {
          move(store, entity, number, from, to);
          allowed += 1;
        } else {
          expect(() => move(store, entity, number, from, to), `${from} -> ${to}`).toThrow(
            `${entity}: illegal edge`,
          );
          refused += 1;
        }
      }
    }
    expect(allowed).toBe(Object.values(edges).flat().length);
    expect(allowed + refused).toBe(states.length * (states.length + 1));
  });

  test("a new row begins in one state alone", () => {
    const store = prepared();
    const begin = (number: number, state: string) =>
      write(store, CONTEXT, (tx) => {
        tx.audit({ entity, entityId: id(number), version: 1, event: "test" });
        INSERTS[entity](tx, number, state);
      });
    const states = Object.keys(EDGES[entity]);
    begin(
      49,
      {
        withdrawal: "REQUESTED",
        plan: "DRAFT",
        attempt: "SIGNED",
        movement: "PENDING_APPROVAL",
        kyc: "NONE",
      }[entity],
    );
    for (const state of states.slice(1))
      expect(() => begin(50, state), state).toThrow(`${entity}: it begins as ${states[0]}`);
  });
});

test("a hold is used once: the database allows exactly its edges", () => {
  const store = loosened();
  const states = Object.keys(HOLD_EDGES) as (keyof typeof HOLD_EDGES)[];
  store.database.exec("DROP TRIGGER hold_initial");
  let number = 500;
  for (const from of states) {
    for (const to of states) {
      number += 1;
      const step = () =>
        write(store, CONTEXT, (tx) => {
          tx.audit({ entity: "withdrawal", entityId: id(number), version: 1, event: "test" });
          INSERTS.withdrawal(tx, number, "REQUESTED");
          tx.database.prepare("INSERT INTO hold VALUES (?, ?, ?)").run(id(number), from, tx.now);
          tx.database.prepare("UPDATE hold SET state = ? WHERE withdrawal = ?").run(to, id(number));
        });
      if (HOLD_EDGES[from].includes(to)) step();
      else expect(step, `${from} -> ${to}`).toThrow("hold: illegal edge");
    }
  }
});
