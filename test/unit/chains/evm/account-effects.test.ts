/** What an account's transaction may do with tokens: each refusal beside the transfer that is read (E5, E6, law 5). */
import { describe, expect, test } from "vitest";
import { Interface } from "ethers";
import { addressOf, parseAddress, type Address } from "../../../../src/chains/evm/address.ts";
import { ZERO_ADDRESS } from "../../../../src/chains/evm/erc20.ts";
import { evmCodec } from "../../../../src/chains/evm/index.ts";
import { encodeUnsigned, type EvmTransaction } from "../../../../src/chains/evm/transaction.ts";
import { splitAccount } from "../../../../src/core/account.ts";
import { fromHex } from "../../../../src/core/hex.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import { viewOf } from "../../../factory/custody.ts";
import { ANVIL, ETHER, ownAccount, ownWallet, stranger } from "../../../factory/evm-account.ts";
import { contract, tokenCustody, tokenOf, USDC } from "../../../factory/evm-token.ts";
import { fixtureBytes } from "../../../factory/identities.ts";
import { codeOf } from "../../../factory/thrown.ts";

const view = viewOf(tokenCustody());
const DAI = tokenOf("dai", 18, "DAI");
const BOTH = { ...view, tokens: [USDC, DAI] };
const TOKEN = contract();
const PAYEE = parseAddress(splitAccount(stranger()).address);
const ELSEWHERE = addressOf(fixtureBytes("elsewhere").subarray(0, 20));

// The other implementation's calldata.
const ERC20 = new Interface([
  "function transfer(address to, uint256 units)",
  "function approve(address spender, uint256 units)",
  "function transferFrom(address from, address to, uint256 units)",
]);
const call = (name: string, ...values: readonly unknown[]) =>
  fromHex(ERC20.encodeFunctionData(name, [...values]).slice(2), "calldata");
const transfer = (to: Address = PAYEE, units = 25_000_000n) => call("transfer", to, units);

function read(changes: Partial<EvmTransaction>, own = view) {
  const transaction = {
    type: 2,
    chainId: 31337n,
    nonce: 7n,
    maxPriorityFeePerGas: 1n,
    maxFeePerGas: 2n,
    gasLimit: 65_000n,
    to: TOKEN,
    value: 0n,
    data: transfer(),
    accessList: [],
    ...changes,
  } as EvmTransaction;
  return evmCodec.decode(encodeUnsigned(transaction), own);
}
const code = (changes: Partial<EvmTransaction>, own = view) => codeOf(() => read(changes, own));
const changed = (place: number, byte: number) => {
  const data = transfer();
  data[place] = byte;
  return data;
};

describe("a transfer of a token that the policy lists", () => {
  test("is a payment in it; beside it the fee alone leaves the account, in the coin", () => {
    const { effects, inputs, fee } = read({});
    expect(effects).toEqual([{ type: "pay", account: stranger(), asset: USDC, units: 25_000_000n }]);
    expect(inputs.map(({ units }) => units)).toEqual([fee.units.toString()]);
  });

  test("to another account of ours is a transfer to it (law 9)", () => {
    const own = { ...view, own: [...view.own, ownWallet({ name: "other" as Name }, 1)] };
    const [effect] = read({ data: transfer(ownAccount(1).address) }, own).effects;
    expect(effect).toMatchObject({ type: "own", wallet: "other", asset: USDC, index: 0 });
  });

  test("the symbol plays no part: of a contract that is not listed it is a call that nobody reads", () => {
    expect(code({ to: ELSEWHERE })).toBe("EVM_CALLDATA_UNKNOWN");
    expect(code({}, { ...view, tokens: [DAI] })).toBe("EVM_CALLDATA_UNKNOWN");
    expect(code({}, BOTH)).toBe("none");
  });
});

describe("E6: one spelling of one call", () => {
  test.each([
    ["cut short", transfer().slice(0, -1)],
    ["with a byte behind it", Uint8Array.from([...transfer(), 0])],
    ["with more than an address in its word", changed(4, 1)],
  ])("a transfer %s", (_, data) => {
    expect(code({ data })).toBe("EVM_CALLDATA_MALFORMED");
    expect(code({ data: transfer() })).toBe("none");
  });

  test("coins beside it, and coins alone to a token's contract", () => {
    expect(code({ value: 1n })).toBe("EVM_CALLDATA_UNKNOWN");
    expect(code({ value: 1n, data: new Uint8Array() })).toBe("EVM_CALLDATA_UNKNOWN");
    expect(code({ data: new Uint8Array() })).toBe("EVM_CALLDATA_UNKNOWN");
    expect(read({ to: PAYEE, value: 1n, data: new Uint8Array() }).effects).toEqual([
      { type: "pay", account: stranger(), asset: ETHER, units: 1n, gas: 65_000 },
    ]);
    expect(read({ to: PAYEE, value: 1n, data: new Uint8Array(), gasLimit: 21_000n }).effects).toEqual([
      { type: "pay", account: stranger(), asset: ETHER, units: 1n },
    ]);
  });
});

test("E5: a permission for somebody else, of a token that is listed or of any contract", () => {
  for (const data of [call("approve", PAYEE, 1n), call("transferFrom", ownAccount().address, PAYEE, 1n)])
    for (const to of [TOKEN, ELSEWHERE]) expect(code({ to, data })).toBe("EVM_ALLOWANCE_REFUSED");
});

describe("a payment that would reach nobody", () => {
  const plain = { value: 1n, data: new Uint8Array() };

  test("of tokens: to the zero address, a token's contract, itself; of none", () => {
    expect(code({ data: transfer(ZERO_ADDRESS) })).toBe("EVM_TRANSFER_TO");
    expect(code({ data: transfer(TOKEN) })).toBe("EVM_TRANSFER_TO");
    expect(code({ data: transfer(contract(DAI)) }, BOTH)).toBe("EVM_TRANSFER_TO");
    expect(code({ data: transfer(contract(DAI)) })).toBe("none");
    expect(code({ data: transfer(ownAccount().address) })).toBe("EVM_PAYS_NOTHING");
    expect(code({ data: transfer(PAYEE, 0n) })).toBe("EVM_PAYS_NOTHING");
    expect(code({ data: transfer(PAYEE, 1n) })).toBe("none");
  });

  test("of coins: to the zero address, itself; of none", () => {
    expect(code({ ...plain, to: ZERO_ADDRESS })).toBe("EVM_TRANSFER_TO");
    expect(code({ ...plain, to: ownAccount().address })).toBe("EVM_PAYS_NOTHING");
    expect(code({ ...plain, to: PAYEE, value: 0n })).toBe("EVM_PAYS_NOTHING");
    expect(code({ ...plain, to: PAYEE })).toBe("none");
  });
});

test("a list whose contracts are not spelt with their checksum is refused before it is used", () => {
  const lower = tokenOf("usdc", 6, "USDC", TOKEN.toLowerCase() as Address);
  expect(codeOf(() => evmCodec.assertTokens([lower]))).toBe("EVM_ADDRESS_CHECKSUM");
  expect(codeOf(() => evmCodec.assertTokens([USDC, DAI]))).toBe("none");
  // And used all the same it matches no transaction.
  expect(code({}, { ...view, tokens: [lower] })).toBe("EVM_CALLDATA_UNKNOWN");
  expect(ANVIL).toBe(view.wallet.chain);
});
