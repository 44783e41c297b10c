/**
 * `crypto-output` (BCR-2020-010): an output descriptor as nested tags, with keys in bytes. The tags 401 to 403 are other
 * things in other registries, so nothing is read by a tag alone: the name of the UR type comes first (T8).
 */
import { LIMITS } from "../../core/limits.ts";
import type { Cbor, CborTag } from "../cbor.ts";
import { readTaggedHdKey, writeTaggedHdKey, type HdKey } from "./hd-key.ts";
import { malformed, readList, readMap, tagOf } from "./structure.ts";

const SCRIPT_TAGS = { sh: 400, wsh: 401, pkh: 403, wpkh: 404, tr: 409 } as const;
const SORTED_MULTI = 407;
/** Later devices mark an account's key for wallets of several keys (BCR-2020-015 of December 2021). */
const COSIGNER = 410;

export type ScriptFunction = keyof typeof SCRIPT_TAGS;

export type Output = {
  /** From the outside in: `sh(wsh(…))` is ["sh", "wsh"]. */
  readonly scripts: readonly ScriptFunction[];
  /** Of `sortedmulti`; without it there is one key. */
  readonly threshold?: number | undefined;
  readonly keys: readonly HdKey[];
};

/** What a UR of type `crypto-output` holds, and one entry of an account. */
export function writeOutput({ scripts, threshold, keys }: Output): CborTag {
  const tagged = keys.map(writeTaggedHdKey);
  const inner: Cbor =
    threshold === undefined
      ? (tagged[0] as CborTag)
      : {
          tag: SORTED_MULTI,
          value: new Map<number, Cbor>([
            [1, threshold],
            [2, tagged],
          ]),
        };
  return scripts.reduceRight((value, name): Cbor => ({ tag: SCRIPT_TAGS[name], value }), inner) as CborTag;
}

/** The nestings that BIP-380 to 386 allow around keys, none deeper than two. */
const NESTINGS: readonly string[] = ["pkh", "wpkh", "tr", "sh", "wsh", "sh wpkh", "sh wsh"];

/** @throws UR_STRUCTURE_MALFORMED for a kind that is not read here, too; UR_PRIVATE_KEY */
export function readOutput(value: Cbor): Output {
  const scripts: ScriptFunction[] = [];
  let inner = value;
  for (let tag = tagOf(inner); tag !== undefined; tag = tagOf(inner)) {
    const name = scriptOf(tag.tag);
    if (name === undefined || scripts.length === 2) break;
    scripts.push(name);
    inner = tag.value;
  }
  if (!NESTINGS.includes(scripts.join(" ")))
    throw malformed("a descriptor", "is of a kind that is not read here");
  const tag = tagOf(inner);
  if (tag?.tag === SORTED_MULTI) return { scripts, ...readSortedMulti(tag.value) };
  return { scripts, keys: [readTaggedHdKey(tag?.tag === COSIGNER ? tag.value : inner)] };
}

function scriptOf(tag: number): ScriptFunction | undefined {
  return (Object.keys(SCRIPT_TAGS) as ScriptFunction[]).find((name) => SCRIPT_TAGS[name] === tag);
}

function readSortedMulti(value: Cbor): Pick<Output, "threshold" | "keys"> {
  const map = readMap(value, [1, 2], "sortedmulti");
  const [threshold, list] = [map.get(1), readList(map.get(2), "the keys of sortedmulti")];
  if (list.length > LIMITS.registryKeysMax)
    throw malformed("sortedmulti", `has more than ${LIMITS.registryKeysMax} keys`);
  if (typeof threshold !== "number" || threshold < 1 || threshold > list.length)
    throw malformed("sortedmulti", "asks for none of its keys, or for more than it has");
  return { threshold, keys: list.map(readTaggedHdKey) };
}
