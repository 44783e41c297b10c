/**
 * Shapes of PSBT fields (BIP-174, 322, 370, 371, 373), checked without curve arithmetic: a file of a million keys must not
 * keep a reader busy, and whoever uses a key proves it against a descriptor (attack B17).
 */
import { LIMITS } from "../../core/limits.ts";
import {
  atEnd,
  broken,
  finish,
  take,
  takeBlob,
  takeByte,
  takeCompactSize,
  takeCount,
  takeUint32,
  takeUint64,
  type Cursor,
} from "./cursor.ts";
import { LOCK_TIME_THRESHOLD } from "./locks.ts";
import type { PsbtField } from "./psbt-codec.ts";
import { MAX_MONEY, takeOutput, takeWitness } from "./transaction.ts";

/** BIP-174's first version, and BIP-370's; no other exists. */
export type PsbtVersion = 0 | 2;

export type FieldRule = {
  readonly name: string;
  /** The one version that may have it; both when left out. */
  readonly only?: PsbtVersion;
  /** Allowed lengths of the key data; none when left out. */
  readonly keyLengths?: readonly number[];
  /** Allowed lengths of the value; any when left out. */
  readonly lengths?: readonly number[];
  /** Further shape, read with typed errors. */
  readonly check?: (field: PsbtField, key: Cursor, value: Cursor) => void;
};
type Shape = Omit<FieldRule, "name" | "only">;

const PUBLIC_KEY_LENGTHS = [33, 65] as const;
const plain = (read: (value: Cursor) => unknown): Shape => ({
  check: (_field, _key, value) => {
    read(value);
    finish(value);
  },
});

export const witness = plain(takeWitness);
export const output = plain(takeOutput);

export const partialSignature: Shape = {
  keyLengths: PUBLIC_KEY_LENGTHS,
  check: ({ keyData }, key) => checkPublicKey(keyData, key),
};

export const derivation: Shape = {
  keyLengths: PUBLIC_KEY_LENGTHS,
  check: ({ keyData }, key, value) => {
    checkPublicKey(keyData, key);
    checkPath(value.bytes.length, value);
  },
};

/** BIP-174: the path has as many steps as the key's own depth byte says. */
export const extendedKey: Shape = {
  keyLengths: [78],
  check: ({ keyData }, _key, value) => {
    checkPath(value.bytes.length, value);
    if (value.bytes.length / 4 - 1 !== keyData[4])
      throw broken(value, "has a path that does not fit its key's depth");
  },
};

/** BIP-370: one CompactSize in its shortest form and nothing after it. */
export const count = plain(takeCompactSize);

/** BIP-370 has it signed: what is negative there is far above 21 million bitcoin here (attack B17). */
export const amount: Shape = {
  lengths: [8],
  ...plain((value) => {
    if (takeUint64(value) > MAX_MONEY) throw broken(value, "is above 21 million bitcoin");
  }),
};

/** BIP-370: a Unix time, or a height that is not 0; on the wrong side of the threshold either would mean the other. */
export const timeLock = lockTime((time) => time >= LOCK_TIME_THRESHOLD, "is not a Unix time");
export const heightLock = lockTime(
  (height) => height > 0 && height < LOCK_TIME_THRESHOLD,
  "is not a block height",
);

function lockTime(sound: (lock: number) => boolean, what: string): Shape {
  return {
    lengths: [4],
    ...plain((value) => {
      if (!sound(takeUint32(value))) throw broken(value, what);
    }),
  };
}

/** BIP-340, 341: 64 bytes, or 65 with a sighash type, of which 0 would be another spelling of the shorter form. */
export const schnorrSignature: Shape = {
  lengths: [64, 65],
  check: ({ value: bytes }, _key, value) => {
    if (bytes.length === 65 && !SCHNORR_SIGHASH_TYPES.includes(bytes[64] as number))
      throw broken(value, "ends in a sighash type that does not exist");
  },
};

