/** Which descriptors count: those of a list that sha256sum has written, each with that very content. */
import { sha256 } from "../../../core/digest.ts";
import { toHex } from "../../../core/hex.ts";
import { parseDescriptor, type Descriptor } from "./descriptor.ts";
import { DESCRIPTOR_NOT_PINNED } from "./errors.ts";

export type PinnedDescriptor = {
  readonly name: string;
  readonly hash: string;
  readonly descriptor: Descriptor;
};

/** `HASH  NAME` a line; a name is a file beside the list, in no other folder. */
const LINE = /^([0-9a-f]{64}) [ *]([A-Za-z0-9][A-Za-z0-9._-]{0,127})$/;
const DESCRIPTORS_MAX = 1024;

/** @throws ERC7730_NOT_PINNED */
export function parsePins(list: Uint8Array): readonly { readonly name: string; readonly hash: string }[] {
  const lines = new TextDecoder()
    .decode(list)
    .split("\n")
    .filter((line) => line !== "");
  if (lines.length > DESCRIPTORS_MAX) throw unpinned("the list", `names more than ${DESCRIPTORS_MAX} files`);
  return lines.map((line, place) => {
    const [, hash, name] = LINE.exec(line) ?? [];
    if (hash === undefined || name === undefined)
      throw unpinned(`line ${place + 1}`, "is not a hash, two spaces and the name of a file beside the list");
    return { name, hash };
  });
}

/** @throws ERC7730_NOT_PINNED, ERC7730_MALFORMED */
export function openPinned(
  { name, hash }: { readonly name: string; readonly hash: string },
  bytes: Uint8Array,
): PinnedDescriptor {
  const found = toHex(sha256(bytes));
  if (found !== hash) throw unpinned(name, `has the hash ${found}, its list pins ${hash}`);
  return { name, hash, descriptor: parseDescriptor(bytes) };
}

function unpinned(field: string, why: string) {
  return DESCRIPTOR_NOT_PINNED(`${field} ${why}`, {
    field: "--descriptors",
    hint: "have whoever keeps the descriptors look, and write the list anew: sha256sum *.json > SHA256SUMS",
  });
}
