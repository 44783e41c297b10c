/** An account's payment of a token, from a task and facts to a plan; what the signer reads with is asked what was built. */
import { describe, expect, test } from "vitest";
import type { BuildTask, Payment } from "../../../../src/chains/adapter.ts";
import { evmBuilder, evmCodec } from "../../../../src/chains/evm/index.ts";
import type { EvmSnapshot } from "../../../../src/chains/evm/snapshot.ts";
import { accountId, type AccountId } from "../../../../src/core/account.ts";
import { canonicalBytes } from "../../../../src/core/canonical.ts";
import { feeCapsOf } from "../../../../src/core/policy/fee-caps.ts";
import type { ChainRules } from "../../../../src/core/policy/policy.ts";
import { readBack } from "../../../../src/withdrawals/planning/build.ts";
import { viewOf } from "../../../factory/custody.ts";
import { ANVIL, evmBuilt, evmSnapshot, ownAccount, stranger } from "../../../factory/evm-account.ts";
import { contract, TOKEN_GAS, tokenCustody, tokenOf, USDC } from "../../../factory/evm-token.ts";
import { caught, codeOf } from "../../../factory/thrown.ts";

const custody = tokenCustody();
const view = viewOf(custody);
const [rules] = custody.policy.body.chains as [ChainRules];
const caps = feeCapsOf(rules);
const UNITS = 25_000_000n;
const payment = (changes: Partial<Payment> = {}): Payment => ({
  account: stranger(),
  amount: { asset: USDC, units: UNITS },
  ...changes,
});
const gasAt = (account: AccountId) => [{ account, limit: TOKEN_GAS }];
const FACTS: Partial<EvmSnapshot> = {
  tokens: [{ asset: USDC, balance: UNITS.toString() }],
  gas: gasAt(stranger()),
};
type Changes = NonNullable<Parameters<typeof evmBuilt>[2]>;
const built = (task: Payment = payment(), { snapshot, options }: Changes = {}) =>
  evmBuilt(custody, { type: "pay", payments: [task] } satisfies BuildTask, {
    snapshot: { ...FACTS, ...snapshot },
    ...(options && { options }),
  });
const read = (...args: Parameters<typeof built>) => evmCodec.decodePlan(built(...args), [], view);
const code = (...args: Parameters<typeof built>) => codeOf(() => built(...args));

test("pays the destination exactly, in the token, over its contract, with the gas that was simulated", () => {
  const { rungs, cancel } = read();
  expect(rungs.map(({ effects }) => effects)).toEqual(
    rungs.map(() => [{ type: "pay", account: stranger(), asset: USDC, units: UNITS }]),
  );
  const paid = { to: contract(), value: 0n, gasLimit: BigInt(TOKEN_GAS) };
  expect(rungs[0]?.tx).toMatchObject({ kind: "account", transaction: paid });
  // The cancel rung calls nothing, over the same nonce.
  expect(cancel?.tx).toMatchObject({
    transaction: {
      to: ownAccount().address,
      value: 0n,
      data: new Uint8Array(),
    },
  });
  expect(cancel?.conflictKeys).toEqual(rungs[0]?.conflictKeys);
});

test("facts with tokens are stored and read back", () => {
  const snapshot = evmSnapshot(FACTS);
  expect(evmBuilder.readSnapshot(canonicalBytes(snapshot))).toEqual(snapshot);
});

describe("what is held", () => {
  const short = (snapshot: Partial<EvmSnapshot>) => code(payment(), { snapshot });

  test("of the token what is paid, of the coin what the dearest attempt may take, to the unit", () => {
    const fee = read().cancel?.fee.units ?? 0n;
    expect(short({ tokens: [{ asset: USDC, balance: (UNITS - 1n).toString() }] })).toBe("EVM_BALANCE_SHORT");
    expect(short({ balance: (fee - 1n).toString() })).toBe("EVM_BALANCE_SHORT");
    expect(short({ balance: fee.toString() })).toBe("none");
  });

  test("facts that do not say it, or what the transfer takes, name what is missing", () => {
    const missing = (snapshot: Partial<EvmSnapshot>) => caught(() => built(payment(), { snapshot }));
    const other = tokenOf("other", 6, "OTHER");
    for (const [snapshot, field] of [
      [{ tokens: [{ asset: other, balance: "1" }] }, "snapshot.tokens"],
      [{ tokens: undefined }, "snapshot.tokens"],
      [{ gas: [] }, "snapshot.gas"],
      [{ gas: gasAt(stranger("another")) }, "snapshot.gas"],
    ] as const) {
      // A payment that cannot be built alone is left out of its batch, and stops no other (F16).
      expect(missing(snapshot as Partial<EvmSnapshot>)).toMatchObject({
        code: "EVM_FACT_MISSING",
        field,
        details: { payment: 0 },
      });
    }
  });
});

test("a token that is not listed, and destinations that would lose it, are left out of a batch", () => {
  const refused = (changes: Partial<Payment>) => {
    const task = payment(changes);
    const error = caught(() => built(task, { snapshot: { gas: gasAt(task.account) } }));
    return [error.code, error.details["payment"]];
  };
  const unlisted = { asset: tokenOf("usdc", 18, "USDC"), units: UNITS };
  expect(refused({ amount: unlisted })).toEqual(["EVM_ONE_PAYMENT", 0]);
  expect(refused({ account: accountId(ANVIL, contract()) })).toEqual(["EVM_TRANSFER_TO", 0]);
  expect(refused({ account: accountId(ANVIL, ownAccount().address) })).toEqual(["EVM_PAYS_NOTHING", 0]);
});

test("F15: the caps in absolute terms and by rate hold; a share of tokens there is none", () => {
  const capped = (changes: Partial<typeof caps>) =>
    code(payment(), { options: { caps: { ...caps, ...changes } } });
  const cancel = read().cancel?.fee.units ?? 0n;
  // One unit of the token is a millionth of it: of coins no fee would be small enough.
  expect(code(payment({ amount: { asset: USDC, units: 1n } }))).toBe("none");
  expect(capped({ sharePermilleMax: 1 })).toBe("none");
  expect(capped({ absoluteUnitsMax: "1" })).toBe("FEE_ABSOLUTE_CAP");
  expect(capped({ rateMax: 19 })).toBe("FEE_RATE_CAP");
  // The ladder ends below the cap, the cancel rung included.
  const below = read(payment(), {
    options: { caps: { ...caps, absoluteUnitsMax: (cancel - 1n).toString() } },
  });
  expect(below.rungs).toHaveLength(2);
  // The host reads back what was built, by the same caps.
  const plan = built();
  const again = (of: Partial<typeof caps>) =>
    codeOf(() => readBack(evmCodec, plan, view, { ...caps, ...of }));
  expect(again({ sharePermilleMax: 1 })).toBe("none");
  expect(again({ rateMax: 44 })).toBe("FEE_RATE_CAP");
});
