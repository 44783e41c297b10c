/** A token's payment from an account through the whole signer, its fee in the chain's coin. */
import { describe, expect, test } from "vitest";
import { Interface, Transaction } from "ethers";
import { evmCodec } from "../../../../src/chains/evm/index.ts";
import { splitAccount } from "../../../../src/core/account.ts";
import { toHex } from "../../../../src/core/hex.ts";
import { feeCapsOf } from "../../../../src/core/policy/fee-caps.ts";
import type { Policy, PolicyRow } from "../../../../src/core/policy/policy.ts";
import { stateFor, viewOf, type Custody } from "../../../factory/custody.ts";
import { ETHER, evmRequest, stranger } from "../../../factory/evm-account.ts";
import {
  contract,
  TOKEN_GAS,
  tokenCustody,
  tokenOf,
  tokenPayout,
  tokenPlan,
  TWENTY_FIVE,
  USDC,
} from "../../../factory/evm-token.ts";
import { after, signed } from "../../../factory/gates.ts";
import { codeOf } from "../../../factory/thrown.ts";

const custody = tokenCustody();
const state = stateFor(custody);
const payouts = [tokenPayout(custody)];
const plan = tokenPlan(custody, payouts);
const reviewOf = (of: Custody = custody, own = payouts, made = plan) => {
  const { outcome } = signed(evmRequest(of, own, [made]), stateFor(of)).receipt.body;
  if (outcome.type !== "signed") throw new TypeError("a good request is signed");
  return outcome;
};

describe("a payment of a token that the policy lists", () => {
  test("is signed, and another implementation reads the same transfer", () => {
    const outcome = reviewOf();
    const { rungs, cancel } = evmCodec.decodePlan(plan.body, [], viewOf(custody));
    const attempts = [...rungs, ...(cancel === undefined ? [] : [cancel])];
    const transfer = new Interface(["function transfer(address to, uint256 units)"]);
    expect(outcome.plans[0]?.rungs).toHaveLength(4);
    outcome.plans[0]?.rungs.forEach(({ signatures }, place) => {
      const { tx } = attempts[place] as (typeof attempts)[number];
      evmCodec.verifySignatures(tx, signatures);
      const theirs = Transaction.from(`0x${toHex(evmCodec.combine(tx, signatures))}`);
      if (place === 3) return expect([theirs.data, theirs.value]).toEqual(["0x", 0n]);
      expect([theirs.to, theirs.value]).toEqual([contract(), 0n]);
      return expect([...transfer.decodeFunctionData("transfer", theirs.data)]).toEqual([
        splitAccount(stranger()).address,
        TWENTY_FIVE,
      ]);
    });
  });

  test("its review names the token where something is counted in it, and no share that the fee would be of it", () => {
    const [reviewed] = reviewOf().review.plans;
    expect(reviewed?.rungs.map(({ effects }) => effects)).toEqual(
      reviewed?.rungs.map(() => [
        expect.objectContaining({ type: "pay", asset: USDC, units: TWENTY_FIVE.toString() }),
      ]),
    );
    expect(reviewed?.limits.map(({ row, asset }) => [row, asset])).toEqual([["tokens", USDC]]);
    for (const rung of reviewed?.rungs ?? []) expect(rung).not.toHaveProperty("feeSharePermille");
    expect(reviewed?.cancel).not.toHaveProperty("feeSharePermille");
    expect(reviewed?.inputs.map(({ units }) => units)).toEqual([reviewed?.rungs[0]?.feeUnits]);
  });

  test("F3: once more over another nonce it is refused, over the same one it is signed", () => {
    const before = after(state, signed(evmRequest(custody, payouts, [plan]), state));
    const again = (nonce: string) => {
      const other = tokenPlan(custody, payouts, {
        snapshot: { nonce, tipWei: "2000000000" },
        options: { feeRatesMilli: [40_000n] },
      });
      return codeOf(() => signed(evmRequest(custody, payouts, [other]), before));
    };
    expect(again("8")).toBe("G10_NO_SHARED_COIN");
    expect(again("7")).toBe("none");
  });
});

