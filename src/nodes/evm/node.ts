/** One endpoint of an EVM chain: what builder and watcher ask of it, each answer of the chain that it was named for. */
import type { Address } from "../../chains/evm/address.ts";
import type { ChainId } from "../../core/chain.ts";
import type { Digest } from "../../core/digest.ts";
import { CustodyError, isError } from "../../core/errors.ts";
import { NODE_SETTINGS_INVALID } from "../failure.ts";
import { type Rpc } from "../bitcoind/rpc.ts";
import { readBalance, readCode, readNonce, type Code } from "./account.ts";
import { readBlock, readSenderOf, type BlockAt, type EvmBlock, type StateAt } from "./block.ts";
import { estimateGas, simulate, type EvmCall, type GasEstimate, type Simulation } from "./call.ts";
import { assertChainOf, EVM_NODE_WRONG_CHAIN } from "./chain-id.ts";
import { readFees, type EvmFees } from "./fees.ts";
import { readReceipt, readTransaction, type Receipt, type SeenTransaction } from "./receipt.ts";
import { readSafeNonce, readSafeState, type SafeState } from "./safe-state.ts";
import { send, type SendOutcome } from "./send.ts";
import { readTokenBalance } from "./token.ts";
import { readTouching, type Ours, type TouchingTransaction } from "./touching.ts";

export type AccountNonce = { readonly address: Address; readonly nonce: bigint };
export type Holding = { readonly token: Address; readonly holder: Address };

/** Questions about a chain. Every one throws NODE_* errors of `rpc.ts`, and EVM_NODE_WRONG_CHAIN. */
export type EvmNode = {
  readonly chain: ChainId;
  /** Undefined where there is none, or the chain has no such tag. */
  block(at: BlockAt): Promise<EvmBlock | undefined>;
  /** Of the transaction of an account with a nonce in the block with this hash. */
  senderOf(hash: Digest, at: AccountNonce): Promise<Digest | undefined>;
  /** What the block with this hash did to accounts of ours. */
  touching(hash: Digest, ours: Ours): Promise<readonly TouchingTransaction[]>;
  nonce(address: Address, at: StateAt): Promise<bigint>;
  balance(address: Address, at: StateAt): Promise<bigint>;
  /** @throws EVM_SAFE_SILENT */
  safeNonce(safe: Address, at: StateAt): Promise<bigint>;
  /** @throws EVM_SAFE_SILENT */
  safeState(safe: Address, at: StateAt): Promise<SafeState>;
  code(address: Address, at: StateAt): Promise<Code>;
  /** @throws EVM_TOKEN_SILENT */
  tokenBalance(holding: Holding, at: StateAt): Promise<bigint>;
  fees(): Promise<EvmFees>;
  receipt(transaction: Digest): Promise<Receipt | undefined>;
  transaction(transaction: Digest): Promise<SeenTransaction | undefined>;
  simulate(call: EvmCall, at: StateAt): Promise<Simulation>;
  estimateGas(call: EvmCall, at: StateAt): Promise<GasEstimate>;
  /** Throws only for a wrong setting, before anything is sent. */
  broadcast(bytes: Uint8Array): Promise<SendOutcome>;
};

export function evmNode({ rpc, chain }: { readonly rpc: Rpc; readonly chain: ChainId }): EvmNode {
  // Both at once; an answer of another chain is never given away.
  const on = async <T>(asked: Promise<T>): Promise<T> => {
    asked.catch(() => undefined);
    await assertChainOf(rpc, chain);
    return asked;
  };
  return {
    chain,
    block: (at) => on(readBlock(rpc, at)),
    senderOf: (hash, at) => on(readSenderOf(rpc, hash, at)),
    touching: (hash, ours) => on(readTouching(rpc, hash, ours)),
    nonce: (address, at) => on(readNonce(rpc, address, at)),
    safeNonce: (safe, at) => on(readSafeNonce(rpc, safe, at)),
    safeState: (safe, at) => on(readSafeState(rpc, safe, at)),
    balance: (address, at) => on(readBalance(rpc, address, at)),
    code: (address, at) => on(readCode(rpc, address, at)),
    tokenBalance: (holding, at) => on(readTokenBalance(rpc, holding, at)),
    fees: () => on(readFees(rpc)),
    receipt: (transaction) => on(readReceipt(rpc, transaction)),
    transaction: (transaction) => on(readTransaction(rpc, transaction)),
    simulate: (call, at) => on(simulate(rpc, call, at)),
    estimateGas: (call, at) => on(estimateGas(rpc, call, at)),
    broadcast: async (bytes) => {
      try {
        await assertChainOf(rpc, chain);
      } catch (error) {
        if (isError(error, EVM_NODE_WRONG_CHAIN, NODE_SETTINGS_INVALID)) throw error;
        return uncertain(error);
      }
      return send(rpc, bytes);
    },
  };
}

function uncertain(error: unknown): SendOutcome {
  if (error instanceof CustodyError) return { type: "uncertain", reason: `${error.code}: ${error.message}` };
  throw error;
}
