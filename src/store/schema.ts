/** The tables as Kysely sees them. A test compares names and columns with the migrated database. */
import type { AccountId } from "../core/account.ts";
import type { AssetId } from "../core/asset.ts";
import type { ChainId } from "../core/chain.ts";
import type { Digest } from "../core/digest.ts";
import type { PublicKey } from "../core/ed25519.ts";
import type { Id, Name } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import type { LedgerAccount, PostingReason } from "../core/ledger.ts";
import type { AttemptState, PlanState, WithdrawalState } from "../core/states/edges.ts";

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
  state: WithdrawalState;
  reason: string | null;
  plan: Id | null;
  version: number;
  created: Instant;
  updated: Instant;
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
  change_index: number | null;
  fee_units: string;
  created: Instant;
  updated: Instant;
};

export type AttemptTable = {
  seq: number;
  id: Id;
  plan: Id;
  rung: number;
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
};

export type CustomerTable = {
  seq: number;
  id: Id;
  ref: string;
  state: "OPEN" | "CLOSED";
  version: number;
  created: Instant;
};

export type WalletTable = {
  name: Name;
  chain: ChainId;
  descriptor: string;
  registered: Instant;
  next_receive: number;
  next_change: number;
  version: number;
};

export type AddressTable = {
  account: AccountId;
  wallet: Name;
  branch: 0 | 1;
  idx: number;
  customer: Id | null;
  issued: Instant;
};

export type DepositTable = {
  seq: number;
  coin: string;
  account: AccountId;
  customer: Id;
  asset: AssetId;
  units: string;
  block_hash: string;
  height: number;
  operation: Id;
};

export type SessionTable = {
  id: Id;
  operator: Name;
  public_key: PublicKey;
  delegation: Digest;
  started: Instant;
  expires: Instant;
  ended: Instant | null;
  version: number;
};

export type DocumentTable = {
  content: Digest;
  digest: Digest;
  kind: string;
  bytes: Uint8Array;
  imported: Instant;
  operation: Id;
};
export type PostingTable = {
  seq: number;
  reason: PostingReason;
  subject: string;
  turn: number;
  operation: Id;
  at: Instant;
};
export type EntryTable = {
  posting: number;
  line: number;
  account: LedgerAccount;
  asset: AssetId;
  side: "debit" | "credit";
  units: string;
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

export type Schema = {
  meta: { key: string; value: string };
  edge: { entity: string; from_state: string; to_state: string };
  migration: { number: number; name: string; checksum: string; applied: Instant };
  operation: { id: Id; command: string; actor: string; started: Instant };
  audit_row: AuditTable;
  audit_head: { size: number; root: Digest; at: Instant };
  audit_frontier: { id: 1; size: number; peaks: Uint8Array };
  document: DocumentTable;
  policy_active: { number: number; digest: Digest; activated: Instant };
  customer: CustomerTable;
  wallet: WalletTable;
  address: AddressTable;
  deposit: DepositTable;
  chain_cursor: { chain: ChainId; height: number; hash: string };
  session: SessionTable;
  plan: PlanTable;
  lease: { conflict_key: string; plan: Id };
  withdrawal: WithdrawalTable;
  withdrawal_approval: { approval: Digest; withdrawal: Id; digest: Digest; at: Instant };
  attempt: AttemptTable;
  receipt: { request: Digest; receipt: Digest; imported: Instant; operation: Id };
  account_balance: { account: LedgerAccount; asset: AssetId; units: string };
  posting: PostingTable;
  entry: EntryTable;
  hold: { withdrawal: Id; state: HoldState; updated: Instant };
};

export type HoldState = "PLACED" | "RELEASED" | "SENT" | "SETTLED";
