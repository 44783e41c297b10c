/**
 * Output descriptors of our wallets (BIP-380, 382, 383, 389): `wpkh(KEY)` and `wsh(sortedmulti(m,KEY,…))`, each key as
 * `[fingerprint/path]xpub/<0;1>/*`, with `#checksum`. Anything else is refused by name. Private keys are refused before
 * they are decoded, so that none is ever held here.
 */
import { createHmac } from "node:crypto";
import { hash160 } from "bitcoinjs-lib/src/crypto";
import * as ecc from "tiny-secp256k1";
import type { BIP32Interface } from "bip32";
import type { Network } from "../../core/chain.ts";
import { sha256 } from "../../core/digest.ts";
import { assert, declareError } from "../../core/errors.ts";
import { equalBytes } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";
import { addressOfScript, type Address } from "./address.ts";
import { descriptorChecksum } from "./descriptor-checksum.ts";
import {
  DESCRIPTOR_KIND,
  DESCRIPTOR_MALFORMED,
  formatKeyExpression,
  KEY_EXPRESSION,
  parseKeyExpression,
  type KeyExpression,
} from "./key-expression.ts";
import { formatKeyPath, type OriginKey } from "./key-path.ts";
import { multisigScript, scriptOf } from "./script.ts";

/** 0 receive, 1 change (BIP-389 `<0;1>`). */
export type Branch = 0 | 1;

export type DescriptorKind = "p2wpkh" | "p2wsh-sortedmulti";

export type Descriptor = {
  /** Canonical: hardened steps as `h`, with checksum. */
  readonly text: string;
  readonly network: Network;
  readonly kind: DescriptorKind;
  /** Signatures that one input needs: 1 for p2wpkh. */
  readonly threshold: number;
  /** In the order of the text; their order in a script is BIP-67's, anew at each index. */
  readonly keys: readonly KeyExpression[];
};

/** The keys of a wallet at one place, and the script that they can spend. */
export type WalletKey = {
  readonly branch: Branch;
  readonly index: number;
  /** In the script's order (BIP-67: ascending bytes); one for p2wpkh. */
  readonly keys: readonly OriginKey[];
  readonly script: Uint8Array;
  /** What a p2wsh script is the hash of. */
  readonly witnessScript: Uint8Array | undefined;
  /** The place for people, `m/84h/0h/0h/1/5`; of several keys the path of the descriptor's first. */
  readonly path: string;
};

export const DESCRIPTOR_CHECKSUM = declareError(
  "DESCRIPTOR_CHECKSUM",
  "invalid",
  "A descriptor's checksum is missing or wrong (BIP-380).",
);
export const DESCRIPTOR_PRIVATE = declareError(
  "DESCRIPTOR_PRIVATE",
  "invalid",
  "A descriptor holds a private key.",
);
export const DESCRIPTOR_QUORUM = declareError(
  "DESCRIPTOR_QUORUM",
  "invalid",
  "A descriptor asks for more signatures than it has keys, or has more keys than are handled.",
);
export const DESCRIPTOR_KEY_TWICE = declareError(
  "DESCRIPTOR_KEY_TWICE",
  "invalid",
  "A descriptor names one key or one fingerprint twice, so that its quorum is smaller than it looks.",
);

/** Keys of one wallet: other makers' signers handle as many (BIP-383 allows twenty in P2WSH). */
const KEYS_MAX = 15;
const BRANCHES = "/<0;1>/*";
const KEY_WITH_BRANCHES = String.raw`${KEY_EXPRESSION}\/<0;1>\/\*`;
const SINGLE = new RegExp(`^wpkh\\((${KEY_WITH_BRANCHES})\\)$`);
const MULTI = new RegExp(`^wsh\\(sortedmulti\\((0|[1-9][0-9]?)((?:,${KEY_WITH_BRANCHES})+)\\)\\)$`);

type BranchNode = { readonly publicKey: Uint8Array; readonly chainCode: Uint8Array };
const branchNodes = new WeakMap<KeyExpression, readonly [BranchNode, BranchNode]>();