describe("what people did not approve is refused", () => {
  const paying = (changes: Parameters<typeof tokenPayout>[1]) => {
    const made = tokenPlan(custody, [tokenPayout(custody, changes)], {
      plan: { intents: payouts.map((one) => one.intent.digest) },
    });
    return codeOf(() => reviewOf(custody, payouts, made));
  };

  test("another destination, another amount; the approved one is signed", () => {
    expect(paying({ to: stranger("mallory") })).toBe("G6_EFFECT_WITHOUT_INTENT");
    expect(paying({ units: (TWENTY_FIVE + 1n).toString() })).toBe("G6_EFFECT_WITHOUT_INTENT");
    expect(paying({})).toBe("none");
  });

  test("as many units of another token that is listed, or of the coin", () => {
    const dai = tokenOf("dai", 18, "DAI");
    const both = tokenCustody(USDC, { tokens: [USDC, dai] });
    const own = [tokenPayout(both)];
    const plain = { plan: { intents: own.map((one) => one.intent.digest) } };
    const other = [tokenPayout(both, {}, dai)];
    expect(codeOf(() => reviewOf(both, own, tokenPlan(both, other, plain, dai)))).toBe(
      "G6_EFFECT_WITHOUT_INTENT",
    );
    // As many units of ether are worth less than their fee, so that no builder of ours would pay them.
    const [rules] = both.policy.body.chains as [Policy["chains"][number]];
    const options = { caps: { ...feeCapsOf(rules), sharePermilleMax: Number.MAX_SAFE_INTEGER } };
    const coins = [tokenPayout(both, { intent: { asset: ETHER } })];
    expect(codeOf(() => reviewOf(both, own, tokenPlan(both, coins, { ...plain, options })))).toBe(
      "G6_EFFECT_WITHOUT_INTENT",
    );
    expect(codeOf(() => reviewOf(both, own, tokenPlan(both, own)))).toBe("none");
  });
});

describe("fees, in the chain's coin", () => {
  // Built by a wide policy, judged by a narrow one.
  const judged = (changes: Partial<Policy>) => {
    const narrow = tokenCustody(USDC, changes);
    const own = [tokenPayout(narrow)];
    const { base, rungs, cancel, conflictKeys } = plan.body;
    const dear = { base, rungs, conflictKeys, ...(cancel && { cancel }) };
    return codeOf(() => reviewOf(narrow, own, tokenPlan(narrow, own, { plan: dear })));
  };
  const [rules] = custody.policy.body.chains as [Policy["chains"][number]];
  const caps = (fees: Partial<typeof rules.fees>) =>
    judged({ chains: [{ ...rules, fees: { ...rules.fees, ...fees } }] });
  const dearest = BigInt(plan.body.cancel?.feeUnits ?? 0);

  test("G7: within the caps in absolute terms and by rate, at their edges; no share is judged", () => {
    expect(dearest).toBe(49_500_000_000n * BigInt(TOKEN_GAS));
    expect(caps({ absoluteUnitsMax: dearest.toString() })).toBe("none");
    expect(caps({ absoluteUnitsMax: (dearest - 1n).toString() })).toBe("G7_FEE_TOO_HIGH");
    expect(caps({ rateMax: 50, sharePermilleMax: 1 })).toBe("none");
    expect(caps({ rateMax: 49 })).toBe("G7_FEE_RATE_TOO_HIGH");
  });

  test("G9: a row's budget of fees is in the coin, its limits are in the token", () => {
    const rows = (changes: Partial<PolicyRow>) =>
      judged({
        rows: custody.policy.body.rows.map((row) => (row.asset === USDC ? { ...row, ...changes } : row)),
      });
    const month = { monthUnits: "1000000000000000000000" };
    expect(rows({ feeBudget: { dayUnits: dearest.toString(), ...month } })).toBe("none");
    expect(rows({ feeBudget: { dayUnits: (dearest - 1n).toString(), ...month } })).toBe("G9_FEE_BUDGET_DAY");
    expect(rows({ limits: { dayUnits: TWENTY_FIVE.toString(), ...month } })).toBe("none");
    expect(rows({ limits: { dayUnits: (TWENTY_FIVE - 1n).toString(), ...month } })).toBe("G9_LIMIT_DAY");
  });
});
