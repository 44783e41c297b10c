/** G4, law 12: a signer's windows age by when people had approved, not by what one of them says of his own time. */
import { describe, expect, test } from "vitest";
import { makeCustody, payout, stateFor, type Payout } from "../factory/custody.ts";
import { approval, row } from "../factory/documents.ts";
import { after, signed } from "../factory/gates.ts";
import { ANNA, at, BEN } from "../factory/identities.ts";
import { ask, planned } from "../factory/requests.ts";
import { codeOf } from "../factory/thrown.ts";
import type { Instant } from "../../src/core/instant.ts";

const DAY = { dayUnits: "25000000", monthUnits: "1000000000" };
const custody = makeCustody({
  issued: "2026-11-10T08:00:00Z" as Instant,
  rows: [row("a", "0", "100000000", 2, { limits: DAY, approvalSecondsMax: 3 * 86_400 })],
});

/** Approved by Anna at nine, and by Ben whenever he says. */
function pay(label: string, saidByBen: Instant, units = "25000000"): Payout {
  const one = payout(custody, { label, units, approvers: [ANNA], approvedAt: at("09:00:00") });
  const changes = { custody: custody.id, expires: "2026-11-23T00:00:00Z" as Instant };
  return { ...one, approvals: [...one.approvals, approval(one.intent, [BEN], changes, saidByBen)] };
}

function play(times: readonly Instant[]): string {
  let state = stateFor(custody, { clock: at("09:30:00") });
  return codeOf(() => {
    times.forEach((time, index) => {
      const plan = planned(custody, [pay(`order ${index}`, time)], {
        coins: [{ units: 30_000_000n, index: index + 1 }],
      });
      state = after(state, signed(ask(custody, [plan], { label: `request ${index}` }), state));
    });
  });
}

describe("A13: one approver of two backdates his word, and the day's limit is passed within a minute", () => {
  test("journal time is when the quorum stood", () => {
    expect(play(["2026-11-19T09:31:00Z" as Instant, "2026-11-20T09:31:01Z" as Instant])).toBe("G9_LIMIT_DAY");
    expect(play([at("09:00:00"), at("09:00:00")])).toBe("G9_LIMIT_DAY");
    expect(play(["2026-11-19T09:31:00Z" as Instant])).toBe("none");
  });

  test("of several intents, when the first of their quorums stood", () => {
    const [early, late] = [
      pay("order 1", at("08:50:00"), "10000000"),
      pay("order 2", at("09:10:00"), "11000000"),
    ];
    const timeOf = (payouts: readonly Payout[]) =>
      signed(ask(custody, [planned(custody, payouts)]), stateFor(custody)).line.entry.at;
    expect(timeOf([late])).toBe(at("09:10:00"));
    expect(timeOf([early, late])).toBe(at("09:00:00"));
  });
});
