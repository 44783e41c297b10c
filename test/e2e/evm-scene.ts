/** A founded custody of an account beside a real anvil, with a customer who has paid in: where its stories begin. */
import { signAtDesk } from "../../demo/founding.ts";
import { startAnvil, type Anvil } from "../../demo/anvil.ts";
import type { Cast, Runner } from "../../demo/cast.ts";
import {
  addBeneficiary,
  buildAndExport,
  decide,
  knowCustomer,
  request,
  signOffline,
} from "../../demo/ceremony.ts";
import { DESTINATION, payIn, vaultAddress } from "../../demo/story-evm.ts";
import { foundedAccount } from "./founded.ts";
import { CUSTOMER, pass, type Exported, type Signed } from "./scene.ts";

export const ONE = 10n ** 18n;

export type EvmScene = {
  readonly cast: Cast;
  readonly node: Anvil;
  /** The vault's account. */
  readonly vault: string;
  readonly destination: string;
  close(): Promise<void>;
};

export type EvmSceneOptions = {
  /** Ether that the customer has paid in. */
  readonly ether?: bigint;
  readonly destination?: string;
  readonly runner?: Runner;
};

export async function openEvmScene({
  ether = 10n,
  destination = DESTINATION,
  runner,
}: EvmSceneOptions = {}): Promise<EvmScene> {
  const [cast, node] = await Promise.all([foundedAccount(2, runner), startAnvil()]);
  useEndpoint(cast, node.url);
  await knowCustomer(cast, CUSTOMER);
  await payIn(cast, node, ether * ONE);
  await addBeneficiary(cast, CUSTOMER, destination);
  const close = async () => {
    await node.stop();
    cast.remove();
  };
  return { cast, node, vault: await vaultAddress(cast), destination, close };
}

/** Lets the custody talk to the endpoint at `url` from now on. */
export function useEndpoint(cast: Cast, url: string): void {
  cast.env["CUSTODY_EVM_URL"] = `31337=${url}`;
}

/** A withdrawal of ether on its way, up to the exported request. */
export async function exportEther(
  { cast, destination }: EvmScene,
  amount: string,
  key: string,
): Promise<Exported> {
  const id = await request(cast, CUSTOMER, amount, destination, key, "eth");
  await decide(cast, id);
  return { id, ...(await buildAndExport(cast)) };
}

/** The same, signed offline and imported: everything but sent. */
export async function signEther(scene: EvmScene, amount: string, key: string): Promise<Signed> {
  const exported = await exportEther(scene, amount, key);
  const receipt = await signOffline(scene.cast, exported.file);
  await scene.cast.run("custody", "online", "withdraw", "import", receipt);
  return { ...exported, receipt };
}

/** Wei of an account in the newest block. */
export async function balanceOf({ node }: Pick<EvmScene, "node">, address: string): Promise<bigint> {
  return BigInt((await node.rpc("eth_getBalance", [address, "latest"])) as string);
}

/** How many transactions of an account blocks hold. */
export async function nonceOf({ node }: Pick<EvmScene, "node">, address: string): Promise<bigint> {
  return BigInt((await node.rpc("eth_getTransactionCount", [address, "latest"])) as string);
}

/** Blocks until the chain calls the payment final, and passes that see it. */
export async function settle({ cast, node }: Pick<EvmScene, "cast" | "node">): Promise<readonly string[]> {
  await node.mine(4);
  return (await pass(cast)).map(({ event }) => event).filter((event) => !event.startsWith("alert"));
}

/** An approver vouches that a plan is dead, and the same payment is approved once more. */
export async function supersede(
  { cast }: Pick<EvmScene, "cast">,
  { id, plan }: Pick<Signed, "id" | "plan">,
): Promise<void> {
  const custody = (...args: readonly string[]) => cast.run("custody", "online", ...args);
  const dead = cast.carried(`${plan}.dead.json`);
  await custody("withdraw", "dead", plan, "--out", dead);
  await custody(
    "withdraw",
    "import",
    await signAtDesk(cast, "approver", dead, "dead", `${plan}.buried.json`),
  );
  await custody("withdraw", "supersede", id);
  const bundle = cast.carried(`${id}.again.json`);
  await custody("withdraw", "bundle", id, "--out", bundle);
  const approval = await signAtDesk(cast, "approver", bundle, "approve", `${id}.again.approve.json`);
  await custody("withdraw", "import", approval);
}
