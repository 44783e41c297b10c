/** A wallet becomes known to this host. */
import { codecOf } from "../chains/registry.ts";
import type { Tx } from "../store/transaction.ts";
import { insertAddress, insertWallet, type Wallet } from "../store/wallets.ts";

/** An account's one address is kept at once: what comes to it is ours, and nobody's until people say whose. */
export function registerWallet(tx: Tx, wallet: Pick<Wallet, "name" | "chain" | "descriptor">): Wallet {
  const { name, chain, descriptor } = wallet;
  const codec = codecOf(chain);
  const registered = insertWallet(tx, { name, chain, descriptor });
  if (codec.addresses === "many") return registered;
  const { account } = codec.ownAccounts(descriptor, chain)(0, 0);
  insertAddress(tx, { account, wallet: name, branch: 0, index: 0 });
  return registered;
}
