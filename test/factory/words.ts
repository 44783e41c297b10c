/** People's words that are brought to a signer by themselves: a rejection, a halt, its end. */
import type { Digest } from "../../src/core/digest.ts";
import { makeDocument } from "../../src/core/document.ts";
import type { ApprovalDocument } from "../../src/core/documents/approval.ts";
import {
  HALT,
  RESUME,
  type Halt,
  type HaltDocument,
  type Resume,
  type ResumeDocument,
} from "../../src/core/documents/halt.ts";
import type { IntentDocument } from "../../src/core/documents/intent.ts";
import type { Name } from "../../src/core/identifier.ts";
import type { Instant } from "../../src/core/instant.ts";
import { approval, header, signedDocument } from "./documents.ts";
import { ANNA, at, BEN, fixtureId, type Cast } from "./identities.ts";

export function rejection(of: IntentDocument, signers: readonly Cast[] = [BEN]): ApprovalDocument {
  return approval(of, signers, { decision: "reject", custody: of.body.custody });
}

export function halt(
  custody: Digest,
  changes: Partial<Halt> = {},
  signers: readonly Cast[] = [ANNA],
  when: Instant = at("09:10:00"),
): HaltDocument {
  const body: Halt = {
    ...header("halt"),
    custody,
    id: fixtureId("halt"),
    scope: { of: "everything" },
    code: "incident" as Name,
    policy: 1,
    ...changes,
  };
  return signedDocument(makeDocument(HALT, body), signers, when);
}

export function resume(
  of: HaltDocument,
  changes: Partial<Resume> = {},
  signers: readonly Cast[] = [ANNA, BEN],
  when: Instant = at("09:20:00"),
): ResumeDocument {
  const body: Resume = {
    ...header("resume"),
    custody: of.body.custody,
    halt: of.digest,
    policy: 1,
    ...changes,
  };
  return signedDocument(makeDocument(RESUME, body), signers, when);
}
