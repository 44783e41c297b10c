/**
 * A descriptor (ERC-7730, version 2): what a function's arguments, or typed data's values, mean to a person. Only words: what
 * they stand beside is decoded here whether there are any or not. Keys that could change what is shown and are not known
 * here are refused.
 */
import * as z from "zod";
import { repeatedMember } from "../../../core/repeated-member.ts";
import { DESCRIPTOR_MALFORMED, malformed } from "./errors.ts";

const BYTES_MAX = 256 * 1024;
const TEXT_MAX = 256;

const text = z.string().max(TEXT_MAX);
const path = z.string().max(512);
const scalar = z.union([text, z.int(), z.boolean()]);
const deployments = z.array(z.object({ chainId: z.int().positive(), address: text })).max(1024);
const visible = z.union([
  z.enum(["never", "always", "optional"]),
  z.strictObject({ ifNotIn: z.array(scalar).max(64) }),
  z.strictObject({ mustMatch: z.array(scalar).max(64) }),
]);
const params = z.record(z.string().max(64), z.unknown());
const one = {
  $id: text.optional(),
  path: path.optional(),
  value: scalar.optional(),
  label: text.optional(),
  format: text.optional(),
  params: params.optional(),
  visible: visible.optional(),
  separator: text.optional(),
  $ref: text.optional(),
};
const single = z.strictObject(one);

export type DescribedField = z.output<typeof single> & {
  readonly fields?: readonly DescribedField[] | undefined;
};
const field: z.ZodType<DescribedField> = z.lazy(() =>
  z.strictObject({ ...one, fields: z.array(field).max(128).optional() }),
);
const format = z.strictObject({
  $id: text.optional(),
  intent: z.union([text, z.record(z.string().max(TEXT_MAX), text)]).optional(),
  interpolatedIntent: z.string().max(1024).optional(),
  fields: z.array(field).max(128).default([]),
  required: z.array(path).max(128).optional(),
  excluded: z.array(path).max(128).optional(),
});

const DESCRIPTOR = z.strictObject({
  $schema: z.string().max(512),
  $comment: z.unknown().optional(),
  context: z.union([
    z.strictObject({
      $id: text.optional(),
      // `abi` is deprecated, and never read here.
      contract: z.strictObject({ deployments, abi: z.unknown().optional() }),
    }),
    z.strictObject({
      $id: text.optional(),
      eip712: z.strictObject({
        deployments: deployments.optional(),
        domain: z.record(z.string().max(64), scalar).optional(),
        domainSeparator: text.optional(),
        schemas: z.unknown().optional(),
      }),
    }),
  ]),
  metadata: z.strictObject({
    owner: text.optional(),
    contractName: text.optional(),
    info: z.unknown().optional(),
    token: z.strictObject({ name: text, ticker: text, decimals: z.int().min(0).max(77) }).optional(),
    constants: z.record(z.string().max(64), scalar).optional(),
    enums: z.record(z.string().max(64), z.record(z.string().max(128), text)).optional(),
  }),
  display: z.strictObject({
    definitions: z.record(z.string().max(64), single).optional(),
    formats: z.record(z.string().max(4096), format),
  }),
});

export type Descriptor = z.output<typeof DESCRIPTOR>;
export type DescribedFormat = z.output<typeof format>;

const VERSION = /erc7730-v2(?:\.[0-9]+){0,2}\.schema\.json$/;

/** @throws ERC7730_MALFORMED */
export function parseDescriptor(bytes: Uint8Array): Descriptor {
  if (bytes.length > BYTES_MAX) throw malformed("descriptor", `is larger than ${BYTES_MAX} bytes`);
  const json = new TextDecoder().decode(bytes);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw DESCRIPTOR_MALFORMED("a descriptor is not JSON", { field: "descriptor", cause });
  }
  if (repeatedMember(json) !== undefined) throw malformed("descriptor", "has a key that stands twice");
  const parsed = DESCRIPTOR.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const unknown = issue?.code === "unrecognized_keys" ? `: ${issue.keys.join(", ").slice(0, 64)}` : "";
    throw malformed(
      issue?.path.join(".").slice(0, 128) || "descriptor",
      `is none that is read here${unknown}`,
    );
  }
  if (!VERSION.test(parsed.data.$schema)) throw malformed("$schema", "names no version 2 of ERC-7730");
  return parsed.data;
}
