/** How the scenarios offer payments: a plan over some sets of coins, approved by whomever the attack says. */
import type { DeadDocument } from "../../../../src/core/documents/dead.ts";
import type { IntentDocument } from "../../../../src/core/documents/intent.ts";
import type { Cast } from "../../../factory/identities.ts";
import { ANN, CARO } from "../house.ts";
import { said, type Machine } from "../machine.ts";
import type { CoinSet } from "../grounds/ground.ts";
import { bytesOf, planOf, requestOf, word, type Built, type Papers } from "../papers.ts";
import { deathOf, type Buried } from "../words.ts";

let count = 0;

export type Offer = {
  readonly approvers?: readonly Cast[];
  readonly built?: Built;
  readonly dead?: readonly DeadDocument[];
  readonly heads?: readonly string[];
  /** Whatever else of the papers is not as it should be. */
  readonly papers?: Partial<Papers>;
};

/** What `signer` answers to a request for `intent` over the coins of `sets`, good but for `more`. */
export function offer(
  signer: Machine,
  intent: IntentDocument,
  sets: readonly CoinSet[],
  more: Offer = {},
): string {
  const { house, keys } = signer;
  const heads = (more.heads ?? []).map((head) => ({
    signer: keys.who.name,
    epoch: keys.epoch,
    head: head as never,
  }));
  const built = more.built ?? planOf(house, [{ intent }], { sets, label: `${++count}` });
  const own = intent.body.type !== "withdrawal";
  const request = requestOf(house, {
    plans: [built],
    intents: [intent],
    ...(own ? { beneficiaries: [] } : {}),
    approvals: (more.approvers ?? [ANN, CARO]).map((who) => word(house, intent, who, { heads })),
    label: `request ${++count}`,
    body: {
      dead: (more.dead ?? []).map(({ body, signatures }) => ({ ...body, signatures: [...signatures] })),
    },
    ...more.papers,
  });
  return said(signer.offer(bytesOf(request)));
}

/** Proof of death of the plan that `signer` signed last. */
export function deadOf(
  signer: Machine,
  who: readonly Cast[],
  changes: Parameters<typeof deathOf>[3] = {},
): DeadDocument {
  const outcomes = signer.journal.lines.map(({ receipt }) => receipt?.body.outcome);
  const outcome = outcomes.findLast((one) => one?.type === "signed");
  if (outcome?.type !== "signed") throw new Error("the signer has signed nothing");
  return deathOf(signer.house, outcome.plans[0] as Buried, who, changes);
}
