/**
 * A Safe of three owners, each on a signer of its own: a batch of coins and tokens is signed by two of them, one after the
 * other across the gap, carried by a gas key, and paid once.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ZeroAddress } from "ethers";
import { startAnvil, type Anvil } from "../../demo/anvil.ts";
import { makeCast, ROLES, type Cast } from "../../demo/cast.ts";
import {
  addBeneficiary,
  buildAndExport,
  creditDeposit,
  decide,
  knowCustomer,
  request,
  signOffline,
} from "../../demo/ceremony.ts";
import { FIVE, foundCustody, makeKeys, startSession, type PolicyDraft } from "../../demo/founding.ts";
import { DESTINATION } from "../../demo/story-evm.ts";
import { parseAccountDescriptor } from "../../src/chains/evm/account-descriptor.ts";
import { parseAddress } from "../../src/chains/evm/address.ts";
import { toHex } from "../../src/core/hex.ts";
import { temporaryFolder } from "../factory/folder.ts";
import { ANVIL } from "../factory/evm-account.ts";
import { fixtureBytes } from "../factory/identities.ts";
import { SAFE_ARTIFACTS } from "../factory/safe-artifacts.ts";
import { relayerOf, type Contract } from "../factory/safe-contracts.ts";
import { readBooks } from "./books.ts";
import { balanceOf, ONE, settle, useEndpoint } from "./evm-scene.ts";
import { warm } from "./warm/runner.ts";
import { CUSTOMER, pass, show } from "./scene.ts";

const VERSION = "1.4.1";
const SIGNERS = ["signer", "second-signer", "third-signer"].map((role, place) => ({
  role,
  name: `vault-${place + 1}`,
}));

let cast: Cast;
let node: Anvil;
let token: Contract;
let safe: Contract;
let asset: string;
const custody = (...args: string[]) => cast.run("custody", "online", ...args);

beforeAll(async () => {
  const folder = temporaryFolder("safe");
  cast = makeCast(folder, [...ROLES, "second", "second-signer", "third-signer"], warm);
  node = await startAnvil();
  useEndpoint(cast, node.url);
  await makeKeys(cast, { people: FIVE, kinds: ["eoa"], signers: SIGNERS });
  const { address, singleton, multiSend } = await deploySafe(await ownersOf(cast));
  asset = `eip155:31337/erc20:${token.address}.6.USDC`;
  const flags = {
    "--kind": "safe",
    "--chain": ANVIL,
    "--safe": address,
    "--safe-version": VERSION,
    "--safe-singleton": singleton,
    "--safe-multi-send": multiSend,
    "--threshold": "2",
  };
  await foundCustody(cast, {
    upTo: "5",
    confirmations: 2,
    more: Object.entries(flags).flat(),
    people: FIVE,
    signers: SIGNERS,
    desks: ["operator", "approver", "admin", "second"],
    edit: withToken,
  });
  await startSession(cast);
  await gasKey();
  await payIn(address);
  await addBeneficiary(cast, CUSTOMER, DESTINATION);
});
afterAll(() => node.stop());

/** The accounts of the signers' cards. */
async function ownersOf({ carried }: Cast): Promise<readonly string[]> {
  const { readFile } = await import("node:fs/promises");
  const cards = await Promise.all(
    SIGNERS.map(async ({ name }) => JSON.parse(await readFile(carried(`${name}.card.json`), "utf8"))),
  );
  const wallets = cards.flatMap((card) => card.wallets as { chain: string; descriptor: string }[]);
  return wallets
    .filter(({ chain }) => chain === ANVIL)
    .map(({ descriptor }) => parseAccountDescriptor(descriptor, ANVIL).address);
}

async function deploySafe(owners: readonly string[]) {
  const { deploy, send, at } = await relayerOf(node, "safe e2e");
  const artifacts = SAFE_ARTIFACTS[VERSION];
  const singleton = await deploy(artifacts.singleton);
  const factory = await deploy(artifacts.proxyFactory);
  const handler = await deploy(artifacts.fallbackHandler);
  const batcher = await deploy(artifacts.multiSendCallOnly);
  token = await deploy(SAFE_ARTIFACTS["1.5.0"].token);
  const none = [ZeroAddress, "0x"];
  const setup = singleton.encode("setup", [owners, 2, ...none, handler.address, ZeroAddress, 0, ZeroAddress]);
  const creation = ["createProxyWithNonce", [singleton.address, setup, 0]] as const;
  const address = parseAddress((await factory.ask(...creation)) as string);
  await send(factory.address, factory.encode(...creation));
  await send(token.address, token.encode("transfer", [address, 500_000_000]));
  safe = at(address, artifacts.singleton);
  return { address, singleton: singleton.address, multiSend: batcher.address };
}

