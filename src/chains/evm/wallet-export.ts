/** An account or a Safe in formats of others: its address, its one public key, or who commands it. */
import { canonicalText } from "../../core/canonical.ts";
import type { ChainId } from "../../core/chain.ts";
import { toHex } from "../../core/hex.ts";
import { quoted } from "../../core/text.ts";
import { EXPORT_UNFIT } from "../export-unfit.ts";
import { formatKeyPath, type OriginKey } from "../key-path.ts";
import { parseAccountDescriptor } from "./account-descriptor.ts";
import type { Address } from "./address.ts";
import { paymentUri } from "./payment-uri.ts";
import { isSafe, parseSafeDescriptor, type SafeDescriptor } from "./safe-descriptor.ts";

/** The formats that have words for a kind, as hints list them. */
const FORMATS = { account: ["address", "hdkey"], Safe: ["address", "safe"] } as const;
type Kind = keyof typeof FORMATS;

export type EvmExported =
  /** @property uri of an address, for a code that payers scan */
  | { readonly type: "text"; readonly text: string; readonly uri?: string }
  | { readonly type: "derivedKey"; readonly key: DerivedKey };

/** The shape of `src/airgap/registry`: this folder knows no CBOR. */
type DerivedKey = {
  readonly publicKey: Uint8Array;
  readonly origin: { readonly path: readonly number[]; readonly fingerprint: string };
  readonly name: string;
};

export type EvmExportAsked = {
  readonly format: string;
  readonly branch: string | undefined;
  /** What the other maker's screen shall call the wallet, where the format has a name. */
  readonly name: string;
};

/** More than this no device shows in one line. */
const NAME_CHARACTERS_MAX = 32;

/** @throws EXPORT_UNFIT, and as the descriptors' parsers */
export function exportEvmWallet(descriptor: string, chain: ChainId, asked: EvmExportAsked): EvmExported {
  if (!isSafe({ descriptor })) {
    const { address, key } = parseAccountDescriptor(descriptor, chain);
    const format = formatOf("account", asked);
    return format === "address"
      ? addressText(address, chain)
      : { type: "derivedKey", key: derivedKey(key, asked.name) };
  }
  const safe = parseSafeDescriptor(descriptor, chain);
  return formatOf("Safe", asked) === "address"
    ? addressText(safe.address, chain)
    : { type: "text", text: `${safeText(safe, chain)}\n` };
}

function formatOf<Of extends Kind>(
  kind: Of,
  { format, branch }: EvmExportAsked,
): (typeof FORMATS)[Of][number] {
  const known: readonly (typeof FORMATS)[Of][number][] = FORMATS[kind];
  const found = known.find((name) => name === format);
  const a = kind === "Safe" ? "a Safe" : "an account";
  if (found === undefined) {
    throw EXPORT_UNFIT(`${quoted(format)} is no format of ${a}`, {
      field: "--as",
      hint: `give one of: ${known.join(", ")}`,
    });
  }
  if (branch === undefined) return found;
  throw EXPORT_UNFIT(`${a} has one address, and no branches`, {
    field: "--branch",
    hint: "leave --branch out",
  });
}

function addressText(address: Address, chain: ChainId): EvmExported {
  return { type: "text", text: `${address}\n`, uri: paymentUri(address, chain) };
}

function derivedKey({ publicKey, path, fingerprint }: OriginKey, name: string): DerivedKey {
  if (!/^[!-~](?:[ -~]*[!-~])?$/.test(name) || name.length > NAME_CHARACTERS_MAX) {
    throw EXPORT_UNFIT(`the name of a key is 1 to ${NAME_CHARACTERS_MAX} ASCII letters`, {
      field: "--called",
      hint: "add --called NAME, for the other device's screen alone",
    });
  }
  return { publicKey, origin: { path, fingerprint }, name };
}

/** All that the chain can be asked about, in its own words, and whose each owner's key is: canonical, so that two can be compared. */
function safeText(
  { address, version, singleton, multiSendCallOnly, threshold, keys }: SafeDescriptor,
  chain: ChainId,
) {
  return canonicalText({
    chain,
    address,
    version,
    singleton,
    multiSendCallOnly,
    threshold,
    owners: keys.map(({ address: owner, key }) => ({
      address: owner,
      fingerprint: key.fingerprint,
      path: formatKeyPath(key.path),
      publicKey: toHex(key.publicKey),
    })),
  });
}
