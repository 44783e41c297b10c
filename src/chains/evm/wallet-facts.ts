import type { ChainId } from "../../core/chain.ts";
import { toHex } from "../../core/hex.ts";
import type { WalletFacts } from "../adapter.ts";
import { formatKeyPath } from "../key-path.ts";
import { parseAccountDescriptor } from "./account-descriptor.ts";
import { isSafe, parseSafeDescriptor } from "./safe-descriptor.ts";

/** An account or a Safe as people compare it: its keys, whole, and its one address. @throws as the descriptors' parsers */
export function walletFacts(descriptor: string, chain: ChainId): WalletFacts {
  if (isSafe({ descriptor })) return safeFacts(descriptor, chain);
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

function safeFacts(descriptor: string, chain: ChainId): WalletFacts {
  const { version, address, singleton, multiSendCallOnly, threshold, keys } = parseSafeDescriptor(
    descriptor,
    chain,
  );
  return {
    quorum: `${threshold} of ${keys.length}`,
    kind: `Safe ${version} on ${chain}`,
    template: `safe(${version},…,${singleton},${multiSendCallOnly},${threshold},${keys.map((_, place) => `@${place}`).join(",")})`,
    keys: keys.map(({ key: { fingerprint, path, publicKey } }) => ({
      fingerprint,
      path: formatKeyPath(path),
      xpub: toHex(publicKey),
    })),
    receive: [address],
  };
}
