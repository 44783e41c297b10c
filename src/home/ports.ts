/** The use cases' ports, implemented by the store. The types make sure that they fit. */
import { findKyc, moveKyc, openKyc } from "../store/kyc.ts";
import { attemptsOf, getAttempt, insertAttempt, moveAttempt, wantAttempt } from "../store/attempts.ts";
import { auditHead } from "../store/audit.ts";
import { proveConsistency } from "../store/audit-proof.ts";
import { findCustomerByRef } from "../store/customers.ts";
import { decisionsOf, insertDecision } from "../store/decisions.ts";
import { beganAt, decisionSubjects, proveRowsAbout } from "../store/evidence.ts";
import { documentDigests, findDocument, findDocuments, saveDocument } from "../store/documents.ts";
import {
  findPlanByDigest,
  getPlan,
  insertPlan,
  intentsOfPlan,
  lineOf,
  movePlan,
  plansOfWithdrawal,
  spendingsSince,
} from "../store/plans.ts";
import { policiesSince } from "../store/policies.ts";
import { post, postingsAbout } from "../store/postings.ts";
import {
  countersigned,
  insertHeads,
  insertReceipt,
  insertRequest,
  insertRungSignatures,
  lastHeads,
  numberOfHead,
  placesExported,
  receiptsOf,
  requestsOf,
  rungSignaturesOf,
} from "../store/receipts.ts";
import type { Reader } from "../store/statement.ts";
import type { Tx } from "../store/transaction.ts";
import {
  findMovement,
  findMovementByIntent,
  getMovement,
  insertMovement,
  insertMovementDecision,
  movementDecisionsOf,
  movementOfPlan,
  moveMovement,
  plansOfMovement,
} from "../store/treasury.ts";
import { findAddress, getWallet, insertAddress } from "../store/wallets.ts";
import {
  findWithdrawal,
  findWithdrawalByIntent,
  findWithdrawalByKey,
  getWithdrawal,
  insertWithdrawal,
  moveWithdrawal,
  withdrawalsOf,
} from "../store/withdrawals.ts";
import type { EvidencePorts } from "../evidence/ports.ts";
import type { KycPorts } from "../kyc/ports.ts";
import type { WithdrawalPorts } from "../withdrawals/ports.ts";

export const KYC_PORTS: KycPorts<Tx> = { findKyc, openKyc, moveKyc };

/** Those that only read, for commands that show and for the watcher: they need no transaction. */
export const READS = {
  findKyc,
  documentDigests,
  findDocument,
  findDocuments,
  decisionsOf,
  policiesSince,
  attemptsOf,
  findPlanByDigest,
  intentsOfPlan,
  lineOf,
  plansOfWithdrawal,
  requestsOf,
};

/** What gathering evidence reads. */
export const EVIDENCE_PORTS: EvidencePorts<Reader> = {
  ...READS,
  getWithdrawal,
  decisionSubjects,
  requestsOf,
  receiptsOf,
  rungSignaturesOf,
  attemptsOf,
  postingsAbout,
  proveRowsAbout,
  proveConsistency,
  beganAt,
};

export const PORTS: WithdrawalPorts<Tx> = {
  findCustomerByRef,
  findAddress,
  findKyc,
  documentDigests,
  findDocument,
  findDocuments,
  saveDocument,
  policiesSince,
  insertWithdrawal,
  getWithdrawal,
  findWithdrawal,
  findWithdrawalByKey,
  findWithdrawalByIntent,
  withdrawalsOf,
  moveWithdrawal,
  insertDecision,
  decisionsOf,
  post,
  getWallet,
  insertAddress,
  insertPlan,
  getPlan,
  findPlanByDigest,
  movePlan,
  intentsOfPlan,
  lineOf,
  plansOfWithdrawal,
  spendingsSince,
  insertRequest,
  requestsOf,
  placesExported,
  insertReceipt,
  insertHeads,
  lastHeads,
  numberOfHead,
  countersigned,
  auditHead,
  proveConsistency,
  insertRungSignatures,
  rungSignaturesOf,
  insertAttempt,
  attemptsOf,
  getAttempt,
  moveAttempt,
  wantAttempt,
  insertMovement,
  getMovement,
  findMovement,
  findMovementByIntent,
  movementOfPlan,
  plansOfMovement,
  moveMovement,
  insertMovementDecision,
  movementDecisionsOf,
};
