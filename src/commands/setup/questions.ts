/** The questions of a set-up, for a person at a terminal. What is not asked for stands in the answers file to be edited. */
import { NETWORKS, type Network } from "../../core/chain.ts";
import { parseName, type Name } from "../../core/identifier.ts";
import { parseText } from "../../core/text.ts";
import { shellWord } from "../../core/shell-word.ts";
import type { Answers } from "../../setup/answers.ts";
import { assertAnswersFit, assertGroupsMeet, assertNamesDiffer } from "../../setup/fitting.ts";
import type { Seat } from "../../setup/house.ts";
import { TEMPLATE_NAMES, TEMPLATES, type TemplateName } from "../../setup/template.ts";
import type { Io } from "../../terminal/io.ts";
import { CANCELLED, confirm } from "../../terminal/prompt.ts";
import { drawFacts } from "../../terminal/table.ts";
import { askFees, askPayments } from "./amounts.ts";
import { choose, countBetween, oneOf } from "./choose.ts";
import { drawAnswers, drawGivenUp, drawSeat, drawTemplate } from "./drawing.ts";

/** @throws CANCELLED when the person does not agree to what was answered */
export async function askAnswers(io: Io, dir: string): Promise<Answers> {
  const network = await choose(io, "Network (mainnet, testnet or regtest)", undefined, oneOf(NETWORKS));
  io.stderr.write(`\n${TEMPLATE_NAMES.map(drawTemplate).join("")}`);
  const template = await choose(
    io,
    "How many people (three, five or nine)",
    undefined,
    oneOf(TEMPLATE_NAMES),
  );
  const people = await askPeople(io, template);
  const vault = await askSigners(io, people);
  const payments = await askPayments(io, { network, template, ...vault });
  const answers: Answers = {
    version: 1,
    network,
    template,
    people,
    wallet: "vault" as Name,
    ...vault,
    ...payments,
    ...(await askRules(io, network, template)),
  };
  assertAnswersFit(answers);
  io.stderr.write(`\n${drawFacts(drawAnswers(answers))}\n${drawGivenUp(answers)}\n`);
  if (!(await confirm(io, `Write this to ${dir}?`, "--answers")))
    throw CANCELLED("nothing was written", { hint: `custody setup ${shellWord(dir)}` });
  return answers;
}

async function askPeople(io: Io, template: TemplateName): Promise<Answers["people"]> {
  const people: Answers["people"] = [];
  for (const seat of TEMPLATES[template].seats) people.push(await askPerson(io, seat, people));
  return people;
}

async function askPerson(io: Io, seat: Seat, others: Answers["people"]): Promise<Answers["people"][number]> {
  io.stderr.write(`\n${drawSeat(seat)}`);
  const person = await choose(io, "Full name", undefined, (text) => {
    const full = parseText(text, "the name", 64);
    // A short name that nobody has, so that only the full one is compared.
    assertNamesDiffer({
      people: [...others, { seat: seat.id, name: "" as Name, person: full }],
      signers: [],
    });
    return full;
  });
  const name = await choose(io, "Short name (a-z, 0-9, -)", shortNameOf(person), (text) => {
    const short = parseName(text, "the name");
    assertNamesDiffer({ people: [...others, { seat: seat.id, name: short, person }], signers: [] });
    return short;
  });
  return { seat: seat.id, name, person };
}

function shortNameOf(person: string): string | undefined {
  const [first = ""] = person.split(" ");
  const plain = first.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return /^[a-z][a-z0-9-]{0,31}$/.test(plain) ? plain : undefined;
}

async function askSigners(
  io: Io,
  people: Answers["people"],
): Promise<Pick<Answers, "signers" | "threshold">> {
  io.stderr.write("\nEach signer is an offline machine with a key of its own.\n");
  const count = await choose(io, "How many signers", "3", countBetween(1, 15));
  const taken = new Set<string>(people.map(({ name }) => name));
  const lead = Array.from({ length: count }, (_, place) => `vault-${place + 1}`).some((name) =>
    taken.has(name),
  )
    ? "signer"
    : "vault";
  const signers = Array.from({ length: count }, (_, place) => parseName(`${lead}-${place + 1}`));
  assertNamesDiffer({ people, signers });
  if (count === 1) return { signers, threshold: 1 };
  const threshold = await choose(io, "How many of them sign", String(Math.floor(count / 2) + 1), (text) => {
    const value = countBetween(1, count)(text);
    assertGroupsMeet(signers, value);
    return value;
  });
  return { signers, threshold };
}

type Rules = Pick<Answers, "newDestinationHours" | "tiers" | "fees" | "confirmations" | "days">;

async function askRules(io: Io, network: Network, template: TemplateName): Promise<Rules> {
  const tried = network === "regtest";
  io.stderr.write("\n");
  const newDestinationHours = await choose(
    io,
    "Hours before a new destination can be paid",
    tried ? "0" : "24",
    countBetween(0, 720),
  );
  const clears = TEMPLATES[template].cleared.length > 0;
  const tiers = clears
    ? await choose(io, "Customers' tiers that compliance may clear", "basic", readTiers)
    : ["basic" as Name];
  const confirmations = await choose(
    io,
    "Blocks after which a payment is final",
    tried ? "1" : "6",
    countBetween(1, 1000),
  );
  return {
    newDestinationHours,
    tiers: [...tiers],
    fees: await askFees(io, network),
    confirmations,
    days: await choose(io, "Days that this policy is in force", "365", countBetween(1, 3650)),
  };
}

function readTiers(text: string): readonly Name[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== "");
  return [...new Set((words.length === 0 ? [""] : words).map((word) => parseName(word, "the tier")))];
}
