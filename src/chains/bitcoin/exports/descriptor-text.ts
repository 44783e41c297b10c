/** A wallet as descriptor text (BIP-380): for both branches (BIP-389), or for makers that know one at a time. */
import { assert } from "../../../core/errors.ts";
import type { Descriptor } from "../descriptor.ts";
import { descriptorChecksum } from "../../descriptor-checksum.ts";

/** Which addresses a text or key stands for: `/<0;1>/*`, `/0/*` or `/1/*`. */
export type ExportBranches = "both" | "receive" | "change";

const BOTH = "/<0;1>/*";
const PATHS: Readonly<Record<ExportBranches, string>> = { both: BOTH, receive: "/0/*", change: "/1/*" };

/** One line, with the checksum of that very text. */
export function descriptorText({ text }: Descriptor, branches: ExportBranches): string {
  const body = withBranches(text, PATHS[branches]);
  const checksum = descriptorChecksum(body);
  assert(checksum !== undefined, "a descriptor of ours has only letters of descriptors");
  return `${body}#${checksum}`;
}

/** The text without its checksum, `path` in the place of each key's branches. */
export function withBranches(text: string, path: string): string {
  return (text.split("#")[0] as string).replaceAll(BOTH, path);
}
