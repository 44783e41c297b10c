/** A custody whose vault is a Safe of three owners, each on a signer of its own, beside a real anvil: where its stories begin. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Wallet, ZeroAddress } from "ethers";
import { startAnvil, type Anvil } from "../../demo/anvil.ts";
import { makeCast, ROLES, type Cast } from "../../demo/cast.ts";
import { addBeneficiary, creditDeposit, knowCustomer } from "../../demo/ceremony.ts";
import { FIVE, foundCustody, makeKeys, startSession, type PolicyDraft } from "../../demo/founding.ts";
import { DESTINATION } from "../../demo/story-evm.ts";
import { parseAccountDescriptor } from "../../src/chains/evm/account-descriptor.ts";
import { parseAddress } from "../../src/chains/evm/address.ts";
import { toHex } from "../../src/core/hex.ts";
import { ANVIL } from "../factory/evm-account.ts";
import { temporaryFolder } from "../factory/folder.ts";
import { fixtureBytes } from "../factory/identities.ts";
import { SAFE_ARTIFACTS } from "../factory/safe-artifacts.ts";
import { relayerOf, type Contract } from "../factory/safe-contracts.ts";
import { ONE, useEndpoint } from "./evm-scene.ts";
import { CUSTOMER, pass } from "./scene.ts";
import { warm } from "./warm/runner.ts";

const VERSION = "1.4.1";
export const SIGNERS = ["signer", "second-signer", "third-signer"].map((role, place) => ({
  role,
  name: `vault-${place + 1}`,
}));

export type SafeScene = {
  readonly cast: Cast;
  readonly node: Anvil;
  readonly token: Contract;
  readonly safe: Contract;
};

/** @param edit what people change in the draft of the policy, beside the token */
export async function openSafeScene(
  edit: (policy: PolicyDraft) => PolicyDraft = (policy) => policy,
): Promise<SafeScene> {
  const folder = temporaryFolder("safe");
  const cast = makeCast(folder, [...ROLES, "second", "second-signer", "third-signer"], warm);
  const node = await startAnvil();
  useEndpoint(cast, node.url);
  await makeKeys(cast, { people: FIVE, kinds: ["eoa"], signers: SIGNERS });
  const { safe, token, singleton, multiSend } = await deploySafe(node, await ownersOf(cast));
  const flags = {
    "--kind": "safe",
    "--chain": ANVIL,
    "--safe": safe.address,
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
    edit: (policy) => edit(withToken(policy, `eip155:31337/erc20:${token.address}.6.USDC`)),
  });
  await startSession(cast);
  const scene = { cast, node, token, safe };
  await gasKey(scene);
  await payIn(scene);
  await addBeneficiary(cast, CUSTOMER, DESTINATION);
  return scene;
}

/** The accounts of the signers' cards. */
async function ownersOf({ carried }: Cast): Promise<readonly string[]> {
  const cards = await Promise.all(
    SIGNERS.map(async ({ name }) => JSON.parse(await readFile(carried(`${name}.card.json`), "utf8"))),
  );
  const wallets = cards.flatMap((card) => card.wallets as { chain: string; descriptor: string }[]);
  return wallets
    .filter(({ chain }) => chain === ANVIL)
    .map(({ descriptor }) => parseAccountDescriptor(descriptor, ANVIL).address);
}

async function deploySafe(node: Anvil, owners: readonly string[]) {
  const { deploy, send, at } = await relayerOf(node, "safe e2e");
  const artifacts = SAFE_ARTIFACTS[VERSION];
  const singleton = await deploy(artifacts.singleton);
  const factory = await deploy(artifacts.proxyFactory);
  const handler = await deploy(artifacts.fallbackHandler);
  const batcher = await deploy(artifacts.multiSendCallOnly);
  const token = await deploy(SAFE_ARTIFACTS["1.5.0"].token);
  const none = [ZeroAddress, "0x"];
  const setup = singleton.encode("setup", [owners, 2, ...none, handler.address, ZeroAddress, 0, ZeroAddress]);
  const creation = ["createProxyWithNonce", [singleton.address, setup, 0]] as const;
  const address = parseAddress((await factory.ask(...creation)) as string);
  await send(factory.address, factory.encode(...creation));
  await send(token.address, token.encode("transfer", [address, 500_000_000]));
  const safe = at(address, artifacts.singleton);
  return { safe, token, singleton: singleton.address, multiSend: batcher.address };
}

function withToken(policy: PolicyDraft, asset: string): PolicyDraft {
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
async function gasKey({ cast, node }: SafeScene): Promise<void> {
  const file = join(cast.folder, "online", "gas.key");
  await writeFile(file, toHex(fixtureBytes("gas key")), { mode: 0o600 });
  cast.env["CUSTODY_EVM_RELAYER_KEY_FILE"] = file;
  await node.fund(new Wallet(`0x${toHex(fixtureBytes("gas key"))}`).address, (4n * ONE) / 10n);
}

async function payIn({ cast, node, safe }: SafeScene): Promise<void> {
  await node.fund(DESTINATION, 100n * ONE);
  await node.rpc("anvil_impersonateAccount", [DESTINATION]);
  await node.rpc("eth_sendTransaction", [
    { from: DESTINATION, to: safe.address, value: `0x${(10n * ONE).toString(16)}` },
  ]);
  await node.mine(4);
  await knowCustomer(cast, CUSTOMER);
  await pass(cast);
  const coins = (await cast.run("custody", "online", "deposit", "unclaimed")) as { coin: string }[];
  for (const { coin } of coins) await creditDeposit(cast, coin, CUSTOMER);
}
