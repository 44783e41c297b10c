/** `crypto-keypath` (BCR-2020-007): the steps that led to a key, and those that its children may take. */
import { LIMITS } from "../../core/limits.ts";
import type { Cbor, CborMap, CborTag } from "../cbor.ts";
import { fingerprintNumber, malformed, readFingerprint, readList, readMap, readTagged } from "./structure.ts";

export const KEY_PATH_TAGS = [304, 40304] as const;

const COMPONENTS = 1;
const SOURCE = 2;
const DEPTH = 3;
const HARDENED = 0x8000_0000;

/** How a key was derived. */
export type KeyPath = {
  /** Child numbers from the master on, hardened ones with bit 31. */
  readonly path: readonly number[];
  /** The master's, in eight hex digits, where it is given. */
  readonly fingerprint?: string | undefined;
  readonly depth?: number | undefined;
};

/** Which children a key is for: `/<0;1>/*`, `/0/*`, `/1/*`, or nothing said, as of an account. */
export type Branches = "both" | "receive" | "change" | "unsaid";

export function writeKeyPath({ path, fingerprint, depth }: KeyPath): CborTag {
  const components = path.flatMap((step) => [step >= HARDENED ? step - HARDENED : step, step >= HARDENED]);
  const map = new Map<number, Cbor>([[COMPONENTS, components]]);
  if (fingerprint !== undefined) map.set(SOURCE, fingerprintNumber(fingerprint));
  if (depth !== undefined) map.set(DEPTH, depth);
  return { tag: KEY_PATH_TAGS[0], value: map };
}

/** @throws UR_STRUCTURE_MALFORMED */
export function readKeyPath(value: Cbor | undefined): KeyPath {
  const map = keyPathMap(value);
  const path = readSteps(readList(map.get(COMPONENTS), "the path of a key"));
  const [source, depth] = [map.get(SOURCE), map.get(DEPTH)];
  if (depth !== undefined && (typeof depth !== "number" || depth > 255))
    throw malformed("a key's depth", "is no number up to 255");
  return {
    path,
    ...(source === undefined ? {} : { fingerprint: readFingerprint(source, "a key's source") }),
    ...(depth === undefined ? {} : { depth }),
  };
}

/** The path to a key's children; undefined where nothing is said. A range is `[]`, a pair `[0, false, 1, false]`. */
export function writeBranches(branches: Branches): CborTag | undefined {
  if (branches === "unsaid") return undefined;
  const branch: readonly Cbor[] = branches === "both" ? [PAIR] : [branches === "receive" ? 0 : 1, false];
  return { tag: KEY_PATH_TAGS[0], value: new Map([[COMPONENTS, [...branch, [], false]]]) };
}

const PAIR: readonly Cbor[] = [0, false, 1, false];

/** @throws UR_STRUCTURE_MALFORMED for every other path than those of receive and change */
export function readBranches(value: Cbor | undefined): Branches {
  if (value === undefined) return "unsaid";
  const said = JSON.stringify(readList(keyPathMap(value).get(COMPONENTS), "the path of a key's children"));
  const found = (["both", "receive", "change"] as const).find((branches) => said === SPELT[branches]);
  if (found === undefined) throw malformed("the path of a key's children", "is none of <0;1>/*, 0/* and 1/*");
  return found;
}

const SPELT = {
  both: "[[0,false,1,false],[],false]",
  receive: "[0,false,[],false]",
  change: "[1,false,[],false]",
} as const;

function keyPathMap(value: Cbor | undefined): CborMap {
  return readMap(
    readTagged(value, KEY_PATH_TAGS, "a key's path"),
    [COMPONENTS, SOURCE, DEPTH],
    "a key's path",
  );
}

function readSteps(components: readonly Cbor[]): readonly number[] {
  if (components.length % 2 !== 0 || components.length > 2 * LIMITS.derivationDepthMax)
    throw malformed("the path of a key", "has half a step, or too many");
  return Array.from({ length: components.length / 2 }, (_, i) => {
    const [index, hardened] = [components[2 * i], components[2 * i + 1]];
    if (typeof index !== "number" || index >= HARDENED || typeof hardened !== "boolean")
      throw malformed("the path of a key", "has a step that is no number with its hardening");
    return hardened ? index + HARDENED : index;
  });
}
