/** What comes into a decision at a desk beside its subject, and what comes out of it to be signed. */
import type { Document, DocumentHeader } from "../../core/document.ts";
import type { Head } from "../../core/documents/approval.ts";
import type { Id } from "../../core/identifier.ts";
import type { Instant } from "../../core/instant.ts";
import type { PolicyDocument } from "../../core/policy/policy.ts";
import type { Seen } from "./seen.ts";

/** What the home and the flags bring to a statement. */
export type Occasion = {
  readonly policy: PolicyDocument | undefined;
  readonly heads: Head[];
  readonly now: Instant;
  /** 128 random bits for a new halt. */
  readonly id: Id;
  readonly flags: {
    readonly tier?: string | undefined;
    readonly refuse?: string | undefined;
    readonly scope?: string | undefined;
    readonly code?: string | undefined;
  };
};

/** What a person is about to sign, and how its reading is confirmed. */
export type Statement = {
  /** What is signed. Signatures that are there already stay. */
  readonly document: Document<DocumentHeader>;
  /** What a person retypes to show that it was read. */
  readonly retype: string;
  /** What a script gives to show the same, each of them. */
  readonly confirm: readonly string[];
  /** What this desk remembers of it. */
  readonly seen: readonly Seen[];
};
