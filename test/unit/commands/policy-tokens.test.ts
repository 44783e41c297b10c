/** Tokens in a policy, as people read, question and check them. */
import { beforeAll, describe, expect, test } from "vitest";
import { documentBytes } from "../../../src/core/document.ts";
import { policyDocument, type Policy } from "../../../src/core/policy/policy.ts";
import { drawPolicy } from "../../../src/commands/policy/draw.ts";
import { drawChanges, policyChanges } from "../../../src/terminal/policy-changes.ts";
import { grouped } from "../../../src/terminal/table.ts";
import { genesisPolicy, policyBody } from "../../factory/documents.ts";
import { evmCustody } from "../../factory/evm-account.ts";
import { contract, tokenCustody, tokenOf, USDC } from "../../factory/evm-token.ts";
import { onlineHome, type OnlineHome } from "../../factory/online-home.ts";
import { following } from "../../factory/policies.ts";

const { policy } = tokenCustody();
const DAI = tokenOf("dai", 18, "DAI");

describe("a policy is shown", () => {
  const facts = new Map(drawPolicy(policy).map(([label, value]) => [label, value]));

  test("with each token's contract, whole, and where its point stands", () => {
    expect(facts.get("token USDC")).toBe(`6 decimals · ${grouped(contract())} on eip155:31337`);
  });

  test("with a token's row in the token, and its fees in the coin that pays them", () => {
    expect(facts.get("row tokens")).toMatch(
      /up to 1000\.000000 USDC .*1000 USDC a day and 1000 USDC in 30 days · fees 1000 ETH a day/,
    );
    expect(facts.get("row ether")).toMatch(/fees 1000 ETH a day/);
  });
});

test("what a succession changes is named token by token", () => {
  const drawn = (before: Partial<Policy>, after: Partial<Policy>) => {
    const previous = policyDocument(policyBody(before));
    const next = policyDocument(following(previous, { issued: previous.body.issued, ...after }));
    return drawChanges(policyChanges(previous, next)).map(([field, value]) => `${field}: ${value}`);
  };
  const lie = tokenOf("usdc", 18);
  expect(drawn({ tokens: [USDC] }, { tokens: [DAI] })).toEqual([
    "number: 1 -> 2",
    `tokens.DAI: new: ${DAI}`,
    `tokens.USDC: gone: ${USDC}`,
  ]);
  expect(drawn({ tokens: [DAI, USDC] }, { tokens: [lie, DAI] })).toEqual([
    "number: 1 -> 2",
    `tokens.USDC: ${USDC} -> ${lie}`,
  ]);
});

describe("in the house", () => {
  const [ether] = evmCustody().policy.body.chains as [Policy["chains"][number]];
  const chains = [...policyBody().chains, ether];
  const [tokens] = policy.body.rows.filter(({ name }) => name === "tokens");
  const CHANGES = { ...policy.body, chains };
  let home: OnlineHome;
  beforeAll(async () => {
    if (tokens === undefined) throw new TypeError("the factory's policy has a row for tokens");
    home = await onlineHome({
      wallets: [...CHANGES.wallets],
      chains,
      rows: [...CHANGES.rows],
      tokens: [USDC],
    });
  });

  test("policy explain says of a token's row what it pays in, and what it is paid for with", async () => {
    const text = await home.text("policy explain --asset usdc --amount 25");
    expect(text).toMatch(/asked +withdrawal of 25\.000000 USDC/);
    expect(text).toMatch(/limits +1000\.000000 USDC/);
    expect(text).toMatch(/fees +1000\.0+ ETH/);
    const { exit, error } = await home.run("policy explain --asset dai --amount 25");
    expect([exit, error.code, error.hint]).toEqual([3, "ASSET_UNKNOWN", "one of BTC, XLM, ETH, USDC"]);
  });

  test("policy verify holds a token's spelling against its checksum, and names what is listed twice", async () => {
    const verify = async (name: string, list: Policy["tokens"]) => {
      const body = { ...genesisPolicy({ wallets: CHANGES.wallets, chains, rows: CHANGES.rows }).body };
      home.write(name, documentBytes(policyDocument({ ...body, ...(list && { tokens: list }) })));
      const { exit, data } = await home.run(`policy verify ${name}`);
      const errors = data.problems.filter(({ severity }: { severity: string }) => severity === "error");
      return [exit, ...errors.map(({ why }: { why: string }) => why)];
    };
    const lower = tokenOf("dai", 18, "DAI", contract(DAI).toLowerCase() as never);
    expect(await verify("good.json", [USDC, DAI])).toEqual([0]);
    expect(await verify("lower.json", [USDC, lower])).toEqual([
      7,
      expect.stringContaining("does not carry the checksum of EIP-55"),
    ]);
    expect(await verify("twice.json", [USDC, tokenOf("usdc", 6, "USD")])).toEqual([
      7,
      expect.stringContaining("are one contract"),
    ]);
    expect(await verify("none.json", undefined)).toEqual([7, `${USDC} is not listed in tokens`]);
  });
});
