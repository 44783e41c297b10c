/** What of an account's plan is refused although its bytes are good: each beside what is not. */
import { decodePlan } from "../../../../src/chains/evm/plan-attempts.ts";
import { describe, expect, test } from "vitest";
import { evmCodec } from "../../../../src/chains/evm/index.ts";
import { addressOf } from "../../../../src/chains/evm/address.ts";
import {
  encodeUnsigned,
  parseUnsigned,
  type EvmTransaction,
} from "../../../../src/chains/evm/transaction.ts";
import { splitAccount } from "../../../../src/core/account.ts";
import type { PlanBytes } from "../../../../src/chains/adapter.ts";
import { fromBase64, toBase64, toHex } from "../../../../src/core/hex.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import { viewOf } from "../../../factory/custody.ts";
import {
  ANVIL,
  evmCustody,
  evmPayout,
  evmPlan,
  ownAccount,
  ownWallet,
  stranger,
} from "../../../factory/evm-account.ts";
import { codeOf } from "../../../factory/thrown.ts";

const custody = evmCustody();
const view = viewOf(custody);
const plan = evmPlan(custody, [evmPayout(custody)]).body;
const base = parseUnsigned(fromBase64(plan.base), ANVIL);
type Changes = Partial<Omit<Extract<EvmTransaction, { readonly type: 2 }>, "type">>;

/** The plan over a base with `changes`, its fees stated as they are. */
function over(changes: Changes, more: Partial<PlanBytes> = {}): PlanBytes {
  const transaction = { ...base, ...changes } as Extract<EvmTransaction, { readonly type: 2 }>;
  const fee = (tenths: bigint) =>
    (transaction.gasLimit * ((transaction.maxFeePerGas * tenths) / 10n)).toString();
  return {
    base: toBase64(encodeUnsigned(transaction)),
    rungs: [{ feeUnits: fee(10n) }, { feeUnits: fee(15n) }],
    cancel: { feeUnits: fee(20n), changeIndex: 0 },
    ...more,
  };
}
const decoded = (bytes: PlanBytes, own = view.own) => decodePlan(bytes, [], { ...view, own });
const code = (changes: Changes, more: Partial<PlanBytes> = {}) => codeOf(() => decoded(over(changes, more)));
const data = new Uint8Array([1]);

describe("what an account's transaction does", () => {
  test("a payment of the chain's coin is read; a call, and a payment of nothing, are refused (E6)", () => {
    expect(code({})).toBe("none");
    expect(code({ data })).toBe("EVM_CALLDATA_UNKNOWN");
    expect(code({ value: 0n })).toBe("EVM_PAYS_NOTHING");
  });

  test("to itself it pays no money; what moves nothing uses up its nonce, and calls nothing", () => {
    const to = ownAccount().address;
    expect(code({ to })).toBe("EVM_PAYS_NOTHING");
    expect(code({ to, value: 0n, data: Uint8Array.of(1) })).toBe("EVM_CALLDATA_UNKNOWN");
    expect(decoded(over({ to, value: 0n })).rungs[0]?.effects).toEqual([
      expect.objectContaining({ type: "change", units: 0n, keeps: true }),
    ]);
  });

  test("another account of ours on this chain is a transfer, a stranger's is a payment (law 9)", () => {
    const other = ownWallet({ name: "other" as Name }, 1);
    const bytes = over({ to: ownAccount(1).address });
    expect(decoded(bytes, [...view.own, other]).rungs[0]?.effects[0]).toMatchObject({
      type: "own",
      wallet: "other",
    });
    expect(decoded(bytes).rungs[0]?.effects[0]).toMatchObject({ type: "pay" });
    expect(splitAccount(stranger()).address).toBe(base.to);
  });

  test("the cancel rung pays nobody and calls nothing, with the nonce of the others", () => {
    const { rungs, cancel } = decoded(over({}));
    expect(cancel?.tx.transaction).toMatchObject({ to: ownAccount().address, value: 0n, nonce: base.nonce });
    expect(cancel?.conflictKeys).toEqual(rungs[0]?.conflictKeys);
    expect(cancel?.tx.transaction.data).toHaveLength(0);
    expect(code({}, { cancel: { feeUnits: over({}).cancel?.feeUnits ?? "", changeIndex: 1 } })).toBe(
      "EVM_CANCEL_ELSEWHERE",
    );
  });
});

