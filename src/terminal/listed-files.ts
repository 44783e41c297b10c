/** Files that are kept beside a list which names them. */
import { basename, dirname, join } from "node:path";
import { optionalFlag, type Call } from "./command.ts";
import { readInput } from "./files.ts";

const BYTES_MAX = 256 * 1024;

/**
 * What `--descriptors` names, each as `open` reads it; nothing without the flag.
 * @throws as `readInput`, `parse` and `open`
 */
export async function readDescriptors<Pin extends { readonly name: string }, Opened>(
  { io, flags }: Pick<Call, "io" | "flags">,
  parse: (list: Uint8Array) => readonly Pin[],
  open: (pin: Pin, bytes: Uint8Array) => Opened,
): Promise<readonly Opened[]> {
  const list = optionalFlag(flags, "descriptors");
  if (list === undefined) return [];
  const opened: Opened[] = [];
  for (const pin of parse(await readInput(io, list, BYTES_MAX, "--descriptors"))) {
    const file = join(dirname(list), basename(pin.name));
    opened.push(open(pin, await readInput(io, file, BYTES_MAX, "--descriptors")));
  }
  return opened;
}
