/** A review of a token's payment: which token it is and what the fee is paid in, the same in every drawing (F22, E12). */
import { expect, test } from "vitest";
import type { ReviewedEffect } from "../../../../src/core/documents/review.ts";
import { stateFor } from "../../../factory/custody.ts";
import { drawings, lettersOf } from "../../../factory/drawings.ts";
import { evmRequest } from "../../../factory/evm-account.ts";
import { contract, tokenCustody, tokenPayout, tokenPlan } from "../../../factory/evm-token.ts";
import { reviewed } from "../../../factory/gates.ts";
import { grouped } from "../../../../src/terminal/table.ts";

const custody = tokenCustody();
const payouts = [tokenPayout(custody)];
const { review } = reviewed(evmRequest(custody, payouts, [tokenPlan(custody, payouts)]), stateFor(custody));
const { terminal, html, svg } = drawings(review);

test("the amount is in the token, whose contract stands beside it, and the fee is in the coin", () => {
  expect(terminal).toContain("PAY    25.000000 USDC (25,000,000 units)");
  expect(terminal).toMatch(/token USDC, of 6 decimals, is the contract\n +0x/);
  expect(terminal.replace(/\s+/g, " ")).toContain(grouped(contract()));
  expect(terminal).toMatch(/FEE {4}at most 0\.00292\d+ ETH \([\d,]+ wei\) \(rung 3 of\s+3\)/);
  expect(terminal).toMatch(/24 hours 975\.000000 USDC/);
  expect(terminal).toContain("plan 1 wallet vault pays 25.000000 USDC");
  expect(terminal).not.toContain("%");
  expect(Math.max(...terminal.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
});

test("page and picture say the same, letter by letter", () => {
  expect(lettersOf(html)).toBe(lettersOf(terminal));
  expect(lettersOf(svg)).toBe(lettersOf(terminal));
});

test("a review of coins and tokens adds up each by itself", () => {
  const [plan] = review.body.plans as [(typeof review.body.plans)[number]];
  const coins = (effects: readonly ReviewedEffect[]) =>
    effects.flatMap((effect): readonly ReviewedEffect[] =>
      effect.type === "pay" ? [{ ...effect, asset: undefined, units: "5" }] : [],
    );
  const rungs = plan.rungs.map((rung) => ({ ...rung, effects: [...rung.effects, ...coins(rung.effects)] }));
  const mixed = drawings({ ...review, body: { ...review.body, plans: [{ ...plan, rungs }] } });
  expect(mixed.terminal.replace(/\s+/g, " ")).toContain(
    "pays 25.000000 USDC (25,000,000 units) and 0.000000000000000005 ETH (5 wei) in 2 payments",
  );
});