function withToken(policy: PolicyDraft): PolicyDraft {
  const { rows, online, ...rest } = policy as {
    rows: Record<string, unknown>[];
    online: { limits: Record<string, unknown>[] };
  };
  const limits = online.limits.map((limit) => ({
    ...limit,
    name: `token-${String(limit["name"])}`,
    max: { asset, units: "1000000000000" },
  }));
  const window = { dayUnits: "1000000000000", monthUnits: "1000000000000" };
  const row = { ...rows[0], name: "tokens", asset, upToUnits: "1000000000", limits: window };
  return {
    ...rest,
    tokens: [asset],
    rows: [...rows, row],
    online: { ...online, limits: [...online.limits, ...limits] },
  };
}

/** A key that pays for gas and holds nothing else. FOR REGTEST ONLY. */
async function gasKey(): Promise<void> {
  const file = join(cast.folder, "online", "gas.key");
  writeFileSync(file, toHex(fixtureBytes("gas key")), { mode: 0o600 });
  cast.env["CUSTODY_EVM_RELAYER_KEY_FILE"] = file;
  const { Wallet } = await import("ethers");
  await node.fund(new Wallet(`0x${toHex(fixtureBytes("gas key"))}`).address, ONE);
}

async function payIn(address: string): Promise<void> {
  await node.fund(DESTINATION, 100n * ONE);
  await node.rpc("anvil_impersonateAccount", [DESTINATION]);
  await node.rpc("eth_sendTransaction", [
    { from: DESTINATION, to: address, value: `0x${(10n * ONE).toString(16)}` },
  ]);
  await node.mine(4);
  await knowCustomer(cast, CUSTOMER);
  await pass(cast);
  const coins = (await custody("deposit", "unclaimed")) as { coin: string }[];
  for (const { coin } of coins) await creditDeposit(cast, coin, CUSTOMER);
}

const holds = (address: string) => token.ask("balanceOf", [address]) as Promise<bigint>;

describe("a batch of a Safe", () => {
  const ids: string[] = [];
  let file: string;

  test("coins and tokens of several payments are one plan, over one nonce of the Safe", async () => {
    for (const [key, amount, symbol] of [
      ["one", "1.5", "eth"],
      ["two", "100", "usdc"],
      ["three", "0.25", "eth"],
    ] as const) {
      const id = await request(cast, CUSTOMER, amount, DESTINATION, key, symbol);
      await decide(cast, id);
      ids.push(id);
    }
    ({ file } = await buildAndExport(cast));
    for (const id of ids) expect((await show(cast, id)).state).toBe("EXPORTED");
  });

  test("the first owner's receipt completes nothing, the second's does", async () => {
    await custody("withdraw", "import", await signOffline(cast, file, "signer"));
    expect((await show(cast, ids[0] ?? "")).state).toBe("EXPORTED");
    await custody("withdraw", "import", await signOffline(cast, file, "third-signer"));
    for (const id of ids) expect((await show(cast, id)).state).toBe("SIGNED");
  });

  test("it is executed once, and each is paid exactly; the Safe pays no fee", async () => {
    const before = await balanceOf({ node }, DESTINATION);
    await pass(cast);
    await settle({ cast, node });
    for (const id of ids) expect((await show(cast, id)).state).toBe("COMPLETED");
    expect((await balanceOf({ node }, DESTINATION)) - before).toBe((7n * ONE) / 4n);
    expect(await holds(DESTINATION)).toBe(100_000_000n);
    expect(await safe.ask("nonce")).toBe(1n);
    expect(await balanceOf({ node }, safe.address)).toBe((33n * ONE) / 4n);
    expect(await custody("ledger", "reconcile")).toMatchObject({ verdict: "even" });
    expect(await settle({ cast, node })).toEqual([]);
    readBooks(cast);
  });

  test("a cancel rung uses up the Safe's nonce, and pays nobody", async () => {
    const before = await balanceOf({ node }, DESTINATION);
    const id = await request(cast, CUSTOMER, "0.5", DESTINATION, "cancelled", "eth");
    await decide(cast, id);
    const { plan, file: asked } = await buildAndExport(cast);
    for (const role of ["signer", "second-signer"])
      await custody("withdraw", "import", await signOffline(cast, asked, role));
    const { attempts } = (await custody("withdraw", "show", id)) as {
      attempts: { rung: number | string; transaction: string }[];
    };
    const cancel = attempts.find(({ rung }) => rung === "cancel")?.transaction ?? "";
    await custody("withdraw", "bump", plan, "--cancel", "--confirm", cancel);
    await pass(cast);
    await settle({ cast, node });
    expect((await show(cast, id)).state).toBe("EXPIRED");
    expect(await balanceOf({ node }, DESTINATION)).toBe(before);
    expect(await safe.ask("nonce")).toBe(2n);
    expect(await custody("ledger", "reconcile")).toMatchObject({ verdict: "even" });
  });
});
