import { assetFacts, bitcoinAsset } from "../../core/asset.ts";
import { amount, formatAmount } from "../../core/amount.ts";
import { availableAccount, frozenAccount, heldAccount } from "../../core/ledger.ts";
import { splitAccount } from "../../core/account.ts";
import { findKyc } from "../../store/kyc.ts";
import { balanceOf } from "../../store/postings.ts";
import { addressesOf } from "../../store/wallets.ts";
import type { Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { withOnline } from "../../home/online.ts";
import { describeKyc, kycLine } from "../kyc/draw.ts";
import { requireCustomer } from "./find.ts";

export const run: Run = async (call) =>
  withOnline(call, ({ store, network }) => {
    const { id, ref, state } = requireCustomer(store, call.args[0] ?? "");
    const asset = bitcoinAsset(network);
    const [kyc, now] = [findKyc(store, id), call.io.now()];
    const available = amount(asset, balanceOf(store, availableAccount(id), asset));
    const held = amount(asset, balanceOf(store, heldAccount(id), asset));
    const frozen = amount(asset, balanceOf(store, frozenAccount(id), asset));
    const addresses = addressesOf(store, id).map(({ account }) => splitAccount(account).address);
    return {
      data: {
        id,
        ref,
        state,
        kyc: describeKyc(kyc, now),
        balances: [
          {
            asset,
            available: available.units.toString(),
            held: held.units.toString(),
            frozen: frozen.units.toString(),
          },
        ],
        addresses,
      },
      text: drawFacts([
        ["customer", `${ref} (${state}), pseudonym ${id}`],
        ["KYC", kycLine(kyc, now)],
        [`${assetFacts(asset).symbol} available`, formatAmount(available)],
        [`${assetFacts(asset).symbol} held`, formatAmount(held)],
        ...(frozen.units === 0n
          ? []
          : [[`${assetFacts(asset).symbol} frozen`, formatAmount(frozen)] as const]),
        ...addresses.map((address) => ["address", address] as const),
      ]),
    };
  });
