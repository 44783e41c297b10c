/** What gathering evidence needs of a store. It only reads; `Reader` is opaque here. */
import type { AttemptKind } from "../chains/attempts.ts";
import type { Digest } from "../core/digest.ts";
import type { Document, DocumentHeader, DocumentType } from "../core/document.ts";
import type { EvidenceRow } from "../core/documents/evidence.ts";
import type { InputSignature } from "../core/documents/receipt.ts";
import type { Id, Name } from "../core/identifier.ts";
import type { AttemptState } from "../core/states/edges.ts";

type Subject = { readonly entity: string; readonly id: string };

export type KeptAttempt = {
  readonly id: Id;
  readonly plan: Id;
  readonly rung: number;
  readonly kind: AttemptKind;
  readonly txid: Digest;
  readonly bytes: Uint8Array;
  readonly state: AttemptState;
  readonly block: { readonly hash: string; readonly height: number } | undefined;
  readonly confirmationsSeen: number;
  readonly effect?: { readonly failed: boolean } | undefined;
};

export type EvidencePorts<Reader> = {
  getWithdrawal(reader: Reader, id: Id): { readonly id: Id; readonly intent: Digest | undefined };
  findDocument<Body extends DocumentHeader>(
    reader: Reader,
    type: DocumentType<Body>,
    digest: Digest,
  ): Document<Body> | undefined;
  findDocuments<Body extends DocumentHeader>(
    reader: Reader,
    type: DocumentType<Body>,
    digests: readonly Digest[],
  ): readonly Document<Body>[];
  documentDigests(reader: Reader, kind: string): readonly Digest[];
  decisionsOf(reader: Reader, withdrawal: Id, kind: string): readonly Digest[];
  decisionSubjects(reader: Reader, withdrawal: Id): readonly string[];
  /** Digests of the policies since number `from`, the newest first. */
  policiesSince(reader: Reader, from: number): readonly { readonly digest: Digest }[];
  plansOfWithdrawal(
    reader: Reader,
    withdrawal: Id,
  ): readonly { readonly id: Id; readonly digest: Digest; readonly wallet: Name }[];
  requestsOf(reader: Reader, plan: Id): readonly Digest[];
  receiptsOf(reader: Reader, plan: Id): readonly { readonly receipt: Digest }[];
  rungSignaturesOf(
    reader: Reader,
    plan: Id,
  ): readonly {
    readonly rung: number;
    readonly source: string;
    readonly signatures: readonly InputSignature[];
  }[];
  attemptsOf(reader: Reader, plan: Id): readonly KeptAttempt[];
  postingsAbout(
    reader: Reader,
    subject: string,
  ): readonly { readonly reason: string; readonly subject: string; readonly turn: number }[];
  proveRowsAbout(
    reader: Reader,
    subjects: readonly Subject[],
  ): {
    readonly size: number;
    readonly root: Digest;
    readonly rows: readonly { readonly row: EvidenceRow; readonly proof: readonly Digest[] }[];
  };
  proveConsistency(reader: Reader, from: number): { readonly proof: readonly Digest[] };
  beganAt(reader: Reader, subject: Subject): number;
};
