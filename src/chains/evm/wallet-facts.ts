import type { ChainId } from "../../core/chain.ts";
import { toHex } from "../../core/hex.ts";
import type { WalletFacts } from "../adapter.ts";
import { formatKeyPath } from "../key-path.ts";
import { parseAccountDescriptor } from "./account-descriptor.ts";

/** An account as people compare it: its one key, whole, and its one address. @throws as `parseAccountDescriptor` */
export function walletFacts(descriptor: string, chain: ChainId): WalletFacts {
  const { key, address } = parseAccountDescriptor(descriptor, chain);
  const { fingerprint, path, publicKey } = key;
  return {
    quorum: "1 of 1",
    kind: `account on ${chain}`,
    template: "eoa(@0)",
    keys: [{ fingerprint, path: formatKeyPath(path), xpub: toHex(publicKey) }],
    receive: [address],
  };
}
