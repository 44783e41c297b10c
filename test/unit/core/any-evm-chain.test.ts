/** ADR 34: any chain of the eip155 namespace has a network, a coin and a codec; what is no number of one has none. */
import { describe, expect, test } from "vitest";
import { evmCodec } from "../../../src/chains/evm/index.ts";
import { codecOf } from "../../../src/chains/registry.ts";
import { makerOf } from "../../../src/chains/keys.ts";
import { parseAccount } from "../../../src/core/account.ts";
import { formatAmount, parseAmount } from "../../../src/core/amount.ts";
import {
  assetBySymbol,
  assetFacts,
  coinFacts,
  coinsOn,
  feeAsset,
  parseAsset,
} from "../../../src/core/asset.ts";
import { isEvmChain, isNamed, networkOf, parseChain } from "../../../src/core/chain.ts";
import { rateUnitOf } from "../../../src/core/fee-rate.ts";
import { codeOf } from "../../factory/thrown.ts";

const AVALANCHE = parseChain("eip155:43114");
const LAST = parseChain("eip155:2147483647");

describe.each([AVALANCHE, LAST])("%s, which is named nowhere", (chain) => {
  const number = Number(chain.slice("eip155:".length));
  const coin = coinFacts(chain);

  test("is a main network's, and read by the codec of its namespace", () => {
    expect([isEvmChain(chain), isNamed(chain), networkOf(chain)]).toEqual([true, false, "mainnet"]);
    expect(codecOf(chain)).toBe(evmCodec);
    expect(makerOf(`${chain}:nonce:0xab:5`)).toBeUndefined();
  });

  test("has a coin that is written by the chain's number, with 18 decimals, of ENSIP-11's type", () => {
    expect(coin).toMatchObject({ symbol: `EVM-${number}`, decimals: 18, chain });
    expect(coin.id).toBe(`${chain}/slip44:${2 ** 31 + number}`);
    expect(parseAsset(coin.id)).toBe(coin.id);
    expect(assetFacts(coin.id)).toEqual(coin);
    expect(formatAmount(parseAmount("1.5", coin.id))).toBe(
      `1.500000000000000000 EVM-${number} (1,500,000,000,000,000,000 wei)`,
    );
    expect(assetBySymbol(`evm-${number}`, "mainnet")).toBe(coin.id);
    expect(codeOf(() => assetBySymbol(`evm-${number}`, "regtest"))).toBe("ASSET_UNKNOWN");
    expect(rateUnitOf(chain).name).toBe("gwei");
    expect(coinsOn("mainnet")).not.toContainEqual(coin);
  });

  test("no other type of coin is its own", () => {
    for (const type of [60, 1, number, 2 ** 31 + number + 1])
      expect(codeOf(() => parseAsset(`${chain}/slip44:${type}`))).toBe("ASSET_UNKNOWN");
  });

  test("tokens there are paid for in that coin", () => {
    const token = parseAsset(`${chain}/erc20:0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48.6.USDC`);
    expect(feeAsset(token)).toBe(coin.id);
    expect(parseAccount(`${chain}:0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48`)).toContain(chain);
  });
});

test("a named chain keeps its coin's name: nobody writes it by its number", () => {
  expect(codeOf(() => assetBySymbol("evm-1", "mainnet"))).toBe("ASSET_UNKNOWN");
  expect(codeOf(() => parseAsset(`eip155:1/slip44:${2 ** 31 + 1}`))).toBe("ASSET_UNKNOWN");
});

test("test networks are named, so that none is taken for a main one", () => {
  for (const number of [11155111, 17000, 560048, 97, 80002, 43113, 10200])
    expect(networkOf(parseChain(`eip155:${number}`))).toBe("testnet");
  for (const number of [31337, 1337]) expect(networkOf(parseChain(`eip155:${number}`))).toBe("regtest");
});

test.each([
  "eip155:",
  "eip155:0",
  "eip155:01",
  "eip155:-1",
  "eip155:1e3",
  "eip155:2147483648",
  "eip155:1 ",
  "eip155:x",
])("%j is no chain", (text) => {
  expect([isEvmChain(text), codeOf(() => parseChain(text))]).toEqual([false, "CHAIN_UNKNOWN"]);
});
