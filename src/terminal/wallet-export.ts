/** A wallet goes to other makers' software: as a file, on stdout, or by QR codes. */
import { accountCbor, keyCbor, outputCbor } from "../airgap/registry/account-keys.ts";
import type { Account } from "../airgap/registry/account.ts";
import { derivedKeyCbor, type DerivedKey } from "../airgap/registry/derived-key.ts";
import type { HdKey } from "../airgap/registry/hd-key.ts";
import type { Output } from "../airgap/registry/output.ts";
import type { ForeignUrType } from "../airgap/ur-types.ts";
import { encodeUr, FRAGMENT_BYTES_MAX } from "../airgap/ur.ts";
import { parseDigest, sha256 } from "../core/digest.ts";
import { assert } from "../core/errors.ts";
import { toHex, utf8 } from "../core/hex.ts";
import { assertCarriable, carry } from "./carry.ts";
import { optionalFlag, switchedOn, type Call, type Outcome } from "./command.ts";
import { assertDrawable, drawCode } from "./drawn-code.ts";
import { writeOutput } from "./files.ts";
import { USAGE } from "./program.ts";
import { drawFacts } from "./table.ts";

/** Text, or a structure that UR carries. Of an address the text has a URI, which payers scan. */
export type WalletExport =
  | { readonly type: "text"; readonly text: string; readonly uri?: string | undefined }
  | { readonly type: "output"; readonly output: Output }
  | { readonly type: "account"; readonly account: Account }
  | { readonly type: "key"; readonly key: HdKey }
  | { readonly type: "derivedKey"; readonly key: DerivedKey };

/**
 * Writes and shows `exported` as the flags ask.
 * @param facts what a person compares with the other device's screen
 * @throws USAGE, FILE_EXISTS, FILE_UNUSABLE, and as `carry`
 */
export async function deliverExport(
  call: Call,
  title: string,
  exported: WalletExport,
  facts: readonly (readonly [string, string])[],
): Promise<Outcome> {
  const { io, flags } = call;
  assertCarriable(call);
  assertDrawable(call);
  const uri = exported.type === "text" ? exported.uri : undefined;
  if (switchedOn(flags, "qr") && uri === undefined) {
    throw USAGE("--qr draws an address that is exported, and this is none", {
      field: "--qr",
      hint: "give --as address, or --ur in place of --qr",
    });
  }
  const { type, payload, text } = contentOf(exported);
  if (switchedOn(flags, "bbqr") && type !== "bytes") {
    throw USAGE(`${type} is a type of UR, which BBQr does not have`, {
      field: "--bbqr",
      hint: type === "crypto-hdkey" ? "give --ur" : "add --ur, or give --as descriptor",
    });
  }
  const bytes = utf8(text);
  const digest = parseDigest(toHex(sha256(bytes)));
  const out = optionalFlag(flags, "out");
  if (out !== undefined) writeOutput(io, out, bytes, { force: switchedOn(flags, "force") });
  const codes = await carry(call, payload, { type, title, digest });
  const shown = out === undefined && !switchedOn(flags, "ur") && !switchedOn(flags, "bbqr");
  const written = [...(out === undefined ? [] : [out]), ...codes].map((file) => ["written", file] as const);
  const drawn = uri !== undefined && switchedOn(flags, "qr") ? drawCode(uri) : "";
  return {
    data: {
      type,
      text,
      sha256: digest,
      ...(uri === undefined ? {} : { uri }),
      ...(out === undefined ? {} : { file: out }),
      codes: [...codes],
    },
    text: `${shown ? text : drawFacts([...facts, ...written])}${drawn}`,
  };
}

function structureOf(exported: Exclude<WalletExport, { readonly type: "text" }>) {
  switch (exported.type) {
    case "key":
      return ["crypto-hdkey", keyCbor(exported.key)] as const;
    case "derivedKey":
      return ["crypto-hdkey", derivedKeyCbor(exported.key)] as const;
    case "output":
      return ["crypto-output", outputCbor(exported.output)] as const;
    case "account":
      return ["crypto-account", accountCbor(exported.account)] as const;
  }
}

/** A structure as a file is its UR in one part, as text. */
function contentOf(exported: WalletExport): {
  readonly type: ForeignUrType;
  readonly payload: Uint8Array;
  readonly text: string;
} {
  if (exported.type === "text") return { type: "bytes", payload: utf8(exported.text), text: exported.text };
  const [type, payload] = structureOf(exported);
  const { single } = encodeUr(type, payload, FRAGMENT_BYTES_MAX);
  assert(single !== undefined, "fifteen keys fit into one part");
  return { type, payload, text: `${single}\n` };
}
