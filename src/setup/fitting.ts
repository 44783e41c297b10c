/** Whether answers go together: every seat is taken, by different people, and every payment can be signed. */
import { declareError, type CustodyError } from "../core/errors.ts";
import { alwaysMeet } from "../core/policy/groups.ts";
import { quoted } from "../core/text.ts";
import { unitsOf, type Answers } from "./answers.ts";
import { TEMPLATES } from "./template.ts";

export const ANSWERS_UNFIT = declareError(
  "ANSWERS_UNFIT",
  "invalid",
  "Answers to a set-up contradict one another, or leave a payment that nobody could sign.",
);

/** @throws ANSWERS_UNFIT, and the errors of amounts */
export function assertAnswersFit(answers: Answers): void {
  assertSeated(answers);
  assertNamesDiffer(answers);
  assertGroupsMeet(answers.signers, answers.threshold);
  assertAmounts(answers);
}

function assertSeated({ template, people }: Answers): void {
  const { seats } = TEMPLATES[template];
  const wanted = seats.map(({ id }) => id).join(", ");
  for (const { id } of seats) {
    const sitting = people.filter(({ seat }) => seat === id).length;
    if (sitting !== 1)
      throw unfit(
        "people",
        `seat ${id} is taken by ${sitting} people, one is needed`,
        `template ${template} has the seats ${wanted}`,
      );
  }
  const stray = people.find(({ seat }) => !seats.some(({ id }) => id === seat));
  if (stray !== undefined)
    throw unfit("people", `template ${template} has no seat ${quoted(stray.seat)}`, `seats: ${wanted}`);
}

// Quorums count humans. One human in two seats would look like two, and the template's separations would be gone.
export function assertNamesDiffer({ people, signers }: Pick<Answers, "people" | "signers">): void {
  const persons = people.map(({ person }) => folded(person));
  const twice = people.find((_, place) => persons.indexOf(persons[place] as string) < place);
  if (twice !== undefined)
    throw unfit(
      "people",
      `${quoted(twice.person)} sits in two seats`,
      "take a template for as many people as there are",
    );
  // Cards and signed copies are files called by name.
  const names: readonly string[] = [...people.map(({ name }) => name), ...signers];
  const again = names.find((name, place) => names.indexOf(name) < place);
  if (again !== undefined)
    throw unfit("people", `${again} is the name of two people or signers`, "give each a name of its own");
}

function folded(person: string): string {
  return person
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** Any two groups that can sign share a signer, which would notice a payment made twice (law 3). @throws ANSWERS_UNFIT */
export function assertGroupsMeet(signers: readonly string[], threshold: number): void {
  const most = signers.length;
  const least = Math.floor(most / 2) + 1;
  const quorum = { signers, needed: threshold };
  if (threshold <= most && alwaysMeet(quorum, quorum)) return;
  throw unfit(
    "threshold",
    `${threshold} of ${most} signers is not more than half of them, and no more than there are`,
    `for ${most}: ${least} to ${most}`,
  );
}

function assertAmounts(answers: Answers): void {
  const { network, small, large, fees } = answers;
  const least = unitsOf(small.upTo, network, "small.upTo");
  if (unitsOf(large.upTo, network, "large.upTo") <= least)
    throw unfit("large.upTo", "the largest payment is not above the largest small one", "raise large.upTo");
  for (const band of ["small", "large"] as const) assertBandUsable(answers, band);
  unitsOf(fees.max, network, "fees.max");
}

/**
 * A signer knows its own journal alone, so that it enforces m/n of a limit (`signerShare`): the largest payment of a
 * band has to be within that.
 * @throws ANSWERS_UNFIT, and the errors of amounts
 */
export function assertBandUsable(
  answers: Pick<Answers, "network" | "signers" | "threshold" | "small" | "large">,
  band: "small" | "large",
): void {
  const { network, signers, threshold } = answers;
  const [upTo, day, month] = (["upTo", "day", "month"] as const).map((field) =>
    unitsOf(answers[band][field], network, `${band}.${field}`),
  ) as [bigint, bigint, bigint];
  const share = (day * BigInt(threshold)) / BigInt(signers.length);
  if (share < upTo)
    throw unfit(
      `${band}.day`,
      `one signer lets ${threshold} of ${signers.length} parts of a day's limit pass, less than one payment of ${answers[band].upTo}`,
      `raise ${band}.day to ${signers.length} of ${threshold} parts of ${band}.upTo, or more`,
    );
  if (month < day)
    throw unfit(
      `${band}.month`,
      "a month's limit is below a day's",
      `raise ${band}.month to ${band}.day or more`,
    );
}

function unfit(field: string, why: string, hint: string): CustodyError {
  return ANSWERS_UNFIT(`answers.${field}: ${why}`, { field: `answers.${field}`, hint });
}
