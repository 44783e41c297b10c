/** A proof of death as an approver reads it: what can never settle, what is said to have killed it, and what to look up. */
import { codecOfKey } from "../../chains/death.ts";
import type { Dead } from "../../core/documents/dead.ts";
import { countSignatures } from "../../core/policy/counting.ts";
import type { Policy } from "../../core/policy/policy.ts";
import type { Fact } from "../../terminal/reading.ts";
import { grouped } from "../../terminal/table.ts";
import { coinText, namesOf, signedAs, type Findings } from "./reading.ts";
import type { SubjectOf } from "./subject.ts";

export function readDead({ document }: SubjectOf<"dead">, policy: Policy | undefined): Findings {
  const { plan, transactions, conflictKey, spentBy, block, evidence } = document.body;
  const signed = policy === undefined ? [] : countSignatures(policy, "approver", document);
  return {
    facts: [
      ["DEAD", "you vouch that none of these transactions can ever settle"],
      ["plan", grouped(plan)],
      // The cancel rung that ended the plan is in a block: under "can never settle" it would read as a lie.
      ...transactions
        .filter((transaction) => transaction !== spentBy)
        .map((transaction): Fact => ["transaction", grouped(transaction)]),
      ["because the coin", coinText(conflictKey)],
      ["was taken by", `${grouped(spentBy)}${saidToBe(document.body)}`],
      ["in block", `${grouped(block.hash)}, height ${block.height}`],
      ["evidence", grouped(evidence)],
      ["signed by", namesOf(signed)],
    ],
    signed: signedAs("dead", signed),
    missing:
      policy === undefined
        ? []
        : ["as many approvers as the row of the plan's intents asks for, without its operators"],
    warnings: warningsAbout(document.body),
  };
}

function saidToBe({ transactions, spentBy, withoutEffect }: Dead): string {
  if (withoutEffect === true) return ", a payment of the plan's own, SAID TO HAVE FAILED";
  return transactions.includes(spentBy) ? ", said to be the plan's own cancel rung" : "";
}

function warningsAbout({ transactions, spentBy, conflictKey, withoutEffect }: Dead): readonly string[] {
  // A rung that pays has killed nothing: the payment has happened. A desk has no plan to tell the two apart.
  const own = "it is one of the plan's own: sign only if all that it pays is one address of ours";
  if (codecOfKey(conflictKey)?.keepsFailed !== true)
    return [
      "look that transaction up in a node of your own before you sign: it spends the coin, or one that the coin's own transaction spends as well",
      ...(transactions.includes(spentBy) ? [own] : []),
    ];
  const lookUp = `look up at a node of your own, before you sign, what was sent with ${coinText(conflictKey)}`;
  if (withoutEffect === true)
    return [`${lookUp}: sign only if it FAILED in that block, and the destination got nothing by it`];
  return [`${lookUp}: sign only if it pays nobody whom this plan pays`];
}
