/** A batch of payments in a token from an account: one plan for each, all in one request, signed once, each paid once. */
import { Wallet, getCreateAddress } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startAnvil, type Anvil } from "../../demo/anvil.ts";
import type { Cast } from "../../demo/cast.ts";
import {
  addBeneficiary,
  creditDeposit,
  decide,
  knowCustomer,
  request,
  signOffline,
} from "../../demo/ceremony.ts";
import type { PolicyDraft } from "../../demo/founding.ts";
import { DESTINATION, vaultAddress } from "../../demo/story-evm.ts";
import { toHex } from "../../src/core/hex.ts";
import { fixtureBytes } from "../factory/identities.ts";
import { SAFE_ARTIFACTS } from "../factory/safe-artifacts.ts";
import { relayerOf, type Contract } from "../factory/safe-contracts.ts";
import { readBooks } from "./books.ts";
import { nonceOf, ONE, settle, useEndpoint } from "./evm-scene.ts";
import { foundedTokens } from "./founded.ts";
import { CUSTOMER, pass, show } from "./scene.ts";

const RELAYER = "e2e token";
/** Where the first contract of its deployer comes to stand. */
const CONTRACT = getCreateAddress({
  from: new Wallet(`0x${toHex(fixtureBytes(`relayer ${RELAYER}`))}`).address,
  nonce: 0,
});
const TOKEN = `eip155:31337/erc20:${CONTRACT}.6.USDC`;

/** The policy lists the token, with a row and a customer's limit of its own. */
function withToken(policy: PolicyDraft): PolicyDraft {
  const { rows, online, ...rest } = policy as {
    rows: Record<string, unknown>[];
    online: { limits: Record<string, unknown>[] };
  };
  const [row] = rows;
  const limits = online.limits.map((limit) => ({
    ...limit,
    name: `token-${String(limit["name"])}`,
    max: { asset: TOKEN, units: "1000000000000" },
  }));
  const window = { dayUnits: "1000000000000", monthUnits: "1000000000000" };
  const token = { ...row, name: "tokens", asset: TOKEN, upToUnits: "1000000000", limits: window };
  return {
    ...rest,
    tokens: [TOKEN],
    rows: [...rows, token],
    online: { ...online, limits: [...online.limits, ...limits] },
  };
}

let cast: Cast & { remove(): void };
let node: Anvil;
let token: Contract;
let vault: string;
beforeAll(async () => {
  [cast, node] = await Promise.all([foundedTokens(withToken), startAnvil()]);
  useEndpoint(cast, node.url);
  vault = await vaultAddress(cast);
  const relayer = await relayerOf(node, RELAYER);
  token = await relayer.deploy(SAFE_ARTIFACTS["1.5.0"].token);
  await relayer.send(token.address, token.encode("transfer", [vault, 500_000_000]));
  await node.fund(vault, ONE);
  await node.mine(4);
  await knowCustomer(cast, CUSTOMER);
  await pass(cast);
  const coins = (await cast.run("custody", "online", "deposit", "unclaimed")) as {
    coin: string;
    asset: string;
  }[];
  const paid = coins.find(({ asset }) => asset === TOKEN);
  await creditDeposit(cast, paid?.coin ?? "", CUSTOMER);
  await addBeneficiary(cast, CUSTOMER, DESTINATION);
});
afterAll(async () => {
  await node.stop();
  cast.remove();
});

const custody = (...args: string[]) => cast.run("custody", "online", ...args);
const holds = (address: string) => token.ask("balanceOf", [address]) as Promise<bigint>;

describe("three payments of a token", () => {
  const ids: string[] = [];

  test("the contract stands where the policy says, and the tokens that came are the customer's", async () => {
    expect(token.address).toBe(CONTRACT);
    expect(await custody("customer", "show", CUSTOMER)).toMatchObject({
      balances: expect.arrayContaining([expect.objectContaining({ asset: TOKEN, available: "500000000" })]),
    });
    expect(await custody("ledger", "reconcile")).toMatchObject({ verdict: "even" });
  });

  test("each has a plan and a nonce of its own; one request carries them, one review shows them", async () => {
    for (const [key, amount] of [
      ["one", "100"],
      ["two", "50.5"],
      ["three", "0.000001"],
    ] as const) {
      const id = await request(cast, CUSTOMER, amount, DESTINATION, key, "usdc");
      await decide(cast, id);
      ids.push(id);
    }
    const built = await custody("withdraw", "build", "--wallet", "vault");
    expect(built.plans).toHaveLength(3);
    expect(built).toMatchObject({ leftOut: [], paid: [{ asset: TOKEN, units: "100000000" }] });
    const file = cast.carried("three.request.json");
    await custody("withdraw", "export", ...built.plans, "--out", file);
    const again = cast.carried("again.request.json");
    await custody("withdraw", "export", ...built.plans, "--out", again);
    const { review } = await cast.run("custody-signer", "signer", "review", "--in", file);
    expect(review.plans).toHaveLength(3);
    const [effect] = review.plans[1].rungs[0].effects;
    expect(effect).toMatchObject({ type: "pay", asset: TOKEN, units: "50500000" });
    await custody("withdraw", "import", await signOffline(cast, file));
    for (const id of ids) expect((await show(cast, id)).state).toBe("SIGNED");
  });

  test("each is paid once; fees are ether's, and the books say the same as the chain in both", async () => {
    await pass(cast);
    await settle({ cast, node });
    for (const id of ids) expect((await show(cast, id)).state).toBe("COMPLETED");
    expect(await holds(DESTINATION)).toBe(150_500_001n);
    expect(await holds(vault)).toBe(349_499_999n);
    expect(await nonceOf({ node }, vault)).toBe(3n);
    expect(await custody("ledger", "reconcile")).toMatchObject({ verdict: "even" });
    expect(await settle({ cast, node })).toEqual([]);
    readBooks(cast);
  });
});
