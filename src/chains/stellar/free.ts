/** What a plan of an account may take, beside what other plans of it hold: the next sequence number, and the money that they leave. */
import { nativeAsset, type AssetId } from "../../core/asset.ts";
import type { Taken, WalletView } from "../adapter.ts";
import { leftOf } from "../left-of.ts";
import { sequenceKey, sequenceOf } from "./sequence-key.ts";
import type { StellarSnapshot } from "./snapshot.ts";
import { walletAccount } from "./wallet.ts";

/** One lane, without gaps: a plan that was dropped before it left gives its number to the next. */
export function free(snapshot: StellarSnapshot, view: WalletView, { leased, held }: Taken): StellarSnapshot {
  const { chain } = view.wallet;
  const { address } = walletAccount(view);
  const next = BigInt(snapshot.sequence);
  let sequence = next;
  while (leased.has(sequenceKey({ chain, address, sequence }))) sequence += 1n;
  const amounts = held()
    .filter(({ conflictKeys }) =>
      conflictKeys.some((key) => {
        const found = sequenceOf(key);
        return found?.address === address && found.chain === chain && found.sequence >= next;
      }),
    )
    .flatMap((plan) => plan.amounts);
  const left = (asset: AssetId, units: string) => leftOf(units, asset, amounts).toString();
  return {
    ...snapshot,
    sequence: sequence.toString(),
    balance: left(nativeAsset(chain), snapshot.balance),
    ...(snapshot.tokens === undefined
      ? {}
      : {
          tokens: snapshot.tokens.map(({ asset, balance }) => ({ asset, balance: left(asset, balance) })),
        }),
  };
}
