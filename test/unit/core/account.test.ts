import { describe, expect, test } from "vitest";
import { accountId, parseAccount, splitAccount } from "../../../src/core/account.ts";
import {
  BITCOIN_CHAINS,
  assertChainOn,
  namedEvmChains,
  NETWORKS,
  networkOf,
  parseChain,
  parseNetwork,
  type ChainId,
} from "../../../src/core/chain.ts";
import { codeOf } from "../../factory/thrown.ts";

const CHAIN = BITCOIN_CHAINS.regtest;

describe("CAIP-2 chains", () => {
  test.each(NETWORKS)("%s and its chains name each other", (network) => {
    for (const chain of [BITCOIN_CHAINS[network], ...namedEvmChains(network)])
      expect(networkOf(parseChain(chain))).toBe(network);
    expect(parseNetwork(network)).toBe(network);
  });

  test.each([
    "",
    "eip155:01",
    "eip155:0",
    "eip155:2147483648",
    "eip155:1.0",
    "bip122:",
    `${CHAIN} `,
    CHAIN.toUpperCase(),
    "__proto__",
    "regtest",
  ])("chain %j is unknown", (text) => {
    expect(codeOf(() => parseChain(text))).toBe("CHAIN_UNKNOWN");
    expect(codeOf(() => networkOf(text as ChainId))).toBe("CHAIN_UNKNOWN");
  });

  test("a chain of another network is refused, one of this network is not", () => {
    expect(codeOf(() => assertChainOn("eip155:1" as ChainId, "regtest"))).toBe("CHAIN_ELSEWHERE");
    expect(codeOf(() => assertChainOn("eip155:31337" as ChainId, "regtest"))).toBe("none");
  });

  test.each(["", "main", "Mainnet", "signet", "constructor", "regtest "])("network %j is unknown", (text) => {
    expect(codeOf(() => parseNetwork(text))).toBe("NETWORK_UNKNOWN");
  });
});

describe("CAIP-10 accounts", () => {
  test("an account splits into the chain and address that it was joined of", () => {
    const account = accountId(CHAIN, "bcrt1qw508d6");
    expect(parseAccount(account)).toBe(account);
    expect(splitAccount(account)).toEqual({ chain: CHAIN, address: "bcrt1qw508d6" });
  });

  test.each([
    "",
    "bcrt1qw508d6",
    CHAIN,
    `${CHAIN}:`,
    `${CHAIN}:a b`,
    `${CHAIN}:a:b`,
    `${CHAIN}:a\n`,
    `${CHAIN}:${"a".repeat(129)}`,
    `${CHAIN}:bсrt1`,
  ])("%j is malformed", (text) => {
    expect(codeOf(() => parseAccount(text))).toBe("ACCOUNT_MALFORMED");
  });

  test("an account of a chain that we do not know is refused", () => {
    expect(codeOf(() => parseAccount("eip155:2147483648:0xab"))).toBe("CHAIN_UNKNOWN");
    expect(parseAccount("eip155:1:0xab")).toBe("eip155:1:0xab");
  });
});
