/**
 * Transactions of types 0 (EIP-155), 1 (EIP-2930) and 2 (EIP-1559), read strictly and written in their one spelling. What is
 * read is written again and must be the same bytes. Types 3 and 4 are refused by name, and so is whatever else there may be
 * (attacks E8, E9); a transaction of before EIP-155 would be good on every chain (attack E1).
 */
import type { ChainId } from "../../core/chain.ts";
import { assert, declareError } from "../../core/errors.ts";
import { concatBytes, equalBytes } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";
import { addressBytes, type Address } from "./address.ts";
import { keccak256 } from "./keccak.ts";
import { quantityBytes, readQuantity } from "./quantity.ts";
import { decodeRlp, encodeRlp, RLP_TOO_LARGE, type Rlp } from "./rlp.ts";
import { readSignature, type Signature } from "./signature.ts";
import { malformed, readAccessList, readAddress, readBytes, type AccessList } from "./transaction-fields.ts";

type Common = {
  /** What EIP-155 calls it: the number in `eip155:<number>`. */
  readonly chainId: bigint;
  readonly nonce: bigint;
  readonly gasLimit: bigint;
  readonly to: Address;
  /** Wei. */
  readonly value: bigint;
  readonly data: Uint8Array;
};

export type EvmTransaction =
  | (Common & { readonly type: 0; readonly gasPrice: bigint })
  | (Common & { readonly type: 1; readonly gasPrice: bigint; readonly accessList: AccessList })
  | (Common & {
      readonly type: 2;
      readonly maxPriorityFeePerGas: bigint;
      readonly maxFeePerGas: bigint;
      readonly accessList: AccessList;
    });

export const TRANSACTION_TYPE = declareError(
  "EVM_TRANSACTION_TYPE",
  "denied",
  "A transaction is of a type that is not signed here: types 0, 1 and 2 alone are.",
);
export const CHAIN_ID_MISSING = declareError(
  "EVM_CHAIN_ID_MISSING",
  "denied",
  "A transaction names no chain: it could be replayed on every one (EIP-155).",
);
export const CHAIN_ID_OTHER = declareError(
  "EVM_CHAIN_ID_OTHER",
  "denied",
  "A transaction is for another chain than the one it is used on.",
);
export const CREATES_CONTRACT = declareError(
  "EVM_CREATES_CONTRACT",
  "denied",
  "A transaction creates a contract: it has no destination.",
);
export const FEE_OVERFLOW = declareError(
  "EVM_FEE_OVERFLOW",
  "denied",
  "A transaction's gas and fee multiply to more than a word holds, or its priority fee is above its fee.",
);

/** The number that signatures commit to. */
export function chainIdOf(chain: ChainId): bigint {
  const [namespace, reference] = chain.split(":");
  assert(namespace === "eip155" && reference !== undefined, "a chain of the eip155 namespace");
  return BigInt(reference);
}

/**
 * Reads a transaction that is to be signed for `chain`.
 * @throws EVM_TRANSACTION_TYPE, EVM_TRANSACTION_MALFORMED, EVM_RLP_…, EVM_CHAIN_ID_MISSING, EVM_CHAIN_ID_OTHER,
 *   EVM_CREATES_CONTRACT, EVM_FEE_OVERFLOW
 */
export function parseUnsigned(bytes: Uint8Array, chain: ChainId, field = "transaction"): EvmTransaction {
  const { type, items } = itemsOf(bytes, UNSIGNED_BYTES_MAX, field);
  if (type === 0 && items.length === 6) {
    throw CHAIN_ID_MISSING(`${field} has no chain id`, {
      field: `${field}.chainId`,
      hint: "build it anew as EIP-155 says",
    });
  }
  assertCount(items, COUNTS[type], field);
  if (type === 0 && !items.slice(7).every((item) => item instanceof Uint8Array && item.length === 0))
    throw malformed(field, "has a signature, or none of EIP-155's empty places");
  const transaction = readFields(type, items, type === 0 ? items[6] : items[0], field);
  assertChain(transaction, chain, field);
  assertSpelling(encodeUnsigned(transaction), bytes, field);
  return transaction;
}

