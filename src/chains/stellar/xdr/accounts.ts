/** Accounts, signers, assets and memos as ledgers have them: Stellar-types.x, Stellar-ledger-entries.x, Stellar-transaction.x. */
import {
  enumeration,
  int32,
  list,
  opaque,
  optional,
  recursive,
  int64,
  struct,
  uint32,
  uint64,
  union,
  varOpaque,
  type ValueOf,
  type Xdr,
} from "./type.ts";

export const HASH = opaque(32);

/** An Ed25519 public key of 32 bytes: `PublicKey` has no other kind. */
export const ACCOUNT_ID = union({ ed25519: [0, HASH] });
export type XdrAccountId = ValueOf<typeof ACCOUNT_ID>;

const MED25519 = struct({ id: uint64, ed25519: HASH });

/** An account, or one with a number that its owner tells payments apart by (CAP-27). */
export const MUXED_ACCOUNT = union({ ed25519: [0, HASH], muxed: [0x100, MED25519] });
export type XdrMuxedAccount = ValueOf<typeof MUXED_ACCOUNT>;

/** CAP-40 has the fourth kind. */
export const SIGNER_KEY = union({
  ed25519: [0, HASH],
  preAuthTx: [1, HASH],
  hashX: [2, HASH],
  signedPayload: [3, struct({ ed25519: HASH, payload: varOpaque(64) })],
});

export const SIGNER = struct({ key: SIGNER_KEY, weight: uint32 });

const ALPHANUM4 = struct({ code: opaque(4), issuer: ACCOUNT_ID });
const ALPHANUM12 = struct({ code: opaque(12), issuer: ACCOUNT_ID });

export const ASSET = union({ native: [0], alphanum4: [1, ALPHANUM4], alphanum12: [2, ALPHANUM12] });
export type XdrAsset = ValueOf<typeof ASSET>;

const POOL_PARAMETERS = union({
  constantProduct: [0, struct({ assetA: ASSET, assetB: ASSET, fee: int32 })],
});

export const CHANGE_TRUST_ASSET = union({
  native: [0],
  alphanum4: [1, ALPHANUM4],
  alphanum12: [2, ALPHANUM12],
  pool: [3, POOL_PARAMETERS],
});

export const TRUST_LINE_ASSET = union({
  native: [0],
  alphanum4: [1, ALPHANUM4],
  alphanum12: [2, ALPHANUM12],
  poolShare: [3, HASH],
});

export const ASSET_CODE = union({ code4: [1, opaque(4)], code12: [2, opaque(12)] });

export const PRICE = struct({ n: int32, d: int32 });

export const CLAIMABLE_BALANCE_ID = union({ v0: [0, HASH] });

export type XdrClaimPredicate =
  | { readonly type: "unconditional" }
  | { readonly type: "and" | "or"; readonly value: readonly XdrClaimPredicate[] }
  | { readonly type: "not"; readonly value: XdrClaimPredicate | undefined }
  | { readonly type: "before" | "beforeRelative"; readonly value: bigint };

const CLAIM_PREDICATE: Xdr<XdrClaimPredicate> = recursive(() => PREDICATE);
const PREDICATE: Xdr<XdrClaimPredicate> = union({
  unconditional: [0],
  and: [1, list(CLAIM_PREDICATE, 2)],
  or: [2, list(CLAIM_PREDICATE, 2)],
  not: [3, optional(CLAIM_PREDICATE)],
  before: [4, int64],
  beforeRelative: [5, int64],
});

export const CLAIMANT = union({ v0: [0, struct({ destination: ACCOUNT_ID, predicate: CLAIM_PREDICATE })] });

export const MEMO = union({
  none: [0],
  text: [1, varOpaque(28)],
  id: [2, uint64],
  hash: [3, HASH],
  return: [4, HASH],
});
export type XdrMemo = ValueOf<typeof MEMO>;

/** A union that has one arm, and that says nothing, until a later protocol extends it. */
export const NO_EXTENSION = union({ none: [0] });

export const DURABILITY = enumeration({ temporary: 0, persistent: 1 });
