import { describe, expect, test } from "vitest";
import { FEE_BUDGET_SPENT } from "../../../src/withdrawals/planning/build.ts";
import { NOTHING_TO_BUILD } from "../../../src/withdrawals/planning/batch.ts";
import { ask, build, decide, exported, makeDesk, step, type Desk } from "../../attack/online.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { approval } from "../../factory/documents.ts";
import { ANNA } from "../../factory/identities.ts";
import { strict } from "../../factory/online-words.ts";
import { PORTS } from "../../../src/home/ports.ts";

/** Approved payments of these amounts, the oldest first. */
function ready(desk: Desk, ...amounts: readonly bigint[]): string[] {
  return amounts.map((units, index) => {
    const { id, intent } = ask(desk, `order ${index} of ${units}`, units);
    decide(desk, approval(intent, [ANNA], { custody: desk.custody.id }));
    return id;
  });
}
const planned = ({ withdrawals }: ReturnType<typeof build>) => withdrawals.map(({ id }) => id);

describe("F16: what cannot be paid stops no wallet", () => {
  test("the oldest that the coins can pay are planned, the others left out and still ready", () => {
    const desk = makeDesk();
    const ids = ready(desk, 10_000_000n, 20_000_000n, 15_000_000n, 25_000_000n);
    const made = build(desk, { coins: [{ units: 50_000_000n }] });
    expect(planned(made)).toEqual(ids.slice(0, 3));
    expect(made.leftOut).toMatchObject([{ withdrawal: { id: ids[3] }, why: /INSUFFICIENT_COINS/ }]);
    expect(step(desk, (tx) => PORTS.getWithdrawal(tx, ids[3] as never).state)).toBe("READY");
  });

  test("an oldest that no coins can pay does not keep the younger waiting", () => {
    const desk = makeDesk();
    const ids = ready(desk, 60_000_000n, 10_000_000n);
    const made = build(desk, { coins: [{ units: 50_000_000n }] });
    expect(planned(made)).toEqual(ids.slice(1));
  });

  test("a wallet without coins for any of them says so", () => {
    const desk = makeDesk();
    ready(desk, 60_000_000n);
    expect(() => build(desk, { coins: [{ units: 1_000_000n }] })).toThrow(
      expect.objectContaining({ code: "INSUFFICIENT_COINS" }),
    );
  });

  test("and one with nothing to pay, too", () => {
    expectRefusal(() => build(makeDesk()), NOTHING_TO_BUILD);
  });

  test("--max takes the oldest", () => {
    const desk = makeDesk();
    const ids = ready(desk, 1_000_000n, 2_000_000n, 3_000_000n);
    expect(planned(build(desk, { max: 2 }))).toEqual(ids.slice(0, 2));
  });
});

describe("limits are whole here, and recounted from the plans", () => {
  const limits = (dayUnits: string) => strict({ limits: { dayUnits, monthUnits: "900000000" } });

  test("what a day has left is planned; the rest waits", () => {
    const desk = makeDesk(limits("25000000"));
    const ids = ready(desk, 20_000_000n, 10_000_000n, 5_000_000n);
    const made = build(desk);
    expect(planned(made)).toEqual([ids[0], ids[2]]);
    expect(made.leftOut).toMatchObject([{ why: /LIMIT: .*5000000 of the amounts of a day left/ }]);
  });

  test("an exported plan counts, a dropped one does not, a replaced one counts once", () => {
    const desk = makeDesk(limits("25000000"));
    ready(desk, 20_000_000n);
    const { plan } = build(desk);
    exported(desk, plan.id);
    const [late] = ready(desk, 10_000_000n);
    const coins = [{ units: 50_000_000n, index: 2 }];
    expectRefusal(() => build(desk, { coins }), NOTHING_TO_BUILD);
    expect(build(desk, { replaces: plan.id, feeRatesMilli: [20_000n] }).withdrawals).toHaveLength(1);
    expect(step(desk, (tx) => PORTS.getWithdrawal(tx, late as never).state)).toBe("READY");
  });

  test("the fee budget is judged on the dearest attempt", () => {
    const tight = strict({ feeBudget: { dayUnits: "500", monthUnits: "100000" } });
    const desk = makeDesk(tight);
    ready(desk, 20_000_000n);
    expectRefusal(() => build(desk), FEE_BUDGET_SPENT);
    const roomy = makeDesk(strict({ feeBudget: { dayUnits: "50000", monthUnits: "100000" } }));
    ready(roomy, 20_000_000n);
    expect(planned(build(roomy))).toHaveLength(1);
  });
});
