/** Law 8: a yes to what has ended is noted, for everybody whose signature counts; a no that comes late is not. */
import { expect, test } from "vitest";
import { LATE_PORTS } from "../../../src/home/ports.ts";
import { noteLate } from "../../../src/withdrawals/deciding/late.ts";
import { revoke } from "../../../src/withdrawals/ending/revoke.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { ask, makeDesk, step } from "../../attack/online.ts";
import { approval } from "../../factory/documents.ts";
import { ANNA, BEN, MALLORY } from "../../factory/identities.ts";

test("who says yes to what has ended is named, once it has ended and not before", () => {
  const desk = makeDesk();
  const { policy, id: custody } = desk.custody;
  const { id, intent } = ask(desk, "one", 20_000_000n);
  const note = (signers: readonly (typeof ANNA)[], decision: "approve" | "reject" = "approve") =>
    step(desk, (tx) => noteLate(LATE_PORTS, tx, policy, approval(intent, signers, { custody, decision })));
  expect(note([ANNA, BEN])).toEqual([]);
  step(desk, (tx) =>
    revoke(PORTS, tx, PORTS.getWithdrawal(tx, id), {
      end: "cancelled",
      reason: "called off",
      policy: policy.body,
    }),
  );
  const about = { entity: "withdrawal", id, state: "CANCELLED", decision: "approve" };
  expect(note([ANNA, BEN])).toMatchObject([
    { ...about, by: "anna" },
    { ...about, by: "ben" },
  ]);
  expect(note([MALLORY])).toEqual([]);
  expect(note([ANNA], "reject")).toEqual([]);
});