describe("gas and fees (E9)", () => {
  test("a gas limit below a payment's, or above any transaction's", () => {
    expect(code({ gasLimit: 20_999n })).toBe("EVM_GAS_OUT_OF_RANGE");
    expect(code({ gasLimit: 2n ** 24n + 1n })).toBe("EVM_GAS_OUT_OF_RANGE");
    expect(code({ gasLimit: 2n ** 24n })).toBe("none");
  });

  test("an access list, which no payment needs", () => {
    expect(code({ accessList: [{ address: addressOf(new Uint8Array(20)), keys: [] }] })).toBe(
      "EVM_ACCESS_LIST_UNASKED",
    );
  });

  test("a fee that no whole wei for a gas gives, and a base that costs another fee than the first rung", () => {
    const [first, second] = over({}).rungs as [PlanBytes["rungs"][number], PlanBytes["rungs"][number]];
    const odd = { feeUnits: (BigInt(second.feeUnits) + 1n).toString() };
    expect(code({}, { rungs: [first, odd] })).toBe("EVM_FEE_INDIVISIBLE");
    expect(code({}, { rungs: [second] })).toBe("EVM_BASE_FEE_MISSTATED");
  });

  test("F8: a rung that nodes would not take in place of the one before: both fields rise by a tenth", () => {
    const at = (fee: bigint) => ({ feeUnits: (base.gasLimit * fee).toString() });
    const maxFeePerGas = 1_000_000_000n;
    const ladder = (second: bigint, tip: bigint) =>
      code(
        { maxFeePerGas, maxPriorityFeePerGas: tip },
        { rungs: [at(maxFeePerGas), at(second)], cancel: undefined },
      );
    expect(ladder(1_100_000_000n, 1_000_000n)).toBe("none");
    expect(ladder(1_099_999_999n, 1_000_000n)).toBe("EVM_REPLACES_TOO_CHEAPLY");
    // In proportion the priority fee rises as well, but never above the fee.
    const [, dearer] = decoded(
      over(
        { maxFeePerGas, maxPriorityFeePerGas: maxFeePerGas },
        { rungs: [at(maxFeePerGas), at(1_100_000_000n)], cancel: undefined },
      ),
    ).rungs;
    expect(dearer?.tx.transaction).toMatchObject({
      maxFeePerGas: 1_100_000_000n,
      maxPriorityFeePerGas: 1_100_000_000n,
    });
  });

  test("B12: no fee at all, of which nothing is a proportion; one wei for a gas is a fee", () => {
    const alone = { cancel: undefined };
    const free = (maxFeePerGas: bigint) => {
      const rungs = [{ feeUnits: (base.gasLimit * maxFeePerGas).toString() }];
      return code({ maxFeePerGas, maxPriorityFeePerGas: 0n }, { ...alone, rungs });
    };
    expect(free(0n)).toBe("EVM_FEE_ZERO");
    expect(free(1n)).toBe("none");
  });

  test("E9: a rung or a cancel rung whose fee no word holds", () => {
    const [first] = over({}).rungs as [PlanBytes["rungs"][number]];
    const beyond = { feeUnits: (base.gasLimit * (2n ** 256n / base.gasLimit)).toString() };
    const within = { feeUnits: (base.gasLimit * (2n ** 254n / base.gasLimit)).toString() };
    const cancel = undefined;
    expect(code({}, { rungs: [first, beyond], cancel })).toBe("EVM_FEE_OVERFLOW");
    expect(code({}, { rungs: [first, within], cancel })).toBe("none");
    // The cancel rung pays nobody: beside no value the same fee fits.
    expect(code({}, { rungs: [first], cancel: { ...beyond, changeIndex: 0 } })).toBe("none");
  });

  test("a cancel rung that could not replace the dearest rung", () => {
    const { feeUnits } = over({}).rungs[1] as PlanBytes["rungs"][number];
    expect(code({}, { cancel: { feeUnits, changeIndex: 0 } })).toBe("EVM_REPLACES_TOO_CHEAPLY");
  });
});

test("each attempt is given to other makers' signers as its unsigned bytes", () => {
  const all = evmCodec
    .expandPlan(plan, [], view)
    .map((bytes) => toHex(encodeUnsigned(parseUnsigned(bytes, ANVIL))));
  const { rungs, cancel } = decoded(plan);
  expect(all).toEqual(
    [...rungs, cancel].map((attempt) => attempt && toHex(encodeUnsigned(attempt.tx.transaction))),
  );
});

test("another's signature, another attempt's, or a second one completes nothing", () => {
  const [first, second] = decoded(plan).rungs as [
    ReturnType<typeof decoded>["rungs"][number],
    ReturnType<typeof decoded>["rungs"][number],
  ];
  expect(evmCodec.isComplete(first.tx, [])).toBe(false);
  const junk = { input: 0, key: toHex(ownAccount().key.publicKey), signature: `${"11".repeat(64)}1b` };
  for (const { tx } of [first, second])
    expect(codeOf(() => evmCodec.verifySignatures(tx, [junk]))).toBe("EVM_SIGNATURE_INVALID");
  expect(codeOf(() => evmCodec.verifySignatures(first.tx, [{ ...junk, signature: "11" }]))).toBe(
    "EVM_SIGNATURE_MALFORMED",
  );
  expect(codeOf(() => evmCodec.combine(first.tx, []))).toBe("EVM_SIGNATURES_INCOMPLETE");
  expect(codeOf(() => evmCodec.combine(first.tx, [junk, junk]))).toBe("EVM_SIGNATURES_INCOMPLETE");
});
