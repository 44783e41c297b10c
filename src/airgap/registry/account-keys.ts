/** Account keys as other makers' devices show them, whatever the type of UR. */
import { decodeCbor, encodeCbor } from "../cbor.ts";
import type { UrMessage } from "../ur.ts";
import { UR_TYPE_UNKNOWN } from "../ur-types.ts";
import { quoted } from "../../core/text.ts";
import { readAccount, readOutputDescriptor, writeAccount, type Account } from "./account.ts";
import { readHdKey, writeHdKey, type HdKey } from "./hd-key.ts";
import { readOutput, writeOutput, type Output, type ScriptFunction } from "./output.ts";
import { malformed, readTagged, tagOf } from "./structure.ts";

/** A key, and the kind of script that the device made it for, where it says so. */
export type AccountKey = { readonly scripts: readonly ScriptFunction[] | undefined; readonly key: HdKey };

/** Tags that the value itself may have, though at the top the standard wants none. */
const TOP_TAGS = {
  "crypto-hdkey": [303],
  hdkey: [40303],
  "crypto-output": [308],
  "output-descriptor": [40308],
  "crypto-account": [311],
  "account-descriptor": [40311],
} as const satisfies Record<string, readonly number[]>;

type KeyUrType = keyof typeof TOP_TAGS;

/** Whether a UR's type is one that `readAccountKeys` reads. */
export function holdsAccountKeys(urType: string): urType is KeyUrType {
  return Object.hasOwn(TOP_TAGS, urType);
}

/** The CBOR of a wallet's descriptor, for a UR of type `crypto-output`. */
export function outputCbor(output: Output): Uint8Array {
  return encodeCbor(writeOutput(output));
}

/** The CBOR of one key, for a UR of type `crypto-hdkey`. */
export function keyCbor(key: HdKey): Uint8Array {
  return encodeCbor(writeHdKey(key));
}

/** The CBOR of a master's account keys, for a UR of type `crypto-account`. */
export function accountCbor(account: Account): Uint8Array {
  return encodeCbor(writeAccount(account));
}

/**
 * The keys of a message, by the name of its type alone (T8). A descriptor of several keys is a wallet, and no key.
 * @throws UR_TYPE_UNKNOWN, UR_STRUCTURE_MALFORMED, UR_PRIVATE_KEY, CBOR_MALFORMED
 */
export function readAccountKeys({ urType, cbor }: UrMessage): readonly AccountKey[] {
  if (!holdsAccountKeys(urType)) {
    throw UR_TYPE_UNKNOWN(`UR type ${quoted(urType)} holds no account key`, {
      field: "type",
      hint: `scan one of: ${Object.keys(TOP_TAGS).join(", ")}`,
    });
  }
  const decoded = decodeCbor(cbor);
  const own = TOP_TAGS[urType].some((tag) => tagOf(decoded)?.tag === tag);
  const value = own ? readTagged(decoded, TOP_TAGS[urType], "the value") : decoded;
  switch (urType) {
    case "crypto-hdkey":
    case "hdkey":
      return [{ scripts: undefined, key: readHdKey(value) }];
    case "crypto-output":
      return [keyOf(readOutput(value))];
    case "output-descriptor":
      return [keyOf(readOutputDescriptor(value))];
    case "crypto-account":
    case "account-descriptor":
      return readAccount(value).outputs.map(keyOf);
  }
}

function keyOf({ scripts, threshold, keys }: Output): AccountKey {
  const [key] = keys;
  if (key === undefined || threshold !== undefined)
    throw malformed("a descriptor", "is a whole wallet and no account key");
  return { scripts, key };
}
