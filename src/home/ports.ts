/** The use cases' ports, implemented by the store. The types make sure that they fit. */
import { insertAttempt } from "../store/attempts.ts";
import { findCustomerByRef } from "../store/customers.ts";
import { documentDigests, findDocument, findDocuments, saveDocument } from "../store/documents.ts";
import { findPlanByDigest, getPlan, insertPlan, movePlan } from "../store/plans.ts";
import { post } from "../store/postings.ts";
import { insertReceipt } from "../store/receipts.ts";
import type { Tx } from "../store/transaction.ts";
import { findAddress, getWallet, insertAddress } from "../store/wallets.ts";
import {
  approvalsOf,
  findWithdrawalByIntent,
  findWithdrawalByKey,
  getWithdrawal,
  insertApproval,
  insertWithdrawal,
  moveWithdrawal,
  withdrawalsOf,
} from "../store/withdrawals.ts";
import type { WithdrawalPorts } from "../withdrawals/ports.ts";

export const PORTS: WithdrawalPorts<Tx> = {
  findCustomerByRef,
  findAddress,
  documentDigests,
  findDocument,
  findDocuments,
  saveDocument,
  insertWithdrawal,
  getWithdrawal,
  findWithdrawalByKey,
  findWithdrawalByIntent,
  withdrawalsOf,
  moveWithdrawal,
  insertApproval,
  approvalsOf,
  post,
  getWallet,
  insertAddress,
  insertPlan,
  getPlan,
  findPlanByDigest,
  movePlan,
  insertReceipt,
  insertAttempt,
};
