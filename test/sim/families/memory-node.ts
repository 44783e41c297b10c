/** What every node in memory does alike: it shows the chain as it is, as it was, or as a liar has it. */
import { assert } from "../../../src/core/errors.ts";
import { NodeTrouble } from "../world/host.ts";
import type { ChainNode, Fault, Lie } from "./node.ts";

type Shown<Block> = {
  readonly blocks: readonly Block[];
  withMore(count: number): readonly Block[];
  without(count: number): readonly Block[];
};

/** As many blocks as take back what had settled. */
const DENIED = 4;

export abstract class MemoryNode<Block, Chain extends Shown<Block>> implements ChainNode {
  fault: Fault | Lie = "none";
  protected readonly chain: Chain;
  private readonly invented: number;
  private frozen: readonly Block[] | undefined;
  private told: { readonly of: readonly Block[]; readonly blocks: readonly Block[] } | undefined;

  /** @param invented as many blocks as settle what the first of them holds */
  constructor(chain: Chain, invented: number) {
    this.chain = chain;
    this.invented = invented;
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- arguments from another process
  protected abstract readonly methods: Readonly<Record<string, (...args: any[]) => unknown>>;

  become(fault: Fault | Lie): void {
    this.told = undefined;
    this.frozen = fault === "lags" ? this.chain.blocks : undefined;
    this.fault = fault;
  }

  answer(method: string, args: readonly unknown[]): unknown {
    if (this.fault === "down") throw new NodeTrouble("NODE_UNREACHABLE", "no connection");
    const known = this.methods[method];
    assert(known !== undefined, `the simulator's node has no method ${method}`);
    return known(...args);
  }

  protected get blocks(): readonly Block[] {
    return this.frozen ?? this.liedBlocks() ?? this.chain.blocks;
  }

  /** Whether it has forgotten what waits. */
  protected get forgetful(): boolean {
    return this.fault === "alone" || this.fault === "lies";
  }

  // The same lie until the truth moves: what is said of a block's hash is always the same.
  private liedBlocks(): readonly Block[] | undefined {
    if (this.fault !== "invents blocks" && this.fault !== "denies blocks") return undefined;
    const { blocks } = this.chain;
    if (this.told?.of !== blocks) {
      const lie =
        this.fault === "denies blocks" ? this.chain.without(DENIED) : this.chain.withMore(this.invented);
      this.told = { of: blocks, blocks: lie };
    }
    return this.told.blocks;
  }
}
