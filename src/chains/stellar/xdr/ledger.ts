/** Ledgers, and those of their entries that say what an account holds: Stellar-ledger.x, Stellar-ledger-entries.x. */
import { ACCOUNT_ID, HASH, NO_EXTENSION, SIGNER, TRUST_LINE_ASSET } from "./accounts.ts";
import {
  int32,
  int64,
  list,
  opaque,
  optional,
  struct,
  uint32,
  uint32Money,
  uint64,
  union,
  varOpaque,
  type ValueOf,
} from "./type.ts";

const SIGNERS_MAX = 20;

const STELLAR_VALUE = struct({
  txSetHash: HASH,
  closeTime: uint64,
  upgrades: list(varOpaque(128), 6),
  ext: union({ basic: [0], signed: [1, struct({ nodeId: ACCOUNT_ID, signature: varOpaque(64) })] }),
});

const LEDGER_HEADER = struct({
  ledgerVersion: uint32,
  previousLedgerHash: HASH,
  scpValue: STELLAR_VALUE,
  txSetResultHash: HASH,
  bucketListHash: HASH,
  ledgerSeq: uint32,
  totalCoins: int64,
  feePool: int64,
  inflationSeq: uint32,
  idPool: uint64,
  baseFee: uint32Money,
  baseReserve: uint32Money,
  maxTxSetSize: uint32,
  skipList: struct({ first: HASH, second: HASH, third: HASH, fourth: HASH }),
  ext: union({ none: [0], flags: [1, struct({ flags: uint32, ext: NO_EXTENSION })] }),
});

/** A header with its hash, as archives and nodes keep it. */
export const HEADER_ENTRY = struct({ hash: HASH, header: LEDGER_HEADER, ext: NO_EXTENSION });

const LIABILITIES = struct({ buying: int64, selling: int64 });

const ACCOUNT_V3 = struct({ ext: NO_EXTENSION, sequenceLedger: uint32, sequenceTime: uint64 });
const ACCOUNT_V2 = struct({
  sponsored: uint32,
  sponsoring: uint32,
  signerSponsors: list(optional(ACCOUNT_ID), SIGNERS_MAX),
  ext: union({ none: [0], v3: [3, ACCOUNT_V3] }),
});
const ACCOUNT_V1 = struct({ liabilities: LIABILITIES, ext: union({ none: [0], v2: [2, ACCOUNT_V2] }) });

const ACCOUNT_ENTRY = struct({
  accountId: ACCOUNT_ID,
  balance: int64,
  sequence: int64,
  subEntries: uint32,
  inflationDestination: optional(ACCOUNT_ID),
  flags: uint32,
  homeDomain: varOpaque(32),
  thresholds: opaque(4),
  signers: list(SIGNER, SIGNERS_MAX),
  ext: union({ none: [0], v1: [1, ACCOUNT_V1] }),
});
export type AccountEntry = ValueOf<typeof ACCOUNT_ENTRY>;

const TRUST_LINE_V2 = struct({ poolUses: int32, ext: NO_EXTENSION });
const TRUST_LINE_V1 = struct({
  liabilities: LIABILITIES,
  ext: union({ none: [0], v2: [2, TRUST_LINE_V2] }),
});

const TRUST_LINE_ENTRY = struct({
  accountId: ACCOUNT_ID,
  asset: TRUST_LINE_ASSET,
  balance: int64,
  limit: int64,
  flags: uint32,
  ext: union({ none: [0], v1: [1, TRUST_LINE_V1] }),
});
export type TrustLineEntry = ValueOf<typeof TRUST_LINE_ENTRY>;

const DATA_ENTRY = struct({
  accountId: ACCOUNT_ID,
  name: varOpaque(64),
  value: varOpaque(64),
  ext: NO_EXTENSION,
});

/** Of the kinds of entries those three that belong to an account. */
export const ACCOUNT_ENTRY_DATA = union({
  account: [0, ACCOUNT_ENTRY],
  trustline: [1, TRUST_LINE_ENTRY],
  data: [3, DATA_ENTRY],
});
export type AccountEntryData = ValueOf<typeof ACCOUNT_ENTRY_DATA>;
