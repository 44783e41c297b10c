/** What signers have signed in hours that a disk has lost: no row here has let it out, and receipts lie with whoever carried them. */
import { familyKeys, familyOf } from "../../../src/core/documents/family.ts";
import type { IntentDocument } from "../../../src/core/documents/intent.ts";
import type { SignedPlan } from "../../../src/core/documents/receipt.ts";
import type { World } from "./world.ts";

/** Plans that have left by no row here, each once, in which a signer has signed the promise of `intent`. */
export function lostPlansOf({ books, receipts }: World, intent: IntentDocument): readonly SignedPlan[] {
  // One that was built before the backup and left after it is a draft here; once dropped, it is lost like the others.
  const here = new Set(books.plans.filter(({ state }) => state !== "DROPPED").map(({ digest }) => digest));
  const names = new Set(familyKeys(familyOf(intent.body)));
  const signed = receipts.flatMap(({ receipt: { body } }) =>
    body.outcome.type === "signed" ? body.outcome.plans : [],
  );
  const lost = signed.filter(
    ({ plan, intents }) =>
      !here.has(plan) && intents.some(({ family }) => familyKeys(family).some((name) => names.has(name))),
  );
  return [...new Map(lost.map((one) => [one.plan, one])).values()];
}
