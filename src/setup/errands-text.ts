/** `who-does-what.md`: the ceremony as a list that is ticked off. */
import type { Answers } from "./answers.ts";
import { ceremonyOf, type Errand, type Stage } from "./ceremony.ts";
import { FILES } from "./files.ts";
import { givenUp } from "./given-up.ts";
import { linesOf } from "./lines.ts";

export function errandsText(answers: Answers): string {
  const { network, people, signers, threshold } = answers;
  return [
    `# Who does what: a custody of ${people.length} people on ${network}`,
    "",
    ...paragraph(
      `${threshold} of ${signers.length} signers sign. Print ${FILES.sheets} first: a card for each person, a sheet of words and a logbook page for each signer. Every command is run in this folder, which is carried between the machines on a memory stick; key files stay where they are made. If two things do not match, stop, and call everybody.`,
    ),
    "",
    "What this house gives up:",
    "",
    ...givenUp(answers).flatMap((says) => paragraph(says, "- ", "  ")),
    "",
    ...ceremonyOf(answers).flatMap(stageLines),
  ].join("\n");
}

function stageLines({ title, why, errands }: Stage, place: number): readonly string[] {
  return [`## ${place + 1}. ${title}`, "", ...paragraph(why), "", ...errands.flatMap(errandLines)];
}

function errandLines({ who, where, commands, byHand }: Errand): readonly string[] {
  return [
    `- [ ] **${markdown(who)}**, ${where}`,
    "",
    "  ```",
    ...commands.map((command) => `  ${command}`),
    "  ```",
    "",
    ...(byHand === undefined ? [] : [...paragraph(markdown(byHand), "  ", "  "), ""]),
  ];
}

/** For a screen of 80 columns. Commands are never broken: they are copied whole. */
function paragraph(text: string, first = "", following = ""): readonly string[] {
  return linesOf(text, 80 - first.length).map((line, place) => `${place === 0 ? first : following}${line}`);
}

// A person's name is text, not a link or an image that a viewer would fetch.
function markdown(text: string): string {
  return text.replace(/[\\`*_[\]<>!&|~#]/g, (character) => `\\${character}`);
}
