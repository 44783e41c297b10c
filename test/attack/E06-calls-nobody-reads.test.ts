/** E6: calldata that nothing here can read, or that has more than one reading. */
import { describe, expect, test } from "vitest";
import { decodeErc20Call } from "../../src/chains/evm/erc20.ts";
import { makeSafeTx } from "../../src/chains/evm/safe.ts";
import { quantityBytes } from "../../src/chains/evm/quantity.ts";
import { concatBytes } from "../../src/core/hex.ts";
import { noise } from "../factory/noise.ts";
import { stranger } from "../factory/safe-fixture.ts";
import {
  batched,
  calldata,
  COINS,
  PAYEE,
  payment,
  SAFE,
  said,
  TOKEN,
  TOKENS,
} from "../factory/safe-payment.ts";
import { codeOf } from "../factory/thrown.ts";
import {
  fieldOf,
  fromAccount,
  fromSafe,
  offered,
  tokensFromAccount,
  withFields,
  withSafeTx,
} from "./evm-payment.ts";
import { pair } from "./pair.ts";

const transfer = calldata("transfer(address,uint256)", [PAYEE, TOKENS.units]);
const call = (data: Uint8Array, to = TOKEN, value = 0n) =>
  said(makeSafeTx({ to, value, data, operation: 0, nonce: 7n }));
const changed = (place: number, value: number) => {
  const data = Uint8Array.from(transfer);
  data[place] = value;
  return data;
};

describe("E6: calls", () => {
  test("E6 twin: a transfer of a listed token, and coins with no call", () => {
    expect(call(transfer)).toBe("none");
    expect(call(new Uint8Array(), PAYEE, 1n)).toBe("none");
  });

  test("E6: a function that is not known, of a token and of anybody", () => {
    for (const signature of [
      "mint(address,uint256)",
      "burn(uint256)",
      "transferAndCall(address,uint256,bytes)",
      "safeTransfer(address,uint256)",
      "Transfer(address,uint256)",
      "transfer(address,uint128)",
    ]) {
      const values = signature.includes("bytes")
        ? [PAYEE, 1, "0x"]
        : signature.includes("address")
          ? [PAYEE, 1]
          : [1];
      const data = calldata(signature, values);
      for (const to of [TOKEN, PAYEE]) {
        expect(call(data, to)).toBe("EVM_CALLDATA_UNKNOWN");
        expect(said(batched([{ to, value: 0n, data }]))).toBe("EVM_CALLDATA_UNKNOWN");
      }
    }
    for (let seed = 0; seed < 200; seed += 1)
      expect(call(noise(1 + (seed % 100), `call ${seed}`))).toBe("EVM_CALLDATA_UNKNOWN");
  });

  test("E6: a transfer of a token that the policy does not list", () => {
    expect(call(transfer, stranger("unlisted"))).toBe("EVM_CALLDATA_UNKNOWN");
    expect(said(payment([TOKENS]), [])).toBe("EVM_CALLDATA_UNKNOWN");
  });

  test("E6: a call with coins on it, or coins alone to a token's contract", () => {
    expect(call(transfer, TOKEN, 1n)).toBe("EVM_CALLDATA_UNKNOWN");
    expect(call(new Uint8Array(), TOKEN, 1n)).toBe("EVM_CALLDATA_UNKNOWN");
    expect(call(Uint8Array.of(1), PAYEE, 1n)).toBe("EVM_CALLDATA_UNKNOWN");
  });
});

describe("E6: a transfer with a second spelling", () => {
  test("E6: every byte that pads the address", () => {
    for (let place = 4; place < 16; place += 1)
      expect(call(changed(place, 1))).toBe("EVM_CALLDATA_MALFORMED");
  });

  test("E6: longer, or shorter: a node fills up with zeros, and ten times as much is paid", () => {
    expect(call(concatBytes(transfer, Uint8Array.of(0)))).toBe("EVM_CALLDATA_MALFORMED");
    for (let length = 4; length < transfer.length; length += 1)
      expect(call(transfer.subarray(0, length))).toBe("EVM_CALLDATA_MALFORMED");
  });

  test("E6: every other byte that is changed is another payment, or none", () => {
    for (let place = 16; place < transfer.length; place += 1) {
      const data = changed(place, ((transfer[place] as number) + 1) % 256);
      expect(decodeErc20Call(data, TOKEN)).not.toEqual(decodeErc20Call(transfer, TOKEN));
    }
  });
});

