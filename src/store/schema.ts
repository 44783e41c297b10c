/** The rows of each table, as statements give them. A test compares names and columns with the migrated database. */
import type { AccountId } from "../core/account.ts";
import type { AssetId } from "../core/asset.ts";
import type { MovementType } from "../core/documents/intent-types.ts";
import type { ChainId } from "../core/chain.ts";
import type { Currency } from "../core/currency.ts";
import type { Digest } from "../core/digest.ts";
import type { Id, Name } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import type { LedgerAccount } from "../core/ledger.ts";
import type { Scope } from "../core/policy/online/section.ts";
import type { AttemptState, MovementState, PlanState, WithdrawalState } from "../core/states/edges.ts";
import type { HoldState } from "../core/states/holds.ts";
import type {
  AddressTable,
  CustomerTable,
  DepositTable,
  DocumentTable,
  EntryTable,
  KycTable,
  PostingTable,
  SessionTable,
  WalletTable,
} from "./records-schema.ts";
import type {
  AlertTable,
  CoinTable,
  ForeignBookingTable,
  ForeignSettlementTable,
  DeadLetterTable,
  DeliveryTable,
  ForeignPaymentTable,
  HaltFlagTable,
  QuarantineTable,
  ReconciliationTable,
  RetryTable,
} from "./watch-schema.ts";

export type WithdrawalTable = {
  seq: number;
  id: Id;
  customer: Id;
  asset: AssetId;
  units: string;
  account: AccountId;
  beneficiary: Digest;
  client_key: string;
  body_hash: Digest;
  intent: Digest | null;
  expires: Instant | null;
  state: WithdrawalState;
  reason: string | null;
  code: Name | null;
  holder: string | null;
  warrant: Digest | null;
  plan: Id | null;
  version: number;
  created: Instant;
  updated: Instant;
};

export type MovementTable = {
  seq: number;
  id: Id;
  type: MovementType;
  wallet: Name;
  destination: Name | null;
  target: Id | null;
  child_of: Id | null;
  asset: AssetId;
  units: string;
  intent: Digest;
  expires: Instant | null;
  state: MovementState;
  reason: string | null;
  version: number;
  created: Instant;
  updated: Instant;
};

export type MovementDecisionTable = {
  subject: string;
  content: Digest;
  movement: Id;
  kind: string;
  digest: Digest;
  at: Instant;
};

export type PlanTable = {
  seq: number;
  id: Id;
  wallet: Name;
  digest: Digest;
  state: PlanState;
  version: number;
  request: Digest | null;
  snapshot: Uint8Array;
  build: Uint8Array;
  previous: Uint8Array;
  replaces: Id | null;
  change_index: number | null;
  fee_units: string;
  created: Instant;
  updated: Instant;
};

export type PlanParentTable = { plan: Id; txid: Digest };

export type AttemptTable = {
  seq: number;
  id: Id;
  plan: Id;
  rung: number;
  kind: "rung" | "cancel";
  fee_units: string;
  wanted: Instant | null;
  txid: Digest;
  bytes: Uint8Array;
  state: AttemptState;
  version: number;
  block_hash: string | null;
  height: number | null;
  confirmations_seen: number;
  last_error: string | null;
  created: Instant;
  updated: Instant;
  failed: 0 | 1;
  paid_units: string | null;
  network_id: string | null;
  shortfalls: string | null;
};

export type DecisionTable = {
  subject: string;
  content: Digest;
  withdrawal: Id;
  kind: string;
  digest: Digest;
  at: Instant;
};

export type PlanIntentTable = {
  plan: Id;
  place: number;
  intent: Digest;
  withdrawal: Id | null;
  policy_row: Name;
  units: string;
};

export type RequestTable = {
  request: Digest;
  plan: Id;
  audit_epoch: number;
  audit_size: number;
  exported: Instant;
  operation: Id;
};

export type RequestPlanTable = { request: Digest; plan: Id };

