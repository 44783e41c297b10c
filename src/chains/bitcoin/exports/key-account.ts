/** A signer's own keys for other coordinators: one account for each master (BCR-2020-015). */
import type { Network } from "../../../core/chain.ts";
import { parseDescriptor } from "../descriptor.ts";
import { parseKeyExpression } from "../key-expression.ts";
import { HARDENED } from "../../key-path.ts";
import { registryKey } from "./registry-key.ts";
import { exportWallet, type RegistryOutput } from "./wallet-export.ts";

export type KeyAccount = { readonly fingerprint: string; readonly outputs: readonly RegistryOutput[] };

/**
 * The accounts of descriptors of one key, and of cosigner keys by BIP-48's script types. A script type that BIP-48 does not
 * have, such as that of taproot, has no place in an account and is left out.
 * @throws as `parseDescriptor` and `parseKeyExpression`
 */
export function keyAccounts(
  descriptors: readonly string[],
  cosignerKeys: readonly string[],
  network: Network,
): readonly KeyAccount[] {
  const entries = [
    ...descriptors.flatMap((text) => singleKey(text, network)),
    ...cosignerKeys.flatMap((text) => cosignerKey(text, network)),
  ];
  return [...new Set(entries.map(({ fingerprint }) => fingerprint))].map((fingerprint) => ({
    fingerprint,
    outputs: entries.filter((entry) => entry.fingerprint === fingerprint).flatMap(({ outputs }) => outputs),
  }));
}

function singleKey(text: string, network: Network): readonly KeyAccount[] {
  const options = { format: "crypto-account", name: "", branches: "both" } as const;
  const given = exportWallet(parseDescriptor(text, network), options);
  return given.type === "account" ? [given.account] : [];
}

const SCRIPT_TYPES: Readonly<Record<number, RegistryOutput["scripts"]>> = { 1: ["sh", "wsh"], 2: ["wsh"] };

function cosignerKey(text: string, network: Network): readonly KeyAccount[] {
  const { key } = parseKeyExpression(text, network);
  const { fingerprint, path } = key.origin;
  const scripts = path[0] === 48 + HARDENED ? SCRIPT_TYPES[(path.at(-1) ?? 0) - HARDENED] : undefined;
  if (scripts === undefined) return [];
  return [{ fingerprint, outputs: [{ scripts, keys: [registryKey(key, network, "unsaid")] }] }];
}
