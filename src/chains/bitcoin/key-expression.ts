/** One account key of a descriptor: `[fingerprint/path]xpub` (BIP-380), bound to a network and to its own origin. */
import { BIP32Factory, type BIP32Interface } from "bip32";
import * as ecc from "tiny-secp256k1";
import { BITCOIN_CHAINS, NETWORKS, type Network } from "../../core/chain.ts";
import { declareError } from "../../core/errors.ts";
import { LIMITS } from "../../core/limits.ts";
import { formatStep, HARDENED, parseSteps, type KeyOrigin } from "../key-path.ts";
import { BITCOIN_NETWORKS } from "./network.ts";

export type KeyExpression = {
  readonly origin: KeyOrigin;
  /** The account's extended public key, base58. */
  readonly xpub: string;
};

export const DESCRIPTOR_MALFORMED = declareError(
  "DESCRIPTOR_MALFORMED",
  "invalid",
  "A descriptor cannot be read.",
);
export const DESCRIPTOR_KIND = declareError(
  "DESCRIPTOR_KIND",
  "invalid",
  "A descriptor is of a kind this version does not handle.",
);
export const DESCRIPTOR_NETWORK = declareError(
  "DESCRIPTOR_NETWORK",
  "invalid",
  "A descriptor's key or path belongs to another network.",
);

/** A regular expression's source for one key expression, without anchors. */
export const KEY_EXPRESSION = String.raw`\[[0-9a-f]{8}(?:\/[0-9]+[h']?)*\][1-9A-HJ-NP-Za-km-z]{100,120}`;

const PARTS = /^\[([0-9a-f]{8})((?:\/[0-9]+[h']?)*)\]([1-9A-HJ-NP-Za-km-z]{100,120})$/;
const bip32 = BIP32Factory(ecc);

/**
 * Reads `[fingerprint/84h/0h/0h]xpub…`; `h` and `'` both harden. `account` is the key that the text holds.
 * @throws DESCRIPTOR_MALFORMED, DESCRIPTOR_KIND, DESCRIPTOR_NETWORK
 */
export function parseKeyExpression(
  text: string,
  network: Network,
  field = "key",
): { readonly key: KeyExpression; readonly account: BIP32Interface } {
  const match = PARTS.exec(text);
  if (match === null) {
    throw DESCRIPTOR_MALFORMED(`${field} is not a key of the form [fingerprint/path]xpub`, {
      field,
      hint: "export the key with its origin: custody-signer keys export",
    });
  }
  const path = parseSteps((match[2] as string).slice(1));
  if (path === undefined || path.length === 0 || path.length > LIMITS.derivationDepthMax - 2) {
    throw DESCRIPTOR_MALFORMED(`${field} has a key origin path that is empty, too deep or out of range`, {
      field,
      hint: "write the path as [fingerprint/84h/0h/0h]",
    });
  }
  const xpub = match[3] as string;
  const account = decodeExtendedKey(xpub, network, field);
  // The origin must be the path that leads to this very key, or every PSBT would carry paths that sign nothing.
  if (account.depth !== path.length || account.index !== path.at(-1)) {
    throw DESCRIPTOR_MALFORMED(
      `${field} has an origin of ${path.length} steps ending in ${formatStep(path.at(-1) ?? 0)}, its key says depth ${account.depth} ending in ${formatStep(account.index)}`,
      { field, hint: "export the descriptor from the signer again" },
    );
  }
  assertCoinType(path, network, field);
  return { key: { origin: { fingerprint: match[1] as string, path }, xpub }, account };
}

/** `[fingerprint/84h/0h/0h]xpub…` */
export function formatKeyExpression({ origin: { fingerprint, path }, xpub }: KeyExpression): string {
  return `[${[fingerprint, ...path.map(formatStep)].join("/")}]${xpub}`;
}

function decodeExtendedKey(xpub: string, network: Network, field: string): BIP32Interface {
  const { bip32: versions, extendedKey } = BITCOIN_NETWORKS[network];
  if (!xpub.startsWith(extendedKey.public)) {
    const homes = NETWORKS.filter((name) => xpub.startsWith(BITCOIN_NETWORKS[name].extendedKey.public));
    if (homes.length > 0) {
      throw DESCRIPTOR_NETWORK(`${field} has a key of ${homes.join(" or ")}, this wallet is on ${network}`, {
        field,
        hint: `export the wallet's ${extendedKey.public} for ${network}`,
      });
    }
    throw DESCRIPTOR_KIND(
      `${field} has a key that starts with ${xpub.slice(0, 4)}, not ${extendedKey.public}`,
      {
        field,
        hint: "export a BIP-32 key: the SLIP-132 prefixes (ypub, zpub, …) are not used in descriptors",
      },
    );
  }
  try {
    return bip32.fromBase58(xpub, { wif: 0, bip32: versions });
  } catch (cause) {
    throw DESCRIPTOR_MALFORMED(`${field} has an extended key with a wrong checksum or an invalid point`, {
      field,
      cause,
    });
  }
}

// Attack B19 (coin isolation): a key of one network's path must not sign for another.
function assertCoinType(path: readonly number[], network: Network, field: string): void {
  const purpose = path[0] === undefined ? undefined : path[0] - HARDENED;
  const { coinType } = BITCOIN_NETWORKS[network];
  if (purpose === undefined || ![44, 48, 49, 84, 86].includes(purpose) || path[1] === undefined) return;
  if (path[1] === coinType + HARDENED) return;
  throw DESCRIPTOR_NETWORK(
    `${field} has coin type ${formatStep(path[1])} in its path, ${BITCOIN_CHAINS[network]} (${network}) has ${coinType}h`,
    {
      field,
      hint: `derive the account under ${purpose}h/${coinType}h`,
    },
  );
}
