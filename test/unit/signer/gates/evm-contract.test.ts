/** G6: a contract is paid as people have signed it, with the gas that they allow, in a plan of its own (E13). */
import { describe, expect, test } from "vitest";
import type { Beneficiary } from "../../../../src/core/documents/beneficiary.ts";
import type { Digest } from "../../../../src/core/digest.ts";
import { keccak256 } from "../../../../src/chains/evm/keccak.ts";
import { toHex } from "../../../../src/core/hex.ts";
import { stateFor, type Custody, type Payout } from "../../../factory/custody.ts";
import {
  evmBuilt,
  evmCustody,
  evmPayout,
  evmPlan,
  evmRequest,
  stranger,
} from "../../../factory/evm-account.ts";
import { safeBuilt, safeCustody, safePlan } from "../../../factory/evm-safe.ts";
import { reviewed } from "../../../factory/gates.ts";
import { caught, codeOf } from "../../../factory/thrown.ts";

const GAS = 60_000;
const codeHash = toHex(keccak256(Uint8Array.of(0))) as Digest;
const contract = (gasLimit: number) =>
  ({ accountKind: "contract", codeHash, gasLimit }) as Partial<Beneficiary>;

const payoutTo = (custody: Custody, kind: Partial<Beneficiary>, label = "order 77") =>
  evmPayout(custody, { label, beneficiary: kind });

describe("from an account", () => {
  const custody = evmCustody();
  const verdict = (payout: Payout, gas: number) => {
    // Whoever owns the online host builds with as much gas as he likes.
    const signed = payoutTo(custody, contract(2 ** 24));
    const account = signed.beneficiary.body.account;
    const { intent } = signed;
    const task = {
      type: "pay" as const,
      payments: [
        {
          account,
          amount: { asset: intent.body.asset, units: BigInt(intent.body.units) },
          contract: { codeHash, gasLimit: 2 ** 24 },
        },
      ],
    };
    const { base, rungs, cancel, conflictKeys } = evmBuilt(custody, task, {
      snapshot: { gas: [{ account, limit: gas }] },
    });
    const body = { base, rungs: [...rungs], ...(cancel && { cancel }), conflictKeys: [...conflictKeys] };
    const plan = evmPlan(custody, [payout], { plan: body });
    return codeOf(() => reviewed(evmRequest(custody, [payout], [plan]), stateFor(custody)));
  };

  test("with gas for its code it is paid where people have signed it as a contract, up to what they allow", () => {
    expect(verdict(payoutTo(custody, contract(GAS)), GAS)).toBe("none");
    expect(verdict(payoutTo(custody, contract(GAS)), 21_000)).toBe("none");
    expect(verdict(payoutTo(custody, contract(GAS - 1)), GAS)).toBe("G6_CONTRACT_GAS");
  });

  test("the officer is told that code runs, and by which hash people know it", () => {
    const payout = payoutTo(custody, contract(GAS));
    const plan = evmPlan(custody, [payout]);
    const { body } = reviewed(evmRequest(custody, [payout], [plan]), stateFor(custody)).review;
    expect(body.plans[0]?.warnings).toEqual([expect.stringContaining(`is a contract: its code ${codeHash}`)]);
    const plain = payoutTo(custody, {});
    const other = reviewed(evmRequest(custody, [plain], [evmPlan(custody, [plain])]), stateFor(custody));
    expect(other.review.body.plans[0]?.warnings).toEqual([]);
  });

  test("what is signed as an account gets no gas that code could use", () => {
    expect(verdict(payoutTo(custody, {}), GAS)).toBe("G6_CONTRACT_GAS");
    expect(verdict(payoutTo(custody, {}), 21_000)).toBe("none");
  });
});

describe("from a Safe", () => {
  const custody = safeCustody();
  const other = payoutTo(custody, {}, "plain");
  const called = payoutTo(custody, contract(GAS), "contract");
  const verdict = (payouts: readonly Payout[], built: readonly Payout[] = payouts) => {
    const intents = payouts.map(({ intent }) => intent.digest);
    const plan = safePlan(custody, built, { plan: { intents } });
    return codeOf(() => reviewed(evmRequest(custody, payouts, [plan]), stateFor(custody)));
  };

  test("it is paid by itself, and in no batch with others", () => {
    expect(verdict([called])).toBe("none");
    // The same calls, by a builder that was told of no contract.
    expect(verdict([other, called], [other, payoutTo(custody, {}, "contract")])).toBe(
      "G6_CONTRACT_NOT_ALONE",
    );
    expect(verdict([other, payoutTo(custody, {}, "another")])).toBe("none");
  });

  test("the builder leaves it for a plan of its own", () => {
    const pay = (contracts: readonly boolean[]) =>
      caught(() =>
        safeBuilt(
          custody,
          contracts.map((one) => (one ? called : other)),
        ),
      );
    expect(pay([false, true])).toMatchObject({
      code: "EVM_ONE_PAYMENT",
      details: { payment: 1, anotherPlan: true },
    });
    expect(codeOf(() => safeBuilt(custody, [called]))).toBe("none");
  });
});

describe("the builder of an account", () => {
  const custody = evmCustody();
  const account = stranger("a contract");
  const pay = (gasLimit: number | undefined, gas: number | undefined) =>
    codeOf(() =>
      evmBuilt(
        custody,
        {
          type: "pay",
          payments: [
            {
              account,
              amount: { asset: evmPayout(custody).intent.body.asset, units: 10n ** 18n },
              ...(gasLimit === undefined ? {} : { contract: { codeHash, gasLimit } }),
            },
          ],
        },
        { snapshot: { gas: gas === undefined ? [] : [{ account, limit: gas }] } },
      ),
    );

  test("gives a contract what it takes, within what was signed", () => {
    expect(pay(GAS, GAS)).toBe("none");
    expect(pay(GAS, GAS + 1)).toBe("EVM_DESTINATION_REFUSES");
    expect(pay(GAS, undefined)).toBe("EVM_FACT_MISSING");
    expect(pay(undefined, GAS)).toBe("none");
  });
});
