/** Whether two descriptors are one wallet: a contract stays where it is, whoever commands it; every other wallet is its keys. */
import type { PolicyWallet } from "../core/policy/policy.ts";
import { CODECS } from "./codecs.ts";

/** A chain that nothing here reads has no such wallet. @throws the errors of a descriptor that cannot be read */
export function isSameWallet(before: PolicyWallet, next: PolicyWallet): boolean {
  if (before.chain !== next.chain) return false;
  if (before.descriptor === next.descriptor) return true;
  return CODECS.some((codec) => codec.reads(before.chain) && codec.isSamePlace(before, next));
}
