/** An asset of its own for a test: issuer, holder with a trust line and a hundred of it, and its contract. */
import { Asset, type Keypair, Operation, xdr } from "@stellar/stellar-base";
import type { SorobanNode } from "./node.ts";
import {
  callContract,
  contractOf,
  deployAsset,
  keypair,
  LUMEN,
  type Applied,
  type openSender,
} from "./sender.ts";

type Sender = ReturnType<typeof openSender>;

export type Issued = {
  readonly issuer: Keypair;
  readonly holder: Keypair;
  readonly asset: Asset;
  readonly contract: string;
  readonly deployed: Applied;
};

const MANY = 10_000n * LUMEN;

export async function fundedKey(node: SorobanNode, label: string): Promise<Keypair> {
  const key = keypair(label);
  await node.fund(key.publicKey(), MANY);
  return key;
}

/** @param flags of the issuer, set before anybody trusts it */
export async function issueAsset(
  node: SorobanNode,
  sender: Sender,
  label: string,
  flags?: number,
): Promise<Issued> {
  const issuer = await fundedKey(node, `${label} issuer`);
  const holder = await fundedKey(node, `${label} holder`);
  const asset = new Asset("ISTSI", issuer.publicKey());
  const does = async (source: Keypair, operation: xdr.Operation) =>
    sender.settle(await sender.make(source.publicKey(), [operation]), [source]);
  if (flags !== undefined) await does(issuer, Operation.setOptions({ setFlags: flags as 1 }));
  await does(holder, Operation.changeTrust({ asset }));
  await does(issuer, Operation.payment({ destination: holder.publicKey(), asset, amount: "100" }));
  const deployed = await sender.settle(await sender.prepare(holder.publicKey(), deployAsset(asset)), [
    holder,
  ]);
  return { issuer, holder, asset, deployed, contract: contractOf(asset, node.passphrase) };
}

/** What a contract says that somebody holds (SEP-41). */
export async function balanceIn(sender: Sender, contract: string, of: Keypair): Promise<bigint> {
  const call = callContract(contract, "balance", [of.publicKey()]);
  const bare = await sender.make(of.publicKey(), [Operation.invokeHostFunction({ func: call, auth: [] })]);
  const { results } = await sender.simulate(bare);
  return xdr.ScVal.fromXDR(results[0].xdr, "base64").i128().lo().toBigInt();
}
