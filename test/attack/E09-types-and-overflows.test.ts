/** E9: types that cost what nobody was shown, and fees that wrap around in a word. */
import { describe, expect, test } from "vitest";
import { replacing } from "../../src/chains/evm/fees.ts";
import { quantityBytes } from "../../src/chains/evm/quantity.ts";
import { encodeRlp } from "../../src/chains/evm/rlp.ts";
import { encodeUnsigned, parseUnsigned } from "../../src/chains/evm/transaction.ts";
import { concatBytes } from "../../src/core/hex.ts";
import { ANVIL } from "../factory/evm-account.ts";
import { codeOf } from "../factory/thrown.ts";
import {
  BASE,
  baseWith,
  fromAccount,
  itemsOf,
  LEGACY_BASE,
  offered,
  said,
  withBase,
  withFields,
  withPlan,
  type Offer,
} from "./evm-payment.ts";
import { pair } from "./pair.ts";

const WORD = 2n ** 256n;
const under = (type: number, payload = BASE.subarray(1)) => concatBytes(Uint8Array.of(type), payload);
const transaction = parseUnsigned(BASE, ANVIL);

describe("types", () => {
  test("E9 twin: types 0 and 2 are signed, and 1 is read", () => {
    expect(said(BASE)).toBe("none");
    expect(said(LEGACY_BASE)).toBe("none");
    const [chainId, nonce, price, , ...others] = itemsOf(BASE);
    const bytes = under(1, encodeRlp([chainId, nonce, price, ...others] as never));
    expect(encodeUnsigned(parseUnsigned(bytes, ANVIL))).toEqual(bytes);
  });

  test("E9: type 3 pays for blobs in a market of its own (EIP-4844)", () => {
    const blobs = encodeRlp([...itemsOf(BASE), quantityBytes(10n ** 18n), [new Uint8Array(32).fill(1)]]);
    expect(said(under(3, blobs))).toBe("G8_EVM_TRANSACTION_TYPE");
    expect(() => parseUnsigned(under(3, blobs), ANVIL)).toThrow(/EIP-4844/);
  });

  test("E9: every other number in front of the very payment", () => {
    const read = Array.from({ length: 256 }, (_, type) => codeOf(() => parseUnsigned(under(type), ANVIL)));
    const others = read.flatMap((code, type) => (type >= 3 && type < 0x80 ? [code] : []));
    expect(read[2]).toBe("none");
    expect(new Set(others)).toEqual(new Set(["EVM_TRANSACTION_TYPE"]));
    // 0 has no envelope (EIP-2718), strings and longer lists are no transactions.
    expect(new Set([read[0], ...read.slice(0x80, 0xc0)])).toEqual(new Set(["EVM_TRANSACTION_MALFORMED"]));
    expect(read.flatMap((code, type) => (code === "none" ? [type] : []))).toEqual([2]);
  });

  test("E9: a payload of one type under the number of another", () => {
    expect(said(under(1))).toBe("G5_EVM_TRANSACTION_MALFORMED");
    // Read as type 2, it has its data where the destination belongs.
    expect(said(under(2, LEGACY_BASE))).toBe("G8_EVM_CREATES_CONTRACT");
    expect(said(under(0, LEGACY_BASE))).toBe("G5_EVM_TRANSACTION_MALFORMED");
    expect(said(BASE.subarray(1))).toBe("G5_EVM_TRANSACTION_MALFORMED");
  });
});