describe("E6: payments that reach nobody", () => {
  const to = (receiver: string) => calldata("transfer(address,uint256)", [receiver, 1]);
  const zero = `0x${"00".repeat(20)}` as typeof PAYEE;

  test("E6: to the zero address, the token's own contract, the Safe itself, or of nothing", () => {
    expect(call(to(PAYEE))).toBe("none");
    expect(call(to(zero))).toBe("EVM_TRANSFER_TO");
    expect(call(to(TOKEN))).toBe("EVM_TRANSFER_TO");
    expect(call(new Uint8Array(), zero, 1n)).toBe("EVM_TRANSFER_TO");
    expect(call(to(SAFE.address))).toBe("SAFE_PAYS_NOTHING");
    expect(call(calldata("transfer(address,uint256)", [PAYEE, 0]))).toBe("SAFE_PAYS_NOTHING");
    expect(call(new Uint8Array(), PAYEE, 0n)).toBe("SAFE_PAYS_NOTHING");
  });

  test("E6: nor is one built", () => {
    const built = (one: typeof COINS) => codeOf(() => payment([COINS, one]));
    expect(built(TOKENS)).toBe("none");
    expect(built({ ...TOKENS, to: TOKEN })).toBe("EVM_TRANSFER_TO");
    for (const one of [COINS, TOKENS]) {
      expect(built({ ...one, to: zero })).toBe("EVM_TRANSFER_TO");
      expect(built({ ...one, to: SAFE.address })).toBe("SAFE_PAYS_NOTHING");
      expect(built({ ...one, units: 0n })).toBe("SAFE_PAYS_NOTHING");
    }
    expect(codeOf(() => payment([]))).toBe("EVM_MULTI_SEND_MALFORMED");
    expect(codeOf(() => decodeErc20Call(new Uint8Array(), TOKEN))).toBe("EVM_CALLDATA_UNKNOWN");
  });
});

const mint = calldata("mint(address,uint256)", [PAYEE, 1]);

pair("E6", "an account's payment calls its receiver with something", {
  good: fromAccount,
  bad: (offer) => withFields(offer, { data: mint }),
  judge: offered,
  accepted: "signed",
  refused: "G8 EVM_CALLDATA_UNKNOWN",
  removes: ["an account calls listed tokens alone, without coins"],
  without: "signed",
});

pair("E6", "coins lie beside an account's transfer, which its token would keep", {
  good: tokensFromAccount,
  bad: (offer) => withFields(offer, { value: quantityBytes(1n) }),
  judge: offered,
  accepted: "signed",
  refused: "G8 EVM_CALLDATA_UNKNOWN",
  removes: ["an account calls listed tokens alone, without coins"],
  without: "signed",
});

pair("E6", "a token is called by another function than a transfer", {
  good: tokensFromAccount,
  bad: (offer) => withFields(offer, { data: mint }),
  judge: offered,
  accepted: "signed",
  refused: "G8 EVM_CALLDATA_UNKNOWN",
  removes: ["a token's call is a transfer"],
  without: "G5 EVM_CALLDATA_MALFORMED",
});

pair("E6", "a transfer goes on behind its last argument", {
  good: tokensFromAccount,
  bad: (offer) => withFields(offer, { data: concatBytes(fieldOf(offer, "data"), Uint8Array.of(0)) }),
  judge: offered,
  accepted: "signed",
  refused: "G5 EVM_CALLDATA_MALFORMED",
  removes: ["what was read of a call is written as it was"],
  without: "signed",
});

pair("E6", "the receiver's word has more in it than an address", {
  good: tokensFromAccount,
  bad: (offer) => withFields(offer, { data: fieldOf(offer, "data").with(4, 1) }),
  judge: offered,
  accepted: "signed",
  refused: "G5 EVM_CALLDATA_MALFORMED",
  removes: ["an address fills its word with zeros", "what was read of a call is written as it was"],
  without: "signed",
});

pair("E6", "a Safe's payment calls its receiver with something", {
  good: () => fromSafe(),
  bad: (offer) => withSafeTx(offer, () => ({ data: mint })),
  judge: offered,
  accepted: "signed",
  refused: "G8 EVM_CALLDATA_UNKNOWN",
  removes: ["a Safe's call without a token is none"],
  without: "signed",
});

pair("E6", "the zero address is paid, whose key nobody has", {
  good: fromAccount,
  bad: (offer) => withFields(offer, { to: new Uint8Array(20) }),
  judge: offered,
  accepted: "signed",
  refused: "G8 EVM_TRANSFER_TO",
  removes: ["a payment has somebody's key behind it"],
  without: "G6 EFFECT_WITHOUT_INTENT",
});
