/** What differs between worlds by the kind of chain that their vault is on: moves and invariants ask it, and never which it is. */
import type { Instant } from "../../../src/core/instant.ts";
import type { Ground } from "../../attack/bench/grounds/ground.ts";
import type { House } from "../../attack/bench/house.ts";
import type { Books } from "../world/books.ts";
import type { Answer } from "../world/host.ts";
import type { Chain } from "./chain.ts";
import type { ChainNode } from "./node.ts";

/** Somebody who is paid, and how much. */
export type Payment = { readonly account: string; readonly units: bigint };

/** How a custody is told of its nodes, and of what customers have paid in. */
export type Founding = {
  readonly chain: Chain;
  readonly house: House;
  now(): Instant;
  run(line: string): Promise<Answer>;
  watch(): Promise<unknown>;
  /** Two admins allow what `line` does. */
  byWarrant(line: string): Promise<void>;
};

export type Family = {
  readonly name: string;
  readonly ground: Ground;
  /** The asset as an operator writes it. */
  readonly asset: string;
  /** Decimals of it. */
  readonly decimals: number;
  /** Whether people may bring its coins together. */
  readonly consolidates: boolean;
  newChain(time: Instant): Chain;
  newNode(chain: Chain): ChainNode;
  /** Whether a question to a node hands it bytes; they are its first argument then. */
  sends(method: string, args: readonly unknown[]): Uint8Array | undefined;
  /** Whether what plans compete for are numbers in a row, each of which waits for the one before. */
  readonly inRow: boolean;
  /** What it asks when all is calm: whatever a world signs is taken at that. */
  readonly calmRateMilli: bigint;
  /** What the network asks of a transaction from now on, in thousandths of what rates are given in. */
  askFees(chain: Chain, nodes: readonly ChainNode[], rateMilli: bigint): void;
  /** Customers pay in; each `units` is a deposit of its own. */
  payIn(founding: Founding, ref: string, units: readonly bigint[]): Promise<void>;
  /** More of the wallet's money than there was, so that whoever may choose anew chooses otherwise. */
  enrich(chain: Chain, house: House, now: Instant): void;
  /** What an attempt competes for: conflict keys. */
  keysOf(bytes: Uint8Array): readonly string[];
  /** Whom it pays but the vault. */
  paysOf(bytes: Uint8Array, house: House): readonly Payment[];
  /** Which of these attempts cost more than the policy allows. */
  overpriced(seen: {
    readonly books: Books;
    readonly house: House;
    readonly chain: Chain;
  }): readonly string[];
  /** What another maker's program makes of signed bytes: the same coins or nonce, another fee. @param mistaken and a unit more for somebody */
  readonly madeElsewhere: (bytes: Uint8Array, house: House, mistaken: boolean) => Uint8Array | undefined;
  /** Whom a sighting's coin paid. */
  paidBy(chain: Chain, coin: string): Payment | undefined;
  /** How `--coin` writes a conflict key. */
  readonly coinOf: (conflictKey: string) => string;
};
