/** The call by which a relayer has a Safe's transaction executed: its fields, and the owners' signatures. */
import { calls, decodeCall, encodeCall, type AbiFunction } from "./abi.ts";
import { assertNoRefund, operationOf, type SafeTx } from "./safe.ts";

const EXEC_TRANSACTION = {
  name: "execTransaction",
  inputs: [
    ["to", "address"],
    ["value", "uint256"],
    ["data", "bytes"],
    ["operation", "uint8"],
    ["safeTxGas", "uint256"],
    ["baseGas", "uint256"],
    ["gasPrice", "uint256"],
    ["gasToken", "address"],
    ["refundReceiver", "address"],
    ["signatures", "bytes"],
  ],
} as const satisfies AbiFunction;

/** @param signatures as `packSignatures` gives them @throws SAFE_REFUND */
export function encodeExecution(tx: SafeTx, signatures: Uint8Array): Uint8Array {
  assertNoRefund(tx);
  const { operation, nonce: _nonce, ...fields } = tx;
  return encodeCall(EXEC_TRANSACTION, { ...fields, operation: BigInt(operation), signatures });
}

/**
 * The transaction that calldata executes. Its nonce is not in it: the contract takes its own, so a wrong one makes
 * another hash, and the signatures are nobody's.
 * @throws EVM_CALLDATA_MALFORMED, SAFE_TX_MALFORMED, SAFE_REFUND
 */
export function decodeExecution(
  data: Uint8Array,
  nonce: bigint,
  field = "data",
): { readonly tx: SafeTx; readonly signatures: Uint8Array } {
  const { signatures, operation, ...fields } = decodeCall(EXEC_TRANSACTION, data, field);
  const tx = { ...fields, operation: operationOf(operation, `${field}.operation`), nonce };
  assertNoRefund(tx, field);
  return { tx, signatures };
}

export function isExecution(data: Uint8Array): boolean {
  return calls(data, EXEC_TRANSACTION);
}