/**
 * Parses a descriptor of a wallet on `network`. The checksum is demanded; `h` and `'` both harden.
 * @throws DESCRIPTOR_MALFORMED, DESCRIPTOR_CHECKSUM, DESCRIPTOR_KIND, DESCRIPTOR_PRIVATE, DESCRIPTOR_NETWORK,
 *   DESCRIPTOR_QUORUM, DESCRIPTOR_KEY_TWICE
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
  const { kind, threshold, keyTexts } = shapeOf(withoutChecksum(text, field), field);
  assertQuorum(threshold, keyTexts.length, field);
  const parsed = keyTexts.map((key, i) =>
    parseKeyExpression(key, network, keyTexts.length === 1 ? field : `${field} key ${i + 1}`),
  );
  assertDistinct(parsed, field);
  for (const { key, account } of parsed) branchNodes.set(key, [account.derive(0), account.derive(1)]);
  const keys = parsed.map(({ key }) => key);
  const body = bodyOf(kind, threshold, keys.map(formatKeyExpression));
  return { text: `${body}#${descriptorChecksum(body) as string}`, network, kind, threshold, keys };
}

/** What a descriptor is written from: key expressions `[fingerprint/path]xpub`, without branches. */
export type DescriptorParts = {
  readonly kind: DescriptorKind;
  readonly threshold: number;
  readonly keys: readonly string[];
};

/** The descriptor of account keys. @throws as `parseDescriptor` */
export function writeDescriptor(
  { kind, threshold, keys }: DescriptorParts,
  network: Network,
  field = "descriptor",
): Descriptor {
  assertQuorum(threshold, keys.length, field);
  if (kind === "p2wpkh" && keys.length !== 1) {
    throw DESCRIPTOR_QUORUM(`${field} is wpkh with ${keys.length} keys, it has one`, { field });
  }
  const texts = keys.map((key) => formatKeyExpression(parseKeyExpression(key, network, field).key));
  const body = bodyOf(kind, threshold, texts);
  return parseDescriptor(`${body}#${descriptorChecksum(body) ?? ""}`, network, field);
}

/**
 * Derives the keys at `branch`/`index` (BIP-32 CKDpub) and their script. @param index 0 to `LIMITS.addressIndexMax`
 * @example deriveKey(descriptor, 1, 5).path === "m/84h/0h/0h/1/5"
 */
export function deriveKey(descriptor: Descriptor, branch: Branch, index: number): WalletKey {
  assert(
    Number.isInteger(index) && index >= 0 && index <= LIMITS.addressIndexMax,
    "address index out of range",
  );
  const derived = descriptor.keys.map((key): OriginKey => {
    const { fingerprint, path } = key.origin;
    return { fingerprint, path: [...path, branch, index], publicKey: childPublicKey(key, branch, index) };
  });
  const [first] = derived;
  assert(first !== undefined, "a descriptor has a key");
  const path = formatKeyPath(first.path);
  if (descriptor.kind === "p2wpkh") {
    const script = scriptOf("p2wpkh", hash160(first.publicKey));
    return { branch, index, keys: derived, script, witnessScript: undefined, path };
  }
  const keys = derived.sort((a, b) => Buffer.compare(a.publicKey, b.publicKey));
  const witnessScript = multisigScript(
    descriptor.threshold,
    keys.map(({ publicKey }) => publicKey),
  );
  return { branch, index, keys, script: scriptOf("p2wsh", sha256(witnessScript)), witnessScript, path };
}

/** The keys at `branch`/`index` with their address. */
export function deriveAddress(descriptor: Descriptor, branch: Branch, index: number): WalletKey & Address {
  const key = deriveKey(descriptor, branch, index);
  return { ...key, ...(addressOfScript(key.script, descriptor.network) as Address) };
}