/** Reads a signed transaction. @throws as `parseUnsigned`, and EVM_SIGNATURE_MALFORMED */
export function parseSigned(
  bytes: Uint8Array,
  chain: ChainId,
  field = "transaction",
): { readonly transaction: EvmTransaction; readonly signature: Signature } {
  const { type, items } = itemsOf(bytes, LIMITS.evmTransactionBytesMax, field);
  assertCount(items, type === 0 ? 9 : COUNTS[type] + 3, field);
  const [v, r, s] = items.slice(-3).map((item, place) => readQuantity(item, 32, `${field}.${"vrs"[place]}`));
  assert(v !== undefined && r !== undefined && s !== undefined, "three numbers were read");
  const { chainId, yParity } = type === 0 ? legacyParity(v, field) : { chainId: items[0], yParity: v };
  const transaction = readFields(type, items, chainId, field);
  assertChain(transaction, chain, field);
  const signature = readSignature({ r, s, yParity }, field);
  assertSpelling(encodeSigned(transaction, signature), bytes, field);
  return { transaction, signature };
}

/** EIP-155: v = 35 + 2 · chain id + parity. 27 and 28 name no chain. */
function legacyParity(v: bigint, field: string) {
  if (v < 35n) throw CHAIN_ID_MISSING(`${field} is signed without a chain id`, { field: `${field}.v` });
  return { chainId: quantityBytes((v - 35n) / 2n), yParity: (v - 35n) % 2n };
}

/** The bytes that are to be signed, before they are hashed: EIP-155 for type 0, the payload with its type for the others. */
export function encodeUnsigned(transaction: EvmTransaction): Uint8Array {
  const fields = fieldsOf(transaction);
  if (transaction.type === 0)
    return encodeRlp([...fields, quantityBytes(transaction.chainId), new Uint8Array(), new Uint8Array()]);
  return concatBytes(Uint8Array.of(transaction.type), encodeRlp(fields));
}

export function encodeSigned(transaction: EvmTransaction, { r, s, yParity }: Signature): Uint8Array {
  const v = transaction.type === 0 ? 35n + 2n * transaction.chainId + BigInt(yParity) : BigInt(yParity);
  const body = encodeRlp([...fieldsOf(transaction), ...[v, r, s].map(quantityBytes)]);
  return transaction.type === 0 ? body : concatBytes(Uint8Array.of(transaction.type), body);
}

/** What is signed: 32 bytes. */
export function signingHash(transaction: EvmTransaction): Uint8Array {
  return keccak256(encodeUnsigned(transaction));
}

/** The id that nodes know a transaction by. @param signed as it is sent */
export function transactionHash(signed: Uint8Array): Uint8Array {
  return keccak256(signed);
}

/** The most that a transaction pays for one gas: wei. */
export function feePerGas(transaction: EvmTransaction): bigint {
  return transaction.type === 2 ? transaction.maxFeePerGas : transaction.gasPrice;
}

const REFUSED_TYPES: Readonly<Record<number, string>> = {
  3: "3, blobs (EIP-4844)",
  4: "4, code for accounts (EIP-7702)",
};
const COUNTS = { 0: 9, 1: 8, 2: 9 } as const;

// A signature adds two words with their prefixes, a parity, and perhaps a byte to the prefix of the whole.
const UNSIGNED_BYTES_MAX = LIMITS.evmTransactionBytesMax - 72;

// A list is type 0; every other type stands in one byte before its payload (EIP-2718).
function itemsOf(
  bytes: Uint8Array,
  bytesMax: number,
  field: string,
): { type: EvmTransaction["type"]; items: readonly Rlp[] } {
  if (bytes.length > bytesMax)
    throw RLP_TOO_LARGE(`${field} has ${bytes.length} bytes, which no node takes`, { field });
  const first = bytes[0];
  if (first === undefined) throw malformed(field, "is empty");
  if (first >= 0x80 && first < 0xc0) throw malformed(field, "is neither a list nor in an envelope");
  const type = first >= 0xc0 ? 0 : first;
  if (type !== 0 && type !== 1 && type !== 2) {
    throw TRANSACTION_TYPE(`${field} is of type ${REFUSED_TYPES[type] ?? type}`, {
      field,
      hint: "only transactions of types 0, 1 and 2 are signed",
    });
  }
  if (first === 0) throw malformed(field, "puts type 0 in an envelope");
  const items = decodeRlp(type === 0 ? bytes : bytes.subarray(1), field);
  if (items instanceof Uint8Array) throw malformed(field, "is no list");
  return { type, items };
}

