/** I14: a signer's journal goes on from its own head, and never signs two attempts of one family that could both settle. */
import { familyKeys } from "../../../src/core/documents/family.ts";
import type { SignedPlan } from "../../../src/core/documents/receipt.ts";
import { headOf, JOURNAL_START } from "../../../src/core/journal-entry.ts";
import type { Journal } from "../../../signer/journal/journal.ts";
import type { Invariant, Seen } from "./invariant.ts";

export const I14: Invariant = {
  id: "I14",
  check: (seen) =>
    seen.machines.flatMap(({ journal }, signer) => [
      ...brokenChain(journal).map((line) => `signer ${signer + 1}: ${line}`),
      ...signedApart(seen, journal).map((line) => `signer ${signer + 1}: ${line}`),
    ]),
};

const whole = new WeakSet<Journal["lines"][number]>();

function brokenChain({ lines }: Journal): readonly string[] {
  let head = JOURNAL_START;
  return lines.flatMap((line, number) => {
    const { entry } = line;
    const goesOn = entry.number === number && entry.previous === head;
    head = whole.has(line) ? (lines[number + 1]?.entry.previous ?? head) : headOf(entry);
    whole.add(line);
    return goesOn ? [] : [`entry ${number} does not follow the one before`];
  });
}

function signedApart({ chain }: Seen, { lines }: Journal): readonly string[] {
  const plans = lines.flatMap(({ receipt }) =>
    receipt?.body.outcome.type === "signed" ? receipt.body.outcome.plans : [],
  );
  return plans.flatMap((one, place) =>
    plans
      .slice(place + 1)
      .filter((other) => other.plan !== one.plan && share(familiesOf(one), familiesOf(other)))
      .filter((other) => !share(one.conflictKeys, other.conflictKeys))
      .filter(() => !isCovered(chain, one))
      .map((other) => `signed plan ${other.plan} beside ${one.plan}, which lives`),
  );
}

// By anything but an attempt that pays: the cancel rung kills its plan as well.
function isCovered(chain: Seen["chain"], { conflictKeys, rungs }: SignedPlan): boolean {
  const paying = new Set<string>(
    rungs.filter(({ rung }) => rung !== "cancel").map(({ transaction }) => transaction),
  );
  return conflictKeys.some((key) => {
    const taker = chain.takerOf(key);
    return taker !== undefined && !paying.has(taker.name);
  });
}

const familiesOf = ({ intents }: SignedPlan) => intents.flatMap(({ family }) => familyKeys(family));
const share = (one: readonly string[], other: readonly string[]) => one.some((key) => other.includes(key));
