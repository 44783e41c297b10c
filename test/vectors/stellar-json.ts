/**
 * Our values of XDR as SEP-51 writes them in JSON, so that they can be compared with what the Rust XDR says of the same bytes.
 * Names of fields and arms are the standard's; ours differ where the standard's say less.
 */
import { concatBytes, toHex } from "../../src/core/hex.ts";
import { textOfMuxed, textOfScAddress } from "../../src/chains/stellar/address.ts";
import { encodeStrkey } from "../../src/chains/stellar/strkey.ts";
import { codeText } from "../../src/chains/stellar/assets.ts";
import { bigOf128, bigOf256 } from "../../src/chains/stellar/xdr/sc-val.ts";

type Held = { readonly type: string; readonly value?: unknown };

const FIELDS: Readonly<Record<string, string>> = {
  source: "sourceAccount",
  sequence: "seqNum",
  preconditions: "cond",
  tagged: "taggedTransaction",
  code: "assetCode",
  preimage: "contractIdPreimage",
};

const ARMS: Readonly<Record<string, string>> = {
  feeBump: "txFeeBump",
  alphanum4: "creditAlphanum4",
  alphanum12: "creditAlphanum12",
  pool: "poolShare",
  constantProduct: "liquidityPoolConstantProduct",
  createContractV2: "createContractV2HostFn",
};

/** Opaque bytes that are text. */
const TEXTS: ReadonlySet<string> = new Set(["functionName", "dataName", "homeDomain"]);
const TEXT_ARMS: ReadonlySet<string> = new Set(["text", "string", "symbol"]);

export function jsonOf(value: unknown, name = ""): unknown {
  if (value === undefined) return null;
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) {
    if (name === "code" || name === "code4" || name === "code12") return codeText(value);
    if (name === "liquidityPoolId") return encodeStrkey("liquidityPool", value);
    return TEXTS.has(name) ? textOf(value) : toHex(value);
  }
  if (Array.isArray(value)) return value.map((one) => jsonOf(one, name));
  if (typeof value !== "object" || value === null) return typeof value === "string" ? snake(value) : value;
  if ("type" in value) return unionOf(value as Held, name);
  return Object.fromEntries(
    Object.entries(value).map(([field, held]) => [
      snake(FIELDS[field] ?? field),
      // A transaction's fee has 32 bits, a fee bump's 64, and JSON writes those alone as text.
      field === "fee" && "operations" in value ? Number(held) : jsonOf(held, field),
    ]),
  );
}

function unionOf({ type, value }: Held, name: string): unknown {
  if (name === "asset" && value instanceof Uint8Array && type.startsWith("code")) return codeText(value);
  if (name === "ext") return type === "none" ? "v0" : { v1: jsonOf(value) };
  if (value instanceof Uint8Array) {
    const key = { ed25519: "account", preAuthTx: "preAuthTx", hashX: "hashX" } as const;
    const kind = key[type as keyof typeof key];
    if (kind !== undefined) return encodeStrkey(kind, value);
    if (type === "contract" || type === "liquidityPool") return textOfScAddress({ type, value });
    if (type === "poolShare") return { pool_share: encodeStrkey("liquidityPool", value) };
    if (type === "v0" && name === "balanceId")
      return encodeStrkey("claimableBalance", concatBytes(Uint8Array.of(0), value));
    if (TEXT_ARMS.has(type)) return { [type]: textOf(value) };
  }
  if (type === "muxed") return textOfMuxed({ type, value } as Parameters<typeof textOfMuxed>[0]);
  const isScAddress = type === "muxedAccount" || (type === "claimableBalance" && "type" in (value as object));
  if (isScAddress || (type === "account" && (value as Held).type === "ed25519"))
    return textOfScAddress({ type, value } as Parameters<typeof textOfScAddress>[0]);
  if (type === "signedPayload") return signedPayload(value as Parameters<typeof signedPayload>[0]);
  if (type === "u128" || type === "i128")
    return { [type]: bigOf128(value as Parameters<typeof bigOf128>[0]).toString() };
  if (type === "u256" || type === "i256")
    return { [type]: bigOf256(value as Parameters<typeof bigOf256>[0]).toString() };
  const arm = snake(name === "hostFunction" ? type : (ARMS[type] ?? type));
  return value === undefined && type !== "vec" && type !== "map" ? arm : { [arm]: jsonOf(value, type) };
}

function signedPayload({ ed25519, payload }: { readonly ed25519: Uint8Array; readonly payload: Uint8Array }) {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, payload.length);
  const zeros = new Uint8Array((4 - (payload.length % 4)) % 4);
  return encodeStrkey("signedPayload", concatBytes(ed25519, length, payload, zeros));
}

/** SEP-51 escapes what is not printable ASCII. */
function textOf(bytes: Uint8Array): string {
  return [...bytes]
    .map((byte) =>
      byte >= 0x20 && byte < 0x7f && byte !== 0x5c
        ? String.fromCharCode(byte)
        : byte === 0x5c
          ? "\\\\"
          : `\\x${byte.toString(16).padStart(2, "0")}`,
    )
    .join("");
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
