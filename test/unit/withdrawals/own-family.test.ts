import { describe, expect, test } from "vitest";
import { familyOf, type Family } from "../../../src/core/documents/family.ts";
import type { IntentDocument } from "../../../src/core/documents/intent.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { assertOwnFamily, DECISION_UNFOUNDED } from "../../../src/withdrawals/deciding/decide.ts";
import { ask, decide, makeDesk, step } from "../../attack/online.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { approval } from "../../factory/documents.ts";
import { BEN } from "../../factory/identities.ts";
import { strict } from "../../factory/online-words.ts";
import { COLD, treasury, wish } from "../../factory/requests.ts";

const rejecting = (intent: IntentDocument, family: Family) =>
  approval(intent, [BEN], { custody: intent.body.custody, decision: "reject", family });

describe("a rejection names the very family of its intent, for signers obey it in each of its names", () => {
  test("of a withdrawal: id, customer and client key", () => {
    const desk = makeDesk(strict({}));
    const [asked, other] = [ask(desk, "k", 1_000_000n), ask(desk, "other", 1_000_000n)];
    const own = familyOf(asked.intent.body);
    for (const family of [familyOf(other.intent.body), { intent: asked.id }, { ...own, intent: other.id }])
      expectRefusal(() => decide(desk, rejecting(asked.intent, family)), DECISION_UNFOUNDED);
    expect(step(desk, (tx) => PORTS.getWithdrawal(tx, asked.id).state)).toBe("PENDING_APPROVAL");
    expect(decide(desk, rejecting(asked.intent, own)).effect).toBe("rejected");
  });

  test("of a movement: its id", () => {
    const { intent } = wish(treasury(), "transfer", { destination: COLD, units: "10000000" });
    const another = { intent: "00".repeat(16) as Family["intent"] };
    expectRefusal(() => assertOwnFamily(rejecting(intent, another), intent), DECISION_UNFOUNDED);
    expect(() => assertOwnFamily(rejecting(intent, familyOf(intent.body)), intent)).not.toThrow();
    expect(() => assertOwnFamily(approval(intent), intent)).not.toThrow();
  });
});
