/** Names of the files that a set-up goes through, all in the one folder that is carried between the machines. */

export const FILES = {
  answers: "answers.json",
  errands: "who-does-what.md",
  sheets: "cards.html",
  sheetsAsText: "cards.txt",
  draft: "policy.draft.json",
  policy: "policy.json",
} as const;

/** The card of a person or signer. */
export function cardFile(name: string): string {
  return `${name}.card.json`;
}

/** A copy of the policy with the signature of a person or signer. */
export function signedFile(name: string): string {
  return `policy.${name}.json`;
}
