/** Documents as they cross: reading one of a known kind, writing one, telling kinds apart. */
import { parseCanonical } from "../core/canonical.ts";
import {
  documentBytes,
  kindOf,
  parseDocument,
  type Document,
  type DocumentHeader,
  type DocumentType,
} from "../core/document.ts";
import { DOCUMENT_WRONG_KIND } from "../core/document.ts";
import { LIMITS } from "../core/limits.ts";
import type { Call } from "../terminal/command.ts";
import { readCarried } from "../terminal/carried.ts";
import { assertCarriable, carryDocument } from "../terminal/carry.ts";
import { writeOutput } from "../terminal/files.ts";

/** Reads a document of `type` from a file, stdin or QR codes. */
export async function readDocument<Body extends DocumentHeader>(
  { io }: Pick<Call, "io">,
  path: string,
  type: DocumentType<Body>,
): Promise<Document<Body>> {
  return parseDocument(type, await readCarried(io, path, type.bytesMax));
}

/** Reads any document's bytes and the kind that it claims. @throws DOCUMENT_WRONG_KIND when it claims none */
export async function readAnyDocument(
  { io }: Pick<Call, "io">,
  path: string,
): Promise<{ kind: string; bytes: Uint8Array }> {
  const bytes = await readCarried(io, path, LIMITS.documentBytesMax);
  const kind = kindOf(parseCanonical(bytes, LIMITS.documentBytesMax));
  if (kind === undefined) throw DOCUMENT_WRONG_KIND(`${path} names no kind of document`, { field: "kind" });
  return { kind, bytes };
}

/**
 * Writes a document to `path`, then shows or draws its QR codes where they were asked for; with --dry-run it only finds
 * out that it could.
 * @returns the files with codes
 * @throws as `assertCarriable`, `writeOutput` and `carry`
 */
export async function writeDocument<Body extends DocumentHeader>(
  call: Call,
  path: string,
  document: Document<Body>,
  title?: string,
): Promise<readonly string[]> {
  assertCarriable(call);
  if (!call.dryRun)
    writeOutput(call.io, path, documentBytes(document), { force: call.flags["force"] === true });
  return carryDocument(call, document, title);
}
