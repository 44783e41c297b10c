/**
 * Output descriptors of our wallets (BIP-380, 382, 389): for now `wpkh([fingerprint/path]xpub/<0;1>/*)#checksum`.
 * Anything else is refused by name. Private keys are refused before they are decoded, so that none is ever held here.
 */
import { createHmac } from "node:crypto";
import { BIP32Factory, type BIP32Interface } from "bip32";
import { hash160 } from "bitcoinjs-lib/src/crypto";
import * as ecc from "tiny-secp256k1";
import { BITCOIN_CHAINS, NETWORKS, type Network } from "../../core/chain.ts";
import { assert, declareError } from "../../core/errors.ts";
import { LIMITS } from "../../core/limits.ts";
import { addressOfScript, type Address } from "./address.ts";
import { descriptorChecksum } from "./descriptor-checksum.ts";
import { formatKeyPath, formatStep, HARDENED, parseSteps, type KeyOrigin } from "./key-path.ts";
import { BITCOIN_NETWORKS } from "./network.ts";
import { scriptOf } from "./script.ts";

/** 0 receive, 1 change (BIP-389 `<0;1>`). */
export type Branch = 0 | 1;

export type Descriptor = {
  /** Canonical: hardened steps as `h`, with checksum. */
  readonly text: string;
  readonly network: Network;
  readonly kind: "p2wpkh";
  readonly origin: KeyOrigin;
  /** The account's extended public key, base58. */
  readonly xpub: string;
};

/** One key of a wallet and the script that pays it. */
export type WalletKey = {
  readonly branch: Branch;
  readonly index: number;
  /** Compressed, 33 bytes. */
  readonly publicKey: Uint8Array;
  readonly script: Uint8Array;
  /** From the master key, as BIP-174 writes it. */
  readonly keyPath: readonly number[];
  /** The same for people: `m/84h/0h/0h/1/5`. */
  readonly path: string;
};

export const DESCRIPTOR_MALFORMED = declareError(
  "DESCRIPTOR_MALFORMED",
  "invalid",
  "A descriptor cannot be read.",
);
export const DESCRIPTOR_CHECKSUM = declareError(
  "DESCRIPTOR_CHECKSUM",
  "invalid",
  "A descriptor's checksum is missing or wrong (BIP-380).",
);
export const DESCRIPTOR_KIND = declareError(
  "DESCRIPTOR_KIND",
  "invalid",
  "A descriptor is of a kind this version does not handle.",
);
export const DESCRIPTOR_PRIVATE = declareError(
  "DESCRIPTOR_PRIVATE",
  "invalid",
  "A descriptor holds a private key.",
);
export const DESCRIPTOR_NETWORK = declareError(
  "DESCRIPTOR_NETWORK",
  "invalid",
  "A descriptor's key or path belongs to another network.",
);

const bip32 = BIP32Factory(ecc);

type BranchNode = { readonly publicKey: Uint8Array; readonly chainCode: Uint8Array };
const branchNodes = new WeakMap<Descriptor, readonly [BranchNode, BranchNode]>();

/**
 * Parses a descriptor of a wallet on `network`. The checksum is demanded; `h` and `'` both harden.
 * @throws DESCRIPTOR_MALFORMED, DESCRIPTOR_CHECKSUM, DESCRIPTOR_KIND, DESCRIPTOR_PRIVATE, DESCRIPTOR_NETWORK
 */
