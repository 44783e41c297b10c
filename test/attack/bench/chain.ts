/** What became of coins, and of the attempts that signers have signed over them. */
import { familyKeys } from "../../../src/core/documents/family.ts";
import type { Digest } from "../../../src/core/digest.ts";
import type { SignedPlan } from "../../../src/core/documents/receipt.ts";
import type { Taker } from "./grounds/ground.ts";

/** One transaction with the signatures that the attacker holds of it. */
export type Attempt = {
  readonly transaction: Digest;
  readonly conflictKeys: readonly string[];
  /** Every name of the families that it pays; none for a cancel rung, which pays ourselves. */
  readonly families: ReadonlySet<string>;
  /** Places of the signers who have signed it. */
  readonly signers: ReadonlySet<number>;
};

/** A plan as one signer has signed it. */
export type Signed = { readonly signer: number; readonly plan: SignedPlan };

export class Chain {
  readonly attempts = new Map<string, Attempt>();
  readonly signed: Signed[] = [];
  private readonly spenders = new Map<string, Digest>();
  private readonly takers = new Map<string, Taker>();
  private readonly threshold: number;

  /** @param threshold how many signatures make a transaction whole */
  constructor(threshold: number) {
    this.threshold = threshold;
  }

  /** Takes the signatures of a receipt. */
  take(signer: number, plan: SignedPlan): void {
    this.signed.push({ signer, plan });
    const families = plan.intents.flatMap(({ family }) => familyKeys(family));
    for (const { rung, transaction } of plan.rungs) {
      const known = this.attempts.get(transaction);
      this.attempts.set(transaction, {
        transaction,
        conflictKeys: plan.conflictKeys,
        families: new Set([...(known?.families ?? []), ...(rung === "cancel" ? [] : families)]),
        signers: new Set([...(known?.signers ?? []), signer]),
      });
    }
  }

  /** The transaction that has spent the coin. */
  spenderOf(conflictKey: string): Digest | undefined {
    return this.spenders.get(conflictKey);
  }

  get spent(): number {
    return this.spenders.size;
  }

  /** @param transaction by the name that attempts have; of one that is none, its id @param taker as proofs of death say it */
  spend(conflictKeys: readonly string[], transaction: Digest, taker: Taker): void {
    for (const key of conflictKeys) this.spenders.set(key, transaction);
    this.takers.set(transaction, taker);
  }

  /** A transaction that has spent a coin, as proofs of death say it. */
  takerOf(transaction: Digest): Taker | undefined {
    return this.takers.get(transaction);
  }

  /** Attempts that can be sent, or were. */
  get complete(): readonly Attempt[] {
    return [...this.attempts.values()].filter(({ signers }) => signers.size >= this.threshold);
  }

  isSettled({ transaction, conflictKeys }: Attempt): boolean {
    return conflictKeys.some((key) => this.spenders.get(key) === transaction);
  }

  /** A coin of it went elsewhere: it can never settle. */
  isDead({ transaction, conflictKeys }: Attempt): boolean {
    return conflictKeys.some((key) => (this.spenders.get(key) ?? transaction) !== transaction);
  }

  /** The coin by which every paying rung among `transactions` is dead, where there is one. */
  deathOf(conflictKeys: readonly string[], transactions: readonly Digest[]): string | undefined {
    const paying = transactions.filter((id) => (this.attempts.get(id)?.families.size ?? 1) > 0);
    return conflictKeys.find((key) => {
      const spender = this.spenders.get(key);
      return spender !== undefined && !paying.includes(spender);
    });
  }
}
