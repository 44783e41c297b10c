/** Whether an address is a wallet's, by deriving it: nobody's word is taken for it, least of all the online host's. */
import { equalBytes } from "../../core/hex.ts";
import { lookAlike } from "./address.ts";
import { deriveAddress, deriveKey, type Branch, type Descriptor, type WalletKey } from "./descriptor.ts";
import { classifyScript } from "./script.ts";

/** Indexes of one branch, both ends included. */
export type IndexRange = { readonly branch: Branch; readonly from: number; readonly to: number };

/** The place of an output script in `range`, if it has one there. */
export function findScript(
  descriptor: Descriptor,
  script: Uint8Array,
  { branch, from, to }: IndexRange,
): WalletKey | undefined {
  // A wallet has one kind of script, so one derivation tells most strangers' addresses apart.
  const own = classifyScript(deriveKey(descriptor, branch, from).script)?.kind;
  if (own !== classifyScript(script)?.kind) return undefined;
  for (let index = from; index <= to; index++) {
    const key = deriveKey(descriptor, branch, index);
    if (equalBytes(key.script, script)) return key;
  }
  return undefined;
}

/** An address of `range` that a hurried reader would take `address` for (failure F22). */
export function ownLookAlike(
  descriptor: Descriptor,
  address: string,
  { branch, from, to }: IndexRange,
): { readonly address: string; readonly index: number } | undefined {
  for (let index = from; index <= to; index++) {
    const own = deriveAddress(descriptor, branch, index).address;
    if (lookAlike(address, [own]) !== undefined) return { address: own, index };
  }
  return undefined;
}
