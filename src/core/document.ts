/**
 * Documents: what crosses a boundary. Each is canonical JSON whose body repeats its kind, format version, network and
 * custody id, so that nothing is replayed as another kind or into another custody. Its digest covers everything but
 * its own top-level signatures; documents embedded in it keep theirs.
 */
import * as z from "zod";
import { canonicalBytes, parseCanonical, type Json, type JsonObject } from "./canonical.ts";
import type { Network } from "./chain.ts";
import { taggedDigest, type Digest } from "./digest.ts";
import { declareError } from "./errors.ts";
import { digestField, networkField } from "./fields.ts";
import { LIMITS } from "./limits.ts";
import { signatureField, type Signature } from "./signature.ts";
import { excerpt } from "./text.ts";

export const DOCUMENT_MALFORMED = declareError(
  "DOCUMENT_MALFORMED",
  "invalid",
  "A document's fields are not those of its kind.",
);
export const DOCUMENT_WRONG_KIND = declareError(
  "DOCUMENT_WRONG_KIND",
  "invalid",
  "A document is of another kind or format version than asked for.",
);
export const DOCUMENT_WRONG_NETWORK = declareError(
  "DOCUMENT_WRONG_NETWORK",
  "denied",
  "A document belongs to another network.",
);
export const DOCUMENT_WRONG_CUSTODY = declareError(
  "DOCUMENT_WRONG_CUSTODY",
  "denied",
  "A document belongs to another custody.",
);

/** The fields that every body begins with. `custody` is absent in policy number 1 and before there is one. */
export type DocumentHeader = {
  readonly kind: string;
  readonly version: number;
  readonly network: Network;
  readonly custody?: Digest | undefined;
};

/** A body with its signatures, as embedded in another document. */
export type Embedded<Body> = Body & { readonly signatures?: readonly Signature[] | undefined };

export type Document<Body extends DocumentHeader> = {
  readonly digest: Digest;
  readonly body: Body;
  readonly signatures: readonly Signature[];
};

export type DocumentType<Body extends DocumentHeader> = {
  readonly kind: string;
  readonly version: number;
  readonly bytesMax: number;
  /** Reads an embedded document; nest it in another document's shape. */
  readonly schema: z.ZodType<Embedded<Body>>;
};

type HeaderOf<Kind extends string, Custody extends "required" | "optional"> = {
  kind: Kind;
  version: 1;
  network: Network;
} & (Custody extends "required" ? { custody: Digest } : { custody?: Digest | undefined });

type Options<Custody> = { signed?: boolean; custody?: Custody; bytesMax?: number };
type VariantOptions = Options<"required"> & { by?: string };

/**
 * Declares a document kind.
 * @param shape zod fields besides the header
 * @param options `signed: false` for kinds that carry no signatures of their own; `custody: "optional"` for those
 *   made before there is a custody
 */
export function documentType<
  const Kind extends string,
  Shape extends z.ZodRawShape,
  const Custody extends "required" | "optional" = "required",
>(
  kind: Kind,
  shape: Shape,
  options: Options<Custody> = {},
): DocumentType<HeaderOf<Kind, Custody> & z.output<z.ZodObject<Shape>>> {
  return declare(kind, z.strictObject({ ...frame(kind, options), ...shape }), options);
}

/**
 * Declares a document kind whose fields depend on its field `type`, or on the one named by `by`.
 * @param variants complete shapes besides the header, each with that field's values, which no two share
 */
export function documentVariants<
  const Kind extends string,
  const Variants extends readonly [z.ZodRawShape, ...z.ZodRawShape[]],
>(
  kind: Kind,
  variants: Variants,
  options: VariantOptions = {},
): DocumentType<VariantOf<Kind, Variants[number]>> {
  const [first, ...others] = variants.map((shape) => z.strictObject({ ...frame(kind, options), ...shape }));
  return declare(
    kind,
    z.discriminatedUnion(options.by ?? "type", [first as z.ZodObject, ...others]),
    options,
  );
}

// Distributes, so that one field tells the variants apart.
type VariantOf<Kind extends string, Shape> = Shape extends z.ZodRawShape
  ? HeaderOf<Kind, "required"> & z.output<z.ZodObject<Shape>>
  : never;

// What stands in every body, and the signatures where the kind carries any.
function frame(kind: string, options: Options<"required" | "optional">): z.ZodRawShape {
  return {
    kind: z.literal(kind),
    version: z.literal(1),
    network: networkField,
    custody: options.custody === "optional" ? digestField.optional() : digestField,
    ...(options.signed === false ? {} : { signatures: signaturesField.optional() }),
  };
}

