import { EXPORT_UNFIT } from "../../export-unfit.ts";
import type { DescriptorKind } from "../descriptor.ts";

/** A kind as people call it. */
export const KIND_NAMES: Readonly<Record<DescriptorKind, string>> = {
  p2wpkh: "P2WPKH of one key",
  "p2sh-p2wpkh": "P2SH-P2WPKH of one key",
  p2tr: "P2TR of one key",
  "p2wsh-sortedmulti": "P2WSH of several keys",
  "p2sh-p2wsh-sortedmulti": "P2SH-P2WSH of several keys",
  "p2tr-sortedmulti": "P2TR of several keys",
};

/** @param format as people call it @param hint a runnable command or an option */
export function unfit(format: string, kind: DescriptorKind, hint: string) {
  return EXPORT_UNFIT(`${format} cannot hold a wallet of kind ${KIND_NAMES[kind]}`, { field: "--as", hint });
}
