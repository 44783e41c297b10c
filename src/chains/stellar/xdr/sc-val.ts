/** Values of contracts: Stellar-contract.x (CAP-46-01). */
import { ACCOUNT_ID, CLAIMABLE_BALANCE_ID, HASH } from "./accounts.ts";
import {
  bool,
  enumeration,
  int32,
  int64,
  list,
  optional,
  recursive,
  struct,
  uint32,
  uint64,
  union,
  varOpaque,
  type ValueOf,
  type Xdr,
} from "./type.ts";

export const SC_ADDRESS = union({
  account: [0, ACCOUNT_ID],
  contract: [1, HASH],
  muxedAccount: [2, struct({ id: uint64, ed25519: HASH })],
  claimableBalance: [3, CLAIMABLE_BALANCE_ID],
  liquidityPool: [4, HASH],
});
export type ScAddress = ValueOf<typeof SC_ADDRESS>;

/** SCSYMBOL_LIMIT. */
export const SYMBOL = varOpaque(32);

const ERROR_CODE = enumeration({
  arithDomain: 0,
  indexBounds: 1,
  invalidInput: 2,
  missingValue: 3,
  existingValue: 4,
  exceededLimit: 5,
  invalidAction: 6,
  internalError: 7,
  unexpectedType: 8,
  unexpectedSize: 9,
});

const ERROR = union({
  contract: [0, uint32],
  wasmVm: [1, ERROR_CODE],
  context: [2, ERROR_CODE],
  storage: [3, ERROR_CODE],
  object: [4, ERROR_CODE],
  crypto: [5, ERROR_CODE],
  events: [6, ERROR_CODE],
  budget: [7, ERROR_CODE],
  value: [8, ERROR_CODE],
  auth: [9, ERROR_CODE],
});

const UINT128 = struct({ hi: uint64, lo: uint64 });
const INT128 = struct({ hi: int64, lo: uint64 });
const UINT256 = struct({ hiHi: uint64, hiLo: uint64, loHi: uint64, loLo: uint64 });
const INT256 = struct({ hiHi: int64, hiLo: uint64, loHi: uint64, loLo: uint64 });

export const EXECUTABLE = union({ wasm: [0, HASH], stellarAsset: [1] });
export type Executable = ValueOf<typeof EXECUTABLE>;

export type ScMap = readonly { readonly key: ScVal; readonly val: ScVal }[];

type ScInstance = { readonly executable: Executable; readonly storage: ScMap | undefined };

export type ScVal =
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "void" | "ledgerKeyContractInstance" }
  | { readonly type: "error"; readonly value: ValueOf<typeof ERROR> }
  | { readonly type: "u32" | "i32"; readonly value: number }
  | { readonly type: "u64" | "i64" | "timepoint" | "duration"; readonly value: bigint }
  | { readonly type: "u128"; readonly value: ValueOf<typeof UINT128> }
  | { readonly type: "i128"; readonly value: ValueOf<typeof INT128> }
  | { readonly type: "u256"; readonly value: ValueOf<typeof UINT256> }
  | { readonly type: "i256"; readonly value: ValueOf<typeof INT256> }
  | { readonly type: "bytes" | "string" | "symbol"; readonly value: Uint8Array }
  | { readonly type: "vec"; readonly value: readonly ScVal[] | undefined }
  | { readonly type: "map"; readonly value: ScMap | undefined }
  | { readonly type: "address"; readonly value: ScAddress }
  | { readonly type: "contractInstance"; readonly value: ScInstance }
  | { readonly type: "ledgerKeyNonce"; readonly value: { readonly nonce: bigint } };

export const SC_VAL: Xdr<ScVal> = recursive(() => VALUE);
const MAP: Xdr<ScMap> = list(struct({ key: SC_VAL, val: SC_VAL }));

const VALUE: Xdr<ScVal> = union({
  bool: [0, bool],
  void: [1],
  error: [2, ERROR],
  u32: [3, uint32],
  i32: [4, int32],
  u64: [5, uint64],
  i64: [6, int64],
  timepoint: [7, uint64],
  duration: [8, uint64],
  u128: [9, UINT128],
  i128: [10, INT128],
  u256: [11, UINT256],
  i256: [12, INT256],
  bytes: [13, varOpaque()],
  string: [14, varOpaque()],
  symbol: [15, SYMBOL],
  vec: [16, optional(list(SC_VAL))],
  map: [17, optional(MAP)],
  address: [18, SC_ADDRESS],
  contractInstance: [19, struct({ executable: EXECUTABLE, storage: optional(MAP) })],
  ledgerKeyContractInstance: [20],
  ledgerKeyNonce: [21, struct({ nonce: int64 })],
});

/** The number of a value of 128 bits. */
export function bigOf128({ hi, lo }: { readonly hi: bigint; readonly lo: bigint }): bigint {
  return (hi << 64n) + lo;
}

/** The number of a value of 256 bits. */
export function bigOf256({
  hiHi,
  hiLo,
  loHi,
  loLo,
}: {
  readonly hiHi: bigint;
  readonly hiLo: bigint;
  readonly loHi: bigint;
  readonly loLo: bigint;
}): bigint {
  return (hiHi << 192n) + (hiLo << 128n) + (loHi << 64n) + loLo;
}