// One of each key: a thousand false ones in a person's name would each have to be verified to be found false.
const signaturesField = z
  .array(signatureField)
  .min(1)
  .max(LIMITS.signaturesMax)
  .refine((all) => new Set(all.map(({ by }) => by)).size === all.length, "name a key twice");

function declare<Body extends DocumentHeader>(
  kind: string,
  schema: z.ZodType,
  options: Options<"required" | "optional">,
): DocumentType<Body> {
  return {
    kind,
    version: 1,
    bytesMax: options.bytesMax ?? LIMITS.smallDocumentBytesMax,
    schema: schema as z.ZodType<Embedded<Body>>,
  };
}

/** The body type of a document type: `type Intent = BodyOf<typeof INTENT>`. */
export type BodyOf<T> = T extends DocumentType<infer Body> ? Body : never;

/**
 * Reads a document from canonical bytes.
 * @throws CANONICAL_MALFORMED, CANONICAL_TOO_LARGE, DOCUMENT_WRONG_KIND, DOCUMENT_MALFORMED
 */
export function parseDocument<Body extends DocumentHeader>(
  type: DocumentType<Body>,
  bytes: Uint8Array,
): Document<Body> {
  const value = parseCanonical(bytes, type.bytesMax);
  const kind = kindOf(value);
  if (kind !== type.kind || (value as JsonObject)["version"] !== type.version) {
    throw DOCUMENT_WRONG_KIND(
      `document is of kind ${kind ?? "none"}, expected ${type.kind} version ${type.version}`,
      {
        field: "kind",
        hint: "custody inspect --in FILE   (says what a file is)",
      },
    );
  }
  return fromEmbedded(type, value);
}

/** Reads a document out of the one that embeds it. @throws DOCUMENT_MALFORMED */
export function fromEmbedded<Body extends DocumentHeader>(
  type: DocumentType<Body>,
  value: unknown,
): Document<Body> {
  const parsed = type.schema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = [type.kind, ...(issue?.path ?? [])].join(".");
    // Of unknown fields the message lists all, and there can be a hundred thousand.
    throw DOCUMENT_MALFORMED(`${field}: ${excerpt(issue?.message ?? "malformed")}`, {
      field,
      hint: "take the file as it was exported: it was changed, or written by another version",
    });
  }
  const { signatures, ...body } = parsed.data;
  return makeDocument(type, body as unknown as Body, signatures ?? []);
}

/** Makes a document of a body that the types say is right; its digest is computed here and nowhere else. */
export function makeDocument<Body extends DocumentHeader>(
  type: DocumentType<Body>,
  body: Body,
  signatures: readonly Signature[] = [],
): Document<Body> {
  const digest = taggedDigest(`custody/${type.kind}/v${type.version}`, canonicalBytes(body));
  return { digest, body, signatures };
}

/** The document with one more signature. A second one by the same key replaces the first. */
export function withSignature<Body extends DocumentHeader>(
  document: Document<Body>,
  signature: Signature,
): Document<Body> {
  const others = document.signatures.filter(({ by }) => by !== signature.by);
  return { ...document, signatures: [...others, signature] };
}

/** The document as a value to embed in another. */
export function embed<Body extends DocumentHeader>({ body, signatures }: Document<Body>): Embedded<Body> {
  return signatures.length === 0 ? body : { ...body, signatures };
}

/** Canonical bytes of the document with its signatures: what a file holds. */
export function documentBytes<Body extends DocumentHeader>(document: Document<Body>): Uint8Array {
  return canonicalBytes(embed(document));
}

/** No kind of ours is longer. What is goes into error messages, and a stranger's file can hold a megabyte of it. */
const KIND_CHARACTERS_MAX = 32;

/** The `kind` that a parsed value claims, if it claims one that could be a kind. */
export function kindOf(value: Json): string | undefined {
  const kind = typeof value === "object" && !Array.isArray(value) ? (value as JsonObject)["kind"] : undefined;
  return typeof kind === "string" && kind.length <= KIND_CHARACTERS_MAX ? kind : undefined;
}

/**
 * Checks that a document belongs here.
 * @throws DOCUMENT_WRONG_NETWORK, DOCUMENT_WRONG_CUSTODY
 */
export function assertBelongs(
  document: Document<DocumentHeader>,
  home: { network: Network; custody: Digest },
): void {
  const { kind, network, custody } = document.body;
  if (network !== home.network) {
    throw DOCUMENT_WRONG_NETWORK(`${kind} belongs to ${network}, this home to ${home.network}`, {
      field: `${kind}.network`,
      hint: `take it to the home of ${network}`,
    });
  }
  if (custody !== home.custody) {
    throw DOCUMENT_WRONG_CUSTODY(`${kind} belongs to another custody`, {
      field: `${kind}.custody`,
      hint: "take it to the custody whose policy number 1 has the digest in its custody field",
    });
  }
}
