/** Stellar's chains and assets by their ids: CAIP-2 and CAIP-19 of the stellar namespace. */
import { describe, expect, test } from "vitest";
import { formatAmount, parseAmount, parseUnits } from "../../../src/core/amount.ts";
import {
  assetBySymbol,
  assetFacts,
  feeAsset,
  issuedAsset,
  nativeAsset,
  parseAsset,
  tokenContract,
  tokenOrigin,
} from "../../../src/core/asset.ts";
import { isStellarChain, networkOf, parseChain, STELLAR_CHAINS } from "../../../src/core/chain.ts";
import { formatFeeRate, rateUnitOf } from "../../../src/core/fee-rate.ts";
import { codeOf } from "../../factory/thrown.ts";

const { mainnet: PUBNET, testnet: TESTNET, regtest: LOCAL } = STELLAR_CHAINS;
/** The namespace's own examples. */
const ISSUER = "GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN";
const CONTRACT = "CCW67TSZV3SSS2HXMBQ5JFGCKJNXKZM7UQUWUZPUTHXSTZLEO7SJMI75";
const USDC = `stellar:pubnet/asset:USDC-${ISSUER}`;
const MINE = `stellar:pubnet/sep41:${CONTRACT}.9.MINE`;

test("each network has one chain, and no other name is one", () => {
  expect([PUBNET, TESTNET, LOCAL].map(networkOf)).toEqual(["mainnet", "testnet", "regtest"]);
  for (const chain of [PUBNET, TESTNET, LOCAL])
    expect([isStellarChain(chain), parseChain(chain)]).toEqual([true, chain]);
  for (const other of [
    "stellar:public",
    "stellar:",
    "stellar:pubnet2",
    "Stellar:pubnet",
    "stellar:futurenet",
  ])
    expect([isStellarChain(other), codeOf(() => parseChain(other))]).toEqual([false, "CHAIN_UNKNOWN"]);
});

describe("assets", () => {
  test("lumens have the number 148 on every network, and seven decimals", () => {
    expect(nativeAsset(PUBNET)).toBe("stellar:pubnet/slip44:148");
    expect(nativeAsset(LOCAL)).toBe("stellar:standalone/slip44:148");
    expect(assetBySymbol("xlm", "testnet")).toBe("stellar:testnet/slip44:148");
    expect(formatAmount(parseAmount("1.5", nativeAsset(PUBNET)))).toBe("1.5000000 XLM (15,000,000 stroop)");
    expect(codeOf(() => parseAmount("0.00000001", nativeAsset(PUBNET)))).toBe("AMOUNT_TOO_PRECISE");
    expect(formatFeeRate(100_000n, rateUnitOf(PUBNET))).toBe("100 stroop/op");
  });

  test("what an account has issued is its code and its issuer; fees are in lumens", () => {
    const asset = parseAsset(USDC);
    expect(issuedAsset(PUBNET, "USDC", ISSUER)).toBe(asset);
    expect(assetFacts(asset)).toMatchObject({ chain: PUBNET, symbol: "USDC", decimals: 7 });
    expect(tokenOrigin(asset)).toEqual({ of: "issuer", address: ISSUER });
    expect(tokenContract(asset)).toBeUndefined();
    expect(feeAsset(asset)).toBe(nativeAsset(PUBNET));
  });

  test("a contract's token has its decimals and symbol in its id, and holds numbers of 128 bits", () => {
    const asset = parseAsset(MINE);
    expect(assetFacts(asset)).toMatchObject({ chain: PUBNET, symbol: "MINE", decimals: 9 });
    expect(tokenOrigin(asset)).toEqual({ of: "contract", address: CONTRACT });
    expect(parseUnits((2n ** 127n - 1n).toString(), asset).units).toBe(2n ** 127n - 1n);
    expect(codeOf(() => parseUnits((2n ** 127n).toString(), asset))).toBe("AMOUNT_TOO_LARGE");
    expect(codeOf(() => parseUnits((2n ** 63n).toString(), parseAsset(USDC)))).toBe("AMOUNT_TOO_LARGE");
  });

  test.each([
    "stellar:pubnet/slip44:0",
    "stellar:pubnet/sep41:CCW67TSZV3SSS2HXMBQ5JFGCKJNXKZM7UQUWUZPUTHXSTZLEO7SJMI75",
    MINE.replace("pubnet/sep41", "pubnet/erc20"),
    MINE.replace(CONTRACT, `0x${"ab".repeat(20)}`),
    USDC.replace("USDC-", "-"),
    USDC.replace("USDC-", "ABCDEFGHIJKLM-"),
    USDC.replace("USDC-", "US.DC-"),
    USDC.replace("USDC-", "USDC:"),
    `eip155:1/asset:USDC-${ISSUER}`,
    `eip155:1/sep41:${CONTRACT}.7.X`,
  ])("%s is none", (text) => {
    expect(codeOf(() => parseAsset(text))).toBe("ASSET_UNKNOWN");
  });

  test("one of a chain that is not known is refused by its chain", () => {
    expect(codeOf(() => parseAsset(USDC.replace("pubnet", "public")))).toBe("CHAIN_UNKNOWN");
  });
});