// bip32's own derive() hashes the parent again for a fingerprint that an address does not need; this is the same
// formula (BIP-32 "Public parent key -> public child key"), checked against it in test/differential.
function childPublicKey(key: KeyExpression, branch: Branch, index: number): Uint8Array {
  const nodes = branchNodes.get(key);
  assert(nodes !== undefined, "a descriptor comes from parseDescriptor");
  const { publicKey, chainCode } = nodes[branch];
  const data = new Uint8Array(37);
  data.set(publicKey);
  new DataView(data.buffer).setUint32(33, index, false);
  const tweak = new Uint8Array(createHmac("sha512", chainCode).update(data).digest()).subarray(0, 32);
  const child = ecc.pointAddScalar(publicKey, tweak, true);
  // Probability 2^-127 (BIP-32): such an index has no key.
  assert(child !== null, "this index has no key");
  return child;
}

type Shape = {
  readonly kind: DescriptorKind;
  readonly threshold: number;
  readonly keyTexts: readonly string[];
};

function shapeOf(body: string, field: string): Shape {
  const withoutBranches = (text: string) => text.slice(0, -BRANCHES.length);
  const single = SINGLE.exec(body);
  if (single !== null)
    return { kind: "p2wpkh", threshold: 1, keyTexts: [withoutBranches(single[1] as string)] };
  const multi = MULTI.exec(body);
  if (multi === null) throw unknownShape(body, field);
  const texts = (multi[2] as string).slice(1).split(",").map(withoutBranches);
  return { kind: "p2wsh-sortedmulti", threshold: Number(multi[1]), keyTexts: texts };
}

function bodyOf(kind: DescriptorKind, threshold: number, keys: readonly string[]): string {
  const texts = keys.map((key) => `${key}${BRANCHES}`);
  return kind === "p2wpkh" ? `wpkh(${texts.join()})` : `wsh(sortedmulti(${[threshold, ...texts].join()}))`;
}

function assertQuorum(threshold: number, keys: number, field: string): void {
  if (Number.isInteger(threshold) && threshold >= 1 && threshold <= keys && keys <= KEYS_MAX) return;
  throw DESCRIPTOR_QUORUM(
    `${field} asks for ${threshold} of ${keys} keys; 1 to ${KEYS_MAX} keys are handled`,
    {
      field,
      hint: "give as many keys as the wallet has, and a threshold from 1 to that number",
    },
  );
}

// Attack B6: a key hidden twice in a quorum by another parent fingerprint or depth in its xpub. The public key alone
// decides: a chain code is no secret, so whoever holds a key holds it under every chain code. Equal master
// fingerprints would make PSBT key origins ambiguous, or are two accounts of one seed.
function assertDistinct(
  keys: readonly { readonly key: KeyExpression; readonly account: BIP32Interface }[],
  field: string,
): void {
  keys.forEach(({ key, account }, i) => {
    const same = keys.findIndex(
      (other) =>
        equalBytes(other.account.publicKey, account.publicKey) ||
        other.key.origin.fingerprint === key.origin.fingerprint,
    );
    if (same === i) return;
    throw DESCRIPTOR_KEY_TWICE(
      `${field} keys ${same + 1} and ${i + 1} are one key, or of one master (${key.origin.fingerprint})`,
      { field, hint: "give each cosigner a seed of its own, and compare fingerprints with their owners" },
    );
  });
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

const HANDLED = "wpkh(KEY) and wsh(sortedmulti(m,KEY,…))";

function unknownShape(body: string, field: string) {
  const name = /^[a-z_]+(?:\([a-z_]+)*(?=\()/.exec(body)?.[0];
  if (name === undefined) return DESCRIPTOR_MALFORMED(`${field} is not a descriptor`, { field });
  if (name !== "wpkh" && name !== "wsh(sortedmulti") {
    return DESCRIPTOR_KIND(`${field} is ${name}(…), this version handles ${HANDLED}`, {
      field,
      hint:
        name === "wsh(multi"
          ? "use sortedmulti (BIP-67): then no order of keys has to be kept"
          : `use ${HANDLED}`,
    });
  }
  return DESCRIPTOR_KIND(`${field} has a KEY that is not of the form [fingerprint/path]xpub/<0;1>/*`, {
    field,
    hint: "give key origin, extended public key, both branches as <0;1> and an unhardened /*",
  });
}
