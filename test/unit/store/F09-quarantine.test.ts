/** F09: while a quarantine is open the database itself refuses what would be new, whatever code asks; the rest goes on. */
import { describe, expect, test } from "vitest";
import { insertAttempt, moveAttempt } from "../../../src/store/attempts.ts";
import { QUARANTINED } from "../../../src/store/failure.ts";
import { movePlan } from "../../../src/store/plans.ts";
import {
  acceptedDifferences,
  endQuarantine,
  openQuarantine,
  openQuarantines,
  quarantineOver,
  wasQuarantined,
} from "../../../src/store/quarantine.ts";
import { insertRequest } from "../../../src/store/receipts.ts";
import { write, type Tx } from "../../../src/store/transaction.ts";
import { moveWithdrawal } from "../../../src/store/withdrawals.ts";
import { insertAddress } from "../../../src/store/wallets.ts";
import { account, CONTEXT, digest, draftPlan, furnish, id, requested, scratch, VAULT } from "./scratch.ts";

const CAUSE = { id: id(0xbad), cause: "restored", subject: "line", detail: "restored in a test" } as const;
const kind = (code: string) => expect.objectContaining({ code });

/** A withdrawal that waits for approvals, a plan of another and its signed attempt. */
function furnished() {
  const { store } = scratch();
  furnish(store, 10_000n);
  const step = <T>(work: (tx: Tx) => T) => write(store, CONTEXT, work);
  step((tx) => {
    requested(tx, 1, 100n);
    moveWithdrawal(tx, id(1), { version: 1, to: "SCREENING", event: "screened" });
    moveWithdrawal(tx, id(1), { version: 2, to: "PENDING_APPROVAL", event: "admitted" });
    draftPlan(tx, 7);
    movePlan(tx, id(7), { version: 1, to: "EXPORTED", event: "exported" }, { request: digest("request") });
    insertAttempt(tx, {
      id: id(9),
      plan: id(7),
      rung: 0,
      kind: "rung",
      feeUnits: 1n,
      txid: digest("txid"),
      bytes: Uint8Array.of(1),
    });
  });
  return { store, step };
}

const NEW: readonly (readonly [string, (tx: Tx) => unknown])[] = [
  ["a plan", (tx) => draftPlan(tx, 8)],
  [
    "an export",
    (tx) => insertRequest(tx, { request: digest("another"), plans: [id(7)], audit: { epoch: 1, size: 0 } }),
  ],
  ["a request, whose key the lost rows may hold", (tx) => requested(tx, 2, 100n)],
  [
    "an address, which the lost rows may have given out",
    (tx) => insertAddress(tx, { account: account("issued"), wallet: VAULT, branch: 0, index: 0 }),
  ],
  ["a first send", (tx) => moveAttempt(tx, id(9), { version: 1, to: "BROADCASTING", event: "sending" })],
  [
    "what is screened again and was approved",
    (tx) => {
      moveWithdrawal(tx, id(1), { version: 3, to: "ON_HOLD", event: "held" }, { code: "odd" as never });
      moveWithdrawal(tx, id(1), { version: 4, to: "SCREENING", event: "screening" }, { code: null });
      moveWithdrawal(tx, id(1), { version: 5, to: "READY", event: "approved" });
    },
  ],
  [
    "an approval that moves",
    (tx) => moveWithdrawal(tx, id(1), { version: 3, to: "READY", event: "approved" }),
  ],
];

test.each(NEW)("%s is refused in quarantine, and goes through once two persons have ended it", (_, work) => {
  const { store, step } = furnished();
  step((tx) => openQuarantine(tx, CAUSE));
  expect(() => step(work)).toThrow(kind(QUARANTINED.code));
  expect(quarantineOver(store)?.code).toBe(QUARANTINED.code);
  step((tx) => endQuarantine(tx, CAUSE.id, digest("warrant")));
  expect(quarantineOver(store)).toBeUndefined();
  step(work);
});

describe("in quarantine", () => {
  test.each(["foreign-spend", "differs"] as const)(
    "%s, which is about no lost rows, takes requests and gives out addresses",
    (cause) => {
      const { step } = furnished();
      step((tx) => openQuarantine(tx, { ...CAUSE, cause }));
      step((tx) => requested(tx, 2, 100n));
      step((tx) => insertAddress(tx, { account: account("issued"), wallet: VAULT, branch: 0, index: 0 }));
    },
  );

  test("an attempt is followed into its block and sent again", () => {
    const { step } = furnished();
    step((tx) => moveAttempt(tx, id(9), { version: 1, to: "BROADCASTING", event: "sending" }));
    step((tx) => openQuarantine(tx, CAUSE));
    step((tx) => moveAttempt(tx, id(9), { version: 2, to: "UNCERTAIN", event: "outcome unknown" }));
    step((tx) => moveAttempt(tx, id(9), { version: 3, to: "BROADCASTING", event: "sending again" }));
    const block = { hash: "b".repeat(64), height: 7 };
    step((tx) => moveAttempt(tx, id(9), { version: 4, to: "CONFIRMING", event: "included" }, { block }));
  });

  test("the same thing opens one, another thing a second, and each is ended by name", () => {
    const { store, step } = furnished();
    expect(step((tx) => openQuarantine(tx, CAUSE))).toBe(true);
    expect(step((tx) => openQuarantine(tx, { ...CAUSE, id: id(0xbae) }))).toBe(false);
    expect(step((tx) => openQuarantine(tx, { ...CAUSE, id: id(0xbaf), cause: "set-back" }))).toBe(true);
    step((tx) => endQuarantine(tx, CAUSE.id, digest("warrant")));
    expect(openQuarantines(store)).toMatchObject([{ cause: "set-back" }]);
    expect(wasQuarantined(store, "restored", "line")).toBe(true);
    expect(step((tx) => openQuarantine(tx, { ...CAUSE, id: id(0xbb0) }))).toBe(true);
  });

  test("nobody reopens, rewrites or deletes one, and ending it takes a warrant and its audit row", () => {
    const { store, step } = furnished();
    step((tx) => openQuarantine(tx, CAUSE));
    const sql = (text: string) => () => store.database.exec(text);
    expect(sql("DELETE FROM quarantine")).toThrow("never deleted");
    expect(sql("UPDATE quarantine SET detail = 'nothing'")).toThrow(/never changes|one step/);
    expect(sql(`UPDATE quarantine SET ended = 'now', warrant = '${digest("w")}', version = 2`)).toThrow(
      "audit row is missing",
    );
    step((tx) => endQuarantine(tx, CAUSE.id, digest("warrant")));
    expect(sql("UPDATE quarantine SET ended = NULL, warrant = NULL, version = 3")).toThrow();
  });

  test("a difference that was signed off counts as accepted, an open one does not", () => {
    const { store, step } = furnished();
    step((tx) => openQuarantine(tx, { ...CAUSE, cause: "differs", detail: "wallet vault: 1 less" }));
    expect(acceptedDifferences(store).size).toBe(0);
    step((tx) => endQuarantine(tx, CAUSE.id, digest("warrant")));
    expect([...acceptedDifferences(store)]).toEqual(["wallet vault: 1 less"]);
  });
});
