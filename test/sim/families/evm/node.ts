/** An endpoint of the chain in memory, by its JSON-RPC calls: all that the product asks of one for plain accounts. */
import { addressOf, type Address } from "../../../../src/chains/evm/address.ts";
import { fromHex } from "../../../../src/core/hex.ts";
import { NodeTrouble } from "../../world/host.ts";
import { MemoryNode } from "../memory-node.ts";
import type { Block, EvmChain } from "./chain.ts";
import { blockJson, hash, quantity, receiptJson, transactionJson } from "./json.ts";
import { accountIn, PLAIN_GAS, type Account } from "./state.ts";
import { sentOf, type Sent } from "./transaction.ts";

/** As many blocks as settle what the first of them holds: more than make it final. */
const INVENTED = 6;
/** Blocks until one is final. */
export const FINAL_AFTER = 3;
const GWEI = 10n ** 9n;
/** geth's code for whatever its pool refuses. */
const REFUSED = -32000;

export class EvmChainNode extends MemoryNode<Block, EvmChain> {
  constructor(chain: EvmChain) {
    super(chain, INVENTED);
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- parameters as JSON-RPC has them, from another process
  protected readonly methods: Readonly<Record<string, (...params: any[]) => unknown>> = {
    eth_chainId: () => quantity(31_337),
    eth_getBlockByNumber: (at: string, whole: boolean) => this.blockAt(at, whole),
    eth_getBlockByHash: (of: string, whole: boolean) => this.json(this.blockCalled(of), whole),
    eth_getTransactionCount: (of: string, at: unknown) => quantity(this.account(of, at).nonce),
    eth_getBalance: (of: string, at: unknown) => quantity(this.account(of, at).balance),
    eth_getCode: () => "0x",
    eth_call: () => "0x",
    eth_estimateGas: () => quantity(PLAIN_GAS),
    eth_getLogs: () => [],
    eth_gasPrice: () => quantity(this.tip.baseFee + GWEI),
    eth_maxPriorityFeePerGas: () => quantity(GWEI),
    eth_feeHistory: () => ({ baseFeePerGas: [quantity(this.tip.baseFee)], reward: [] }),
    eth_getTransactionByHash: (of: string) => this.transaction(of.slice(2)),
    eth_getTransactionReceipt: (of: string) => this.receipt(of.slice(2)),
    eth_sendRawTransaction: (text: string) => this.send(fromHex(text.slice(2))),
  };

  private get tip(): Block {
    return this.blocks.at(-1) as Block;
  }

  private get pool(): ReadonlyMap<string, Sent> {
    return this.forgetful ? new Map() : this.chain.pool;
  }

  private blockAt(at: string, whole: boolean): unknown {
    const last = this.blocks.length - 1;
    if (at === "latest") return this.json(this.tip, whole);
    if (at === "finalized" || at === "safe")
      return this.json(this.blocks[Math.max(last - FINAL_AFTER, 0)], whole);
    return this.json(this.blocks[Number(BigInt(at))], whole);
  }

  private blockCalled(of: string): Block | undefined {
    return this.blocks.find((block) => hash(block.hash) === of);
  }

  private json(block: Block | undefined, whole: boolean): unknown {
    return block === undefined ? null : blockJson(block, this.blocks[block.height - 1], whole);
  }

  private account(of: string, at: unknown): Account {
    const block =
      typeof at === "string" ? this.tip : this.blockCalled((at as { blockHash: string }).blockHash);
    if (block === undefined) throw new NodeTrouble("NODE_REFUSED", "header not found", REFUSED);
    const address = addressOf(fromHex(of.slice(2).toLowerCase()));
    const { nonce, balance } = this.lied(accountIn(block.state, address));
    if (at !== "pending") return { nonce, balance };
    return { nonce: this.pendingNonce(address, nonce), balance };
  }

  private lied({ nonce, balance }: Account): Account {
    if (this.fault === "hides coins") return { nonce: nonce + 1n, balance: balance / 2n };
    if (this.fault === "lists spent coins")
      return { nonce: nonce > 0n ? nonce - 1n : 0n, balance: 2n * balance };
    return { nonce, balance };
  }

  private pendingNonce(address: Address, from: bigint): bigint {
    const waiting = new Set(
      [...this.pool.values()]
        .filter((one) => one.from === address)
        .map(({ transaction }) => transaction.nonce),
    );
    let nonce = from;
    while (waiting.has(nonce)) nonce += 1n;
    return nonce;
  }

  private transaction(id: string): unknown {
    if (this.fault === "lies") return null;
    const block = this.blocks.find(({ transactions }) => transactions.some((one) => one.id === id));
    const found = block?.transactions.find((one) => one.id === id) ?? this.pool.get(id);
    return found === undefined ? null : transactionJson(found, block);
  }

  private receipt(id: string): unknown {
    if (this.fault === "lies") return null;
    const block = this.blocks.find(({ transactions }) => transactions.some((one) => one.id === id));
    const found = block?.transactions.find((one) => one.id === id);
    return block === undefined || found === undefined ? null : receiptJson(found, block);
  }

  private send(bytes: Uint8Array): string {
    const { id } = sentOf(bytes);
    if (this.fault === "alone") return hash(id);
    const trouble = this.chain.offer(bytes);
    if (this.fault === "drops replies") throw new NodeTrouble("NODE_TIMEOUT", "no answer in time");
    if (this.fault === "lies") throw new NodeTrouble("NODE_REFUSED", "nonce too low", REFUSED);
    if (trouble !== undefined) throw new NodeTrouble("NODE_REFUSED", trouble, REFUSED);
    return hash(id);
  }
}
