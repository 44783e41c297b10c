/** Whether a transaction that spent a plan's coins paid what the plan promises: then the plan has not died, it was done. */
import { expect, test } from "vitest";
import { assertPaysOthers, type Promised } from "../../../src/withdrawals/ending/dead.ts";
import type { PlanRow } from "../../../src/withdrawals/rows.ts";
import { fixtureDigest, fixtureId } from "../../factory/identities.ts";
import { codeOf } from "../../factory/thrown.ts";

const SPENT_BY = fixtureDigest("rung");
const own: Promised = { intent: fixtureDigest("transfer"), withdrawal: undefined };
const client: Promised = { intent: fixtureDigest("intent"), withdrawal: fixtureId("withdrawal") };

/** One plan whose attempt of this `kind` spent the coins, and what it pays. */
function killed(promises: readonly Promised[], paid: readonly Promised[], kind: "rung" | "cancel" = "rung") {
  type Ports = Parameters<typeof assertPaysOthers>[0];
  const ports = {
    attemptsOf: () => [{ kind, txid: SPENT_BY, plan: fixtureId("plan") }],
    intentsOfPlan: () => paid,
  } as unknown as Ports;
  const plans = [{ id: fixtureId("plan") } as unknown as PlanRow];
  return codeOf(() => assertPaysOthers(ports, undefined, { promises, plans }, SPENT_BY));
}

test("F3: a movement of ours is done by whatever attempt pays its intent, which no withdrawal names", () => {
  expect(killed([own], [own])).toBe("DEAD_UNFOUNDED");
  expect(killed([own], [{ ...own, intent: fixtureDigest("another transfer") }])).toBe("none");
});

test("a payment is done under another generation's intent as well; another's is another's", () => {
  const later = { ...client, intent: fixtureDigest("generation 2") };
  expect(killed([client], [later])).toBe("DEAD_UNFOUNDED");
  expect(killed([client], [{ ...later, withdrawal: fixtureId("another") }])).toBe("none");
});

test("all that was promised has to be paid, and by a rung: a cancel rung pays nobody", () => {
  expect(killed([client, own], [client])).toBe("none");
  expect(killed([client, own], [client, own])).toBe("DEAD_UNFOUNDED");
  expect(killed([client], [client], "cancel")).toBe("none");
});
