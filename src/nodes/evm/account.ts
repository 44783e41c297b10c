/** An account or a contract, as one endpoint has it. */
import type { Digest } from "../../core/digest.ts";
import { fromHex, toHex } from "../../core/hex.ts";
import { keccak256 } from "../../chains/evm/keccak.ts";
import type { Address } from "../../chains/evm/address.ts";
import type { Rpc } from "../bitcoind/rpc.ts";
import { dataField, quantityField } from "./answers.ts";
import { stateParameter, type StateAt } from "./block.ts";

/** `size` is zero for an account without code, whose hash is that of nothing. */
export type Code = { readonly size: number; readonly hash: Digest };

/** How many transactions of the account have been made, which is its next nonce. */
export async function readNonce(rpc: Rpc, address: Address, at: StateAt): Promise<bigint> {
  return rpc.read("eth_getTransactionCount", [address, stateParameter(at)], quantityField);
}

/** Wei. */
export async function readBalance(rpc: Rpc, address: Address, at: StateAt): Promise<bigint> {
  return rpc.read("eth_getBalance", [address, stateParameter(at)], quantityField);
}

/** The hash is ours, of the bytes that were given. */
export async function readCode(rpc: Rpc, address: Address, at: StateAt): Promise<Code> {
  const bytes = fromHex(await rpc.read("eth_getCode", [address, stateParameter(at)], dataField));
  return { size: bytes.length, hash: toHex(keccak256(bytes)) as Digest };
}
