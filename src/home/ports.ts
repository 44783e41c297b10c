/** The use cases' ports, implemented by the store. The types make sure that they fit. */
import { findKyc, moveKyc, openKyc } from "../store/kyc.ts";
import { attemptsOf, getAttempt, insertAttempt, moveAttempt, wantAttempt } from "../store/attempts.ts";
import { accountsEndingAlike } from "../store/known-accounts.ts";
import { auditHead } from "../store/audit.ts";
import { proveConsistency } from "../store/audit-proof.ts";
import { findCustomerByRef } from "../store/customers.ts";
import {
  clearRetry,
  findLetter,
  findRetry,
  insertLetter,
  moveLetter,
  saveRetry,
  type Letter,
} from "../store/dead-letters.ts";
import { findGoneDeposit } from "../store/deposits.ts";
import { decisionsOf, insertDecision } from "../store/decisions.ts";
import { beganAt, decisionSubjects, proveRowsAbout } from "../store/evidence.ts";
import {
  documentDigests,
  findBeneficiaries,
  findDocument,
  findDocuments,
  saveDocument,
} from "../store/documents.ts";
import { noteLateDecision } from "../store/late-decisions.ts";
import { findLimitUse, insertLimitUse, limitUses } from "../store/limit-use.ts";
import {
  childrenOf,
  findPlanByDigest,
  getPlan,
  insertPlan,
  intentsOfPlan,
  lineOf,
  movePlan,
  plansOfWithdrawal,
  plansOver,
  spendingsSince,
} from "../store/plans.ts";
import { overdueMovements, overdueWithdrawals } from "../store/overdue.ts";
import { policiesSince } from "../store/policies.ts";
import { findNewestRates } from "../store/rates.ts";
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
import { inQuarantine, mayLackRows } from "../store/quarantine.ts";
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
import { findAddress, insertAddress } from "../store/wallets.ts";
import {
  findWithdrawal,
  findWithdrawalByIntent,
  findWithdrawalByKey,
  getWithdrawal,
  insertWithdrawal,
  moveWithdrawal,
  withdrawalsOf,
} from "../store/withdrawals.ts";
import { listWithdrawals } from "../store/withdrawal-lists.ts";
import { haltFlags } from "../store/halt-flags.ts";
import { findForeignSettlement } from "../store/foreign.ts";
import { findSighting, insertSighting, newSightings } from "../store/sightings.ts";
import type { EvidencePorts } from "../evidence/ports.ts";
import type { KycPorts } from "../kyc/ports.ts";
import type { LatePorts } from "../withdrawals/deciding/late.ts";
import type { OverduePorts } from "../withdrawals/ending/expire.ts";
import type { MemberPorts } from "../withdrawals/planning/members.ts";
import type { LetterPorts } from "../withdrawals/settling/dead-letters.ts";
import type { WithdrawalPorts } from "../withdrawals/ports.ts";

export const LETTER_READS = { findRetry, findLetter };

export const OVERDUE_PORTS: OverduePorts<Reader> = { overdueWithdrawals, overdueMovements };

export const LETTER_PORTS: LetterPorts<Tx, Letter> = {
  findRetry,
  saveRetry,
  clearRetry,
  findLetter,
  insertLetter,
  moveLetter,
};

export const LATE_PORTS: LatePorts<Tx> = { findWithdrawalByIntent, findMovementByIntent, noteLateDecision };

export const KYC_PORTS: KycPorts<Tx> = { findKyc, openKyc, moveKyc };

/** Those that only read, for commands that show and for the watcher: they need no transaction. */
export const READS = {
  findSighting,
  findGoneDeposit,
  findNewestRates,
  findLimitUse,
  limitUses,
  haltFlags,
  findKyc,
  documentDigests,
  findDocument,
  findDocuments,
  decisionsOf,
  policiesSince,
  mayLackRows,
  attemptsOf,
  findPlanByDigest,
  intentsOfPlan,
  lineOf,
  plansOfWithdrawal,
  plansOfMovement,
  movementOfPlan,
  findWithdrawal,
  findMovement,
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
  findSighting,
  findGoneDeposit,
  newSightings,
  insertSighting,
  findForeignSettlement,
  findBeneficiaries,
  findNewestRates,
  insertLimitUse,
  findLimitUse,
  limitUses,
  haltFlags,
  findCustomerByRef,
  findAddress,
  accountsEndingAlike,
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
  inQuarantine,
  mayLackRows,
  post,
  insertAddress,
  insertPlan,
  childrenOf,
  getPlan,
  findPlanByDigest,
  movePlan,
  intentsOfPlan,
  lineOf,
  plansOfWithdrawal,
  plansOver,
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

/** To choose what a plan pays. */
export const MEMBER_PORTS: MemberPorts<Tx> = { ...PORTS, getWithdrawal, withdrawalsOf, listWithdrawals };
