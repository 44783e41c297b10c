/**
 * Documents as they were imported, byte for byte. One digest may stand under several: two people sign the same body on
 * their own desks. What has been imported is never changed; reading puts the signatures together.
 */
import type { AccountId } from "../core/account.ts";
import {
  documentBytes,
  parseDocument,
  withSignature,
  type Document,
  type DocumentHeader,
  type DocumentType,
} from "../core/document.ts";
import { sha256, type Digest } from "../core/digest.ts";
import { BENEFICIARY, type BeneficiaryDocument } from "../core/documents/beneficiary.ts";
import type { Id } from "../core/identifier.ts";
import { assert } from "../core/errors.ts";
import { equalBytes, toHex } from "../core/hex.ts";
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
  if (kind === BENEFICIARY.kind)
    indexBeneficiary(tx, document as Document<DocumentHeader> as BeneficiaryDocument);
  return content;
}

// Two people sign one destination: its second copy has the same digest.
function indexBeneficiary(tx: Tx, { digest, body }: BeneficiaryDocument): void {
  const sql =
    "INSERT INTO beneficiary (digest, customer, account) VALUES (?, ?, ?) ON CONFLICT (digest) DO NOTHING";
  run(tx, sql, digest, body.customer, body.account);
}

/** A customer's signed destinations for one account, each with all its signatures. */
export function findBeneficiaries(
  reader: Reader,
  customer: Id,
  account: AccountId,
): readonly BeneficiaryDocument[] {
  const sql = "SELECT digest FROM beneficiary WHERE account = ? AND customer = ? ORDER BY digest";
  const digests = all<{ digest: Digest }>(reader, sql, account, customer).map(({ digest }) => digest);
  return findDocuments(reader, BENEFICIARY, digests);
}

/**
 * Documents that were read before, with the very bytes that they were read from; the oldest is forgotten first. A policy
 * and a destination are read in every request, at each of its steps.
 */
const readBefore = new Map<string, { readonly bytes: Uint8Array; readonly document: unknown }>();
const READ_BEFORE_MAX = 256;
const READ_BEFORE_BYTES_MAX = 64 * 1024;

function parsed<Body extends DocumentHeader>(
  type: DocumentType<Body>,
  content: Digest,
  bytes: Uint8Array,
): Document<Body> {
  const key = `${type.kind} ${content}`;
  const before = readBefore.get(key);
  if (before !== undefined && equalBytes(before.bytes, bytes)) return before.document as Document<Body>;
  const document = parseDocument(type, new Uint8Array(bytes));
  if (bytes.length > READ_BEFORE_BYTES_MAX) return document;
  const [oldest] = readBefore.size < READ_BEFORE_MAX ? [] : readBefore.keys();
  if (oldest !== undefined) readBefore.delete(oldest);
  readBefore.set(key, { bytes, document });
  return document;
}

/** The document with all signatures that were imported with it: its bytes are read strictly, its digest is compared. */
export function findDocument<Body extends DocumentHeader>(
  reader: Reader,
  type: DocumentType<Body>,
  digest: Digest,
): Document<Body> | undefined {
  const stored = all<{ content: Digest; bytes: Uint8Array }>(
    reader,
    "SELECT content, bytes FROM document WHERE digest = ? AND kind = ? ORDER BY imported, content",
    digest,
    type.kind,
  );
  const [first, ...others] = stored.map(({ content, bytes }) => parsed(type, content, bytes));
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
