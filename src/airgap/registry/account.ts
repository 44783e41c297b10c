/**
 * `crypto-account` (BCR-2020-015) and its second version `account-descriptor` (BCR-2023-019): one master's account keys,
 * each with the kind of script that it is for.
 */
import { LIMITS } from "../../core/limits.ts";
import type { Cbor, CborMap } from "../cbor.ts";
import { readTaggedHdKey } from "./hd-key.ts";
import { readOutput, writeOutput, type Output, type ScriptFunction } from "./output.ts";
import {
  fingerprintNumber,
  malformed,
  readFingerprint,
  readList,
  readMap,
  readTagged,
  tagOf,
} from "./structure.ts";

const OUTPUT = 308;
const OUTPUT_DESCRIPTOR = 40308;

export type Account = {
  /** The master's fingerprint, in eight hex digits. */
  readonly fingerprint: string;
  readonly outputs: readonly Output[];
};

/** What a UR of type `crypto-account` holds. Entries have no tag 308, as in the standard's own example. */
export function writeAccount({ fingerprint, outputs }: Account): CborMap {
  return new Map<number, Cbor>([
    [1, fingerprintNumber(fingerprint)],
    [2, outputs.map(writeOutput)],
  ]);
}

/** Reads both versions. @throws UR_STRUCTURE_MALFORMED, UR_PRIVATE_KEY */
export function readAccount(value: Cbor): Account {
  const map = readMap(value, [1, 2], "an account");
  const fingerprint = readFingerprint(map.get(1), "an account's master");
  const entries = readList(map.get(2), "an account's entries");
  if (entries.length === 0 || entries.length > LIMITS.registryKeysMax)
    throw malformed("an account", `has no entry, or more than ${LIMITS.registryKeysMax}`);
  return { fingerprint, outputs: entries.map((entry) => withMaster(readEntry(entry), fingerprint)) };
}

/** What a UR of type `output-descriptor` (BCR-2023-010) holds, where it is one key of an account. */
export function readOutputDescriptor(value: Cbor): Output {
  const map = readMap(value, [1, 2, 3, 4], "a descriptor");
  const source = map.get(1);
  const scripts = typeof source === "string" && Object.hasOwn(SOURCES, source) ? SOURCES[source] : undefined;
  if (scripts === undefined) throw malformed("a descriptor", "is of a kind that is not read here");
  const keys = readList(map.get(2), "a descriptor's keys");
  if (keys.length !== 1) throw malformed("a descriptor", "does not have the one key that its text names");
  return { scripts, keys: keys.map(readTaggedHdKey) };
}

/** The texts of BCR-2023-019. `cosigner(…)` is one key of a wallet of several. */
const SOURCES: Readonly<Record<string, readonly ScriptFunction[]>> = {
  "pkh(@0)": ["pkh"],
  "sh(wpkh(@0))": ["sh", "wpkh"],
  "wpkh(@0)": ["wpkh"],
  "sh(cosigner(@0))": ["sh"],
  "sh(wsh(cosigner(@0)))": ["sh", "wsh"],
  "wsh(cosigner(@0))": ["wsh"],
  "tr(@0)": ["tr"],
};

function readEntry(value: Cbor): Output {
  switch (tagOf(value)?.tag) {
    case OUTPUT:
      return readOutput(readTagged(value, [OUTPUT], "a descriptor"));
    case OUTPUT_DESCRIPTOR:
      return readOutputDescriptor(readTagged(value, [OUTPUT_DESCRIPTOR], "a descriptor"));
    default:
      return readOutput(value);
  }
}

// BCR-2023-019: a key that names no master has the account's.
function withMaster(output: Output, master: string): Output {
  return {
    ...output,
    keys: output.keys.map((key) =>
      key.origin.fingerprint === undefined ? { ...key, origin: { ...key.origin, fingerprint: master } } : key,
    ),
  };
}
