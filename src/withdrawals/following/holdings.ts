/** What accounts give and hold, beside what transactions tell: an account gives a part where a coin is spent whole. */
import type { ChainId } from "../../core/chain.ts";
import type { Held } from "../../chains/chain-node.ts";
import type { AssetId } from "../../core/asset.ts";
import { conflictKey, drawnKey } from "../../core/conflict-key.ts";
import type { Id, Name } from "../../core/identifier.ts";
import type { BlockCry, BlockPorts } from "./blocks.ts";

export type HoldingPorts<Tx> = {
  /** What blocks have shown that a wallet holds of an asset. */
  unitsIn(tx: Tx, wallet: Name, asset: AssetId): bigint;
};

/** What an account gives is kept as a coin of its own, made and spent by the transaction that took it. */
export function takeFrom<Tx>(
  ports: Pick<BlockPorts<Tx>, "findAddress" | "findCoin" | "insertCoin" | "spendCoin">,
  tx: Tx,
  { account, amount }: Held,
  {
    key,
    transaction,
    height,
  }: { readonly key: string; readonly transaction: string; readonly height: number },
): void {
  const address = ports.findAddress(tx, account);
  if (address === undefined || ports.findCoin(tx, key) !== undefined) return;
  const { wallet } = address;
  ports.insertCoin(tx, { coin: key, wallet, account: undefined, amount, origin: "", height });
  ports.spendCoin(tx, key, transaction, height);
}

/**
 * Compares what accounts hold with what their transactions explain. Contracts pay, and delegated accounts are drawn on, in
 * the course of others' calls: more is a payment by a stranger; less is a loss, which people look into.
 * @param block up to which blocks were read
 */
export function takeHoldings<Tx>(
  ports: BlockPorts<Tx> & HoldingPorts<Tx>,
  tx: Tx,
  holdings: readonly Held[],
  { height, hash }: { readonly height: number; readonly hash: string },
  { chain, newId }: { readonly chain: ChainId; readonly newId: () => Id },
): readonly BlockCry[] {
  return holdings.flatMap(({ account, amount }, place) => {
    const address = ports.findAddress(tx, account);
    if (address === undefined) return [];
    const { asset } = amount;
    const units = amount.units - ports.unitsIn(tx, address.wallet, asset);
    if (units > 0n) {
      const coin = conflictKey(chain, "found", `${hash}:${place}`);
      const found = { coin, wallet: address.wallet, account, amount: { asset, units } };
      ports.insertCoin(tx, { ...found, origin: hash, height, blockHash: hash });
    }
    if (units >= 0n) return [];
    const missing = { account, amount: { asset, units: -units } };
    takeFrom(ports, tx, missing, { key: drawnKey(chain, hash, place), transaction: hash, height });
    const detail = `wallet ${address.wallet} holds less at block ${hash} than its transactions explain`;
    if (!ports.wasQuarantined(tx, "foreign-spend", hash))
      ports.openQuarantine(tx, { id: newId(), cause: "foreign-spend", subject: hash, detail });
    return [{ event: "foreign spend", transaction: hash, reason: detail } as const];
  });
}