const SCHNORR_SIGHASH_TYPES: readonly number[] = [0x01, 0x02, 0x03, 0x81, 0x82, 0x83];

/** BIP-371: x-only key and leaf hash. */
export const leafSignature: Shape = { ...schnorrSignature, keyLengths: [64] };

/** BIP-371: leaf hashes, then fingerprint and path. */
export const tapDerivation: Shape = {
  keyLengths: [32],
  check: (_field, _key, value) => {
    take(value, 32 * takeCount(value, 32));
    checkPath(value.bytes.length - value.at, value);
  },
};

/** BIP-371: the control block is the key; the value is the script and its leaf version, which the control block repeats. */
export const leafScript: Shape = {
  keyLengths: Array.from({ length: 129 }, (_, steps) => 33 + 32 * steps),
  check: ({ keyData, value: bytes }, _key, value) => {
    const version = bytes[bytes.length - 1];
    if (version === undefined) throw broken(value, "has no leaf version");
    checkLeafVersion(version, value);
    if (((keyData[0] as number) & 0xfe) !== version)
      throw broken(value, "has a leaf version that its control block contradicts");
  },
};

/** BIP-371: {depth, leaf version, script} in depth-first order, which together are a whole tree. */
export const tapTree: Shape = {
  check: (_field, _key, value) => {
    const open: number[] = [];
    while (!atEnd(value)) {
      if (!addLeaf(open, takeByte(value))) throw broken(value, "has a leaf where no tree has one");
      checkLeafVersion(takeByte(value), value);
      takeBlob(value);
    }
    if (open.length !== 1 || open[0] !== 0) throw broken(value, "is not a whole tree");
  },
};

/** BIP-373: the aggregate key, then the participants' keys. */
export const musigParticipants: Shape = {
  keyLengths: [33],
  check: ({ keyData }, key, value) => {
    checkPublicKey(keyData, key);
    if (value.bytes.length === 0) throw broken(value, "names no participant");
    while (!atEnd(value)) checkPublicKey(take(value, 33), value);
  },
};

/** BIP-373: participant key, aggregate key and, in a script path, the leaf hash. */
export const musigPart = (length: number): Shape => ({
  keyLengths: [66, 98],
  lengths: [length],
  check: ({ keyData }, key) => {
    checkPublicKey(keyData.subarray(0, 33), key);
    checkPublicKey(keyData.subarray(33, 66), key);
  },
});

function checkPublicKey(bytes: Uint8Array, at: Cursor): void {
  const prefix = bytes[0];
  const sound = bytes.length === 33 ? prefix === 2 || prefix === 3 : bytes.length === 65 && prefix === 4;
  if (!sound) throw broken(at, "is not a public key");
}

// Master fingerprint and child numbers, four bytes each. Attack B17: paths deep enough to keep a signer busy.
function checkPath(length: number, value: Cursor): void {
  if (length < 4 || length % 4 !== 0) throw broken(value, "is not a fingerprint and a path");
  if (length / 4 - 1 > LIMITS.derivationDepthMax)
    throw broken(value, `has a path deeper than ${LIMITS.derivationDepthMax} steps`);
}

// BIP-341: even, and not 0x50, which begins an annex.
function checkLeafVersion(version: number, value: Cursor): void {
  if ((version & 1) !== 0 || version === 0x50) throw broken(value, "has an impossible leaf version");
}

// BIP-341: a Merkle path has at most 128 steps.
const TREE_DEPTH_MAX = 128;

// `open`: depths of the finished subtrees that still lack their right half, the deepest last. A leaf that makes one whole
// finishes the subtree above it, and so on; in the end the root alone is left, at depth 0. At most 129 stand open.
function addLeaf(open: number[], depth: number): boolean {
  if (depth > TREE_DEPTH_MAX) return false;
  let level = depth;
  while (open.at(-1) === level) {
    open.pop();
    level -= 1;
  }
  if (level < 0 || (open.at(-1) ?? -1) > level) return false;
  open.push(level);
  return true;
}
