/**
 * What a Safe's transaction does, for a signer that believes nothing: payments in the chain's coin and transfers of
 * tokens, one or a batch. A delegate call goes to the pinned MultiSendCallOnly or nowhere (attack E3: by another one,
 * Bybit's Safe was given away); whatever is no payment is refused by its name (attacks E4, E5, E6).
 */
import { declareError } from "../../core/errors.ts";
import type { Address } from "./address.ts";
import {
  assertNoAllowance,
  decodeErc20Call,
  encodeTransfer,
  TRANSFER_TO,
  unknownCall,
  ZERO_ADDRESS,
} from "./erc20.ts";
import { decodeMultiSend, encodeMultiSend, type Call } from "./multi-send.ts";
import { assertNoRefund, makeSafeTx, type PinnedSafe, type SafeTx } from "./safe.ts";
import { assertNoControl } from "./safe-control.ts";

/** `token` is absent where the chain's own coin is paid. */
export type SafePayment = { readonly token?: Address; readonly to: Address; readonly units: bigint };

export const SAFE_DELEGATE_CALL = declareError(
  "SAFE_DELEGATE_CALL",
  "denied",
  "A Safe's transaction delegates to another contract than its pinned MultiSendCallOnly, or does so with money.",
);
export const SAFE_PAYS_NOTHING = declareError(
  "SAFE_PAYS_NOTHING",
  "denied",
  "A payment of a Safe moves nothing, or from the Safe to itself.",
);

/** One payment as a call, several as one batch. @throws EVM_TRANSFER_TO, EVM_MULTI_SEND_…, SAFE_PAYS_NOTHING */
export function paySafeTx(payments: readonly SafePayment[], safe: PinnedSafe, nonce: bigint): SafeTx {
  const calls = payments.map((payment, place) => callFor(payment, safe, `payments[${place}]`));
  const [only, ...others] = calls;
  if (only !== undefined && others.length === 0) return makeSafeTx({ ...only, operation: 0, nonce });
  const data = encodeMultiSend(calls);
  return makeSafeTx({ to: safe.multiSendCallOnly, value: 0n, data, operation: 1, nonce });
}

/**
 * Every payment that a transaction makes, in its order.
 * @param tokens the contracts that the policy lists for the chain
 * @throws SAFE_…, EVM_…, each naming the call at fault
 */
export function readSafePayments(
  tx: SafeTx,
  safe: PinnedSafe,
  tokens: readonly Address[],
  field = "safeTx",
): readonly SafePayment[] {
  assertNoRefund(tx, field);
  if (tx.operation === 0) return [paymentOf(tx, safe, tokens, field)];
  if (tx.to !== safe.multiSendCallOnly) {
    throw delegate(`${field}.to`, `is ${tx.to}, whose code would act as the Safe itself`);
  }
  // A delegate call carries nothing: what stands there would be shown and not be paid.
  if (tx.value !== 0n)
    throw delegate(`${field}.value`, `is ${tx.value}, which a delegate call does not carry`);
  const batch = decodeMultiSend(tx.data, `${field}.data`);
  return batch.map((call, place) => paymentOf(call, safe, tokens, `${field}.data[${place}]`));
}

function callFor({ token, to, units }: SafePayment, safe: PinnedSafe, field: string): Call {
  assertPays({ to, units }, safe, field);
  if (token === undefined) return { to, value: units, data: new Uint8Array() };
  return { to: token, value: 0n, data: encodeTransfer({ token, to, units }) };
}

function paymentOf(call: Call, safe: PinnedSafe, tokens: readonly Address[], field: string): SafePayment {
  const { to, value, data } = call;
  assertNoControl(call, safe, field);
  if (tokens.includes(to)) {
    if (value !== 0n) throw unknownCall(data, field);
    const { to: receiver, units } = decodeErc20Call(data, to, `${field}.data`);
    return assertPays({ token: to, to: receiver, units }, safe, field);
  }
  assertNoAllowance(data, `${field}.data`);
  if (data.length > 0) throw unknownCall(data, `${field}.data`);
  return assertPays({ to, units: value }, safe, field);
}

function assertPays(payment: SafePayment, { address }: PinnedSafe, field: string): SafePayment {
  const { to, units } = payment;
  if (to === ZERO_ADDRESS) {
    throw TRANSFER_TO(`${field} pays the zero address, whose key nobody has`, { field });
  }
  if (units > 0n && to !== address) return payment;
  throw SAFE_PAYS_NOTHING(`${field} ${to === address ? "pays the Safe itself" : "pays nothing"}`, {
    field,
    hint: "do not sign: a nonce is used up by a cancel alone",
  });
}

function delegate(field: string, why: string) {
  return SAFE_DELEGATE_CALL(`${field} ${why}`, {
    field,
    hint: "do not sign: a Safe delegates to its pinned MultiSendCallOnly alone",
  });
}
