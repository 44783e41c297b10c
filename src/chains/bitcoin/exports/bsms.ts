/**
 * The descriptor record of BSMS 1.0 (BIP-129, round 2), unencrypted: four lines of version, template, path restrictions
 * and first address. Every reader must show that address, so that people compare it.
 */
import { deriveAddress, type Descriptor } from "../descriptor.ts";
import { walletKind } from "../kinds/table.ts";
import { withBranches } from "./descriptor-text.ts";
import { unfit } from "./unfit.ts";

export const BSMS_VERSION = "BSMS 1.0";

/** @throws EXPORT_UNFIT for a wallet of one key: BIP-129 is about several */
export function bsmsRecord(descriptor: Descriptor): string {
  const { kind, text } = descriptor;
  if (!walletKind(kind).several) throw unfit("BSMS", kind, "--as descriptor");
  // BIP-380 lets both mark a hardened step; the BIP's own records have the apostrophe, and some devices know no other.
  const template = withBranches(text, "/**").replaceAll(/(?<=\/[0-9]+)h(?=[/\]])/g, "'");
  const { address } = deriveAddress(descriptor, 0, 0);
  return `${[BSMS_VERSION, template, "/0/*,/1/*", address].join("\n")}\n`;
}
