/** Payments of the fixtures' Safe, and what is said of its transaction once it has been changed. */
import { Interface } from "ethers";
import type { Address } from "../../src/chains/evm/address.ts";
import type { Call } from "../../src/chains/evm/multi-send.ts";
import { paySafeTx, readSafePayments, type SafePayment } from "../../src/chains/evm/safe-payments.ts";
import type { PinnedSafe, SafeTx } from "../../src/chains/evm/safe.ts";
import { concatBytes, fromHex } from "../../src/core/hex.ts";
import { wordBytes } from "../../src/chains/evm/quantity.ts";
import { pinnedSafe, stranger } from "./safe-fixture.ts";
import { codeOf } from "./thrown.ts";

export const SAFE = pinnedSafe();
export const TOKEN = stranger("token");
export const PAYEE = stranger("payee");

export const COINS: SafePayment = { to: PAYEE, units: 10n ** 18n };
export const TOKENS: SafePayment = { token: TOKEN, to: PAYEE, units: 2_500_000n };

export function payment(payments: readonly SafePayment[] = [COINS], safe: PinnedSafe = SAFE): SafeTx {
  return paySafeTx(payments, safe, 7n);
}

/** "none" where every effect of the transaction is a payment, otherwise the rule that refuses it. */
export function said(tx: SafeTx, tokens: readonly Address[] = [TOKEN], safe: PinnedSafe = SAFE): string {
  return codeOf(() => readSafePayments(tx, safe, tokens));
}

/** Calldata by ethers' encoder: `calldata("approve(address,uint256)", [...])`. */
export function calldata(signature: string, values: readonly unknown[]): Uint8Array {
  const [name] = signature.split("(");
  return fromHex(
    new Interface([`function ${signature}`]).encodeFunctionData(name as string, [...values]).slice(2),
  );
}

/** A batch as anybody can pack it, with nothing of ours that would refuse to. */
export function looseBatch(batch: readonly (Call & { readonly operation?: number })[]): Uint8Array {
  const packed = batch.map(({ to, value, data, operation = 0 }) =>
    concatBytes(
      Uint8Array.of(operation),
      fromHex(to.slice(2).toLowerCase()),
      wordBytes(value),
      wordBytes(BigInt(data.length)),
      data,
    ),
  );
  return calldata("multiSend(bytes)", [concatBytes(...packed)]);
}

/** The same calls behind the pinned MultiSendCallOnly. */
export function batched(batch: readonly (Call & { readonly operation?: number })[]): SafeTx {
  return { ...payment([COINS, TOKENS]), data: looseBatch(batch) };
}
