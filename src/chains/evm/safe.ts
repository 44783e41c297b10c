/**
 * Transactions of a Safe: what its owners sign (EIP-712). The type and the domain are the same in 1.3.0, 1.4.1 and
 * 1.5.0. The hash is always made here from the fields. Ours refund nobody: gas is the relayer's, so a Safe's call
 * either has its whole effect or none, and its nonce stays unused with it (attack E4, law 4).
 */
import { declareError } from "../../core/errors.ts";
import { equalBytes, fromHex, toHex } from "../../core/hex.ts";
import { parseAddress, type Address } from "./address.ts";
import type { SafeVersion } from "./deployments.ts";
import { ZERO_ADDRESS } from "./erc20.ts";
import {
  assertDomain,
  domainSeparator,
  hashTypedData,
  TYPED_DATA_DOMAIN,
  type HashedTypedData,
  type TypedData,
} from "./typed-data.ts";
import { encodeType } from "./typed-data-types.ts";

/** A Safe as a policy pins it. */
export type PinnedSafe = {
  /** The number in `eip155:<number>`. */
  readonly chainId: bigint;
  readonly address: Address;
  readonly version: SafeVersion;
  readonly owners: readonly Address[];
  readonly threshold: number;
  /** The one contract that it may call as a delegate. */
  readonly multiSendCallOnly: Address;
};

export type SafeTx = {
  readonly to: Address;
  readonly value: bigint;
  readonly data: Uint8Array;
  /** 0: a call. 1: a delegate call, with which the called code acts as the Safe. */
  readonly operation: 0 | 1;
  readonly safeTxGas: bigint;
  readonly baseGas: bigint;
  readonly gasPrice: bigint;
  readonly gasToken: Address;
  readonly refundReceiver: Address;
  readonly nonce: bigint;
};

export const SAFE_REFUND = declareError(
  "SAFE_REFUND",
  "denied",
  "A Safe's transaction refunds gas from the Safe, or limits its own gas so that it may fail and use up its nonce.",
);
export const SAFE_TX_MALFORMED = declareError(
  "SAFE_TX_MALFORMED",
  "invalid",
  "Typed data is not a transaction of a Safe, field by field as the contracts have it.",
);

const TYPES = {
  SafeTx: [
    { type: "address", name: "to" },
    { type: "uint256", name: "value" },
    { type: "bytes", name: "data" },
    { type: "uint8", name: "operation" },
    { type: "uint256", name: "safeTxGas" },
    { type: "uint256", name: "baseGas" },
    { type: "uint256", name: "gasPrice" },
    { type: "address", name: "gasToken" },
    { type: "address", name: "refundReceiver" },
    { type: "uint256", name: "nonce" },
  ],
} as const;

/** A transaction of ours: it refunds nobody, and has all the gas that there is. */
export function makeSafeTx({
  to,
  value,
  data,
  operation,
  nonce,
}: Pick<SafeTx, "to" | "value" | "data" | "operation" | "nonce">): SafeTx {
  const refund = { baseGas: 0n, gasPrice: 0n, gasToken: ZERO_ADDRESS, refundReceiver: ZERO_ADDRESS };
  return { to, value, data, operation, nonce, safeTxGas: 0n, ...refund };
}

/** Pays nobody and calls nothing: executed, it has used up the nonce. */
export function makeSafeCancel({ address }: PinnedSafe, nonce: bigint): SafeTx {
  return makeSafeTx({ to: address, value: 0n, data: new Uint8Array(), operation: 0, nonce });
}

/** Whether a transaction does nothing but use up its nonce. @throws SAFE_REFUND */
export function isSafeCancel(tx: SafeTx, { address }: PinnedSafe, field = "safeTx"): boolean {
  assertNoRefund(tx, field);
  return tx.to === address && tx.value === 0n && tx.data.length === 0 && tx.operation === 0;
}

/** @throws SAFE_REFUND */
export function assertNoRefund(tx: Omit<SafeTx, "nonce">, field = "safeTx"): void {
  const numbers = (["safeTxGas", "baseGas", "gasPrice"] as const).find((name) => tx[name] !== 0n);
  const addresses = (["gasToken", "refundReceiver"] as const).find((name) => tx[name] !== ZERO_ADDRESS);
  const name = numbers ?? addresses;
  if (name === undefined) return;
  throw SAFE_REFUND(`${field}.${name} is ${tx[name]}, not zero`, {
    field: `${field}.${name}`,
    hint: "do not sign: a Safe of ours refunds nobody",
  });
}

/** What all of its hashes are bound to. */
type Domain = Pick<PinnedSafe, "chainId" | "address">;

/** The very message that its owners sign, for whoever shows it. */
export function safeTypedData(tx: SafeTx, safe: Domain): TypedData {
  const { operation, data, ...rest } = tx;
  return {
    types: TYPES,
    primaryType: "SafeTx",
    domain: domainOf(safe),
    message: { ...rest, data: `0x${toHex(data)}`, operation: BigInt(operation) },
  };
}

/** `digest` is the Safe's hash of the transaction: what owners sign, and what `getTransactionHash` answers. */
export function hashSafeTx(tx: SafeTx, safe: Domain): HashedTypedData {
  return hashTypedData(safeTypedData(tx, safe));
}

/**
 * The transaction that typed data of others is, for this very Safe and as its contracts hash it (attack E7).
 * @throws SAFE_TX_MALFORMED, EVM_TYPED_DATA_…
 */
export function readSafeTypedData(data: TypedData, safe: PinnedSafe): SafeTx {
  const { lines, encodedType, domainSeparator: separator } = hashTypedData(data);
  if (encodedType !== encodeType(TYPES, "SafeTx")) {
    throw SAFE_TX_MALFORMED("primaryType is not the SafeTx of Safe's contracts", {
      field: "primaryType",
      hint: "do not sign: owners of a Safe sign its transactions alone",
    });
  }
  assertDomain(data, { chainId: safe.chainId, contract: safe.address });
  // A name, a version or a salt beside them would make it a message that no Safe knows.
  if (!equalBytes(separator, safeDomainSeparator(safe))) {
    throw TYPED_DATA_DOMAIN("domain has more than chainId and verifyingContract", {
      field: "domain",
      hint: "do not sign: the message is for no Safe",
    });
  }
  const value = (name: keyof SafeTx) => lines.find(({ path }) => path === `message.${name}`)?.value ?? "";
  const number = (name: keyof SafeTx) => BigInt(value(name));
  const address = (name: keyof SafeTx) => parseAddress(value(name), `message.${name}`);
  return {
    to: address("to"),
    value: number("value"),
    data: fromHex(value("data").slice(2), "message.data"),
    operation: operationOf(number("operation"), "message.operation"),
    safeTxGas: number("safeTxGas"),
    baseGas: number("baseGas"),
    gasPrice: number("gasPrice"),
    gasToken: address("gasToken"),
    refundReceiver: address("refundReceiver"),
    nonce: number("nonce"),
  };
}

/** Which contract is meant: chain and address, whatever the version. */
export function safeDomainSeparator(safe: Domain): Uint8Array {
  return domainSeparator(domainOf(safe));
}

/** @throws SAFE_TX_MALFORMED */
export function operationOf(number: bigint, field: string): 0 | 1 {
  if (number === 0n) return 0;
  if (number === 1n) return 1;
  throw SAFE_TX_MALFORMED(`${field} is ${number}, neither a call nor a delegate call`, { field });
}

function domainOf({ chainId, address }: Domain) {
  return { chainId, verifyingContract: address };
}
