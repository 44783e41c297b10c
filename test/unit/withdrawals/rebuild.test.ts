/** A stored plan is built again from its snapshot and compared byte for byte. */
import { describe, expect, test } from "vitest";
import { bitcoinBuilder } from "../../../src/chains/bitcoin/index.ts";
import { SNAPSHOT_MALFORMED } from "../../../src/chains/bitcoin/snapshot.ts";
import { canonicalBytes, parseCanonical, type JsonObject } from "../../../src/core/canonical.ts";
import { amount } from "../../../src/core/amount.ts";
import { utf8 } from "../../../src/core/hex.ts";
import type { Id } from "../../../src/core/identifier.ts";
import { READS } from "../../../src/home/ports.ts";
import { getPlan } from "../../../src/store/plans.ts";
import { BUILD_RECORD_MALFORMED, readBuildRecord } from "../../../src/withdrawals/planning/build-record.ts";
import {
  PLAN_REBUILT_OTHERWISE,
  rebuildPlan,
  type StoredBuild,
} from "../../../src/withdrawals/planning/rebuild.ts";
import { ask, build, decide, exported, makeDesk, type Desk } from "../../attack/online.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { approval, BTC } from "../../factory/documents.ts";
import { ANNA } from "../../factory/identities.ts";
import {
  plan as planMovement,
  say,
  transferOf,
  treasuryDesk,
  VAULT,
  wish,
  word,
} from "../../factory/treasury.ts";

function planned(): { readonly desk: Desk; readonly id: Id } {
  const desk = makeDesk();
  for (const units of [10_000_000n, 7_000_000n]) {
    const { intent } = ask(desk, `order of ${units}`, units);
    decide(desk, approval(intent, [ANNA], { custody: desk.custody.id }));
  }
  return { desk, id: build(desk).plan.id };
}

function rebuild({ store }: Desk, plan: StoredBuild): void {
  rebuildPlan(READS, store, plan, bitcoinBuilder);
}

/** The plan with a field of its snapshot or record changed. */
function changed(plan: StoredBuild, part: "snapshot" | "build", changes: JsonObject): StoredBuild {
  const kept = parseCanonical(plan[part], 1 << 26) as JsonObject;
  return { ...plan, [part]: canonicalBytes({ ...kept, ...changes }) };
}

describe("rebuildPlan", () => {
  test("a plan of payments, and the one that takes its place, are built again byte for byte", () => {
    const { desk, id } = planned();
    rebuild(desk, getPlan(desk.store, id));
    exported(desk, id);
    const next = build(desk, { replaces: id, feeRatesMilli: [40_000n] });
    rebuild(desk, getPlan(desk.store, id));
    rebuild(desk, getPlan(desk.store, next.plan.id));
  });

  test.each([
    ["another seed", "snapshot", { seed: "ab".repeat(32) }, "base"],
    [
      "another tip",
      "snapshot",
      { tip: { hash: "00".repeat(32), height: 9, time: "2026-11-22T08:00:00Z" } },
      "base",
    ],
    ["other rates", "build", { feeRatesMilli: ["6000"] }, "rungs"],
    ["another option", "build", { budgetUnits: "2500" }, "rungs"],
  ] as const)("%s is found", (_, part, changes, field) => {
    const { desk, id } = planned();
    const stored = getPlan(desk.store, id);
    const spoilt = changed(stored, part, changes);
    expect(expectRefusal(() => rebuild(desk, spoilt), PLAN_REBUILT_OTHERWISE).message).toContain(field);
    rebuild(desk, stored);
  });

  test("a snapshot or record that cannot be read is said, not built from", () => {
    const { desk, id } = planned();
    const stored = getPlan(desk.store, id);
    expectRefusal(() => rebuild(desk, changed(stored, "snapshot", { seed: "00" })), SNAPSHOT_MALFORMED);
    expectRefusal(() => rebuild(desk, changed(stored, "build", { minutes: -1 })), BUILD_RECORD_MALFORMED);
    expectRefusal(() => readBuildRecord(utf8("{}")), BUILD_RECORD_MALFORMED);
  });

  test("transfers, consolidations and messages as well", () => {
    const desk = treasuryDesk();
    const wishes = [
      transferOf(5_000_000n),
      { type: "consolidate", wallet: VAULT, amount: amount(BTC, 100_000_000n) },
      { type: "attest", wallet: VAULT, asset: BTC, message: "reserves", coins: true },
    ] as const;
    wishes.forEach((wanted, place) => {
      const { movement, intent } = wish(desk, wanted, `movement ${place}`);
      say(desk, movement.id, word(desk, intent));
      // Other amounts make other coins: none of them is leased twice.
      const coins = [60_000_000n, 20_000_000n].map((units) => ({ units: units + BigInt(place), index: 1 }));
      const { plan } = planMovement(desk, movement.id, { coins });
      rebuild(desk, getPlan(desk.store, plan.id));
    });
  });
});
