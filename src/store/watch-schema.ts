/** Tables of what watches over the queue: failures, halts, alerts, comparisons with the chain. See schema.ts. */
import type { AccountId } from "../core/account.ts";
import type { AssetId } from "../core/asset.ts";
import type { ChainId } from "../core/chain.ts";
import type { Digest } from "../core/digest.ts";
import type { Id, Name } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import type { LetterState, ReasonClass } from "../core/states/letters.ts";

export type RetryTable = {
  entity: string;
  entity_id: string;
  step: string;
  failures: number;
  code: string;
  first_failed: Instant;
  next_try: Instant;
};

export type DeadLetterTable = {
  seq: number;
  id: Id;
  entity: string;
  entity_id: string;
  step: string;
  class: ReasonClass;
  code: string;
  why: string;
  payload: Digest;
  attempts: number;
  first_failed: Instant;
  last_failed: Instant;
  state: LetterState;
  version: number;
};

export type HaltFlagTable = {
  seq: number;
  id: Id;
  scope: "everything" | "chain" | "wallet";
  subject: string | null;
  code: Name;
  detail: string | null;
  raised_by: string;
  raised: Instant;
  ended: Instant | null;
  version: number;
};

export type AlertTable = {
  seq: number;
  id: Id;
  kind: string;
  subject: string;
  severity: "critical" | "error" | "warning";
  text: string;
  next: string;
  first_seen: Instant;
  last_seen: Instant;
  cleared: Instant | null;
};

export type DeliveryTable = {
  seq: number;
  id: Id;
  alert: Id;
  event: "firing" | "cleared";
  channel: string;
  state: "PENDING" | "DELIVERED" | "DEAD";
  created: Instant;
};

/** Why this database may not be the whole truth. */
export type QuarantineTable = {
  seq: number;
  id: Id;
  cause: "restored" | "set-back" | "witness-missing" | "signer-ahead" | "foreign-spend" | "differs";
  subject: string;
  detail: string;
  since: Instant;
  ended: Instant | null;
  warrant: Digest | null;
  version: number;
};

export type ReconciliationTable = {
  seq: number;
  id: Id;
  at: Instant;
  instance: string;
  tip_height: number;
  tip_hash: string;
  audit_size: number;
  audit_root: Digest;
  verdict: "even" | "behind" | "differs";
  digest: Digest;
  report: Uint8Array;
  operation: Id;
  chain: ChainId;
};

export type CoinTable = {
  coin: string;
  wallet: Name;
  account: AccountId | null;
  asset: AssetId;
  units: string;
  origin: string;
  height: number;
  spent_by: string | null;
  spent_height: number | null;
  block_hash: string | null;
};

export type ForeignPaymentTable = {
  coin: string;
  transaction_id: string;
  account: AccountId;
  asset: AssetId;
  units: string;
  height: number;
};

export type ForeignBookingTable = {
  transaction_id: string;
  wallet: Name;
  asset: AssetId;
  units: string;
  warrant: Digest;
  operation: Id;
};

export type ForeignSettlementTable = {
  withdrawal: Id;
  coin: string;
  transaction_id: string;
  wallet: Name;
  units: string;
  warrant: Digest;
};