export function parseDescriptor(text: string, network: Network, field = "descriptor"): Descriptor {
  if (text.length > LIMITS.descriptorCharactersMax) {
    throw DESCRIPTOR_MALFORMED(`${field} has more than ${LIMITS.descriptorCharactersMax} characters`, {
      field,
    });
  }
  // Names no part of the text: an error message must not carry a private key into a log.
  if (/(?:^|[(\],])(?:[xyzYZtuvUV]prv|[5KLc9][1-9A-HJ-NP-Za-km-z]{50,51}(?:[)/#,]|$))/.test(text)) {
    throw DESCRIPTOR_PRIVATE(`${field} holds a private key`, {
      field,
      hint: "export the public descriptor; a private key that has been in this file should be considered exposed",
    });
  }
  const body = withoutChecksum(text, field);
  const match =
    /^wpkh\(\[([0-9a-f]{8})((?:\/[0-9]+[h']?)*)\]([1-9A-HJ-NP-Za-km-z]{100,120})\/<0;1>\/\*\)$/.exec(body);
  if (match === null) throw unknownShape(body, field);
  const steps = parseSteps((match[2] as string).slice(1));
  if (steps === undefined || steps.length === 0 || steps.length > LIMITS.derivationDepthMax - 2) {
    throw DESCRIPTOR_MALFORMED(`${field} has a key origin path that is empty, too deep or out of range`, {
      field,
      hint: "write the path as [fingerprint/84h/0h/0h]",
    });
  }
  const origin: KeyOrigin = { fingerprint: match[1] as string, path: steps };
  return assemble(origin, match[3] as string, network, field);
}

/**
 * The descriptor of an account key: `fingerprint` is the master key's, `path` leads from the master to `xpub`.
 * @throws as `parseDescriptor`
 */
export function writeDescriptor(
  origin: KeyOrigin,
  xpub: string,
  network: Network,
  field = "descriptor",
): Descriptor {
  const body = descriptorBody(origin, xpub);
  return parseDescriptor(`${body}#${descriptorChecksum(body) ?? ""}`, network, field);
}

/**
 * Derives the key at `branch`/`index` (BIP-32 CKDpub). @param index 0 to `LIMITS.addressIndexMax`
 * @example deriveKey(descriptor, 1, 5).path === "m/84h/0h/0h/1/5"
 */
export function deriveKey(descriptor: Descriptor, branch: Branch, index: number): WalletKey {
  assert(
    Number.isInteger(index) && index >= 0 && index <= LIMITS.addressIndexMax,
    "address index out of range",
  );
  const node = nodesOf(descriptor)[branch];
  const publicKey = childPublicKey(node, index);
  const keyPath = [...descriptor.origin.path, branch, index];
  const script = scriptOf("p2wpkh", hash160(publicKey));
  return { branch, index, publicKey, script, keyPath, path: formatKeyPath(keyPath) };
}

/** The key at `branch`/`index` with its address. */
export function deriveAddress(descriptor: Descriptor, branch: Branch, index: number): WalletKey & Address {
  const key = deriveKey(descriptor, branch, index);
  return { ...key, ...(addressOfScript(key.script, descriptor.network) as Address) };
}

// bip32's own derive() hashes the parent again for a fingerprint that an address does not need; this is the same
// formula (BIP-32 "Public parent key -> public child key"), checked against it in test/differential.
function childPublicKey({ publicKey, chainCode }: BranchNode, index: number): Uint8Array {
  const data = new Uint8Array(37);
  data.set(publicKey);
  new DataView(data.buffer).setUint32(33, index, false);
  const tweak = new Uint8Array(createHmac("sha512", chainCode).update(data).digest()).subarray(0, 32);
  const child = ecc.pointAddScalar(publicKey, tweak, true);
  // Probability 2^-127 (BIP-32): such an index has no key.
  assert(child !== null, "this index has no key");
  return child;
}

function nodesOf(descriptor: Descriptor): readonly [BranchNode, BranchNode] {
  const nodes = branchNodes.get(descriptor);
  assert(nodes !== undefined, "a descriptor comes from parseDescriptor");
  return nodes;
}

function assemble(origin: KeyOrigin, xpub: string, network: Network, field: string): Descriptor {
  const account = decodeExtendedKey(xpub, network, field);
  // The origin must be the path that leads to this very key, or every PSBT would carry paths that sign nothing.
  if (account.depth !== origin.path.length || account.index !== origin.path.at(-1)) {
    throw DESCRIPTOR_MALFORMED(
      `${field} has an origin of ${origin.path.length} steps ending in ${formatStep(origin.path.at(-1) ?? 0)}, its key says depth ${account.depth} ending in ${formatStep(account.index)}`,
      { field, hint: "export the descriptor from the signer again" },
    );
  }
  assertCoinType(origin.path, network, field);
  const body = descriptorBody(origin, xpub);
  const descriptor: Descriptor = {
    text: `${body}#${descriptorChecksum(body) as string}`,
    network,
    kind: "p2wpkh",
    origin,
    xpub,
  };
  branchNodes.set(descriptor, [account.derive(0), account.derive(1)]);
  return descriptor;
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

function withoutChecksum(text: string, field: string): string {
  const hash = text.indexOf("#");
  const body = hash < 0 ? text : text.slice(0, hash);
  const expected = descriptorChecksum(body);
  if (expected === undefined)
    throw DESCRIPTOR_MALFORMED(`${field} holds a character that descriptors do not have`, { field });
  if (hash < 0) {
    throw DESCRIPTOR_CHECKSUM(`${field} has no checksum`, {
      field,
      hint: "export it with #checksum (BIP-380); do not add one by hand",
    });
  }
  if (text.slice(hash + 1) !== expected) {
    throw DESCRIPTOR_CHECKSUM(`${field} has a wrong checksum`, {
      field,
      hint: "copy the descriptor again: a character was changed or lost",
    });
  }
  return body;
}

function unknownShape(body: string, field: string) {
  const name = /^[a-z_]+(?=\()/.exec(body)?.[0];
  if (name === undefined) return DESCRIPTOR_MALFORMED(`${field} is not a descriptor`, { field });
  if (name !== "wpkh") {
    return DESCRIPTOR_KIND(`${field} is ${name}(…), this version handles wpkh(…)`, {
      field,
      hint: "use a wpkh descriptor",
    });
  }
  return DESCRIPTOR_KIND(`${field} is not of the form wpkh([fingerprint/path]xpub/<0;1>/*)`, {
    field,
    hint: "give key origin, extended public key, both branches as <0;1> and an unhardened /*",
  });
}

function descriptorBody({ fingerprint, path }: KeyOrigin, xpub: string): string {
  return `wpkh([${fingerprint}${path.map((step) => `/${formatStep(step)}`).join("")}]${xpub}/<0;1>/*)`;
}
