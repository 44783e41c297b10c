/**
 * Output descriptors of our wallets (BIP-380 to 387, 389): the kinds of `kinds/table.ts`, each key as
 * `[fingerprint/path]xpub/<0;1>/*`, with `#checksum`. Anything else is refused by name. Private keys are refused before
 * they are decoded, so that none is ever held here.
 */
import type { BIP32Interface } from "bip32";
import type { Network } from "../../core/chain.ts";
import { assert, declareError } from "../../core/errors.ts";
import { equalBytes } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";
import { addressOfScript, type Address } from "./address.ts";
import { childPublicKey, keepBranches, type Branch } from "./child-keys.ts";
import { descriptorChecksum } from "../descriptor-checksum.ts";
import { bodyOf, shapeOf } from "./descriptor-shape.ts";
import {
  formatInternalKey,
  internalKeyAt,
  parseInternalKey,
  unspendableAccount,
  type InternalKey,
} from "./internal-key.ts";
import {
  DESCRIPTOR_MALFORMED,
  formatKeyExpression,
  parseKeyExpression,
  type KeyExpression,
} from "./key-expression.ts";
import { formatKeyPath, type OriginKey } from "../key-path.ts";
import type { DescriptorKind, KeyScripts } from "./kinds/kind.ts";
import { walletKind } from "./kinds/table.ts";
import { xOnly } from "./taproot.ts";

export type { Branch } from "./child-keys.ts";
export type { DescriptorKind } from "./kinds/kind.ts";

export type Descriptor = {
  /** Canonical: hardened steps as `h`, with checksum. */
  readonly text: string;
  readonly network: Network;
  readonly kind: DescriptorKind;
  /** Signatures that one input needs: 1 for a kind of one key. */
  readonly threshold: number;
  /** In the order of the text; their order in a script is the kind's, anew at each index. */
  readonly keys: readonly KeyExpression[];
  /** Of a taproot wallet of several keys: what nobody can sign with. */
  readonly internalKey: InternalKey | undefined;
};

/** The keys of a wallet at one place, and the scripts that they can spend. */
export type WalletKey = KeyScripts & {
  readonly branch: Branch;
  readonly index: number;
  /** In the script's order; one for a kind of one key. */
  readonly keys: readonly OriginKey[];
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

/**
 * Parses a descriptor of a wallet on `network`. The checksum is demanded; `h` and `'` both harden.
 * @throws DESCRIPTOR_MALFORMED, DESCRIPTOR_CHECKSUM, DESCRIPTOR_KIND, DESCRIPTOR_PRIVATE, DESCRIPTOR_NETWORK,
 *   DESCRIPTOR_QUORUM, DESCRIPTOR_KEY_TWICE, DESCRIPTOR_INTERNAL_KEY
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
  const { kind, threshold, keys: texts, internalKey: inside } = shapeOf(withoutChecksum(text, field), field);
  assertQuorum(threshold, texts.length, field);
  const parsed = texts.map((key, i) =>
    parseKeyExpression(key, network, texts.length === 1 ? field : `${field} key ${i + 1}`),
  );
  assertDistinct(parsed, field);
  const accountKeys = parsed.map(({ account }) => account.publicKey);
  const internalKey =
    inside === undefined ? undefined : parseInternalKey(inside, accountKeys, network, field);
  for (const { key, account } of parsed) keepBranches(key, account);
  const keys = parsed.map(({ key }) => key);
  const body = bodyOf({
    kind,
    threshold,
    keys: keys.map(formatKeyExpression),
    internalKey: internalKey && formatInternalKey(internalKey),
  });
  return {
    text: `${body}#${descriptorChecksum(body) as string}`,
    network,
    kind,
    threshold,
    keys,
    internalKey,
  };
}

/** What a descriptor is written from: key expressions `[fingerprint/path]xpub`, without branches. */
export type DescriptorParts = {
  readonly kind: DescriptorKind;
  readonly threshold: number;
  readonly keys: readonly string[];
  /** Of a taproot wallet of several keys; the point when left out. */
  readonly internalKey?: InternalKey["form"];
};

/** The descriptor of account keys. @throws as `parseDescriptor` */
export function writeDescriptor(
  { kind, threshold, keys, internalKey = "point" }: DescriptorParts,
  network: Network,
  field = "descriptor",
): Descriptor {
  const { several, afterInternal } = walletKind(kind);
  assertQuorum(threshold, keys.length, field);
  if (!several && keys.length !== 1) {
    throw DESCRIPTOR_QUORUM(`${field} is ${kind} with ${keys.length} keys, it has one`, { field });
  }
  const parsed = keys.map((key) => parseKeyExpression(key, network, field));
  const accountKeys = parsed.map(({ account }) => account.publicKey);
  const unspendable: InternalKey =
    internalKey === "point"
      ? { form: "point" }
      : { form: "extended", xpub: unspendableAccount(accountKeys, network).toBase58() };
  const body = bodyOf({
    kind,
    threshold,
    keys: parsed.map(({ key }) => formatKeyExpression(key)),
    internalKey: afterInternal === undefined ? undefined : formatInternalKey(unspendable),
  });
  return parseDescriptor(`${body}#${descriptorChecksum(body) ?? ""}`, network, field);
}

/**
 * Derives the keys at `branch`/`index` (BIP-32 CKDpub) and their scripts. @param index 0 to `LIMITS.addressIndexMax`
 * @example deriveKey(descriptor, 1, 5).path === "m/84h/0h/0h/1/5"
 */
export function deriveKey(descriptor: Descriptor, branch: Branch, index: number): WalletKey {
  assert(
    Number.isInteger(index) && index >= 0 && index <= LIMITS.addressIndexMax,
    "address index out of range",
  );
  const { kind, threshold, internalKey } = descriptor;
  const derived = descriptor.keys.map((key): OriginKey => {
    const { fingerprint, path } = key.origin;
    return { fingerprint, path: [...path, branch, index], publicKey: childPublicKey(key, branch, index) };
  });
  const [first] = derived;
  assert(first !== undefined, "a descriptor has a key");
  const { order, scripts } = walletKind(kind);
  const keys = order(derived);
  const unspendable = internalKey && internalKeyAt(internalKey, branch, index);
  return { branch, index, keys, path: formatKeyPath(first.path), ...scripts(threshold, keys, unspendable) };
}

/** The keys at `branch`/`index` with their address. */
export function deriveAddress(descriptor: Descriptor, branch: Branch, index: number): WalletKey & Address {
  const key = deriveKey(descriptor, branch, index);
  return { ...key, ...(addressOfScript(key.script, descriptor.network) as Address) };
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
// decides, whatever its parity: a chain code is no secret, so whoever holds a key holds it under every chain code, and
// its negation as well. Equal master
// fingerprints would make PSBT key origins ambiguous, or are two accounts of one seed.
function assertDistinct(
  keys: readonly { readonly key: KeyExpression; readonly account: BIP32Interface }[],
  field: string,
): void {
  keys.forEach(({ key, account }, i) => {
    const same = keys.findIndex(
      (other) =>
        equalBytes(xOnly(other.account.publicKey), xOnly(account.publicKey)) ||
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
