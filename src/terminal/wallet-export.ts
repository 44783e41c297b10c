/** A wallet goes to other makers' software: as a file, on stdout, or by QR codes. */
import { accountCbor, keyCbor, outputCbor } from "../airgap/registry/account-keys.ts";
import type { Account } from "../airgap/registry/account.ts";
import type { HdKey } from "../airgap/registry/hd-key.ts";
import type { Output } from "../airgap/registry/output.ts";
import type { ForeignUrType } from "../airgap/ur-types.ts";
import { encodeUr, FRAGMENT_BYTES_MAX } from "../airgap/ur.ts";
import { parseDigest, sha256 } from "../core/digest.ts";
import { assert } from "../core/errors.ts";
import { toHex, utf8 } from "../core/hex.ts";
import { assertCarriable, carry } from "./carry.ts";
import { optionalFlag, switchedOn, type Call, type Outcome } from "./command.ts";
import { writeOutput } from "./files.ts";
import { USAGE } from "./program.ts";
import { drawFacts } from "./table.ts";

/** Text, or a structure that UR carries. */
export type WalletExport =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "output"; readonly output: Output }
  | { readonly type: "account"; readonly account: Account }
  | { readonly type: "key"; readonly key: HdKey };

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
  const { type, payload, text } = contentOf(exported);
  if (switchedOn(flags, "bbqr") && type !== "bytes") {
    throw USAGE(`${type} is a type of UR, which BBQr does not have`, {
      field: "--bbqr",
      hint: "add --ur, or give --as descriptor",
    });
  }
  const bytes = utf8(text);
  const digest = parseDigest(toHex(sha256(bytes)));
  const out = optionalFlag(flags, "out");
  if (out !== undefined) writeOutput(io, out, bytes, { force: switchedOn(flags, "force") });
  const codes = await carry(call, payload, { type, title, digest });
  const shown = out === undefined && !switchedOn(flags, "ur") && !switchedOn(flags, "bbqr");
  return {
    data: { type, text, sha256: digest, ...(out === undefined ? {} : { file: out }), codes: [...codes] },
    text: shown
      ? text
      : drawFacts([
          ...facts,
          ...[...(out === undefined ? [] : [out]), ...codes].map((file) => ["written", file] as const),
        ]),
  };
}

function structureOf(exported: Exclude<WalletExport, { readonly type: "text" }>) {
  if (exported.type === "key") return ["crypto-hdkey", keyCbor(exported.key)] as const;
  return exported.type === "output"
    ? (["crypto-output", outputCbor(exported.output)] as const)
    : (["crypto-account", accountCbor(exported.account)] as const);
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
