/** Tokens that a policy lists (law 5, attack E12): each fault beside the nearest list that is in order. */
import { describe, expect, test } from "vitest";
import { nativeAsset, tokenAsset, type AssetId } from "../../../../src/core/asset.ts";
import type { ChainId } from "../../../../src/core/chain.ts";
import type { Policy } from "../../../../src/core/policy/policy.ts";
import { problemsOf } from "../../../../src/core/policy/verify.ts";
import { row } from "../../../factory/documents.ts";
import { ANVIL } from "../../../factory/evm-account.ts";
import { contract, tokenCustody, tokenOf, USDC } from "../../../factory/evm-token.ts";

const { body } = tokenCustody().policy;
const [BITCOIN] = body.online.limits as [Policy["online"]["limits"][number]];
const limit = { ...BITCOIN, max: { asset: USDC, units: "5" } };
const GOOD: Policy = { ...body, online: { ...body.online, limits: [limit] } };
const errors = (changes: Partial<Policy>) =>
  problemsOf({ ...GOOD, ...changes }).flatMap(({ field, why, severity }) =>
    severity === "error" ? [`${field}: ${why}`] : [],
  );
const listing = (...tokens: readonly AssetId[]) => errors({ tokens: [USDC, ...tokens] });
const DAI = tokenOf("dai", 18, "DAI");
const POLYGON = "eip155:137" as ChainId;

test("tokens of the network's chains, and rows about them, are in order", () => {
  expect(errors({})).toEqual([]);
  expect(listing(DAI)).toEqual([]);
});

describe("a list that lies or cannot be read", () => {
  test("one contract in two ways: other decimals, another symbol, another spelling", () => {
    const lower = tokenAsset(ANVIL, contract().toLowerCase(), 6, "USDX");
    for (const again of [tokenOf("usdc", 18, "USDX"), tokenOf("usdc", 6, "USDX"), lower])
      expect(listing(again)).toEqual([`tokens: ${USDC} and ${again} are one contract`]);
  });

  test.each([
    ["a coin's of the network", tokenOf("fake", 18, "ETH"), "a chain's coin"],
    ["a coin's, in small letters", tokenOf("fake", 8, "btc"), "a chain's coin"],
    ["another token's", tokenOf("fake"), USDC],
  ])("a symbol that is %s", (_, token, whose) => {
    expect(listing(token)).toEqual([`tokens: ${token} has the symbol of ${whose}: call it otherwise`]);
  });

  test("a chain's own coin, a chain of another network, a chain without rules", () => {
    expect(listing(nativeAsset(ANVIL))[0]).toMatch(/is a chain's own coin/);
    const elsewhere = tokenAsset(POLYGON, contract(), 6, "POS");
    expect(listing(elsewhere)).toEqual([`tokens: ${elsewhere} is on no chain of regtest`]);
    const mainnet = { ...GOOD, network: "mainnet", tokens: [elsewhere], rows: [] } as const;
    expect(errors({ ...mainnet, tokens: [...mainnet.tokens], rows: [] })).toContain(
      `tokens: ${elsewhere} is on ${POLYGON}, which has no rules under chains`,
    );
  });
});

test("a row about a token that pays nobody, or ourselves; about the coin it is in order", () => {
  const about = (type: "transfer" | "consolidate", asset: AssetId) => {
    const rows = GOOD.rows.map((one) => (one.asset === USDC ? { ...one, type, asset } : one));
    return errors({ rows });
  };
  for (const type of ["transfer", "consolidate"] as const) {
    expect(about(type, USDC)).toEqual([
      `rows.tokens.type: only withdrawals are paid in tokens, and it is of type ${type}`,
    ]);
    expect(about(type, nativeAsset(ANVIL))).toEqual([]);
  }
});

describe("what is not listed does not exist", () => {
  test("a row about such a token", () => {
    const online = { ...GOOD.online, limits: [] };
    expect(errors({ tokens: [DAI], online })).toEqual([`rows.tokens.asset: ${USDC} is not listed in tokens`]);
    const { tokens: _, ...without } = GOOD;
    expect(
      problemsOf({ ...without, rows: [row("usd", "0", "1", 1, { asset: USDC })] }).map(({ why }) => why),
    ).toContain(`${USDC} is not listed in tokens`);
  });

  test("a limit of the online host about such a token", () => {
    const about = (asset: AssetId) =>
      errors({
        online: { ...GOOD.online, limits: [{ ...limit, max: { asset, units: "5" } }] },
      });
    expect(about(USDC)).toEqual([]);
    expect(about(DAI)).toEqual([`online.limits.${limit.name}.max: ${DAI} is not listed in tokens`]);
  });
});
