/** What each event of a withdrawal says in its audit row, and what it writes beside the state. */
import { expect, test } from "vitest";
import type { Name } from "../../../../src/core/identifier.ts";
import {
  auditedAs,
  changesOf,
  type WithdrawalChanges,
  type WithdrawalEvent,
} from "../../../../src/core/states/withdrawal-events.ts";
import { standingPlace } from "../../../../src/core/states/withdrawal.ts";
import { at, fixtureDigest, fixtureId } from "../../../factory/identities.ts";

const code = "kyc-expired" as Name;
const [warrant, intent, plan] = [fixtureDigest("warrant"), fixtureDigest("intent"), fixtureId("plan")];
const expires = at("12:00:00");

test.each<[WithdrawalEvent, string, WithdrawalChanges]>([
  [{ type: "stands", at: "SIGNED", why: "signatures are here" }, "signatures are here", {}],
  [
    { type: "superseded", generation: 2, intent, expires },
    "superseded by generation 2",
    { plan: null, intent, expires },
  ],
  [{ type: "approved, waits" }, "approved", {}],
  [{ type: "approved" }, "approved", {}],
  [{ type: "closed, rejected" }, "family closed, hold released", {}],
  [{ type: "closed, cancelled" }, "family closed, hold released", {}],
  [{ type: "unblocked", code }, "unblocked", { code, holder: null, warrant: null }],
  [{ type: "unblocked, not wanted" }, "unblocked", { code: null, holder: null, warrant: null }],
  [{ type: "unblocked, expired" }, "unblocked", { code: null, holder: null, warrant: null }],
  [{ type: "paid by another transaction", transaction: "ab" }, "paid by transaction ab", {}],
  [{ type: "held", code }, "held", { code }],
  [{ type: "held", code, by: "Olga" }, "held", { code, holder: "Olga" }],
  [{ type: "blocked", code, warrant }, "blocked", { code, warrant }],
  [{ type: "planned", plan }, "planned", { plan }],
  [{ type: "plan dropped" }, "plan dropped", { plan: null }],
  [{ type: "screening" }, "screening", { code: null, holder: null }],
  [{ type: "rejected", reason: "no" }, "rejected", { reason: "no" }],
])("%o", (event, said, written) => {
  expect(auditedAs(event)).toBe(said);
  expect(changesOf(event, false)).toEqual(written);
});

test("F10: a payment that left the chain writes its code only where the withdrawal is held for it", () => {
  const gone = { type: "payment left the chain", code, planned: false } as const;
  expect(auditedAs(gone)).toBe("payment left the chain");
  expect(changesOf(gone, true)).toEqual({ code });
  expect(changesOf(gone, false)).toEqual({});
});

test("what is stopped stands where it was stopped, except in a block", () => {
  const place = (changes: object, standing: "BROADCAST" | "CONFIRMING" | "FAILED_ONCHAIN") =>
    standingPlace({ reason: undefined, code: undefined, warrant: undefined, ...changes }, standing);
  expect(place({}, "BROADCAST")).toBe("BROADCAST");
  expect(place({ code }, "BROADCAST")).toBe("ON_HOLD");
  expect(place({ code, reason: "no" }, "BROADCAST")).toBe("REVOKING");
  expect(place({ code, reason: "no", warrant }, "BROADCAST")).toBe("BLOCKED");
  for (const standing of ["CONFIRMING", "FAILED_ONCHAIN"] as const)
    expect(place({ code, reason: "no", warrant }, standing)).toBe(standing);
});
