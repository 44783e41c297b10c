/** What a UR's type name gives its CBOR as meaning. Types that are read here are one byte string, or a structure of `registry/`. */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { declareError } from "../core/errors.ts";
import { LIMITS } from "../core/limits.ts";
import { quoted } from "../core/text.ts";
import { decodeCbor, encodeCbor, type Cbor } from "./cbor.ts";
import type { UrMessage } from "./ur.ts";

export const UR_TYPE_UNKNOWN = declareError(
  "UR_TYPE_UNKNOWN",
  "invalid",
  "A UR is of a type that is not read here, or holds something else than its type promises.",
);

type Content = {
  /**
   * Tags that an embedded value of the type would have (BCR-2020-006): the second version renamed `crypto-psbt` and gave
   * it a new tag. A value at the top has none, says the standard, but some devices write it.
   */
  readonly tags: readonly number[];
  /** Whether the byte string is raw deflate (RFC 1951) of the content: documents are text, a PSBT is hashes. */
  readonly deflated: boolean;
  /** The content is the CBOR itself, which is no byte string (`registry/`). */
  readonly structure?: true;
};

const DOCUMENT: Content = { tags: [], deflated: true };

const TYPES = {
  // Documents of ours cross under the name of their kind. What such a frame holds is judged by itself, like any file.
  "custody-approval": DOCUMENT,
  "custody-beneficiary": DOCUMENT,
  "custody-build": DOCUMENT,
  "custody-bundle": DOCUMENT,
  "custody-clearance": DOCUMENT,
  "custody-dead": DOCUMENT,
  "custody-delegation": DOCUMENT,
  "custody-halt": DOCUMENT,
  "custody-identity-card": DOCUMENT,
  "custody-policy": DOCUMENT,
  "custody-rates": DOCUMENT,
  "custody-receipt": DOCUMENT,
  "custody-rehearsal": DOCUMENT,
  "custody-request": DOCUMENT,
  "custody-resume": DOCUMENT,
  "custody-signer-card": DOCUMENT,
  "custody-void": DOCUMENT,
  "custody-warrant": DOCUMENT,
  // A signer's journal is lines of documents.
  "custody-journal": DOCUMENT,
  "crypto-psbt": { tags: [310, 40310], deflated: false },
  psbt: { tags: [310, 40310], deflated: false },
  // What a device of another maker answers for an account (ERC-4527).
  "eth-signature": { tags: [], deflated: false, structure: true },
} as const satisfies Record<string, Content>;

export type UrType = keyof typeof TYPES;

/** The type of a document of `kind`; undefined for what crosses as a file alone, such as evidence. */
export function urTypeOf(kind: string): UrType | undefined {
  const name = `custody-${kind}`;
  return isUrType(name) ? name : undefined;
}

/**
 * What other makers' software reads of ours and is not read back as a document: structures, whose content is their CBOR
 * (`registry/`), and text as a plain byte string.
 */
export type ForeignUrType = "crypto-account" | "crypto-output" | "crypto-hdkey" | "bytes";

/** Those whose content is the CBOR itself. */
const STRUCTURES: ReadonlySet<UrType | ForeignUrType> = new Set([
  "crypto-account",
  "crypto-output",
  "crypto-hdkey",
  "eth-signature",
]);

/** The CBOR of `content` as `urType`, for `encodeUr`. */
export function urPayload(urType: UrType | ForeignUrType, content: Uint8Array): Uint8Array {
  if (STRUCTURES.has(urType)) return content;
  if (urType === "bytes") return encodeCbor(content);
  return encodeCbor(
    TYPES[urType as UrType].deflated ? new Uint8Array(deflateRawSync(content, { level: 9 })) : content,
  );
}

/**
 * Type and content of a message that a decoder put together. The type's name decides, and a tag must be one of that
 * type's (T8): 401 to 403 are requests of Ethereum devices to one reader, and Bitcoin scripts to another.
 * @throws UR_TYPE_UNKNOWN, CBOR_MALFORMED
 */
export function readUrPayload(message: UrMessage): { readonly urType: UrType; readonly content: Uint8Array } {
  const { urType } = message;
  if (!isUrType(urType)) {
    throw UR_TYPE_UNKNOWN(`UR type ${quoted(urType)} is not read here`, {
      field: "type",
      hint: `scan one of: ${Object.keys(TYPES).join(", ")}`,
    });
  }
  if ("structure" in TYPES[urType]) return { urType, content: message.cbor };
  const bytes = untagged(TYPES[urType].tags, decodeCbor(message.cbor));
  if (!(bytes instanceof Uint8Array)) throw otherContent(urType, "does not hold a byte string of that type");
  return { urType, content: TYPES[urType].deflated ? inflated(urType, bytes) : bytes };
}

function untagged(tags: readonly number[], value: Cbor): Cbor {
  if (typeof value !== "object" || !("tag" in value)) return value;
  return tags.includes(value.tag) ? value.value : value;
}

/** Two megabytes can ask for two gigabytes: zlib stops at the limit, before it takes the memory (T4). */
function inflated(urType: UrType, bytes: Uint8Array): Uint8Array {
  const options = { maxOutputLength: LIMITS.urContentBytesMax, info: true } as const;
  try {
    const { buffer, engine } = inflateRawSync(bytes, options) as unknown as {
      readonly buffer: Buffer;
      readonly engine: { readonly bytesWritten: number };
    };
    // What follows the end of the stream would be read by nobody, and two messages would be one document.
    if (engine.bytesWritten === bytes.length) return new Uint8Array(buffer);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ERR_BUFFER_TOO_LARGE")
      throw otherContent(urType, `decompresses to more than ${LIMITS.urContentBytesMax} bytes`);
    if (code?.startsWith("Z_") !== true) throw error;
  }
  throw otherContent(urType, "does not decompress to one document");
}

function otherContent(urType: UrType, what: string) {
  return UR_TYPE_UNKNOWN(`UR of type ${urType} ${what}`, {
    field: "cbor",
    hint: "carry it as a file, from the machine that made it",
  });
}

function isUrType(name: string): name is UrType {
  return Object.hasOwn(TYPES, name);
}