function readFields(
  type: EvmTransaction["type"],
  items: readonly Rlp[],
  chain: Rlp | undefined,
  field: string,
): EvmTransaction {
  const at = (place: number) => items[type === 0 ? place : place + 1];
  const number = (place: number, bytesMax: number, name: string) =>
    readQuantity(at(place), bytesMax, `${field}.${name}`);
  const chainId = readQuantity(chain, 8, `${field}.chainId`);
  if (chainId === 0n) throw CHAIN_ID_MISSING(`${field} has the chain id 0`, { field: `${field}.chainId` });
  const nonce = number(0, 8, "nonce");
  // EIP-2681: an account's nonce stays below 2^64 - 1.
  if (nonce === 2n ** 64n - 1n) throw malformed(`${field}.nonce`, "is higher than any account's");
  const later = type === 2 ? 1 : 0;
  const common = {
    chainId,
    nonce,
    gasLimit: number(2 + later, 8, "gasLimit"),
    to: readTo(at(3 + later), field),
    value: number(4 + later, 32, "value"),
    data: readBytes(at(5 + later), `${field}.data`),
  };
  if (type === 0) return checked({ ...common, type, gasPrice: number(1, 32, "gasPrice") }, field);
  const accessList = readAccessList(at(6 + later), `${field}.accessList`);
  if (type === 1) return checked({ ...common, type, gasPrice: number(1, 32, "gasPrice"), accessList }, field);
  const fees = {
    maxPriorityFeePerGas: number(1, 32, "maxPriorityFeePerGas"),
    maxFeePerGas: number(2, 32, "maxFeePerGas"),
  };
  return checked({ ...common, ...fees, type, accessList }, field);
}

// Attack E9: what a node computes in a word must not wrap around in ours, or cost more than is shown.
function checked(transaction: EvmTransaction, field: string): EvmTransaction {
  if (transaction.gasLimit * feePerGas(transaction) + transaction.value >= 2n ** 256n)
    throw FEE_OVERFLOW(`${field} costs more than a word holds`, { field: `${field}.gasLimit` });
  if (transaction.type === 2 && transaction.maxPriorityFeePerGas > transaction.maxFeePerGas) {
    throw FEE_OVERFLOW(`${field} has a priority fee above its fee`, {
      field: `${field}.maxPriorityFeePerGas`,
    });
  }
  return transaction;
}

function fieldsOf(transaction: EvmTransaction): readonly Rlp[] {
  const { type, chainId, nonce, gasLimit, to, value, data } = transaction;
  const call = [quantityBytes(gasLimit), addressBytes(to), quantityBytes(value), data];
  if (type === 0) return [quantityBytes(nonce), quantityBytes(transaction.gasPrice), ...call];
  const fees =
    type === 1 ? [transaction.gasPrice] : [transaction.maxPriorityFeePerGas, transaction.maxFeePerGas];
  const list = transaction.accessList.map(({ address, keys }) => [addressBytes(address), keys]);
  return [...[chainId, nonce, ...fees].map(quantityBytes), ...call, list];
}

function readTo(item: Rlp | undefined, field: string): Address {
  const bytes = readBytes(item, `${field}.to`);
  if (bytes.length === 0) {
    throw CREATES_CONTRACT(`${field} has no destination: it would create a contract`, {
      field: `${field}.to`,
      hint: "contracts are not created from a custody's accounts",
    });
  }
  return readAddress(bytes, `${field}.to`);
}

function assertCount(items: readonly Rlp[], count: number, field: string): void {
  if (items.length !== count) throw malformed(field, `has ${items.length} fields, not ${count}`);
}

function assertChain({ chainId }: EvmTransaction, chain: ChainId, field: string): void {
  if (chainId === chainIdOf(chain)) return;
  throw CHAIN_ID_OTHER(`${field} is for chain ${chainId}, it is used on ${chain}`, {
    field: `${field}.chainId`,
    hint: "do not sign: somebody changed the transaction or the request",
  });
}

// Pair assertion: whatever reading let through, writing gives these very bytes again.
function assertSpelling(written: Uint8Array, bytes: Uint8Array, field: string): void {
  if (!equalBytes(written, bytes)) throw malformed(field, "is not in its one spelling");
}
