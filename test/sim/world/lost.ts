/** What signers have signed in hours that a disk has lost: no row here knows it, and their receipts lie with whoever carried them. */
import { familyKeys, familyOf } from "../../../src/core/documents/family.ts";
import type { IntentDocument } from "../../../src/core/documents/intent.ts";
import type { SignedPlan } from "../../../src/core/documents/receipt.ts";
import type { World } from "./world.ts";

/** Plans that no row holds, in which a signer has signed the promise of `intent`. */
export function lostPlansOf({ books, receipts }: World, intent: IntentDocument): readonly SignedPlan[] {
  const here = new Set(books.plans.map(({ digest }) => digest));
  const names = new Set(familyKeys(familyOf(intent.body)));
  const lost = receipts.flatMap(({ receipt: { body } }) =>
    body.outcome.type === "signed" ? body.outcome.plans : [],
  );
  return lost.filter(
    ({ plan, intents }) =>
      !here.has(plan) && intents.some(({ family }) => familyKeys(family).some((name) => names.has(name))),
  );
}
