/**
 * Judges a file of evidence: pure, without database, network or clock. Trust begins at the custody id, the digest of
 * policy number 1; whoever has that from elsewhere needs to believe nothing that this file merely says.
 */
import type { ChainCodec } from "../chains/adapter.ts";
import type { Digest } from "../core/digest.ts";
import type { EvidenceDocument } from "../core/documents/evidence.ts";
import type { ReceiptDocument } from "../core/documents/receipt.ts";
import { judgePartial, judgePayment, judgeSignatures, judgeTransaction } from "./bytes.ts";
import { judged, notProven, type Claim } from "./claim.ts";
import { judgeFees } from "./fees.ts";
import { openEvidence, type OpenEvidence } from "./opened.ts";
import { judgeBlock, judgeDead, judgeNothingElse, judgeObjections, judgeOnce, judgeVoid } from "./outcome.ts";
import {
  heardBy,
  judgeApproval,
  judgeCustody,
  judgeDestination,
  judgeDocuments,
  judgePolicies,
  judgeRequest,
  judgeRoles,
  judgeSubject,
  officersOf,
} from "./people.ts";
import { judgeRecord, judgeRoot, judgeRows } from "./record.ts";
import { judgeReview } from "./reviewed.ts";

/**
 * @param custody the custody id that the reader has from elsewhere
 * @returns every claim in the order in which one rests on the next; the file is good when none has FAILED
 * @throws DOCUMENT_MALFORMED
 */
export function verifyEvidence(
  document: EvidenceDocument,
  codecs: readonly ChainCodec<unknown>[],
  custody?: Digest,
): readonly Claim[] {
  const opened = openEvidence(document, codecs);
  const { body, plans, requests, voids, dead } = opened;
  return [
    judged("custody", "", () => judgeCustody(opened, custody)),
    judged("policies", "", () => judgePolicies(opened)),
    judged("documents", "", () => judgeDocuments(opened)),
    judged("subject", "", () => judgeSubject(opened)),
    ...requests.map((request) => judged("request", request.name, () => judgeRequest(opened, request))),
    ...plans.map((plan) => judged("payment", plan.name, () => judgePayment(opened, plan))),
    ...plans.map((plan) => judged("fees", plan.name, () => judgeFees(opened, plan))),
    ...signing(opened),
    ...body.partials.map((one) =>
      judged("signatures", "another maker's signer", () => judgePartial(opened, one)),
    ),
    judged("transaction", "", () => judgeTransaction(opened)),
    judged("block", "", () => judgeBlock(opened)),
    judged("once", "", () => judgeOnce(opened)),
    judged("nothing else", "", judgeNothingElse),
    judged("objections", "", () => judgeObjections(opened)),
    ...voids.map((one) => judged("closed", one.body.signer, () => judgeVoid(opened, one))),
    ...dead.map((one) => judged("dead", one.body.plan, () => judgeDead(opened, one))),
    judged("audit rows", "", () => judgeRows(opened)),
    judged("record", "", () => judgeRecord(opened)),
  ];
}

function signing(opened: OpenEvidence): readonly Claim[] {
  if (opened.receipts.length === 0)
    return [
      judged("signatures", "", () => notProven("no signer's receipt is here: nothing is known to be signed")),
    ];
  return opened.receipts.flatMap((receipt) => judgedReceipt(opened, receipt));
}

function judgedReceipt(opened: OpenEvidence, receipt: ReceiptDocument): readonly Claim[] {
  const about = `${receipt.body.signer}, ${requestName(opened, receipt)}`;
  const signatures = judged("signatures", about, () => judgeSignatures(opened, receipt));
  if (receipt.body.outcome.type === "refused") return [signatures];
  return [
    judged("destination", about, () => judgeDestination(heardBy(opened, receipt))),
    judged("approval", about, () => judgeApproval(heardBy(opened, receipt))),
    judged("roles", about, () => judgeRoles(opened, heardBy(opened, receipt), officersOf(opened, receipt))),
    judged("review", about, () => judgeReview(opened, receipt)),
    signatures,
    judged("audit root", about, () => judgeRoot(opened, receipt)),
  ];
}

function requestName(opened: OpenEvidence, receipt: ReceiptDocument): string {
  return (
    opened.requests.find(({ document }) => document.digest === receipt.body.request)?.name ??
    "no request here"
  );
}

export function hasFailed(claims: readonly Claim[]): boolean {
  return claims.some(({ verdict }) => verdict === "FAILED");
}
