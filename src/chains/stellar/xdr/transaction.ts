/** Transactions, their envelopes, and what signatures commit to: Stellar-transaction.x. */
import { ACCOUNT_ID, ASSET, HASH, MEMO, MUXED_ACCOUNT, NO_EXTENSION, SIGNER_KEY } from "./accounts.ts";
import { CONTRACT_ID_PREIMAGE, INVOCATION } from "./contract.ts";
import { SOROBAN_DATA } from "./ledger-key.ts";
import { OPERATION } from "./operation.ts";
import { SC_ADDRESS } from "./sc-val.ts";
import {
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

/** MAX_OPS_PER_TX. */
const OPERATIONS_MAX = 100;
const SIGNATURES_MAX = 20;

/** In seconds of Unix time; a `maxTime` of 0 is none. */
const TIME_BOUNDS = struct({ minTime: uint64, maxTime: uint64 });

/** CAP-21 has the third kind. A `maxLedger` of 0 is none. */
export const PRECONDITIONS = union({
  none: [0],
  time: [1, TIME_BOUNDS],
  v2: [
    2,
    struct({
      timeBounds: optional(TIME_BOUNDS),
      ledgerBounds: optional(struct({ minLedger: uint32, maxLedger: uint32 })),
      minSeqNum: optional(int64),
      minSeqAge: uint64,
      minSeqLedgerGap: uint32,
      extraSigners: list(SIGNER_KEY, 2),
    }),
  ],
});

export const TRANSACTION = struct({
  source: MUXED_ACCOUNT,
  /** The most that is paid for it, in stroops; for calls of contracts their resource fee lies within. */
  fee: uint32Money,
  sequence: int64,
  preconditions: PRECONDITIONS,
  memo: MEMO,
  operations: list(OPERATION, OPERATIONS_MAX),
  ext: union({ none: [0], soroban: [1, SOROBAN_DATA] }),
});
export type Transaction = ValueOf<typeof TRANSACTION>;

export const DECORATED_SIGNATURE = struct({ hint: opaque(4), signature: varOpaque(64) });
export type DecoratedSignature = ValueOf<typeof DECORATED_SIGNATURE>;

const SIGNATURES = list(DECORATED_SIGNATURE, SIGNATURES_MAX);

const V1 = struct({ tx: TRANSACTION, signatures: SIGNATURES });

const FEE_BUMP = struct({
  feeSource: MUXED_ACCOUNT,
  fee: int64,
  innerTx: union({ tx: [2, V1] }),
  ext: NO_EXTENSION,
});
export type FeeBump = ValueOf<typeof FEE_BUMP>;

/** The form before protocol 13. Nodes still take it; nothing of ours makes it. */
const V0 = struct({
  tx: struct({
    sourceEd25519: HASH,
    fee: uint32Money,
    sequence: int64,
    timeBounds: optional(TIME_BOUNDS),
    memo: MEMO,
    operations: list(OPERATION, OPERATIONS_MAX),
    ext: NO_EXTENSION,
  }),
  signatures: SIGNATURES,
});

export const ENVELOPE = union({
  v0: [0, V0],
  tx: [2, V1],
  feeBump: [5, struct({ tx: FEE_BUMP, signatures: SIGNATURES })],
});
export type Envelope = ValueOf<typeof ENVELOPE>;

/** What a signature is over: its SHA-256 is a transaction's name. */
export const SIGNATURE_PAYLOAD = struct({
  networkId: HASH,
  tagged: union({ tx: [2, TRANSACTION], feeBump: [5, FEE_BUMP] }),
});
export type SignaturePayload = ValueOf<typeof SIGNATURE_PAYLOAD>;

/** What hashes to ids, and to what an account signs to authorise calls (the last one is CAP-71's). */
export const HASH_ID_PREIMAGE = union({
  operationId: [6, struct({ source: ACCOUNT_ID, sequence: int64, operation: uint32 })],
  poolRevokeId: [
    7,
    struct({ source: ACCOUNT_ID, sequence: int64, operation: uint32, liquidityPoolId: HASH, asset: ASSET }),
  ],
  contractId: [8, struct({ networkId: HASH, preimage: CONTRACT_ID_PREIMAGE })],
  sorobanAuthorization: [
    9,
    struct({
      networkId: HASH,
      nonce: int64,
      signatureExpirationLedger: uint32,
      invocation: INVOCATION,
    }),
  ],
  sorobanAuthorizationWithAddress: [
    10,
    struct({
      networkId: HASH,
      nonce: int64,
      signatureExpirationLedger: uint32,
      address: SC_ADDRESS,
      invocation: INVOCATION,
    }),
  ],
});
export type HashIdPreimage = ValueOf<typeof HASH_ID_PREIMAGE>;
