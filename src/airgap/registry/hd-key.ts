/** `crypto-hdkey` (BCR-2020-007): an extended public key with its origin. Private keys are refused unread. */
import { declareError } from "../../core/errors.ts";
import type { Cbor, CborMap, CborTag } from "../cbor.ts";
import {
  readBranches,
  readKeyPath,
  writeBranches,
  writeKeyPath,
  type Branches,
  type KeyPath,
} from "./key-path.ts";
import {
  fingerprintNumber,
  malformed,
  readBytes,
  readFingerprint,
  readMap,
  readTagged,
} from "./structure.ts";

export const UR_PRIVATE_KEY = declareError(
  "UR_PRIVATE_KEY",
  "invalid",
  "A UR holds a private key; none is read here.",
);

export const HD_KEY_TAGS = [303, 40303] as const;
export const COIN_INFO_TAGS = [305, 40305] as const;

export const FIELD = {
  isMaster: 1,
  isPrivate: 2,
  key: 3,
  chainCode: 4,
  use: 5,
  origin: 6,
  children: 7,
  parent: 8,
  name: 9,
  note: 10,
} as const;

export type HdKey = {
  /** Compressed, 33 bytes. */
  readonly publicKey: Uint8Array;
  readonly chainCode: Uint8Array;
  /** Ether's number in SLIP-44, of a key for accounts of EVM chains; bitcoin's where it is left out. */
  readonly coin?: 60 | undefined;
  /** A coin of one of bitcoin's test networks, which no field tells apart. */
  readonly testnet: boolean;
  readonly origin: KeyPath;
  readonly branches: Branches;
  /** Of the key's direct ancestor, in eight hex digits, where it is given (BIP-32 puts it into an xpub). */
  readonly parentFingerprint?: string | undefined;
};

/** The map of a key, as a UR of type `crypto-hdkey` holds it. */
export function writeHdKey(key: HdKey): CborMap {
  const children = writeBranches(key.branches);
  const { parentFingerprint: parent } = key;
  return new Map<number, Cbor>([
    [FIELD.key, key.publicKey],
    [FIELD.chainCode, key.chainCode],
    ...useOf(key),
    [FIELD.origin, writeKeyPath(key.origin)],
    ...(children === undefined ? [] : [[FIELD.children, children] as const]),
    ...(parent === undefined ? [] : [[FIELD.parent, fingerprintNumber(parent)] as const]),
  ]);
}

// The coin is bitcoin on its main network unless said otherwise (BCR-2020-007).
function useOf({ coin, testnet }: HdKey): readonly (readonly [number, CborTag])[] {
  const said = [...(coin === undefined ? [] : [[1, coin] as const]), ...(testnet ? [[2, 1] as const] : [])];
  return said.length === 0
    ? []
    : [[FIELD.use, { tag: COIN_INFO_TAGS[0], value: new Map<number, Cbor>(said) }]];
}

/** The key inside another structure. */
export function writeTaggedHdKey(key: HdKey): CborTag {
  return { tag: HD_KEY_TAGS[0], value: writeHdKey(key) };
}

export function readTaggedHdKey(value: Cbor | undefined): HdKey {
  return readHdKey(readTagged(value, HD_KEY_TAGS, "a key"));
}

/** @throws UR_STRUCTURE_MALFORMED, UR_PRIVATE_KEY */
export function readHdKey(value: Cbor): HdKey {
  const map = readMap(value, Object.values(FIELD), "a key");
  const first = map.get(FIELD.key);
  const isPrivate = [FIELD.isMaster, FIELD.isPrivate].some((field) => (map.get(field) ?? false) !== false);
  // BIP-32 writes a private key with 00 in front, whatever else the map claims.
  if (isPrivate || (first instanceof Uint8Array && first[0] === 0)) {
    throw UR_PRIVATE_KEY("this is a private key", {
      field: "cbor",
      hint: "export the public key; a private key that was shown as a code should be considered exposed",
    });
  }
  const publicKey = readBytes(first, 33, "a key");
  if (publicKey[0] !== 2 && publicKey[0] !== 3) throw malformed("a key", "is not a compressed public key");
  const parent = map.get(FIELD.parent);
  return {
    publicKey,
    chainCode: readBytes(map.get(FIELD.chainCode), 32, "a key's chain code"),
    testnet: readTestnet(map.get(FIELD.use)),
    origin: readKeyPath(map.get(FIELD.origin)),
    branches: readBranches(map.get(FIELD.children)),
    ...(parent === undefined ? {} : { parentFingerprint: readFingerprint(parent, "a key's parent") }),
  };
}

function readTestnet(value: Cbor | undefined): boolean {
  if (value === undefined) return false;
  const map = readMap(readTagged(value, COIN_INFO_TAGS, "a key's coin"), [1, 2], "a key's coin");
  const [coin, network] = [map.get(1) ?? 0, map.get(2) ?? 0];
  if (coin !== 0 || (network !== 0 && network !== 1))
    throw malformed("a key's coin", "is not bitcoin on one of its networks");
  return network === 1;
}
