/**
 * Documents as they were imported, byte for byte. One digest may stand under several: two people sign the same body on
 * their own desks. What has been imported is never changed; reading puts the signatures together.
 */
import {
  documentBytes,
  parseDocument,
  withSignature,
  type Document,
  type DocumentHeader,
  type DocumentType,
} from "../core/document.ts";
import { sha256, type Digest } from "../core/digest.ts";
import { assert } from "../core/errors.ts";
import { toHex } from "../core/hex.ts";
import { all, get, run, type Reader } from "./statement.ts";
import type { Tx } from "./transaction.ts";

/**
 * Stores a document with its signatures. The same bytes again change nothing.
 * @returns SHA-256 of the stored bytes, signatures included
 */
export function saveDocument<Body extends DocumentHeader>(tx: Tx, document: Document<Body>): Digest {
  const bytes = documentBytes(document);
  const content = toHex(sha256(bytes)) as Digest;
  if (get(tx, "SELECT 1 FROM document WHERE content = ?", content) !== undefined) return content;
  const { digest } = document;
  const { kind } = document.body;
  tx.audit({ entity: "document", entityId: content, version: 1, event: "imported", after: { digest, kind } });
  run(
    tx,
    "INSERT INTO document (content, digest, kind, bytes, imported, operation) VALUES (?, ?, ?, ?, ?, ?)",
    content,
    digest,
    kind,
    bytes,
    tx.now,
    tx.operation,
  );
  return content;
}

/** The document with all signatures that were imported with it, parsed anew and its digest compared. */
export function findDocument<Body extends DocumentHeader>(
  reader: Reader,
  type: DocumentType<Body>,
  digest: Digest,
): Document<Body> | undefined {
  const stored = all<{ bytes: Uint8Array }>(
    reader,
    "SELECT bytes FROM document WHERE digest = ? AND kind = ? ORDER BY imported, content",
    digest,
    type.kind,
  );
  const [first, ...others] = stored.map(({ bytes }) => parseDocument(type, new Uint8Array(bytes)));
  if (first === undefined) return undefined;
  assert(
    first.digest === digest && others.every((other) => other.digest === digest),
    "a stored document has the digest it is stored under",
  );
  return others
    .flatMap(({ signatures }) => signatures)
    .reduce((document, signature) => withSignature(document, signature), first);
}

/** The documents of a kind that a caller names, those that are here; each with all its signatures. */
export function findDocuments<Body extends DocumentHeader>(
  reader: Reader,
  type: DocumentType<Body>,
  digests: readonly Digest[],
): readonly Document<Body>[] {
  return digests.flatMap((digest) => findDocument(reader, type, digest) ?? []);
}

/** Digests of all documents of `kind`. */
export function documentDigests(reader: Reader, kind: string): readonly Digest[] {
  return all<{ digest: Digest }>(
    reader,
    "SELECT DISTINCT digest FROM document WHERE kind = ? ORDER BY digest",
    kind,
  ).map(({ digest }) => digest);
}
