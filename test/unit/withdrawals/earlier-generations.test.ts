/** Law 4: what people said of an earlier generation of an intent, once there is a newer one. */
import { describe, expect, test } from "vitest";
import { type IntentDocument } from "../../../src/core/documents/intent.ts";
import { PORTS } from "../../../src/home/ports.ts";
import {
  cancelWithdrawal,
  DECISION_SUPERSEDED,
  importClearance,
} from "../../../src/withdrawals/deciding/decide.ts";
import { step } from "../../attack/online.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { ANNA, at, BEN } from "../../factory/identities.ts";
import { clearance } from "../../factory/online-words.ts";
import { QUARTER, say, rowOf, held, superseded } from "./generations.ts";

describe("what was said of an earlier generation", () => {
  test("counts no more: the old approvals, and the same ones brought again", () => {
    const story = superseded();
    const { desk, asked, second } = story;
    expectRefusal(() => say(desk, asked.intent, "approve", ANNA), DECISION_SUPERSEDED);
    expect(say(desk, second, "approve", ANNA, "09:21:00").effect).toBe("collecting");
    expect(rowOf(story).state).toBe("PENDING_APPROVAL");
    expect(say(desk, second, "approve", BEN, "09:21:00").effect).toBe("ready");
  });

  test("a clearance of it counts no more, one of the newest is taken", () => {
    const story = superseded();
    const { desk, asked, second } = story;
    const bring = (intent: IntentDocument) =>
      step(desk, (tx) =>
        importClearance(
          PORTS,
          tx,
          clearance(desk, [intent]),
          { policy: desk.custody.policy, now: at("09:21:00") },
          (work) => {
            try {
              return work();
            } catch {
              return undefined;
            }
          },
        ),
      );
    expectRefusal(() => bring(asked.intent), DECISION_SUPERSEDED);
    expect(bring(second)).toMatchObject([{ effect: "collecting" }]);
  });

  test("a no to it is a no to the promise, which stays live until it is voided (law 3)", () => {
    const story = superseded();
    expect(say(story.desk, story.asked.intent, "reject", BEN, "09:21:00").effect).toBe("revoking");
    expect(held(story)).toBe(QUARTER);
  });

  test("the quorum that it had keeps the hold when the newest is cancelled before any approval (law 3)", () => {
    const story = superseded();
    const { desk, asked } = story;
    const { policy } = desk.custody;
    const ended = step(desk, (tx) =>
      cancelWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, asked.id), { policy }),
    );
    expect(ended.state).toBe("REVOKING");
    expect(held(story)).toBe(QUARTER);
  });
});
