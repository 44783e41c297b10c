/** What a house gives up, by its template and by what was answered: said before anybody decides, not found out later. */
import type { Problem } from "../core/policy/verify.ts";
import type { Answers } from "./answers.ts";
import type { GivenUp } from "./house.ts";
import { TEMPLATES } from "./template.ts";

/** What anybody may choose in any house, and gives up by it. */
const BY_CHOICE: readonly (GivenUp & { readonly chosen: (answers: Answers) => boolean })[] = [
  {
    says: "One signer: whoever has its key has the coins, and its loss is theirs. The paper with its words is all there is.",
    chosen: ({ signers }) => signers.length === 1,
    isWarned: ({ kind }) => kind === "one-key",
  },
  {
    says: "All signers needed: the loss of one key is the loss of the coins. The papers with the words are all there is.",
    chosen: ({ signers, threshold }) => signers.length > 1 && threshold === signers.length,
    isWarned: ({ kind }) => kind === "all-keys",
  },
  {
    says: "No wait for new destinations: one can be paid the moment that it is signed.",
    chosen: ({ newDestinationHours }) => newDestinationHours === 0,
    isWarned: ({ kind }) => kind === "no-delay",
  },
  {
    says: "No wait for large payments: what a stolen key approves, nobody has time to reject.",
    chosen: ({ large }) => large.delayHours === 0,
  },
];

function all(answers: Answers): readonly GivenUp[] {
  return [...TEMPLATES[answers.template].givesUp, ...BY_CHOICE.filter(({ chosen }) => chosen(answers))];
}

/** Each as a sentence. */
export function givenUp(answers: Answers): readonly string[] {
  return all(answers).map(({ says }) => says);
}

/** Problems of the policy made from `answers` that are not of what is given up: errors, and what nobody has said yet. */
export function unsaid(answers: Answers, problems: readonly Problem[]): readonly Problem[] {
  const said = all(answers);
  return problems.filter(
    ({ severity, gap }) =>
      severity === "error" || gap === undefined || !said.some(({ isWarned }) => isWarned?.(gap) === true),
  );
}
