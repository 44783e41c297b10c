/** The way from answers to a policy in force: who does what, at which machine, in which order. */
import type { Answers } from "./answers.ts";
import { cardFile, FILES, signedFile } from "./files.ts";
import { shellWord } from "../core/shell-word.ts";
import { TEMPLATES } from "./template.ts";

export type Errand = {
  readonly who: string;
  readonly where: string;
  readonly commands: readonly string[];
  /** What has to be done by hand. */
  readonly byHand?: string;
};

export type Stage = { readonly title: string; readonly why: string; readonly errands: readonly Errand[] };

type Person = Answers["people"][number];

export function ceremonyOf(answers: Answers): readonly Stage[] {
  return [
    keys(answers),
    signers(answers),
    draft(answers),
    signing(answers),
    proofs(answers),
    activation(answers),
    pins(answers),
    desks(answers),
  ];
}

function keys(answers: Answers): Stage {
  const { network, people } = answers;
  return {
    title: "Everyone makes a key",
    why: "A key that somebody else makes for you is somebody else's key. Only the card leaves the machine.",
    errands: people.map((person) => ({
      ...atDesk(answers, person, [
        `custody identity new ${person.name} --network ${network} --person ${shellWord(person.person)} --out ~/${person.name}.key`,
        `cp ~/${cardFile(person.name)} .`,
      ]),
      byHand:
        "Write the fingerprint from your own screen on your paper card, all 64 digits, and keep the card with you.",
    })),
  };
}

function signers(answers: Answers): Stage {
  const { network, wallet, signers: names } = answers;
  return {
    title: "Every signer makes a key",
    why: "The seed never leaves its machine. Two people stand there: one writes the words down, the other checks them; nobody says them aloud.",
    errands: names.map((name) => ({
      ...atSigner(answers, name, [
        `custody-signer init --network ${network} --name ${name}`,
        `custody-signer keys new --name ${wallet}`,
        `custody-signer keys export --out ${cardFile(name)}`,
        `custody-signer keys verify --name ${wallet}`,
      ]),
      byHand:
        "Write the 24 words on this signer's sheet, and the start head into its logbook: they are kept apart. The last command asks for the words from the sheet.",
    })),
  };
}

function draft(answers: Answers): Stage {
  return {
    title: "The draft",
    why: "It is made from the cards. Whoever makes it decides nothing: everybody reads it before signing.",
    errands: [
      {
        ...atDesk(answers, firstWith(answers, "admin"), ["custody setup . --continue"]),
        byHand: "It names the cards that are missing; with all of them it writes policy.draft.json.",
      },
    ],
  };
}

function signing(answers: Answers): Stage {
  return {
    title: "Everyone signs the draft",
    why: "With the first policy everybody signs: it proves that each key is held by the one whom it names.",
    errands: answers.people.map((person) => ({
      ...atDesk(answers, person, [
        `custody desk sign ${FILES.draft} --as policy --identity ~/${person.name}.key --out ${signedFile(person.name)}`,
      ]),
      byHand:
        "Read the names, the roles and the limits, and compare your own fingerprint with your card, before you retype the six words, the first of the 24.",
    })),
  };
}

function proofs(answers: Answers): Stage {
  return {
    title: "Every signer proves its key",
    why: "The draft names the signers' keys as well. They believe nothing yet.",
    errands: answers.signers.map((name) =>
      atSigner(answers, name, [`custody-signer policy prove --in ${FILES.draft} --out ${signedFile(name)}`]),
    ),
  };
}

function activation(answers: Answers): Stage {
  const { network, people, signers: names } = answers;
  const copies = [...people, ...names.map((name) => ({ name }))].map(({ name }) => signedFile(name));
  const operator = firstWith(answers, "operator");
  return {
    title: "The online host takes the policy",
    why: "`custody setup . --continue` says whose signature is missing.",
    errands: [
      {
        who: `${operator.person} (${operator.name})`,
        where: "the online host",
        commands: [
          ...(network === "regtest" ? ["export CUSTODY_HOME=~/custody-online"] : []),
          "custody setup . --continue",
          `custody init --network ${network}`,
          `custody policy import ${copies.map(shellWord).join(" ")}`,
          "custody policy activate",
          `custody policy show --out ${FILES.policy}`,
        ],
      },
    ],
  };
}

function pins(answers: Answers): Stage {
  const admins = peopleWith(answers, "admin");
  return {
    title: "Every signer pins the policy",
    why: "This is the comparison on which everything rests: each admin's fingerprint, in full, typed from the card in the admin's own hand.",
    errands: answers.signers.map((name) => ({
      ...atSigner(answers, name, [`custody-signer policy pin --in ${FILES.policy}`]),
      byHand: `${admins.map(({ person }) => person).join(", ")} are there, each with the paper card. Compare the 24 words of the policy with those that a desk shows by: custody desk review ${FILES.policy}. Write the journal head into the logbook.`,
    })),
  };
}

function desks(answers: Answers): Stage {
  const admins = peopleWith(answers, "admin");
  return {
    title: "Every desk pins the policy",
    why: "From now on each desk judges by it, whatever the online host says.",
    errands: answers.people.map((person) => ({
      ...atDesk(answers, person, [`custody desk init --policy ${FILES.policy}`]),
      byHand: `Type the fingerprints of ${admins.map(({ person: name }) => name).join(", ")} from their paper cards.`,
    })),
  };
}

// On regtest everything may be tried on one machine; elsewhere each home is the only one of its machine.
function atDesk({ network }: Answers, { name, person }: Person, commands: readonly string[]): Errand {
  return {
    who: `${person} (${name})`,
    where: "at a desk of one's own",
    commands: [...(network === "regtest" ? [`export CUSTODY_HOME=~/custody-${name}`] : []), ...commands],
  };
}

function atSigner(answers: Answers, name: string, commands: readonly string[]): Errand {
  const officer = firstWith(answers, "officer");
  return {
    who: `${officer.person} (${officer.name}), and a second person`,
    where: `the offline machine of ${name}`,
    commands: [
      ...(answers.network === "regtest" ? [`export CUSTODY_SIGNER_HOME=~/custody-${name}`] : []),
      ...commands,
    ],
  };
}

function firstWith(answers: Answers, role: "admin" | "operator" | "officer"): Person {
  return peopleWith(answers, role)[0] as Person;
}

function peopleWith(
  { template, people }: Answers,
  role: "admin" | "operator" | "officer",
): readonly Person[] {
  const { seats } = TEMPLATES[template];
  return people.filter(({ seat }) => seats.some(({ id, roles }) => id === seat && roles.includes(role)));
}
