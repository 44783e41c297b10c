/** E5: a permission to move tokens later, in the place of a payment: whoever has it takes them when nobody looks. */
import { describe, expect, test } from "vitest";
import { decodeErc20Call } from "../../src/chains/evm/erc20.ts";
import { makeSafeTx, readSafeTypedData, safeTypedData } from "../../src/chains/evm/safe.ts";
import { assertDomain, hashTypedData, type TypedData } from "../../src/chains/evm/typed-data.ts";
import { concatBytes } from "../../src/core/hex.ts";
import { contract } from "../factory/evm-token.ts";
import { stranger } from "../factory/safe-fixture.ts";
import { batched, calldata, PAYEE, payment, SAFE, said, TOKEN, TOKENS } from "../factory/safe-payment.ts";
import { codeOf } from "../factory/thrown.ts";
import {
  fieldOf,
  fromSafe,
  offered,
  tokensFromAccount,
  withFields,
  withSafeTx,
  type Offer,
} from "./evm-payment.ts";
import { pair } from "./pair.ts";

const spender = stranger("spender");
const MOST = 2n ** 256n - 1n;
const word = `0x${"11".repeat(32)}`;

const ALLOWANCES: readonly (readonly [signature: string, values: readonly unknown[]])[] = [
  ["approve(address,uint256)", [spender, MOST]],
  ["approve(address,uint256)", [spender, 1]],
  // Taking one back is no payment either.
  ["approve(address,uint256)", [spender, 0]],
  ["transferFrom(address,address,uint256)", [SAFE.address, spender, 1]],
  ["increaseAllowance(address,uint256)", [spender, 1]],
  ["decreaseAllowance(address,uint256)", [spender, 1]],
  ["increaseApproval(address,uint256)", [spender, 1]],
  [
    "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
    [SAFE.address, spender, MOST, MOST, 27, word, word],
  ],
  [
    "permit(address,address,uint256,uint256,bool,uint8,bytes32,bytes32)",
    [SAFE.address, spender, 0, MOST, true, 27, word, word],
  ],
  ["setApprovalForAll(address,bool)", [spender, true]],
  ["authorizeOperator(address)", [spender]],
  ["approveAndCall(address,uint256,bytes)", [spender, 1, "0x"]],
  ["approve(address,address,uint160,uint48)", [TOKEN, spender, 1, 1]],
];

describe("E5", () => {
  test("E5 twin: a transfer of the same token", () => {
    const data = calldata("transfer(address,uint256)", [PAYEE, TOKENS.units]);
    expect(decodeErc20Call(data, TOKEN)).toEqual({ call: "transfer", to: PAYEE, units: TOKENS.units });
    expect(said(payment([TOKENS]))).toBe("none");
    // The whole of what a word holds is a transfer like any other: the policy's limits judge it.
    const most = calldata("transfer(address,uint256)", [PAYEE, MOST]);
    expect(decodeErc20Call(most, TOKEN).units).toBe(MOST);
  });

  test.each(ALLOWANCES)("E5: %s with %s", (signature, values) => {
    const data = calldata(signature, values);
    expect(codeOf(() => decodeErc20Call(data, TOKEN))).toBe("EVM_ALLOWANCE_REFUSED");
    expect(() => decodeErc20Call(data, TOKEN)).toThrow(signature);
    // Of a token that nobody listed, and of no token at all, it is the same.
    for (const to of [TOKEN, stranger("unlisted"), PAYEE]) {
      const call = { to, value: 0n, data };
      expect(said(makeSafeTx({ ...call, operation: 0, nonce: 7n }))).toBe("EVM_ALLOWANCE_REFUSED");
      expect(said(batched([call]))).toBe("EVM_ALLOWANCE_REFUSED");
    }
    // Cut or lengthened, it is named all the same.
    expect(codeOf(() => decodeErc20Call(data.subarray(0, 4), TOKEN))).toBe("EVM_ALLOWANCE_REFUSED");
    expect(codeOf(() => decodeErc20Call(new Uint8Array([...data, 0]), TOKEN))).toBe("EVM_ALLOWANCE_REFUSED");
  });

  test("E5: a permit as typed data (ERC-2612), which costs no transaction", () => {
    const permit: TypedData = {
      types: {
        Permit: [
          { name: "owner", type: "address" },
          { name: "spender", type: "address" },
          { name: "value", type: "uint256" },
          { name: "nonce", type: "uint256" },
          { name: "deadline", type: "uint256" },
        ],
      },
      primaryType: "Permit",
      domain: { name: "Token", version: "1", chainId: SAFE.chainId, verifyingContract: TOKEN },
      message: { owner: SAFE.address, spender, value: MOST, nonce: 0, deadline: MOST },
    };
    expect(codeOf(() => readSafeTypedData(permit, SAFE))).toBe("SAFE_TX_MALFORMED");
    expect(codeOf(() => assertDomain(permit, { chainId: SAFE.chainId, contract: SAFE.address }))).toBe(
      "EVM_TYPED_DATA_DOMAIN",
    );
    // It can be read and shown; it is no message that an owner of a Safe signs.
    expect(hashTypedData(permit).lines.map(({ path }) => path)).toContain("message.spender");
    expect(codeOf(() => readSafeTypedData(safeTypedData(payment(), SAFE), SAFE))).toBe("none");
  });
});

/** The approved transfer's words behind the selector of a permission: one is whose, the other how much. */
function allowing(offer: Offer): Uint8Array {
  const selector = calldata("approve(address,uint256)", [spender, MOST]).subarray(0, 4);
  return concatBytes(selector, fieldOf(offer, "data").subarray(4));
}

pair("E5", "an account allows what it shall pay, to whom it shall be paid", {
  good: tokensFromAccount,
  bad: (offer) => withFields(offer, { data: allowing(offer) }),
  judge: offered,
  accepted: "signed",
  refused: "G8 EVM_ALLOWANCE_REFUSED",
  removes: ["a permission to move tokens is refused by name"],
  without: "G8 EVM_CALLDATA_UNKNOWN",
});

pair("E5", "an account allows it, where a call is a transfer whatever its selector says", {
  good: tokensFromAccount,
  bad: (offer) => withFields(offer, { data: allowing(offer) }),
  judge: offered,
  accepted: "signed",
  refused: "G8 EVM_ALLOWANCE_REFUSED",
  removes: [
    "a permission to move tokens is refused by name",
    "a token's call is a transfer",
    "a call is of the function that it is read as",
    "what was read of a call is written as it was",
  ],
  without: "signed",
});

pair("E5", "a Safe allows somebody to move all of its tokens", {
  good: () => fromSafe(),
  bad: (offer) =>
    withSafeTx(offer, () => ({
      to: contract(),
      value: 0n,
      data: calldata("approve(address,uint256)", [spender, MOST]),
    })),
  judge: offered,
  accepted: "signed",
  refused: "G8 EVM_ALLOWANCE_REFUSED",
  removes: ["a permission to move tokens is refused by name"],
  without: "G8 EVM_CALLDATA_UNKNOWN",
});
