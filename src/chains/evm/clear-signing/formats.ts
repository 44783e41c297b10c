/** How one value is shown (ERC-7730, "Field formats"). What a format needs and does not have, it says; it never guesses. */
import { formatAmount } from "../../../core/amount.ts";
import { nativeAsset } from "../../../core/asset.ts";
import type { ChainId } from "../../../core/chain.ts";
import { instantOf } from "../../../core/instant.ts";
import { visibleText } from "../../../core/text.ts";
import type { Atom } from "./arguments.ts";
import type { Descriptor } from "./descriptor.ts";
import { malformed } from "./errors.ts";

export type Formatting = {
  readonly descriptor: Descriptor;
  readonly chain: ChainId;
  /** The contract that is called, or that verifies the typed data. */
  readonly to: string;
  /** What a path in a parameter names. */
  readonly valueAt: (path: string) => string | undefined;
};

type Params = Readonly<Record<string, unknown>>;
type Format = (atom: Atom, params: Params, about: Formatting) => string;

const SECONDS_MAX = 253_402_300_799n;

const FORMATS: Readonly<Record<string, Format>> = {
  raw: ({ text }) => text,
  addressName: ({ text }) => text,
  address: ({ text }) => text,
  number: ({ text }) => text,
  chainId: ({ text }) => `eip155:${text}`,
  amount: (atom, _, { chain }) => formatAmount({ asset: nativeAsset(chain), units: numberOf(atom) }),
  tokenAmount,
  nftName: ({ text }, params, about) =>
    `number ${text} of ${constantOr(params, "collection", about) ?? "an unnamed collection"}`,
  date,
  duration,
  unit,
  enum: enumerated,
  calldata: ({ text }, params, about) =>
    `a call of ${constantOr(params, "callee", about) ?? "an unnamed contract"}: ${text.slice(0, 10)}… (${Math.max(text.length / 2 - 1, 0)} bytes)`,
};

/** @throws ERC7730_MALFORMED for a format that is not known here, or not for such a value */
export function formatted(name: string, atom: Atom, params: Params, about: Formatting): string {
  const format = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
  if (format === undefined) throw malformed("format", "is one that nothing here can show");
  return visibleText(format(atom, params, about));
}

function tokenAmount(atom: Atom, params: Params, about: Formatting): string {
  const units = numberOf(atom);
  const token = constantOr(params, "token", about);
  const { message = "Unlimited", threshold } = params;
  const most =
    typeof threshold === "string" || typeof threshold === "number" ? wholeOf(String(threshold)) : undefined;
  const { token: described } = about.descriptor.metadata;
  const named = described !== undefined && token === about.to ? described : undefined;
  const whose = `of token ${token ?? "UNKNOWN"}`;
  if (most !== undefined && units >= most) return `${String(message)} ${whose}`;
  if (named === undefined) return `${units} base units ${whose}`;
  const digits = units.toString().padStart(named.decimals + 1, "0");
  const point = digits.length - named.decimals;
  const decimal = named.decimals === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return `${decimal} ${named.ticker}, ${units} base units ${whose}`;
}

function date(atom: Atom, params: Params): string {
  const number = numberOf(atom);
  if (params["encoding"] === "blockheight") return `block ${number}`;
  return number < 0n || number > SECONDS_MAX ? `${number} seconds, no date` : instantOf(Number(number));
}

function duration(atom: Atom): string {
  const seconds = numberOf(atom);
  const two = (part: bigint) => part.toString().padStart(2, "0");
  return `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`;
}

function unit(atom: Atom, params: Params): string {
  const { base, decimals = 0 } = params;
  if (
    typeof base !== "string" ||
    typeof decimals !== "number" ||
    !Number.isInteger(decimals) ||
    decimals < 0 ||
    decimals > 77
  )
    throw malformed("params", "name no unit");
  const digits = numberOf(atom)
    .toString()
    .padStart(decimals + 1, "0");
  const point = digits.length - decimals;
  return `${decimals === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`}${base}`;
}

function enumerated({ text }: Atom, params: Params, { descriptor }: Formatting): string {
  const { $ref } = params;
  const name =
    typeof $ref === "string" ? /^\$\.metadata\.enums\.([A-Za-z0-9_]+)$/.exec($ref)?.[1] : undefined;
  const values = name === undefined ? undefined : descriptor.metadata.enums?.[name];
  if (values === undefined) throw malformed("params.$ref", "names no enumeration of the descriptor");
  return Object.hasOwn(values, text)
    ? `${values[text] ?? ""} (${text})`
    : `${text}, which the descriptor does not name`;
}

/** `token`, or what `tokenPath` points at; undefined where neither is there. */
function constantOr(params: Params, name: string, { descriptor, valueAt }: Formatting): string | undefined {
  const [constant, path] = [params[name], params[`${name}Path`]];
  if (typeof path === "string") return valueAt(path);
  if (typeof constant !== "string") return undefined;
  const key = /^\$\.metadata\.constants\.([A-Za-z0-9_]+)$/.exec(constant)?.[1];
  return key === undefined ? constant : String(descriptor.metadata.constants?.[key] ?? constant);
}

function numberOf({ type, text }: Atom): bigint {
  const number = type.startsWith("uint") || type.startsWith("int") ? wholeOf(text) : undefined;
  if (number === undefined) throw malformed("format", "is one for numbers, and the value is none");
  return number;
}

function wholeOf(text: string): bigint | undefined {
  return /^(?:-?[0-9]{1,78}|0x[0-9a-fA-F]{1,64})$/.test(text) ? BigInt(text) : undefined;
}
