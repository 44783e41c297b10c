/**
 * What Safes have executed, by their own logs: `ExecutionSuccess` and `ExecutionFailure` with the hash that their owners signed.
 * The hash is data in 1.3.0, and a topic since 1.4.1.
 */
import type { Address } from "../../chains/evm/address.ts";
import { keccak256 } from "../../chains/evm/keccak.ts";
import { parseDigest } from "../../core/digest.ts";
import { toHex, utf8 } from "../../core/hex.ts";
import type { Receipt } from "./receipt.ts";
import type { Executed } from "./touching.ts";

const topicOf = (signature: string) => toHex(keccak256(utf8(signature)));
const SUCCESS = topicOf("ExecutionSuccess(bytes32,uint256)");
const FAILURE = topicOf("ExecutionFailure(bytes32,uint256)");

/** In the order of the logs. */
export function executionsOf(
  { logs }: Pick<Receipt, "logs">,
  safes: readonly Address[],
): readonly Executed[] {
  return logs.flatMap(({ address, topics, data }) => {
    const [kind, indexed] = topics;
    if (!safes.includes(address) || (kind !== SUCCESS && kind !== FAILURE)) return [];
    const name = indexed ?? (data.length === 128 ? data.slice(0, 64) : undefined);
    return name === undefined ? [] : [{ safe: address, name: parseDigest(name), failed: kind === FAILURE }];
  });
}
