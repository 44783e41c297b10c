/** What accounts hold, and may give, by the entries that the newest ledger has of them. */
import { accountKey, asksForMemo, memoRequiredKey, trustLineKey } from "../../chains/stellar/holding.ts";
import type { Address } from "../../chains/stellar/address.ts";
import {
  ACCOUNT_ENTRY_DATA,
  type AccountEntry,
  type AccountEntryData,
  type TrustLineEntry,
} from "../../chains/stellar/xdr/ledger.ts";
import { decodeXdr } from "../../chains/stellar/xdr/type.ts";
import type { AssetId } from "../../core/asset.ts";
import { toBase64 } from "../../core/hex.ts";
import { entriesAnswer } from "./answers.ts";
import { checked, type StellarRpc } from "./header.ts";

export type AccountFacts = {
  /** Undefined where no ledger has the account. */
  readonly account: AccountEntry | undefined;
  readonly lines: readonly { readonly asset: AssetId; readonly line: TrustLineEntry | undefined }[];
  readonly asksForMemo: boolean;
  /** The newest ledger that changed one of these entries, of those that are there. */
  readonly changed: number;
  /** The ledger that they are of. */
  readonly height: number;
};

/** @param assets whose trust lines are asked for; lumens and contracts' tokens have none */
export async function readAccount(
  rpc: StellarRpc,
  address: Address,
  assets: readonly AssetId[],
): Promise<AccountFacts> {
  const lines = assets.flatMap((asset) => {
    const key = trustLineKey(address, asset);
    return key === undefined ? [] : [{ asset, key: toBase64(key) }];
  });
  const own = toBase64(accountKey(address));
  const memo = toBase64(memoRequiredKey(address));
  const keys = [own, memo, ...lines.map(({ key }) => key)];
  const { entries, latestLedger } = await rpc.read("getLedgerEntries", { keys }, entriesAnswer);
  const found = new Map<string, AccountEntryData>();
  let changed = 0;
  for (const { key, xdr, lastModifiedLedgerSeq } of entries ?? []) {
    const text = toBase64(key);
    if (!keys.includes(text)) continue;
    found.set(
      text,
      checked("getLedgerEntries", () => decodeXdr(ACCOUNT_ENTRY_DATA, xdr, "entry")),
    );
    changed = Math.max(changed, lastModifiedLedgerSeq);
  }
  const account = found.get(own);
  const asked = found.get(memo);
  return {
    account: account?.type === "account" ? account.value : undefined,
    asksForMemo: asksForMemo(asked?.type === "data" ? asked.value.value : undefined),
    lines: lines.map(({ asset, key }) => {
      const line = found.get(key);
      return { asset, line: line?.type === "trustline" ? line.value : undefined };
    }),
    changed,
    height: latestLedger,
  };
}
