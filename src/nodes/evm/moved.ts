/**
 * What a payment of tokens moved, by its logs alone (ERC-20): a token may say no without failing, and returns false or
 * nothing, or keeps a part (E12). Where something moved, be it less than was sent, the payment has had an effect: it is not
 * made again, people are told who got less, and the books are compared with balances.
 */
import type { Shortfall } from "../../chains/chain-node.ts";
import { accountId } from "../../core/account.ts";
import { amount } from "../../core/amount.ts";
import type { Address } from "../../chains/evm/address.ts";
import { decodeErc20Call } from "../../chains/evm/erc20.ts";
import { decodeMultiSend, type Call } from "../../chains/evm/multi-send.ts";
import type { SafeTx } from "../../chains/evm/safe.ts";
import type { About } from "./about.ts";
import type { Transfer } from "./receipt.ts";

/** The calls of a Safe's transaction: itself, or those of the batch that it delegates. */
export function callsOf({ to, value, data, operation }: SafeTx): readonly Call[] {
  return operation === 0 ? [{ to, value, data }] : decodeMultiSend(data);
}

/** @param transfers what tokens logged in the transaction's receipt */
export function movedNothing(
  calls: readonly Call[],
  from: Address,
  transfers: readonly Pick<Transfer, "token" | "from">[],
): boolean {
  // What a Safe calls of itself is no token: it changes who commands it.
  const tokens = calls.filter(({ to, data }) => data.length > 0 && to !== from).map(({ to }) => to);
  if (tokens.length === 0 || calls.some(({ value }) => value > 0n)) return false;
  return !transfers.some((one) => one.from === from && tokens.includes(one.token));
}

/** @param transfers what tokens logged in the transaction's receipt; a token that `assets` lacks is not told of */
export function shortfallsOf(
  calls: readonly Call[],
  from: Address,
  transfers: readonly Pick<Transfer, "token" | "from" | "to" | "units">[],
  { chain, assets }: Pick<About, "chain" | "assets">,
): readonly Shortfall[] {
  const sent = new Map<string, { readonly token: Address; readonly to: Address; readonly units: bigint }>();
  for (const { to: token, data } of calls) {
    if (data.length === 0 || !assets.has(token)) continue;
    const { to, units } = decodeErc20Call(data, token);
    const key = `${token} ${to}`;
    sent.set(key, { token, to, units: units + (sent.get(key)?.units ?? 0n) });
  }
  return [...sent.values()].flatMap(({ token, to, units }) => {
    const arrived = transfers
      .filter((one) => one.token === token && one.from === from && one.to === to)
      .reduce((sum, one) => sum + one.units, 0n);
    const asset = assets.get(token);
    if (asset === undefined || arrived >= units) return [];
    return [{ account: accountId(chain, to), sent: amount(asset, units), arrived }];
  });
}
