/** A wallet in a format of others: text, or what a UR carries as CBOR. */
import { assert } from "../../../core/errors.ts";
import { quoted } from "../../../core/text.ts";
import { EXPORT_UNFIT } from "../../export-unfit.ts";
import type { Descriptor, DescriptorKind } from "../descriptor.ts";
import { walletKind } from "../kinds/table.ts";
import { bsmsRecord } from "./bsms.ts";
import { coldcardFile } from "./coldcard.ts";
import { descriptorText, type ExportBranches } from "./descriptor-text.ts";
import { registryKey, type RegistryKey } from "./registry-key.ts";
import { unfit } from "./unfit.ts";

export const EXPORT_FORMATS = ["descriptor", "coldcard", "bsms", "crypto-output", "crypto-account"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Script functions around a wallet's keys, from the outside in. */
type ScriptName = "sh" | "wsh" | "wpkh" | "tr";

export type RegistryOutput = {
  readonly scripts: readonly ScriptName[];
  readonly threshold?: number;
  readonly keys: readonly RegistryKey[];
};

export type Exported =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "output"; readonly output: RegistryOutput }
  | {
      readonly type: "account";
      readonly account: { readonly fingerprint: string; readonly outputs: readonly RegistryOutput[] };
    };

export type ExportOptions = {
  readonly format: ExportFormat;
  /** What the other maker's screen shall call the wallet, where the format has a name. */
  readonly name: string;
  /** Of the two formats that can say one branch alone. */
  readonly branches: ExportBranches;
};

/**
 * What a person asked for.
 * @param given the words as they were typed @throws EXPORT_UNFIT for a format or branch that does not exist
 */
export function readExportOptions(given: {
  readonly format: string;
  readonly branch: string | undefined;
  readonly name: string;
}): ExportOptions {
  const format = EXPORT_FORMATS.find((name) => name === given.format);
  if (format === undefined) {
    throw EXPORT_UNFIT(`there is no format ${quoted(given.format)}`, {
      field: "--as",
      hint: `give one of: ${EXPORT_FORMATS.join(", ")}`,
    });
  }
  const branches = (["receive", "change"] as const).find((name) => name === given.branch);
  if (given.branch !== undefined && branches === undefined) {
    throw EXPORT_UNFIT(`there is no branch ${quoted(given.branch)}`, {
      field: "--branch",
      hint: "give receive or change, or leave --branch out for both",
    });
  }
  return { format, name: given.name, branches: branches ?? "both" };
}

/** @throws EXPORT_UNFIT */
export function exportWallet(descriptor: Descriptor, { format, name, branches }: ExportOptions): Exported {
  if (branches !== "both" && format !== "descriptor" && format !== "crypto-output") {
    throw EXPORT_UNFIT(`${format} holds receive and change together`, {
      field: "--branch",
      hint: "leave --branch out",
    });
  }
  switch (format) {
    case "descriptor":
      return { type: "text", text: `${descriptorText(descriptor, branches)}\n` };
    case "coldcard":
      return { type: "text", text: coldcardFile(descriptor, name) };
    case "bsms":
      return { type: "text", text: bsmsRecord(descriptor) };
    case "crypto-output":
      return { type: "output", output: outputOf(descriptor, branches) };
    case "crypto-account":
      return { type: "account", account: accountOf(descriptor) };
  }
}

/** BCR-2020-010 has no word for `sortedmulti_a`, so a taproot wallet of several keys goes as text alone. */
const SCRIPTS: Readonly<Record<DescriptorKind, readonly ScriptName[] | undefined>> = {
  p2wpkh: ["wpkh"],
  "p2sh-p2wpkh": ["sh", "wpkh"],
  p2tr: ["tr"],
  "p2wsh-sortedmulti": ["wsh"],
  "p2sh-p2wsh-sortedmulti": ["sh", "wsh"],
  "p2tr-sortedmulti": undefined,
};

function outputOf({ kind, threshold, keys, network }: Descriptor, branches: ExportBranches): RegistryOutput {
  const scripts = SCRIPTS[kind];
  if (scripts === undefined) throw unfit("crypto-output", kind, "--as descriptor");
  return {
    scripts,
    ...(walletKind(kind).several ? { threshold } : {}),
    keys: keys.map((key) => registryKey(key, network, branches)),
  };
}

// BCR-2020-015: one master's keys at account level, without children.
function accountOf(descriptor: Descriptor): Extract<Exported, { type: "account" }>["account"] {
  const { kind, keys, network } = descriptor;
  const [key] = keys;
  const scripts = SCRIPTS[kind];
  assert(key !== undefined, "a descriptor has a key");
  if (scripts === undefined || walletKind(kind).several) {
    throw unfit("crypto-account, which holds the keys of one master,", kind, "--as crypto-output");
  }
  const output: RegistryOutput = { scripts, keys: [registryKey(key, network, "unsaid")] };
  return { fingerprint: key.origin.fingerprint, outputs: [output] };
}
