/** Documents as files: reading one of a known kind, writing one, telling kinds apart. */
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
import { readInput, writeOutput } from "../terminal/files.ts";

/** Reads a document of `type` from a file or stdin. */
export async function readDocument<Body extends DocumentHeader>(
  { io }: Pick<Call, "io">,
  path: string,
  type: DocumentType<Body>,
): Promise<Document<Body>> {
  return parseDocument(type, await readInput(io, path, type.bytesMax));
}

/** Reads any document's bytes and the kind that it claims. @throws DOCUMENT_WRONG_KIND when it claims none */
export async function readAnyDocument(
  { io }: Pick<Call, "io">,
  path: string,
): Promise<{ kind: string; bytes: Uint8Array }> {
  const bytes = await readInput(io, path, LIMITS.documentBytesMax);
  const kind = kindOf(parseCanonical(bytes, LIMITS.documentBytesMax));
  if (kind === undefined) throw DOCUMENT_WRONG_KIND(`${path} names no kind of document`, { field: "kind" });
  return { kind, bytes };
}

/** Writes a document to `path`; with --dry-run only says so by writing nothing. */
export function writeDocument<Body extends DocumentHeader>(
  call: Call,
  path: string,
  document: Document<Body>,
): void {
  if (!call.dryRun)
    writeOutput(call.io, path, documentBytes(document), { force: call.flags["force"] === true });
}
