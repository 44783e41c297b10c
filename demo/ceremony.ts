/** The steps of the bitcoin story, each as its people would type it. The demo and the end-to-end tests use the same ones. */
import { readFile } from "node:fs/promises";
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

const keyOf = (person: Person) => `${person}.key`;

/**
 * Everyone makes a key on a machine of their own; the signer makes its identity and a seed.
 * @param kinds of wallets whose keys the signer's card shows, where they are not those of bitcoin
 */
export async function makeKeys(
  cast: Cast,
  {
    people = FOUR,
    kinds = [],
  }: { readonly people?: readonly Person[]; readonly kinds?: readonly string[] } = {},
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
  const secret = ["--passphrase-file", cast.passphrase("signer")];
  await cast.run("custody-signer", "signer", "init", "--network", "regtest", "--name", "vault-1", ...secret);
  await cast.run(
    "custody-signer",
    "signer",
    "keys",
    "new",
    "--name",
    "vault",
    "--words-out",
    "words",
    ...secret,
  );
  await cast.run(
    "custody-signer",
    "signer",
    "keys",
    "export",
    ...kinds.flatMap((kind) => ["--kind", kind]),
    "--out",
    cast.carried("vault-1.card.json"),
    ...secret,
  );
}

type Founding = {
  readonly upTo?: string;
  readonly confirmations?: number;
  /** Further flags of `policy draft`. */
  readonly more?: readonly string[];
  readonly people?: readonly Person[];
  /** Whose desks pin the policy. */
  readonly desks?: readonly Person[];
};

/** The admin drafts a policy from the cards; everyone whom it names signs; the online home and the signer take it. */
export async function foundCustody(
  cast: Cast,
  {
    upTo = "1",
    confirmations = 1,
    more = [],
    people = FOUR,
    desks = ["operator", "approver"],
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
    cast.carried("vault-1.card.json"),
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
  const signed = [];
  for (const person of people)
    signed.push(await signAtDesk(cast, person, draft, "policy", `policy.${person}.json`));
  signed.push(cast.carried("policy.vault-1.json"));
  await cast.run(
    "custody-signer",
    "signer",
    "policy",
    "prove",
    "--in",
    draft,
    "--out",
    signed[signed.length - 1] as string,
    "--passphrase-file",
    cast.passphrase("signer"),
  );

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
  await cast.run(
    "custody-signer",
    "signer",
    "policy",
    "pin",
    "--in",
    policy,
    ...admins.flat(),
    "--confirm",
    digest,
    "--passphrase-file",
    cast.passphrase("signer"),
  );
  for (const person of desks)
    await cast.run("custody", person, "desk", "init", "--policy", policy, ...admins.flat());
}

/** The operator lends the online host a session key for some hours. */
export async function startSession(cast: Cast): Promise<void> {
  const draft = cast.carried("delegation.json");
  await cast.run("custody", "online", "session", "new", "--operator", "operator", "--out", draft);
  const signed = await signAtDesk(cast, "operator", draft, "delegate", "delegation.signed.json");
  await cast.run("custody", "online", "session", "start", "--delegation", signed);
}

/** A customer comes, is known (KYC), and gets an address to pay in to. */
export async function addCustomer(cast: Cast, ref: string): Promise<{ readonly address: string }> {
  await knowCustomer(cast, ref);
  return (await cast.run("custody", "online", "wallet", "address", "vault", "--customer", ref)) as {
    address: string;
  };
}

/** A customer comes and is known (KYC). */
export async function knowCustomer(cast: Cast, ref: string): Promise<void> {
  const custody = (...args: readonly string[]) => cast.run("custody", "online", ...args);
  await custody("customer", "add", "--ref", ref);
  await custody("kyc", "submit", "--customer", ref);
  const review = ["--decision", "accept", "--tier", "basic", "--days", "365", "--reason", "documents-seen"];
  await custody("kyc", "review", "--customer", ref, ...review);
}

/** Two admins say whose a payment to an account of ours is. */
export async function creditDeposit(cast: Cast, coin: string, ref: string): Promise<void> {
  const draft = cast.carried("credit.json");
  const credit = ["deposit", "credit", coin, "--customer", ref];
  await cast.run("custody", "online", ...credit, "--out", draft);
  const first = await signAtDesk(cast, "admin", draft, "warrant", "credit.admin.json");
  const both = await signAtDesk(cast, "second", first, "warrant", "credit.signed.json");
  await cast.run("custody", "online", ...credit, "--warrant", both);
}

/** A destination becomes a signed document. */
export async function addBeneficiary(cast: Cast, ref: string, address: string, name = ref): Promise<void> {
  const draft = cast.carried(`beneficiary.${name}.json`);
  await cast.run(
    "custody",
    "online",
    "beneficiary",
    "add",
    "--customer",
    ref,
    "--to",
    address,
    "--out",
    draft,
  );
  await cast.run(
    "custody",
    "online",
    "beneficiary",
    "import",
    await signAtDesk(cast, "approver", draft, "beneficiary", `beneficiary.${name}.signed.json`),
  );
}

/** A client asks. @returns the withdrawal's id */
export async function request(
  cast: Cast,
  ref: string,
  amount: string,
  to: string,
  key: string,
  asset = "btc",
): Promise<string> {
  const flags = ["--customer", ref, "--asset", asset, "--amount", amount, "--to", to, "--key", key];
  const { id } = (await cast.run("custody", "online", "withdraw", "request", ...flags)) as { id: string };
  return id;
}

/** The approver decides at a desk; the decision is imported. */
export async function decide(
  cast: Cast,
  id: string,
  decision: "approve" | "reject" = "approve",
): Promise<void> {
  const bundle = cast.carried(`${id}.review.json`);
  await cast.run("custody", "online", "withdraw", "bundle", id, "--out", bundle);
  await cast.run(
    "custody",
    "online",
    "withdraw",
    "import",
    await signAtDesk(cast, "approver", bundle, decision, `${id}.${decision}.json`),
  );
}

/** A plan is built and leaves the online host. */
export async function buildAndExport(cast: Cast): Promise<{ readonly plan: string; readonly file: string }> {
  const { plan } = (await cast.run("custody", "online", "withdraw", "build", "--wallet", "vault")) as {
    plan: string;
  };
  const file = cast.carried(`${plan}.request.json`);
  await cast.run("custody", "online", "withdraw", "export", plan, "--out", file);
  return { plan, file };
}

/** The officer reviews and signs at the offline machine. @returns the receipt's file */
export async function signOffline(cast: Cast, file: string): Promise<string> {
  const { digest } = (await cast.run("custody-signer", "signer", "review", "--in", file)) as {
    digest: string;
  };
  const { head } = (await cast.run("custody-signer", "signer", "journal", "show")) as { head: string };
  const receipt = file.replace(/request\.json$/, "receipt.json");
  await cast.run("custody-signer", "signer", "sign", ...signFlags(cast, { file, receipt, digest, head }));
  return receipt;
}

/** The flags of `custody-signer sign` with the officer's key, the logbook's head and the digest of the review. */
export function signFlags(
  cast: Cast,
  { file, receipt, digest, head }: Readonly<Record<"file" | "receipt" | "digest" | "head", string>>,
): readonly string[] {
  return [
    "--in",
    file,
    "--out",
    receipt,
    "--officer",
    `${cast.folder}/officer/${keyOf("officer")}`,
    "--officer-passphrase-file",
    cast.passphrase("officer"),
    "--logbook",
    head,
    "--confirm",
    digest,
    "--passphrase-file",
    cast.passphrase("signer"),
  ];
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
