/**
 * Whether a payment of tokens moved any: a token may say no without failing, and returns false or nothing (E12). By its logs
 * alone is it seen (ERC-20). Where something moved, be it less than was asked for, the payment has had an effect: it is not
 * made again, and the books are compared with balances.
 */
import type { Address } from "../../chains/evm/address.ts";
import { decodeMultiSend, type Call } from "../../chains/evm/multi-send.ts";
import type { SafeTx } from "../../chains/evm/safe.ts";
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
