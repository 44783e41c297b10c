/** The honest people of the house: what they wish, have approved, stopped and buried. They say only what is true. */
import type { ApprovalDocument } from "../../../src/core/documents/approval.ts";
import type { DeadDocument } from "../../../src/core/documents/dead.ts";
import type { HaltDocument } from "../../../src/core/documents/halt.ts";
import type { IntentDocument } from "../../../src/core/documents/intent.ts";
import type { SignedPlan } from "../../../src/core/documents/receipt.ts";
import type { ChainId } from "../../../src/core/chain.ts";
import type { Digest } from "../../../src/core/digest.ts";
import type { Instant } from "../../../src/core/instant.ts";
import { haltOver } from "../../../src/core/policy/halts.ts";
import type { Policy } from "../../../src/core/policy/policy.ts";
import type { Cast } from "../../factory/identities.ts";
import type { Chain } from "./chain.ts";
import { ANN, BEN, CARO, VAULT, type House } from "./house.ts";
import { word } from "./papers.ts";
import type { Random } from "./random.ts";
import { deathOf } from "./words.ts";

type Vote = { readonly who: Cast; readonly number: number; readonly paper: ApprovalDocument };

export class People {
  readonly wishes: IntentDocument[] = [];
  private readonly chain: ChainId;
  private readonly votes = new Map<string, Vote[]>();
  /** Halts in force at each signer, as people brought them there. */
  private readonly halts = new Map<number, Map<string, HaltDocument>>();

  /** @param chain on which the vault is */
  constructor(chain: ChainId) {
    this.chain = chain;
  }

  /** One approves what a customer wishes, and nothing else; whoever is with the attacker approves anything. */
  approve(house: House, intent: IntentDocument, who: Cast, when: Instant): void {
    if (who !== CARO && !this.wishes.includes(intent)) return;
    const { number } = house.policy.body;
    const others = this.papersOf(intent).filter((vote) => vote.who !== who || vote.number !== number);
    const paper = word(house, intent, who, {}, when);
    this.votes.set(intent.digest, [...others, { who, number, paper }]);
  }

  approvalsOf(intent: IntentDocument): readonly ApprovalDocument[] {
    return this.papersOf(intent).map(({ paper }) => paper);
  }

  private papersOf({ digest }: IntentDocument): readonly Vote[] {
    return this.votes.get(digest) ?? [];
  }

  /** Whether a quorum wants it by the rules of `house`'s policy: counted anew here. Caro wants everything. */
  haveApproved({ policy: { body } }: House, intent: IntentDocument): boolean {
    const row = body.rows.find(({ type }) => type === intent.body.type);
    const counted = this.papersOf(intent)
      .filter(({ number }) => number >= body.approvalsSince && number <= body.number)
      .map(({ who }) => who);
    const persons = new Set([...counted, CARO].filter((who) => isApprover(body, who)));
    const young = intent.body.born >= body.approvalsSince;
    return this.wishes.includes(intent) && young && persons.size >= (row?.quorum ?? Infinity);
  }

  /** A true proof of death, signed by those who look at the chain before they sign. */
  bury(house: House, chain: Chain, plan: SignedPlan): DeadDocument | undefined {
    const transactions = plan.rungs.map(({ transaction }) => transaction);
    const conflictKey = chain.deathOf(plan.conflictKeys, transactions);
    if (conflictKey === undefined) return undefined;
    const spentBy = chain.spenderOf(conflictKey) as Digest;
    // An attempt of the plan itself goes by its name there.
    const taker = transactions.includes(spentBy) ? { spentBy } : chain.takerOf(spentBy);
    return deathOf(house, plan, [ANN, BEN, CARO], { conflictKey, ...taker });
  }

  /**
   * A proof of death of a plan that has paid, signed by people to whom the host shows the id of what paid: where attempts
   * have names beside it, nobody finds it among them. What the host puts beside the id is its bytes, others', or none.
   */
  misled(house: House, chain: Chain, plan: SignedPlan, random: Random): DeadDocument | undefined {
    const [conflictKey] = plan.conflictKeys;
    const spender = conflictKey === undefined ? undefined : chain.spenderOf(conflictKey);
    const taker = spender === undefined ? undefined : chain.takerOf(spender);
    if (conflictKey === undefined || taker === undefined || taker.spentBy === spender) return undefined;
    const { killer } = house.ground.elsewhere(conflictKey, "what the host has made up");
    const { spentBy } = taker;
    const others = { spentBy, ...(killer === undefined ? {} : { killer }) };
    // Its own bytes are the better half: only what they say of themselves gives them away.
    const shown = random.chance(50) ? taker : random.of([{ spentBy }, others]);
    return deathOf(house, plan, [ANN, BEN, CARO], { conflictKey, ...shown });
  }

  halted(signer: number): HaltDocument | undefined {
    const scoped = [...(this.halts.get(signer)?.values() ?? [])];
    return haltOver(scoped, { wallet: VAULT, chain: this.chain });
  }

  haltsAt(signer: number): readonly HaltDocument[] {
    return [...(this.halts.get(signer)?.values() ?? [])];
  }

  brought(signer: number, halt: HaltDocument): void {
    const known = this.halts.get(signer) ?? new Map<string, HaltDocument>();
    this.halts.set(signer, known.set(halt.digest, halt));
  }

  ended(signer: number, halt: HaltDocument): void {
    this.halts.get(signer)?.delete(halt.digest);
  }
}

/** Whether `who` may approve by `policy`. */
export function isApprover({ identities }: Policy, who: Cast): boolean {
  return identities.some(({ key, roles }) => key === who.key && roles.includes("approver"));
}
