/** Every kind of document that crosses a boundary: what is not here is of no kind. */
import type { DocumentHeader, DocumentType } from "../document.ts";
import { POLICY } from "../policy/policy.ts";
import { APPROVAL } from "./approval.ts";
import { BENEFICIARY } from "./beneficiary.ts";
import { BUILD } from "./build.ts";
import { BUNDLE } from "./bundle.ts";
import { CLEARANCE } from "./clearance.ts";
import { DEAD } from "./dead.ts";
import { DELEGATION } from "./delegation.ts";
import { EVIDENCE } from "./evidence.ts";
import { IDENTITY_CARD } from "./identity-card.ts";
import { INTENT } from "./intent.ts";
import { PLAN } from "./plan.ts";
import { RATES } from "./rates.ts";
import { RECEIPT } from "./receipt.ts";
import { REHEARSAL } from "./rehearsal.ts";
import { REQUEST } from "./request.ts";
import { REVIEW } from "./review.ts";
import { SIGNER_CARD } from "./signer-card.ts";
import { VOID } from "./void.ts";
import { WARRANT } from "./warrant.ts";
import { HALT, RESUME } from "./halt.ts";

export const DOCUMENT_TYPES: readonly DocumentType<DocumentHeader>[] = [
  APPROVAL,
  BENEFICIARY,
  BUILD,
  BUNDLE,
  CLEARANCE,
  DEAD,
  DELEGATION,
  EVIDENCE,
  HALT,
  IDENTITY_CARD,
  INTENT,
  PLAN,
  POLICY,
  RATES,
  RECEIPT,
  REHEARSAL,
  REQUEST,
  RESUME,
  REVIEW,
  SIGNER_CARD,
  VOID,
  WARRANT,
];
