/**
 * An account key between descriptor text and the fields that UR's registry carries (BCR-2020-007). The shapes are those of
 * `src/airgap/registry`, which knows no base58; this folder knows no CBOR.
 */
import { BITCOIN_CHAINS, type Network } from "../../../core/chain.ts";
import { concatBytes, fromHex } from "../../../core/hex.ts";
import {
  DESCRIPTOR_MALFORMED,
  DESCRIPTOR_NETWORK,
  formatKeyExpression,
  parseKeyExpression,
  type KeyExpression,
} from "../key-expression.ts";
import { BITCOIN_NETWORKS } from "../network.ts";
import { uint32 } from "../wire.ts";
import { toBase58Check } from "./base58check.ts";
import type { ExportBranches } from "./descriptor-text.ts";

export type RegistryKey = {
  readonly publicKey: Uint8Array;
  readonly chainCode: Uint8Array;
  readonly testnet: boolean;
  readonly origin: {
    readonly path: readonly number[];
    readonly fingerprint?: string | undefined;
    readonly depth?: number | undefined;
  };
  readonly branches: ExportBranches | "unsaid";
  readonly parentFingerprint?: string | undefined;
};

/** The fields of a key of ours. */
export function registryKey(
  key: KeyExpression,
  network: Network,
  branches: RegistryKey["branches"],
): RegistryKey {
  const { account } = parseKeyExpression(formatKeyExpression(key), network);
  return {
    publicKey: account.publicKey,
    chainCode: account.chainCode,
    testnet: network !== "mainnet",
    origin: { ...key.origin, depth: account.depth },
    branches,
    parentFingerprint: (account.parentFingerprint >>> 0).toString(16).padStart(8, "0"),
  };
}

/**
 * The key expression `[fingerprint/path]xpub` of a key that a device has shown.
 * @throws DESCRIPTOR_NETWORK, DESCRIPTOR_MALFORMED where its way from the master is not whole
 */
export function keyExpressionOf(key: RegistryKey, network: Network, field: string): string {
  const { origin, parentFingerprint, publicKey, chainCode } = key;
  if (key.testnet !== (network !== "mainnet")) {
    throw DESCRIPTOR_NETWORK(
      `${field} has a key of ${key.testnet ? "a test network" : "mainnet"}, this wallet is on ${BITCOIN_CHAINS[network]} (${network})`,
      { field, hint: `set the device to ${network} and let it export its key again` },
    );
  }
  const last = origin.path.at(-1);
  const whole = last !== undefined && (origin.depth ?? origin.path.length) === origin.path.length;
  if (!whole || origin.fingerprint === undefined || parentFingerprint === undefined) {
    throw DESCRIPTOR_MALFORMED(`${field} does not say the key's whole way from its master`, {
      field,
      hint: "let the device export the key as text, with fingerprint and path",
    });
  }
  const xpub = toBase58Check(
    concatBytes(
      bigEndian(BITCOIN_NETWORKS[network].bip32.public),
      Uint8Array.of(origin.path.length),
      fromHex(parentFingerprint, field),
      bigEndian(last),
      chainCode,
      publicKey,
    ),
  );
  const expression = formatKeyExpression({
    origin: { fingerprint: origin.fingerprint, path: origin.path },
    xpub,
  });
  return formatKeyExpression(parseKeyExpression(expression, network, field).key);
}

function bigEndian(number: number): Uint8Array {
  return uint32(number).reverse();
}
