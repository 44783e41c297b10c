/** Ports about what the chain shows of our coins, and what people conclude from it; the store implements them. */
import { auditHead } from "../store/audit.ts";
import {
  attemptsUnseen,
  coinFlows,
  findCoin,
  insertCoin,
  planOfTransaction,
  saveSeenBlock,
  seenTip,
  spendCoin,
} from "../store/coins.ts";
import { getPlan, plansOfWithdrawal, plansOver } from "../store/plans.ts";
import { findDeposit, insertDeposit, moveDeposit } from "../store/deposits.ts";
import { availableOf, post, postingsAbout } from "../store/postings.ts";
import {
  acceptedDifferences,
  instanceOf,
  openQuarantine,
  openQuarantines,
  wasQuarantined,
} from "../store/quarantine.ts";
import { placesCountersigned, walletBalances } from "../store/reconciliations.ts";
import type { Reader } from "../store/statement.ts";
import type { Tx } from "../store/transaction.ts";
import { findAddress, insertAddress } from "../store/wallets.ts";
import { moveWithdrawal } from "../store/withdrawals.ts";
import {
  bookedLoss,
  endForeignSettlement,
  feeOf,
  findForeignBooking,
  findForeignSettlement,
  foreignSettlementsOf,
  insertForeignBooking,
  insertForeignSettlement,
  takenBy,
} from "../store/foreign.ts";
import {
  endSighting,
  foreignPayments,
  insertForeignPayment,
  insertSighting,
  newSightings,
  openSightings,
  sightingsOf,
} from "../store/sightings.ts";
import type { AdoptionPorts } from "../withdrawals/following/adopt.ts";
import type { BlockPorts } from "../withdrawals/following/blocks.ts";
import type { CreditPorts } from "../withdrawals/settling/credit.ts";
import type { ForeignPorts } from "../withdrawals/following/foreign.ts";
import type { UnpaidPorts } from "../withdrawals/settling/unpaid.ts";
import type { DepositPorts } from "../withdrawals/settling/uncredit.ts";
import type { ReconcilePorts } from "../withdrawals/settling/reconcile.ts";
import { PORTS } from "./ports.ts";

/** What blocks show of our coins. */
export const BLOCK_PORTS: BlockPorts<Tx> = {
  findAddress,
  insertAddress,
  findCoin,
  insertCoin,
  spendCoin,
  planOfTransaction,
  plansOver,
  getPlan,
  insertForeignPayment,
  newSightings,
  insertSighting,
  wasQuarantined,
  openQuarantine,
  saveSeenBlock,
};

/** What becomes of an attempt that a block holds before its receipt is here. */
export const ADOPTION_PORTS: AdoptionPorts<Tx> = { ...PORTS, takenBy };

/** What becomes of a deposit whose block has left the chain. */
export const DEPOSIT_PORTS: DepositPorts<Tx> = { moveDeposit, availableOf, post, postingsAbout };

export const DEPOSIT_READS = { availableOf };

export const CREDIT_READS = { findCoin, findAddress, findDeposit, planOfTransaction, takenBy };

/** How people credit what came to an address of nobody's. */
export const CREDIT_PORTS: CreditPorts<Tx> = { ...CREDIT_READS, insertDeposit, post };

/** What people decide of transactions that are no attempts of ours. */
export const FOREIGN_PORTS: ForeignPorts<Tx> = {
  post,
  moveWithdrawal,
  plansOfWithdrawal,
  planOfTransaction,
  takenBy,
  feeOf,
  foreignPayments,
  findForeignBooking,
  insertForeignBooking,
  foreignSettlementsOf,
  insertForeignSettlement,
  bookedLoss,
};

/** What they take back of that. */
export const UNPAID_PORTS: UnpaidPorts<Tx> = {
  post,
  moveWithdrawal,
  takenBy,
  feeOf,
  foreignSettlementsOf,
  findForeignSettlement,
  endForeignSettlement,
  bookedLoss,
  sightingsOf,
  insertSighting,
  endSighting,
};

export const FOREIGN_READS = {
  findForeignBooking,
  foreignPayments,
  foreignSettlementsOf,
  planOfTransaction,
  takenBy,
};

export const UNPAID_READS = { findForeignSettlement, foreignPayments, sightingsOf, takenBy };

/** What is compared with the chain. */
export const RECONCILE_PORTS: ReconcilePorts<Reader> = {
  acceptedDifferences,
  instanceOf,
  auditHead,
  seenTip,
  coinFlows,
  walletBalances,
  attemptsUnseen,
  placesCountersigned,
  openQuarantines,
  openSightings,
};