describe("what it costs at most", () => {
  const { gasLimit, value } = transaction;
  const most = (WORD - 1n - value) / gasLimit;
  /** The dearest fee, and of value what is left to `total`. */
  const upTo = (total: bigint) => {
    const rest = quantityBytes(total - gasLimit * most);
    return codeOf(() => parseUnsigned(baseWith({ maxFeePerGas: quantityBytes(most), value: rest }), ANVIL));
  };

  test("E9 twin: the dearest that a word holds is read", () => {
    const read = parseUnsigned(baseWith({ maxFeePerGas: quantityBytes(most) }), ANVIL);
    expect(read).toMatchObject({ maxFeePerGas: most });
    expect(upTo(WORD - 1n)).toBe("none");
    expect(upTo(WORD)).toBe("EVM_FEE_OVERFLOW");
  });

  test("E9: fee and gas multiply to more than a word holds, alone or with what is paid", () => {
    const overflow = (changes: Parameters<typeof baseWith>[0]) => said(baseWith(changes));
    expect(overflow({ maxFeePerGas: quantityBytes(most + 1n) })).toBe("G8_EVM_FEE_OVERFLOW");
    expect(overflow({ maxFeePerGas: quantityBytes(WORD - 1n) })).toBe("G8_EVM_FEE_OVERFLOW");
    const gas = { gasLimit: quantityBytes(2n ** 64n - 1n), maxFeePerGas: quantityBytes(WORD >> 63n) };
    expect(codeOf(() => parseUnsigned(baseWith(gas), ANVIL))).toBe("EVM_FEE_OVERFLOW");
    expect(overflow({ value: quantityBytes(WORD - 1n) })).toBe("G8_EVM_FEE_OVERFLOW");
    const legacy = [...itemsOf(LEGACY_BASE)];
    legacy[1] = quantityBytes(WORD - 1n);
    expect(said(encodeRlp(legacy))).toBe("G8_EVM_FEE_OVERFLOW");
  });

  test("E9: a number of gas, or a nonce, that no node can hold", () => {
    expect(said(baseWith({ gasLimit: quantityBytes(2n ** 64n) }))).toBe("G5_EVM_RLP_MALFORMED");
    expect(said(baseWith({ nonce: quantityBytes(2n ** 64n) }))).toBe("G5_EVM_RLP_MALFORMED");
    // EIP-2681: the account's nonce could not be raised above it.
    expect(said(baseWith({ nonce: quantityBytes(2n ** 64n - 1n) }))).toBe("G5_EVM_TRANSACTION_MALFORMED");
    expect(parseUnsigned(baseWith({ nonce: quantityBytes(2n ** 64n - 2n) }), ANVIL).nonce).toBe(
      2n ** 64n - 2n,
    );
  });

  test("E9: a priority fee above the fee; the same as the fee is read", () => {
    if (transaction.type !== 2) throw new TypeError("a chain with base fees");
    const priority = (units: bigint) => baseWith({ maxPriorityFeePerGas: quantityBytes(units) });
    expect(said(priority(transaction.maxFeePerGas + 1n))).toBe("G8_EVM_FEE_OVERFLOW");
    expect(codeOf(() => parseUnsigned(priority(transaction.maxFeePerGas), ANVIL))).toBe("none");
  });

  test("E9: a contract is created, at a price and with an effect that nothing shows", () => {
    expect(said(baseWith({ to: new Uint8Array() }))).toBe("G8_EVM_CREATES_CONTRACT");
    expect(said(baseWith({ to: new Uint8Array(19) }))).toBe("G5_EVM_TRANSACTION_MALFORMED");
    expect(said(baseWith({ to: new Uint8Array(21) }))).toBe("G5_EVM_TRANSACTION_MALFORMED");
  });
});

pair("E9", "the payment pays for blobs as well", {
  good: fromAccount,
  bad: (offer) => withBase(offer, under(3, encodeRlp([...itemsOf(BASE), quantityBytes(10n ** 18n), []]))),
  judge: offered,
  accepted: "signed",
  refused: "G8 EVM_TRANSACTION_TYPE",
  removes: ["a transaction is of type 0, 1 or 2"],
  without: "G5 EVM_TRANSACTION_MALFORMED",
});

/** The offer at another fee for each gas, and with gas to burn, which the plan states as they then are. */
function costing(offer: Offer, fee: bigint, gas: bigint): Offer {
  const changed = withFields(offer, { maxFeePerGas: quantityBytes(fee), gasLimit: quantityBytes(gas) });
  const rungs = [{ feeUnits: (fee * gas).toString() }];
  return withPlan(changed, ({ cancel }) => ({
    rungs,
    ...(cancel && { cancel: { ...cancel, feeUnits: (replacing(fee) * gas).toString() } }),
  }));
}

pair("E9", "gas and fee multiply to more than a word holds", {
  good: () => costing(fromAccount(), 20_000_000_000n, 21_000n),
  bad: (offer) => costing(offer, WORD / 21_000n + 1n, 21_000n),
  judge: offered,
  accepted: "signed",
  refused: "G8 EVM_FEE_OVERFLOW",
  removes: ["what a transaction costs fits in a word"],
  without: "G7 FEE_TOO_HIGH",
});

pair("E9", "gas is burnt that no payment takes", {
  good: () => costing(fromAccount(), 20_000_000_000n, 21_000n),
  bad: (offer) => costing(offer, 1_000_000_000n, 2n ** 24n + 1n),
  judge: offered,
  accepted: "signed",
  refused: "G8 EVM_GAS_OUT_OF_RANGE",
  removes: ["gas is as much as a transaction may have"],
  without: "G6 CONTRACT_GAS",
});

pair("E9", "the priority fee is above the fee", {
  good: fromAccount,
  bad: (offer) => withFields(offer, { maxPriorityFeePerGas: quantityBytes(10n ** 18n) }),
  judge: offered,
  accepted: "signed",
  refused: "G8 EVM_FEE_OVERFLOW",
  removes: ["a priority fee is not above the fee"],
  without: "signed",
});

pair("E9", "an access list is paid for that no payment needs", {
  good: fromAccount,
  bad: (offer) => withFields(offer, { accessList: [[new Uint8Array(20), []]] }),
  judge: offered,
  accepted: "signed",
  refused: "G8 EVM_ACCESS_LIST_UNASKED",
  removes: ["a plan's transaction has no access list"],
  without: "signed",
});

pair("E9", "a contract is created", {
  good: fromAccount,
  bad: (offer) => withFields(offer, { to: new Uint8Array() }),
  judge: offered,
  accepted: "signed",
  refused: "G8 EVM_CREATES_CONTRACT",
  removes: ["a transaction has a destination"],
  without: "G5 EVM_TRANSACTION_MALFORMED",
});
