/** The operations of a transaction: Stellar-transaction.x. Each may have a source of its own. */
import {
  ACCOUNT_ID,
  ASSET,
  ASSET_CODE,
  CHANGE_TRUST_ASSET,
  CLAIMABLE_BALANCE_ID,
  CLAIMANT,
  HASH,
  MUXED_ACCOUNT,
  NO_EXTENSION,
  PRICE,
  SIGNER,
  SIGNER_KEY,
} from "./accounts.ts";
import { INVOKE_HOST_FUNCTION } from "./contract.ts";
import { LEDGER_KEY } from "./ledger-key.ts";
import { int64, list, optional, struct, uint32, union, varOpaque, type ValueOf } from "./type.ts";

const PATH = list(ASSET, 5);
const STRING64 = varOpaque(64);

export const OPERATION_BODY = union({
  createAccount: [0, struct({ destination: ACCOUNT_ID, startingBalance: int64 })],
  payment: [1, struct({ destination: MUXED_ACCOUNT, asset: ASSET, amount: int64 })],
  pathPaymentStrictReceive: [
    2,
    struct({
      sendAsset: ASSET,
      sendMax: int64,
      destination: MUXED_ACCOUNT,
      destAsset: ASSET,
      destAmount: int64,
      path: PATH,
    }),
  ],
  manageSellOffer: [
    3,
    struct({ selling: ASSET, buying: ASSET, amount: int64, price: PRICE, offerId: int64 }),
  ],
  createPassiveSellOffer: [4, struct({ selling: ASSET, buying: ASSET, amount: int64, price: PRICE })],
  setOptions: [
    5,
    struct({
      inflationDest: optional(ACCOUNT_ID),
      clearFlags: optional(uint32),
      setFlags: optional(uint32),
      masterWeight: optional(uint32),
      lowThreshold: optional(uint32),
      medThreshold: optional(uint32),
      highThreshold: optional(uint32),
      homeDomain: optional(varOpaque(32)),
      signer: optional(SIGNER),
    }),
  ],
  changeTrust: [6, struct({ line: CHANGE_TRUST_ASSET, limit: int64 })],
  allowTrust: [7, struct({ trustor: ACCOUNT_ID, asset: ASSET_CODE, authorize: uint32 })],
  accountMerge: [8, MUXED_ACCOUNT],
  inflation: [9],
  manageData: [10, struct({ dataName: STRING64, dataValue: optional(varOpaque(64)) })],
  bumpSequence: [11, struct({ bumpTo: int64 })],
  manageBuyOffer: [
    12,
    struct({ selling: ASSET, buying: ASSET, buyAmount: int64, price: PRICE, offerId: int64 }),
  ],
  pathPaymentStrictSend: [
    13,
    struct({
      sendAsset: ASSET,
      sendAmount: int64,
      destination: MUXED_ACCOUNT,
      destAsset: ASSET,
      destMin: int64,
      path: PATH,
    }),
  ],
  createClaimableBalance: [14, struct({ asset: ASSET, amount: int64, claimants: list(CLAIMANT, 10) })],
  claimClaimableBalance: [15, struct({ balanceId: CLAIMABLE_BALANCE_ID })],
  beginSponsoringFutureReserves: [16, struct({ sponsoredId: ACCOUNT_ID })],
  endSponsoringFutureReserves: [17],
  revokeSponsorship: [
    18,
    union({
      ledgerEntry: [0, LEDGER_KEY],
      signer: [1, struct({ accountId: ACCOUNT_ID, signerKey: SIGNER_KEY })],
    }),
  ],
  clawback: [19, struct({ asset: ASSET, from: MUXED_ACCOUNT, amount: int64 })],
  clawbackClaimableBalance: [20, struct({ balanceId: CLAIMABLE_BALANCE_ID })],
  setTrustLineFlags: [
    21,
    struct({ trustor: ACCOUNT_ID, asset: ASSET, clearFlags: uint32, setFlags: uint32 }),
  ],
  liquidityPoolDeposit: [
    22,
    struct({
      liquidityPoolId: HASH,
      maxAmountA: int64,
      maxAmountB: int64,
      minPrice: PRICE,
      maxPrice: PRICE,
    }),
  ],
  liquidityPoolWithdraw: [
    23,
    struct({ liquidityPoolId: HASH, amount: int64, minAmountA: int64, minAmountB: int64 }),
  ],
  invokeHostFunction: [24, INVOKE_HOST_FUNCTION],
  extendFootprintTtl: [25, struct({ ext: NO_EXTENSION, extendTo: uint32 })],
  restoreFootprint: [26, struct({ ext: NO_EXTENSION })],
});
export type OperationBody = ValueOf<typeof OPERATION_BODY>;

export const OPERATION = struct({ source: optional(MUXED_ACCOUNT), body: OPERATION_BODY });
export type Operation = ValueOf<typeof OPERATION>;
