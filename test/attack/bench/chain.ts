/** What became of coins, and of the attempts that signers have signed over them. */
import { familyKeys } from "../../../src/core/documents/family.ts";
import type { SignedPlan } from "../../../src/core/documents/receipt.ts";

/** One transaction with the signatures that the attacker holds of it. */
export type Attempt = {
  readonly transaction: string;
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
  private readonly spenders = new Map<string, string>();
  private readonly killers = new Map<string, string>();
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
  spenderOf(conflictKey: string): string | undefined {
    return this.spenders.get(conflictKey);
  }

  get spent(): number {
    return this.spenders.size;
  }

  /** @param killer its bytes, where a proof of death needs them */
  spend(conflictKeys: readonly string[], transaction: string, killer?: string): void {
    for (const key of conflictKeys) this.spenders.set(key, transaction);
    if (killer !== undefined) this.killers.set(transaction, killer);
  }

  killerOf(transaction: string): string | undefined {
    return this.killers.get(transaction);
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
  deathOf(conflictKeys: readonly string[], transactions: readonly string[]): string | undefined {
    const paying = transactions.filter((id) => (this.attempts.get(id)?.families.size ?? 1) > 0);
    return conflictKeys.find((key) => {
      const spender = this.spenders.get(key);
      return spender !== undefined && !paying.includes(spender);
    });
  }
}
