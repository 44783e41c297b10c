import { assetFacts, bitcoinAsset, type AssetId } from "../../core/asset.ts";
import type { Network } from "../../core/chain.ts";
import type { Id } from "../../core/identifier.ts";
import type { Reader } from "../../store/statement.ts";
import { amount, formatAmount } from "../../core/amount.ts";
import { availableAccount, frozenAccount, heldAccount } from "../../core/ledger.ts";
import { splitAccount } from "../../core/account.ts";
import { findKyc } from "../../store/kyc.ts";
import { assetsIn, balanceOf } from "../../store/postings.ts";
import { addressesOf } from "../../store/wallets.ts";
import type { Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { withOnline } from "../../home/online.ts";
import { describeKyc, kycLine } from "../kyc/draw.ts";
import { requireCustomer } from "./find.ts";

export const run: Run = async (call) =>
  withOnline(call, ({ store, network }) => {
    const { id, ref, state } = requireCustomer(store, call.args[0] ?? "");
    const [kyc, now] = [findKyc(store, id), call.io.now()];
    const balances = assetsOf(store, id, network).map((asset) => ({
      asset,
      available: amount(asset, balanceOf(store, availableAccount(id), asset)),
      held: amount(asset, balanceOf(store, heldAccount(id), asset)),
      frozen: amount(asset, balanceOf(store, frozenAccount(id), asset)),
    }));
    const addresses = addressesOf(store, id).map(({ account }) => splitAccount(account).address);
    return {
      data: {
        id,
        ref,
        state,
        kyc: describeKyc(kyc, now),
        balances: balances.map(({ asset, available, held, frozen }) => ({
          asset,
          available: available.units.toString(),
          held: held.units.toString(),
          frozen: frozen.units.toString(),
        })),
        addresses,
      },
      text: drawFacts([
        ["customer", `${ref} (${state}), pseudonym ${id}`],
        ["KYC", kycLine(kyc, now)],
        ...balances.flatMap(({ asset, available, held, frozen }) => {
          const { symbol } = assetFacts(asset);
          return [
            [`${symbol} available`, formatAmount(available)],
            [`${symbol} held`, formatAmount(held)],
            ...(frozen.units === 0n ? [] : [[`${symbol} frozen`, formatAmount(frozen)] as const]),
          ] as const;
        }),
        ...addresses.map((address) => ["address", address] as const),
      ]),
    };
  });

/** What the customer has or had, in the order of their ids; bitcoin where there is nothing yet. */
function assetsOf(reader: Reader, id: Id, network: Network): readonly AssetId[] {
  const accounts = [availableAccount(id), heldAccount(id), frozenAccount(id)];
  const assets = accounts.flatMap((account) => assetsIn(reader, account));
  return assets.length === 0 ? [bitcoinAsset(network)] : [...new Set(assets)].sort();
}
