/** Tables of who and what there is: customers, wallets, sessions, documents, postings. See schema.ts. */
import type { AccountId } from "../core/account.ts";
import type { AssetId } from "../core/asset.ts";
import type { ChainId } from "../core/chain.ts";
import type { Digest } from "../core/digest.ts";
import type { PublicKey } from "../core/ed25519.ts";
import type { Id, Name } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import type { LedgerAccount, PostingReason } from "../core/ledger.ts";
import type { DepositState } from "../core/states/deposit.ts";
import type { KycState } from "../core/states/edges.ts";

export type CustomerTable = {
  seq: number;
  id: Id;
  ref: string;
  state: "OPEN" | "CLOSED";
  version: number;
  created: Instant;
};

/** One row a customer; `id` is the customer's. */
export type KycTable = {
  id: Id;
  state: KycState;
  tier: Name | null;
  expires: Instant | null;
  reason: Name | null;
  version: number;
  created: Instant;
  updated: Instant;
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
  state: DepositState;
  version: number;
  warrant: Digest | null;
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
  last_used: Instant | null;
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
