/**
 * Batches by MultiSendCallOnly: calls packed one after the other. Operation 1 would be a delegate call, and the zero
 * address means the Safe itself since 1.5.0; both are refused (attacks E3, E4), and so is a batch within a batch.
 */
import { declareError } from "../../core/errors.ts";
import { concatBytes, toHex } from "../../core/hex.ts";
import { calls, decodeCall, encodeCall, type AbiFunction } from "./abi.ts";
import { ADDRESS_BYTES, addressBytes, addressOf, type Address } from "./address.ts";
import { ZERO_ADDRESS } from "./erc20.ts";
import { wordBytes } from "./quantity.ts";

/** A plain call: who is called, with how many wei, and what is said. */
export type Call = { readonly to: Address; readonly value: bigint; readonly data: Uint8Array };

export const MULTI_SEND_MALFORMED = declareError(
  "EVM_MULTI_SEND_MALFORMED",
  "invalid",
  "A batch is not packed as MultiSendCallOnly reads it, or has no or too many calls.",
);
export const MULTI_SEND_REFUSED = declareError(
  "EVM_MULTI_SEND_REFUSED",
  "denied",
  "A call of a batch is a delegate call, another batch, or goes to the zero address.",
);

/** As many transfers as the gas of one transaction pays for (EIP-7825). */
export const MULTI_SEND_CALLS_MAX = 200;

const MULTI_SEND = {
  name: "multiSend",
  inputs: [["transactions", "bytes"]],
} as const satisfies AbiFunction;

/** Operation, address, value, length. */
const HEAD_BYTES = 1 + ADDRESS_BYTES + 32 + 32;

/** @throws EVM_MULTI_SEND_MALFORMED, EVM_MULTI_SEND_REFUSED */
export function encodeMultiSend(batch: readonly Call[]): Uint8Array {
  assertCount(batch.length, "calls");
  const packed = batch.map(({ to, value, data }, place) => {
    assertCall(to, data, `calls[${place}]`);
    return concatBytes(
      Uint8Array.of(0),
      addressBytes(to),
      wordBytes(value),
      wordBytes(BigInt(data.length)),
      data,
    );
  });
  return encodeCall(MULTI_SEND, { transactions: concatBytes(...packed) });
}

/** @throws EVM_CALLDATA_MALFORMED, EVM_MULTI_SEND_MALFORMED, EVM_MULTI_SEND_REFUSED */
export function decodeMultiSend(data: Uint8Array, field = "data"): readonly Call[] {
  const { transactions } = decodeCall(MULTI_SEND, data, field);
  const batch: Call[] = [];
  for (let from = 0; from < transactions.length; ) {
    assertCount(batch.length + 1, field);
    const call = readCall(transactions, from, `${field}[${batch.length}]`);
    batch.push(call);
    from += HEAD_BYTES + call.data.length;
  }
  assertCount(batch.length, field);
  return batch;
}

/** Whether `data` calls `multiSend`. */
export function isMultiSend(data: Uint8Array): boolean {
  return calls(data, MULTI_SEND);
}

function readCall(packed: Uint8Array, from: number, field: string): Call {
  const head = packed.subarray(from, from + HEAD_BYTES);
  if (head.length < HEAD_BYTES) throw malformed(field, "ends too early");
  if (head[0] === 1) throw refused(field, "is a delegate call: the called code would act as the Safe itself");
  if (head[0] !== 0) throw malformed(field, `has the operation ${head[0]}`);
  const number = (start: number) => BigInt(`0x${toHex(head.subarray(start, start + 32))}`);
  const length = number(HEAD_BYTES - 32);
  const start = from + HEAD_BYTES;
  if (length > BigInt(packed.length - start)) throw malformed(field, "ends too early");
  const data = packed.slice(start, start + Number(length));
  const to = addressOf(head.subarray(1, 1 + ADDRESS_BYTES));
  assertCall(to, data, field);
  return { to, value: number(1 + ADDRESS_BYTES), data };
}

function assertCall(to: Address, data: Uint8Array, field: string): void {
  if (to === ZERO_ADDRESS)
    throw refused(`${field}.to`, "is the zero address, which can mean the Safe itself");
  if (isMultiSend(data)) throw refused(`${field}.data`, "is a batch within the batch");
}

function assertCount(count: number, field: string): void {
  if (count >= 1 && count <= MULTI_SEND_CALLS_MAX) return;
  throw malformed(field, `has ${count === 0 ? "no calls" : `more than ${MULTI_SEND_CALLS_MAX} calls`}`);
}

function malformed(field: string, why: string) {
  return MULTI_SEND_MALFORMED(`${field} ${why}`, { field, hint: "do not sign: have the batch made again" });
}

function refused(field: string, why: string) {
  return MULTI_SEND_REFUSED(`${field} ${why}`, {
    field,
    hint: "do not sign: a batch of ours only pays",
  });
}
