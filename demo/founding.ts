/** How the house of a story is founded, each step as its people would type it. */
import { readFile, writeFile } from "node:fs/promises";
import type { Cast, Role } from "./cast.ts";

const PEOPLE = {
  admin: "Ada Admin",
  operator: "Otto Operator",
  approver: "Ann Approver",
  officer: "Olga Officer",
  second: "Sam Second",
} as const satisfies Readonly<Record<Role, string>>;
export type Person = keyof typeof PEOPLE;

/** Those of the smallest house; `second` is a second admin, where two have to say something. */
const FOUR: readonly Person[] = ["admin", "operator", "approver", "officer"];
export const FIVE: readonly Person[] = [...FOUR, "second"];

const seatOf = (person: Person) => (person === "second" ? "admin" : person);

export const keyOf = (person: Person) => `${person}.key`;

/** An offline machine: whose home it is, and its name. */
export type SignerRole = { readonly role: Role; readonly name: string };

const ONE_SIGNER: readonly SignerRole[] = [{ role: "signer", name: "vault-1" }];

type MakingKeys = {
  readonly people?: readonly Person[];
  readonly kinds?: readonly string[];
  readonly signers?: readonly SignerRole[];
};

/**
 * Everyone makes a key on a machine of their own; the signer makes its identity and a seed.
 * @param kinds of wallets whose keys the signer's card shows, where they are not those of bitcoin
 */
export async function makeKeys(
  cast: Cast,
  { people = FOUR, kinds = [], signers = ONE_SIGNER }: MakingKeys = {},
): Promise<void> {
  for (const person of people) {
    const secret = ["--passphrase-file", cast.passphrase(person)];
    await cast.run(
      "custody",
      person,
      "identity",
      "new",
      person,
      "--network",
      "regtest",
      "--person",
      PEOPLE[person],
      "--out",
      keyOf(person),
      ...secret,
    );
  }
  for (const signer of signers) await makeSigner(cast, signer, kinds);
}

async function makeSigner(cast: Cast, { role, name }: SignerRole, kinds: readonly string[]): Promise<void> {
  const secret = ["--passphrase-file", cast.passphrase(role)];
  const run = (...args: readonly string[]) => cast.run("custody-signer", role, ...args, ...secret);
  await run("init", "--network", "regtest", "--name", name);
  await run("keys", "new", "--name", "vault", "--words-out", "words");
  await run(
    "keys",
    "export",
    ...kinds.flatMap((kind) => ["--kind", kind]),
    "--out",
    cast.carried(`${name}.card.json`),
  );
}

/** A policy as people edit it: JSON. */
export type PolicyDraft = Readonly<Record<string, unknown>>;

type Founding = {
  readonly upTo?: string;
  readonly confirmations?: number;
  /** Further flags of `policy draft`. */
  readonly more?: readonly string[];
  readonly people?: readonly Person[];
  readonly signers?: readonly SignerRole[];
  /** Whose desks pin the policy. */
  readonly desks?: readonly Person[];
  /** What people change in the draft: rows and wallets that no flag makes. */
  readonly edit?: (policy: PolicyDraft) => PolicyDraft;
};

/** The admin drafts a policy from the cards; everyone whom it names signs; the online home and the signer take it. */
export async function foundCustody(
  cast: Cast,
  {
    upTo = "1",
    confirmations = 1,
    more = [],
    people = FOUR,
    signers = ONE_SIGNER,
    desks = ["operator", "approver"],
    edit,
  }: Founding = {},
): Promise<void> {
  const card = (person: Person) => `${cast.folder}/${person}/${person}.card.json`;
  const cards = people.flatMap((person) => [`--${seatOf(person)}`, card(person)]);
  const draft = cast.carried("policy.draft.json");
  await cast.run(
    "custody",
    "admin",
    "policy",
    "draft",
    ...cards,
    "--signer",
    ...signers.map(({ name }) => cast.carried(`${name}.card.json`)),
    "--wallet",
    "vault",
    "--up-to",
    upTo,
    "--confirmations",
    String(confirmations),
    ...more,
    "--out",
    draft,
  );
  if (edit !== undefined) await redraft(cast, draft, edit);
  const signed = [];
  for (const person of people)
    signed.push(await signAtDesk(cast, person, draft, "policy", `policy.${person}.json`));
  for (const { role, name } of signers) {
    const proof = cast.carried(`policy.${name}.json`);
    const secret = ["--passphrase-file", cast.passphrase(role)];
    await cast.run("custody-signer", role, "policy", "prove", "--in", draft, "--out", proof, ...secret);
    signed.push(proof);
  }

  await cast.run("custody", "online", "init", "--network", "regtest");
  await cast.run("custody", "online", "policy", "import", ...signed);
  await cast.run("custody", "online", "policy", "activate");
  const policy = cast.carried("policy.json");
  const { digest } = (await cast.run("custody", "online", "policy", "show", "--out", policy)) as {
    digest: string;
  };
  const admins = await Promise.all(
    people
      .filter((person) => seatOf(person) === "admin")
      .map(async (person) => ["--admin", `${person}=${await fingerprintOf(cast, person)}`]),
  );
  for (const { role } of signers) {
    const pin = ["policy", "pin", "--in", policy, ...admins.flat(), "--confirm", digest];
    await cast.run("custody-signer", role, ...pin, "--passphrase-file", cast.passphrase(role));
  }
  for (const person of desks)
    await cast.run("custody", person, "desk", "init", "--policy", policy, ...admins.flat());
}

/** As `custody policy show --indent`, an editor, and `policy draft --from` do it. */
async function redraft(cast: Cast, draft: string, edit: (policy: PolicyDraft) => PolicyDraft): Promise<void> {
  const { signatures: _, ...body } = JSON.parse(await readFile(draft, "utf8")) as PolicyDraft;
  const edited = cast.carried("policy.edit.json");
  await writeFile(edited, JSON.stringify(edit(body), null, 2));
  await cast.run("custody", "admin", "policy", "draft", "--from", edited, "--out", draft, "--force");
}

/** The operator lends the online host a session key for some hours. */
export async function startSession(cast: Cast): Promise<void> {
  const draft = cast.carried("delegation.json");
  await cast.run("custody", "online", "session", "new", "--operator", "operator", "--out", draft);
  const signed = await signAtDesk(cast, "operator", draft, "delegate", "delegation.signed.json");
  await cast.run("custody", "online", "session", "start", "--delegation", signed);
}

/** Signs `file` at a person's desk. The reviewed digest is given where a person would retype. @returns the signed file */
export async function signAtDesk(
  cast: Cast,
  person: Person,
  file: string,
  decision: string,
  out: string,
): Promise<string> {
  const { digest } = (await cast.run("custody", person, "desk", "review", file)) as { digest: string };
  const signed = cast.carried(out);
  const flags = ["--as", decision, "--identity", keyOf(person), "--confirm", digest, "--out", signed];
  await cast.run(
    "custody",
    person,
    "desk",
    "sign",
    file,
    ...flags,
    "--passphrase-file",
    cast.passphrase(person),
  );
  return signed;
}

async function fingerprintOf(cast: Cast, person: Person): Promise<string> {
  return (
    JSON.parse(await readFile(`${cast.folder}/${person}/${person}.card.json`, "utf8")) as { key: string }
  ).key;
}