export type ReceiptTable = {
  seq: number;
  receipt: Digest;
  request: Digest;
  signer: Name;
  epoch: number;
  outcome: "signed" | "refused";
  gate: string | null;
  rule: string | null;
  audit_epoch: number | null;
  audit_size: number | null;
  imported: Instant;
  operation: Id;
};

export type RungSignatureTable = {
  subject: string;
  plan: Id;
  rung: number;
  source: string;
  txid: Digest;
  signatures: Uint8Array;
  at: Instant;
};

export type AuditTable = {
  seq: number;
  at: Instant;
  actor: string;
  operation: Id;
  entity: string;
  entity_id: string;
  version: number;
  event: string;
  before: string | null;
  after: string | null;
  leaf: Uint8Array;
};

/** Which account of which customer a stored destination is about. */
export type BeneficiaryTable = { digest: Digest; customer: Id; account: AccountId };

export type RatesTable = {
  digest: Digest;
  currency: Currency;
  issued: Instant;
  expires: Instant;
  imported: Instant;
};

/** What a withdrawal takes of the online limits. */
export type LimitUseTable = {
  seq: number;
  withdrawal: Id;
  at: Instant;
  customer: Id;
  account: AccountId;
  tier: Name;
  chain: ChainId;
  asset: AssetId;
  units: string;
  currency: Currency | null;
  minor_units: string | null;
  rates: Digest | null;
  released: Instant | null;
};

export type LimitSumTable = {
  scope: Scope;
  subject: string;
  span: number;
  start: Instant;
  asset: AssetId;
  currency: Currency | "";
  units: string;
  minor_units: string;
  payments: number;
};

export type Schema = {
  meta: { key: string; value: string };
  edge: { entity: string; from_state: string; to_state: string };
  migration: { number: number; name: string; checksum: string; applied: Instant };
  operation: { id: Id; command: string; actor: string; started: Instant };
  audit_row: AuditTable;
  audit_head: { size: number; root: Digest; at: Instant };
  audit_frontier: { id: 1; size: number; peaks: Uint8Array };
  document: DocumentTable;
  beneficiary: BeneficiaryTable;
  rates: RatesTable;
  limit_use: LimitUseTable;
  limit_sum: LimitSumTable;
  policy_active: { number: number; digest: Digest; activated: Instant };
  customer: CustomerTable;
  kyc: KycTable;
  wallet: WalletTable;
  address: AddressTable;
  deposit: DepositTable;
  chain_cursor: { chain: ChainId; height: number; hash: string };
  quarantine: QuarantineTable;
  reconciliation: ReconciliationTable;
  seen_block: { chain: ChainId; height: number; hash: string };
  coin: CoinTable;
  foreign_payment: ForeignPaymentTable;
  foreign_booking: ForeignBookingTable;
  foreign_settlement: ForeignSettlementTable;
  foreign_settlement_end: { settlement: Digest; warrant: Digest; at: Instant };
  sighting_end: { withdrawal: Id; coin: string; warrant: Digest; at: Instant };
  sighting: { withdrawal: Id; coin: string; transaction_id: string; at: Instant };
  session: SessionTable;
  plan: PlanTable;
  lease: { conflict_key: string; plan: Id };
  withdrawal: WithdrawalTable;
  earlier_intent: { intent: Digest; withdrawal: Id };
  decision: DecisionTable;
  movement: MovementTable;
  movement_decision: MovementDecisionTable;
  plan_intent: PlanIntentTable;
  plan_parent: PlanParentTable;
  plan_conflict_key: { conflict_key: string; plan: Id };
  attempt: AttemptTable;
  request: RequestTable;
  request_plan: RequestPlanTable;
  receipt: ReceiptTable;
  signer_head: { subject: string; signer: Name; epoch: number; number: number; head: Digest };
  rung_signature: RungSignatureTable;
  account_balance: { account: LedgerAccount; asset: AssetId; units: string };
  posting: PostingTable;
  entry: EntryTable;
  retry: RetryTable;
  dead_letter: DeadLetterTable;
  halt_flag: HaltFlagTable;
  alert: AlertTable;
  delivery: DeliveryTable;
  hold: { withdrawal: Id; state: HoldState; updated: Instant };
};
