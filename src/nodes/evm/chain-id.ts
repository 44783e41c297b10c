/** Which chain an endpoint is of, by its own word: what it says of another chain says nothing of ours (attack E1). */
import { chainIdOf } from "../../chains/evm/transaction.ts";
import type { ChainId } from "../../core/chain.ts";
import { declareError } from "../../core/errors.ts";
import type { Rpc } from "../bitcoind/rpc.ts";
import { quantityField } from "./answers.ts";

export const EVM_NODE_WRONG_CHAIN = declareError(
  "EVM_NODE_WRONG_CHAIN",
  "conflict",
  "An endpoint is of another chain than it was named for.",
);

/** @throws EVM_NODE_WRONG_CHAIN */
export async function assertChainOf(rpc: Rpc, chain: ChainId): Promise<void> {
  const said = await rpc.read("eth_chainId", [], quantityField);
  if (said === chainIdOf(chain)) return;
  throw EVM_NODE_WRONG_CHAIN(`the endpoint is of chain eip155:${said}, and was named for ${chain}`, {
    field: "node",
    hint: `name an endpoint of ${chain}`,
    details: { said: `eip155:${said}`, chain },
  });
}
