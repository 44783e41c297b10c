/** A founded custody beside a real node, with a customer who has paid in: where the stories of the other files begin. */
import * as z from "zod";
import type { Cast, Runner } from "../../demo/cast.ts";
import {
  addBeneficiary,
  addCustomer,
  buildAndExport,
  decide,
  request,
  signOffline,
} from "../../demo/ceremony.ts";
import { startBitcoind, type Regtest } from "../../demo/regtest.ts";
import { foundedCast } from "./founded.ts";

export const CUSTOMER = "c-1001";

export type Scene = {
  readonly cast: Cast;
  readonly node: Regtest;
  /** A signed destination of the customer: an address of the node's own wallet. */
  readonly destination: string;
  close(): Promise<void>;
};

export type SceneOptions = {
  readonly confirmations?: number;
  /** Deposits, each a coin of its own. */
  readonly coins?: readonly string[];
  /** A node that runs already; it is not stopped by `close`. */
  readonly node?: Regtest;
  /** How programs are run: in one process that stays, when left out. */
  readonly runner?: Runner;
};

export async function openScene({
  confirmations = 1,
  coins = ["0.6"],
  node: given,
  runner,
}: SceneOptions = {}): Promise<Scene> {
  const [cast, node] = await Promise.all([foundedCast(confirmations, runner), given ?? startNode()]);
  useNode(cast, node);
  const { address } = await addCustomer(cast, CUSTOMER);
  for (const coin of coins) await node.fund(address, coin);
  await node.mine(confirmations);
  await pass(cast);
  const destination = await node.rpc.write("getnewaddress", [], z.string());
  await addBeneficiary(cast, CUSTOMER, destination);
  const close = async () => {
    if (given === undefined) await node.stop();
    cast.remove();
  };
  return { cast, node, destination, close };
}

async function startNode(): Promise<Regtest> {
  const node = await startBitcoind();
  await node.mine(101);
  return node;
}

/** Lets the custody talk to `node` from now on. */
export function useNode(cast: Cast, node: Pick<Regtest, "url" | "cookiePath">): void {
  cast.env["CUSTODY_BITCOIND_URL"] = node.url;
  cast.env["CUSTODY_BITCOIND_COOKIE"] = node.cookiePath;
}

/** One pass of the watcher. @returns its events */
export async function pass(cast: Cast): Promise<readonly { event: string; transaction?: string }[]> {
  return (await cast.run("custody-watcher", "online", "once")) as { event: string; transaction?: string }[];
}

export type Exported = { readonly id: string; readonly plan: string; readonly file: string };
export type Signed = Exported & { readonly receipt: string };

/** A withdrawal on its way, up to the exported request. */
export async function exportWithdrawal(
  { cast, destination }: Pick<Scene, "cast" | "destination">,
  amount: string,
  key: string,
): Promise<Exported> {
  const id = await request(cast, CUSTOMER, amount, destination, key);
  await decide(cast, id);
  return { id, ...(await buildAndExport(cast)) };
}

/** The same, signed offline and imported: everything but sent. */
export async function signWithdrawal(scene: Scene, amount: string, key: string): Promise<Signed> {
  const exported = await exportWithdrawal(scene, amount, key);
  const receipt = await signOffline(scene.cast, exported.file);
  await scene.cast.run("custody", "online", "withdraw", "import", receipt);
  return { ...exported, receipt };
}

export type Shown = {
  readonly state: string;
  readonly attempts: readonly {
    readonly transaction: string;
    readonly state: string;
    readonly confirmations: number;
    readonly blockHash?: string;
  }[];
  readonly timeline: readonly {
    readonly event: string;
    readonly subject: string;
    readonly state: string;
    readonly actor: string;
  }[];
};

/** What the online host says of a withdrawal; of its attempts those that were sent, not the dearer rungs in reserve. */
export async function show(cast: Cast, id: string): Promise<Shown> {
  const shown = (await cast.run("custody", "online", "withdraw", "show", id)) as Shown;
  return { ...shown, attempts: shown.attempts.filter(({ state }) => state !== "SIGNED") };
}

const transaction = z.object({
  vin: z.array(z.object({ txid: z.string(), vout: z.number() })),
  vout: z.array(z.object({ value: z.string(), scriptPubKey: z.object({ address: z.string() }) })),
  vsize: z.number(),
  confirmations: z.number().optional(),
});

const unspent = z.object({ unspents: z.array(z.object({ txid: z.string(), amount: z.string() })) });

/** What the chain holds for `address`: its unspent coins in the node's best chain. */
export async function coinsAt(
  node: Regtest,
  address: string,
): Promise<readonly { txid: string; amount: string }[]> {
  const { unspents } = await node.rpc.write("scantxoutset", ["start", [`addr(${address})`]], unspent);
  return unspents.map(({ txid, amount }) => ({ txid, amount }));
}

/** A transaction as the node sees it. */
export async function transactionOn(node: Regtest, txid: string) {
  return node.rpc.read("getrawtransaction", [txid, true], transaction);
}
