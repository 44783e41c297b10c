/**
 * E12: a token that lies. Contracts name themselves as they like and say any decimals, so an asset's id carries contract,
 * decimals and symbol as the admins have signed them, and whatever is not written exactly so does not exist (law 5, ADR 30).
 */
import { describe, expect, test } from "vitest";
import { splitAccount } from "../../src/core/account.ts";
import { formatAmount } from "../../src/core/amount.ts";
import type { AssetId } from "../../src/core/asset.ts";
import { assertConsistent } from "../../src/core/policy/verify.ts";
import { policyDocument } from "../../src/core/policy/policy.ts";
import { parseRequestCsv } from "../../src/withdrawals/intake/csv.ts";
import { readRequest } from "../../src/withdrawals/intake/fields.ts";
import { parseRequestLines } from "../../src/withdrawals/intake/json-lines.ts";
import { stateFor, type Payout } from "../factory/custody.ts";
import { evmRequest, stranger } from "../factory/evm-account.ts";
import { contract, tokenCustody, tokenOf, tokenPayout, tokenPlan, USDC } from "../factory/evm-token.ts";
import { signed } from "../factory/gates.ts";
import { codeOf } from "../factory/thrown.ts";
import { offered, tokensFromAccount, type Offer } from "./evm-payment.ts";
import { pair } from "./pair.ts";

const custody = tokenCustody();
const { body } = custody.policy;
/** The same contract, a million millions of units to the token: 25 of them would be nothing. */
const OTHER_DECIMALS = tokenOf("usdc", 18);
const OTHER_SYMBOL = tokenOf("usdc", 6, "USDT");
/** A contract of the attacker's that calls itself by the same name. */
const OTHER_CONTRACT = tokenOf("mallory");
const OTHER_SPELLING = tokenOf("usdc", 6, "USDC", contract().toLowerCase() as never);
const LIES: readonly (readonly [string, AssetId])[] = [
  ["the same contract with other decimals", OTHER_DECIMALS],
  ["the same contract under another symbol", OTHER_SYMBOL],
  ["another contract under the same symbol", OTHER_CONTRACT],
  ["the same contract spelt without its checksum", OTHER_SPELLING],
];
const TO = splitAccount(stranger()).address;
const ask = (asset: string, policy = body) =>
  readRequest({ customer: "c-1", asset, amount: "25", to: TO, key: "k" }, policy, (field) => field);

describe("E12 at intake", () => {
  test("E12 twin: a symbol is the token that the policy lists by it, with its decimals, however it is asked for", () => {
    const row = { customer: "c-1", asset: "usdc", amount: "25", to: TO, key: "k" };
    const [csv] = parseRequestCsv(`customer,asset,amount,to,key\nc-1,usdc,25,${TO},k\n`);
    const [line] = parseRequestLines(JSON.stringify(row));
    for (const listed of [csv, line, { text: row }, { text: { ...row, asset: USDC } }]) {
      if (listed === undefined || !("text" in listed)) throw new TypeError("a row that can be read");
      const { amount } = readRequest(listed.text, body, (field) => field);
      expect(amount).toEqual({ asset: USDC, units: 25_000_000n });
      expect(formatAmount(amount)).toBe("25.000000 USDC (25,000,000 units)");
    }
  });

  test.each(LIES)("E12: %s", (_, lie) => {
    expect(codeOf(() => ask(lie))).toBe("ASSET_NOT_LISTED");
    expect(codeOf(() => ask(USDC))).toBe("none");
  });

  test("E12: the symbol of a token that is not listed, with those named that are", () => {
    expect(() => ask("USDT")).toThrow(expect.objectContaining({ code: "ASSET_UNKNOWN" }));
    expect(() => ask("USDT")).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/BTC.*ETH.*USDC/) }),
    );
    const { tokens: _, ...none } = body;
    expect(codeOf(() => ask("USDC", none))).toBe("ASSET_UNKNOWN");
    expect(codeOf(() => ask(USDC, none))).toBe("ASSET_NOT_LISTED");
  });
});

describe("E12 at the signer", () => {
  const judged = (payouts: readonly Payout[], asset: AssetId) => {
    const plan = tokenPlan(tokenCustody(asset), payouts, { plan: { custody: custody.id } }, asset);
    return codeOf(() => signed(evmRequest(custody, payouts, [plan]), stateFor(custody)));
  };

  test("E12 twin: the token that is pinned", () => {
    expect(judged([tokenPayout(custody)], USDC)).toBe("none");
  });

  test.each(LIES.slice(0, 3))("E12: %s, although people were brought to approve it", (_, lie) => {
    expect(judged([tokenPayout(custody, {}, lie)], lie)).toBe("G4_NO_ROW");
  });
});

const pinned = (...tokens: AssetId[]) =>
  codeOf(() =>
    assertConsistent(
      policyDocument({ ...body, tokens: [...tokens], online: { ...body.online, limits: [] } }).body,
    ),
  );

describe("E12 in a policy", () => {
  test("E12 twin: two tokens of two contracts and two symbols", () => {
    expect(pinned(USDC, tokenOf("dai", 18, "DAI"))).toBe("none");
  });

  test.each(LIES)("E12: %s, beside the one that is meant", (_, lie) => {
    expect(pinned(USDC, lie)).toBe("POLICY_INCONSISTENT");
  });
});

/** What people were brought to approve, and what the host built for it, each in an asset of its own. */
function lying(approved: AssetId, built: AssetId): Offer {
  const offer = tokensFromAccount();
  const payouts = [tokenPayout(custody, {}, approved)];
  const intents = payouts.map(({ intent }) => intent.digest);
  const paid = [tokenPayout(custody, {}, built)];
  return {
    ...offer,
    payouts,
    plan: tokenPlan(tokenCustody(built), paid, { plan: { custody: custody.id, intents } }, built),
  };
}

pair("E12", "people are brought to approve the contract with other decimals", {
  good: () => lying(USDC, USDC),
  bad: () => lying(OTHER_DECIMALS, OTHER_DECIMALS),
  judge: offered,
  accepted: "signed",
  refused: "G4 NO_ROW",
  removes: ["a row is for one asset"],
  without: "G6 EFFECT_WITHOUT_INTENT",
});

pair("E12", "units of the attacker's contract are paid in the place of those that were approved", {
  good: () => lying(USDC, USDC),
  bad: () => lying(USDC, OTHER_CONTRACT),
  judge: offered,
  accepted: "signed",
  refused: "G8 EVM_CALLDATA_UNKNOWN",
  removes: ["a token is the contract that the policy lists"],
  without: "signed",
});

pair("E12", "a request names the contract with other decimals", {
  good: () => USDC,
  bad: () => OTHER_DECIMALS,
  judge: (asset) => codeOf(() => ask(asset)),
  accepted: "none",
  refused: "ASSET_NOT_LISTED",
  removes: ["a token that is asked for is listed"],
  without: "none",
});

pair("E12", "a policy lists the contract once more, under another symbol", {
  good: () => tokenOf("dai", 18, "DAI"),
  bad: () => OTHER_SYMBOL,
  judge: (token) => pinned(USDC, token),
  accepted: "none",
  refused: "POLICY_INCONSISTENT",
  removes: ["a contract is listed once"],
  without: "none",
});
