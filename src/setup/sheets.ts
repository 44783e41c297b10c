/**
 * Sheets of paper for a ceremony, and what stands on each. They are printed empty: a fingerprint that the drafting
 * machine printed would be compared with itself, so everyone writes it from the screen of the machine that made it.
 */
import type { Answers } from "./answers.ts";
import { TEMPLATES } from "./template.ts";

export type Sheet = {
  readonly title: string;
  readonly secrecy: "PUBLIC" | "SECRET" | "KEPT APART FROM THE MACHINE";
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly note: string;
  readonly blanks: "fingerprint" | "words" | "logbook";
};

/** Groups of four hexadecimal digits in a fingerprint, and words of a seed or a fingerprint. */
export const GROUPS = 16;
export const WORDS = 24;
/** Lines of a logbook page: a head takes two lines of handwriting. */
export const LOGBOOK_LINES = 12;
export const LOGBOOK_COLUMNS = [
  "date",
  "what was done",
  "journal head, all 64 digits",
  "officer",
  "second",
] as const;

export function sheetsOf(answers: Answers): readonly Sheet[] {
  const { network, people, signers, wallet, template } = answers;
  const rolesOf = (seat: string) => TEMPLATES[template].seats.find(({ id }) => id === seat)?.roles ?? [];
  return [
    ...people.map(
      ({ seat, name, person }): Sheet => ({
        title: `Card of ${person}`,
        secrecy: "PUBLIC",
        facts: [
          ["name", name],
          ["person", person],
          ["network", network],
          ["roles", rolesOf(seat).join(", ")],
        ],
        note: "Write the fingerprint by hand from the screen of your own machine, never from a file that somebody sends. Bring this card whenever a signer or a desk pins the first policy.",
        blanks: "fingerprint",
      }),
    ),
    ...signers.flatMap((signer): Sheet[] => [
      {
        title: `Words of ${signer}`,
        secrecy: "SECRET",
        facts: [
          ["signer", signer],
          ["wallet", wallet],
          ["network", network],
        ],
        note: "Whoever reads these words has this signer's key. No photograph, no copy machine. Kept in a sealed bag, away from the machine and from the sheets of the other signers.",
        blanks: "words",
      },
      {
        title: `Logbook of ${signer}`,
        secrecy: "KEPT APART FROM THE MACHINE",
        facts: [
          ["signer", signer],
          ["network", network],
        ],
        note: "Each time the signer shows a journal head, write it down whole. The next signing asks for the last one: a machine that was set back cannot know it.",
        blanks: "logbook",
      },
    ]),
  ];
}
