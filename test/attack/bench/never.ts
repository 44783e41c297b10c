/** What must never be, in the model's words: P1 paid twice, P2 paid what no quorum approved, P3 paid after the hold. */
import { familyKeys, type Family } from "../../../src/core/documents/family.ts";
import type { IntentDocument } from "../../../src/core/documents/intent.ts";
import type { ReceiptDocument, SignedPlan } from "../../../src/core/documents/receipt.ts";
import type { VoidDocument } from "../../../src/core/documents/void.ts";
import type { Attempt, Chain } from "./chain.ts";
import type { House } from "./house.ts";
import type { People } from "./people.ts";

const share = (one: Iterable<string>, other: ReadonlySet<string>) => [...one].some((key) => other.has(key));
const keysOf = ({ intents }: SignedPlan) => intents.flatMap(({ family }) => familyKeys(family));

/** P1: of one family, attempts that could both settle, or have. */
export function paidTwice(chain: Chain): readonly string[] {
  const able = chain.complete.filter((attempt) => attempt.families.size > 0 && !chain.isDead(attempt));
  return able.flatMap((one, place) =>
    able
      .slice(place + 1)
      .filter((other) => share(one.families, other.families))
      .filter((other) => !share(one.conflictKeys, new Set(other.conflictKeys)))
      .map((other) => `${one.transaction} and ${other.transaction} could both settle`),
  );
}

/** Law 4 at one signer: what it signed before of the family lives, and the new plan shares no coin with it. */
export function signedApart(chain: Chain, signer: number, plan: SignedPlan): readonly string[] {
  const families = new Set(keysOf(plan));
  return chain.signed
    .filter((earlier) => earlier.signer === signer && share(keysOf(earlier.plan), families))
    .filter(({ plan: { conflictKeys } }) => !share(conflictKeys, new Set(plan.conflictKeys)))
    .filter(({ plan: { conflictKeys, rungs } }) => chain.deathOf(conflictKeys, idsOf(rungs)) === undefined)
    .map(({ plan: earlier }) => `signed plan ${plan.plan} beside plan ${earlier.plan}, which lives`);
}

const idsOf = (rungs: SignedPlan["rungs"]) => rungs.map(({ transaction }) => transaction);

/** P2: an intent that is nobody's wish or lacks its quorum by the signer's own policy, or an effect of no such intent. */
export function unapproved(
  house: House,
  intents: readonly IntentDocument[],
  people: People,
  receipt: ReceiptDocument,
): readonly string[] {
  const { outcome } = receipt.body;
  if (outcome.type !== "signed") return [];
  const digests = new Set(outcome.plans.flatMap((plan) => plan.intents.map(({ intent }) => intent)));
  const wished = intents.filter(({ digest }) => digests.has(digest));
  const strange = [...digests].filter(
    (digest) => !wished.some((intent) => intent.digest === digest && people.haveApproved(house, intent)),
  );
  const effects = outcome.review.plans.flatMap(({ rungs }) => rungs.flatMap((rung) => rung.effects));
  const stray = effects.filter(
    (effect) =>
      effect.type !== "change" &&
      !(
        effect.type === "pay" &&
        effect.account === house.ground.accountOf("customer") &&
        wished.some(({ body }) => body.id === effect.intent && body.units === effect.units)
      ),
  );
  return [
    ...strange.map((digest) => `signed for intent ${digest}, which no quorum approved`),
    ...stray.map((effect) => `signed an effect that nobody asked for: ${JSON.stringify(effect)}`),
  ];
}

/** A void that is silent about something that its signer has signed of the family. */
export function leftOut(chain: Chain, signer: number, { body }: VoidDocument): readonly string[] {
  const families = new Set(familyKeys(body.family));
  const listed = new Set<string>(body.attempts.map(({ plan }) => plan));
  return chain.signed
    .filter((one) => one.signer === signer && share(keysOf(one.plan), families))
    .filter(({ plan }) => !listed.has(plan.plan))
    .map(({ plan }) => `the void of signer ${signer} does not list plan ${plan.plan}`);
}

/** When a hold ends (law 3): enough signers have closed the very family, and all that they list is dead. */
export function isReleased(
  chain: Chain,
  family: Family,
  voids: readonly VoidDocument[],
  needed: number,
): boolean {
  const name = familyKeys(family).join();
  const sound = voids
    .filter(({ body }) => familyKeys(body.family).join() === name)
    .filter(({ body }) =>
      body.attempts.every(
        ({ conflictKeys, transactions }) => chain.deathOf(conflictKeys, transactions) !== undefined,
      ),
    );
  const settled = chain.complete.some((attempt) => isOf(attempt, family) && chain.isSettled(attempt));
  return !settled && new Set(sound.map(({ body }) => body.signer)).size >= needed;
}

/** P3: what can still settle of a family whose hold has been released. */
export function paidAfter(chain: Chain, released: readonly Family[]): readonly string[] {
  return released.flatMap((family) =>
    chain.complete
      .filter((attempt) => isOf(attempt, family) && !chain.isDead(attempt))
      .map(({ transaction }) => `${transaction} can settle after the hold of ${family.intent} was released`),
  );
}

const isOf = (attempt: Attempt, family: Family) => share(familyKeys(family), attempt.families);
