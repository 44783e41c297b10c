/** The evidence of the format vectors: its form in full. What it says is not one story; fixtures/evidence has one. */
import { embed, makeDocument } from "../../src/core/document.ts";
import type { ClearanceDocument } from "../../src/core/documents/clearance.ts";
import type { DeadDocument } from "../../src/core/documents/dead.ts";
import { EVIDENCE, type EvidenceDocument } from "../../src/core/documents/evidence.ts";
import type { HaltDocument, ResumeDocument } from "../../src/core/documents/halt.ts";
import type { ReceiptDocument } from "../../src/core/documents/receipt.ts";
import type { VoidDocument } from "../../src/core/documents/void.ts";
import { approval, beneficiary, genesisPolicy, header, intent } from "./documents.ts";
import { AUDIT, plan, request, signedPlan } from "./format-payment.ts";
import { at, fixtureBytes, fixtureDigest, fixtureId, OSCAR } from "./identities.ts";
import { toHex } from "../../src/core/hex.ts";

/** What the other vectors hold of each kind. */
export type EvidenceParts = {
  readonly clearance: ClearanceDocument;
  readonly halt: HaltDocument;
  readonly resume: ResumeDocument;
  readonly dead: DeadDocument;
  readonly void: VoidDocument;
  readonly receipt: ReceiptDocument;
};

export function evidence(parts: EvidenceParts): EvidenceDocument {
  const [attempt] = signedPlan().rungs;
  if (attempt === undefined) throw new Error("the receipt of the vectors signs no rung");
  const row = {
    seq: 1,
    at: at("09:00:00"),
    actor: OSCAR.name,
    operation: fixtureId("operation"),
    entity: "withdrawal",
    entityId: intent().body.id,
    version: 1,
    event: "requested",
    after: { state: "REQUESTED" },
  };
  return makeDocument(EVIDENCE, {
    ...header("evidence"),
    withdrawal: intent().body.id,
    made: at("12:00:00"),
    policies: [{ policy: embed(genesisPolicy()), releases: [] }],
    intents: [embed(intent())],
    beneficiaries: [embed(beneficiary())],
    approvals: [embed(approval(intent()))],
    clearances: [embed(parts.clearance)],
    halts: [embed(parts.halt)],
    resumes: [embed(parts.resume)],
    requests: [embed(request(parts.clearance))],
    receipts: [embed(parts.receipt)],
    partials: [{ plan: plan().digest, rung: 0, afterReceipts: 1, signatures: [...attempt.signatures] }],
    voids: [embed(parts.void)],
    dead: [embed(parts.dead)],
    settlement: {
      plan: plan().digest,
      rung: 0,
      transaction: attempt.transaction,
      bytes: toHex(fixtureBytes("sent")),
      block: { hash: fixtureDigest("block"), height: 102, confirmations: 3 },
    },
    audit: {
      ...AUDIT,
      rows: [{ row, proof: [fixtureDigest("proof")] }],
      extends: [{ size: 1, proof: [fixtureDigest("proof")] }],
    },
  });
}
