/** What entries of the ledger are found by: Stellar-ledger-entries.x. */
import { ACCOUNT_ID, CLAIMABLE_BALANCE_ID, DURABILITY, HASH, TRUST_LINE_ASSET } from "./accounts.ts";
import { SC_ADDRESS, SC_VAL } from "./sc-val.ts";
import { int32, int64, list, struct, uint32, union, varOpaque } from "./type.ts";

export const LEDGER_KEY = union({
  account: [0, struct({ accountId: ACCOUNT_ID })],
  trustline: [1, struct({ accountId: ACCOUNT_ID, asset: TRUST_LINE_ASSET })],
  offer: [2, struct({ sellerId: ACCOUNT_ID, offerId: int64 })],
  data: [3, struct({ accountId: ACCOUNT_ID, dataName: varOpaque(64) })],
  claimableBalance: [4, struct({ balanceId: CLAIMABLE_BALANCE_ID })],
  liquidityPool: [5, struct({ liquidityPoolId: HASH })],
  contractData: [6, struct({ contract: SC_ADDRESS, key: SC_VAL, durability: DURABILITY })],
  contractCode: [7, struct({ hash: HASH })],
  // Its settings are numbered by each protocol anew; no footprint of ours has one.
  configSetting: [8, struct({ configSettingId: int32 })],
  ttl: [9, struct({ keyHash: HASH })],
});

const FOOTPRINT = struct({ readOnly: list(LEDGER_KEY), readWrite: list(LEDGER_KEY) });

/** What a call of contracts may read, write and cost (CAP-46-07; archived entries by CAP-66). */
export const SOROBAN_DATA = struct({
  ext: union({ none: [0], archived: [1, struct({ archivedSorobanEntries: list(uint32) })] }),
  resources: struct({
    footprint: FOOTPRINT,
    instructions: uint32,
    diskReadBytes: uint32,
    writeBytes: uint32,
  }),
  resourceFee: int64,
});
