/** Typed data as programs hand it to wallets: the JSON of `eth_signTypedData_v4`, in any spacing and order. */
import * as z from "zod";
import { declareError, isError } from "../../core/errors.ts";
import { utf8 } from "../../core/hex.ts";
import { repeatedMember } from "../../core/repeated-member.ts";
import { excerpt, visibleText } from "../../core/text.ts";
import { domainFields, TYPED_DATA_DOMAIN, type TypedData } from "./typed-data.ts";
import type { TypedDataField } from "./typed-data-types.ts";

export const TYPED_DATA_MALFORMED = declareError(
  "EVM_TYPED_DATA_MALFORMED",
  "invalid",
  "Text is not typed data as eth_signTypedData_v4 has it.",
);

const BYTES_MAX = 64 * 1024;
const DEPTH_MAX = 16;

const FIELD = z.strictObject({ name: z.string().max(128), type: z.string().max(256) });
const TYPED_DATA = z.strictObject({
  types: z.record(z.string(), z.array(FIELD)),
  primaryType: z.string(),
  domain: z.strictObject({
    name: z.string().optional(),
    version: z.string().optional(),
    chainId: z.union([z.int().nonnegative(), z.string()]).optional(),
    verifyingContract: z.string().optional(),
    salt: z.string().optional(),
  }),
  message: z.record(z.string(), z.unknown()),
});

/**
 * EIP712Domain must be declared, and as the domain has it: without it some wallets hash an empty domain and others the
 * given one, so that one text would be two messages. What the values are is for `hashTypedData` to say.
 * @throws EVM_TYPED_DATA_MALFORMED, EVM_TYPED_DATA_DOMAIN
 */
export function parseTypedData(text: string): TypedData {
  if (utf8(text).length > BYTES_MAX) throw malformed("typed data", `is larger than ${BYTES_MAX} bytes`);
  assertDepth(text);
  const { types: all, primaryType, domain, message } = readShape(readJson(text));
  const { EIP712Domain: declared, ...types } = all;
  if (declared === undefined) throw malformed("types.EIP712Domain", "is missing");
  const given = definedIn(domain);
  if (spelt(declared) !== spelt(domainFields(given))) {
    throw TYPED_DATA_DOMAIN("types.EIP712Domain does not declare the fields of the domain, in their order", {
      field: "types.EIP712Domain",
      hint: "do not sign: one wallet would read another domain than the next",
    });
  }
  return { types, primaryType, domain: given, message };
}

function readJson(text: string): unknown {
  let value: unknown;
  try {
    // A member of that name is dropped by some readers and obeyed by others.
    value = JSON.parse(text, (name, member: unknown) => {
      if (name === "__proto__") throw malformed("__proto__", "is no name of a field");
      return member;
    });
  } catch (cause) {
    if (isError(cause, TYPED_DATA_MALFORMED)) throw cause;
    throw TYPED_DATA_MALFORMED("typed data is not JSON", { field: "typed data", cause });
  }
  const twice = repeatedMember(text);
  if (twice !== undefined) throw malformed(visibleText(excerpt(twice)), "stands twice");
  return value;
}

function assertDepth(text: string): void {
  let depth = 0;
  for (const letter of text.replace(/"(?:[^"\\]|\\.)*"/gs, "")) {
    if (letter === "{" || letter === "[") depth += 1;
    if (letter === "}" || letter === "]") depth -= 1;
    if (depth > DEPTH_MAX) throw malformed("typed data", `is more than ${DEPTH_MAX} deep`);
  }
}

function readShape(value: unknown): z.infer<typeof TYPED_DATA> {
  const read = TYPED_DATA.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const path = (issue?.path ?? []).map(String).join(".");
  throw malformed(path === "" ? "typed data" : visibleText(excerpt(path)), "is not as it has to be");
}

function definedIn(domain: z.infer<typeof TYPED_DATA>["domain"]): TypedData["domain"] {
  return Object.fromEntries(Object.entries(domain).filter(([, value]) => value !== undefined));
}

const spelt = (fields: readonly TypedDataField[]) =>
  fields.map(({ name, type }) => `${type} ${name}`).join(",");

function malformed(field: string, why: string) {
  return TYPED_DATA_MALFORMED(`${field} ${why}`, {
    field,
    hint: "give the JSON of eth_signTypedData_v4 as it was made",
  });
}

/** The same as text, for devices that read `eth_signTypedData_v4`: numbers in decimal digits, EIP712Domain declared. */
export function typedDataText({ types, primaryType, domain, message }: TypedData): string {
  const all = { EIP712Domain: domainFields(domain), ...types };
  return JSON.stringify({ types: all, primaryType, domain, message }, (_, value: unknown) =>
    typeof value === "bigint" ? value.toString() : value,
  );
}
