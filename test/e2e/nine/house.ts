/** Five people, three signers and the online host, each in a home of its own; what passes between them is files. */
import { readFile } from "node:fs/promises";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCast, type Answer, type Cast } from "../../../demo/cast.ts";
import { warm } from "../warm/runner.ts";

export const PEOPLE = {
  ada: "Ada Admin",
  otto: "Otto Operator",
  ann: "Ann Approver",
  ben: "Ben Approver",
  olga: "Olga Officer",
} as const;
export type Person = keyof typeof PEOPLE | "abel" | "cleo";
export const SIGNERS = ["vault-1", "vault-2", "vault-3"] as const;
export type SignerName = (typeof SIGNERS)[number];

/** Those who come later have their homes from the beginning. */
const NEWCOMERS = { abel: "Abel Admin", cleo: "Cleo Approver" } as const;

export type House = Cast & { remove(): void };

export function makeHouse(): House {
  const folder = mkdtempSync(join(tmpdir(), "custody-nine-"));
  const roles = [...Object.keys(PEOPLE), ...Object.keys(NEWCOMERS), ...SIGNERS, "online"];
  const cast = makeCast(folder, roles, warm);
  return { ...cast, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

const keyOf = (person: Person) => `${person}.key`;
const secretOf = (cast: Cast, role: string) => ["--passphrase-file", cast.passphrase(role)];
export const cardOf = (cast: Cast, person: Person) => join(cast.folder, person, `${person}.card.json`);

/** A person's key, made at home. */
export async function makeIdentity(cast: Cast, person: Person): Promise<void> {
  const name = { ...PEOPLE, ...NEWCOMERS }[person];
  const flags = ["--network", "regtest", "--person", name, "--out", keyOf(person)];
  await cast.run("custody", person, "identity", "new", person, ...flags, ...secretOf(cast, person));
}

async function makeSigner(cast: Cast, signer: SignerName, shown: readonly string[]): Promise<void> {
  const secret = secretOf(cast, signer);
  await cast.run("custody-signer", signer, "init", "--network", "regtest", "--name", signer, ...secret);
  await cast.run(
    "custody-signer",
    signer,
    "keys",
    "new",
    "--name",
    "vault",
    "--words-out",
    "words",
    ...secret,
  );
  const card = cast.carried(`${signer}.card.json`);
  await cast.run("custody-signer", signer, "keys", "export", "--out", card, ...shown, ...secret);
}

export type Founding = {
  readonly admins?: readonly ("ada" | "abel")[];
  readonly signers?: readonly SignerName[];
  /** Of the wallet; the programs' own default when left out. */
  readonly kind?: string;
  /** Flags of `policy draft` about the wallet, beside its name. */
  readonly vault?: readonly string[];
};

/** Genesis: identities, signers, the draft, everyone's signature, the pins. */
export async function found(
  cast: Cast,
  { admins = ["ada"], signers: ours = SIGNERS, kind, vault = ["--threshold", "2"] }: Founding = {},
): Promise<void> {
  const ofKind = kind === undefined ? [] : ["--kind", kind];
  const people: readonly Person[] = [...new Set([...(Object.keys(PEOPLE) as Person[]), ...admins])];
  for (const person of people) await makeIdentity(cast, person);
  for (const signer of ours) await makeSigner(cast, signer, ofKind);
  const draft = cast.carried("policy-1.draft.json");
  const seats = { admin: admins, operator: ["otto"], approver: ["ann", "ben"], officer: ["olga"] } as const;
  const cards = Object.entries(seats).flatMap(([role, holders]) => [
    `--${role}`,
    ...holders.map((person) => cardOf(cast, person)),
  ]);
  const signers = ["--signer", ...ours.map((signer) => cast.carried(`${signer}.card.json`))];
  const rules = [...ofKind, ...vault, "--wallet", "vault", "--up-to", "1", "--approvals", "2"];
  await cast.run("custody", "ada", "policy", "draft", ...cards, ...signers, ...rules, "--out", draft);
  await cast.run("custody", "online", "init", "--network", "regtest");
  const policy = await signPolicy(cast, { draft, people, signers: ours, number: 1 });
  const known: string[] = [];
  for (const admin of admins) known.push("--admin", `${admin}=${await fingerprintOf(cast, admin)}`);
  for (const signer of ours) await pin(cast, signer, policy, known);
  for (const person of people)
    await cast.run("custody", person, "desk", "init", "--policy", policy.file, ...known);
}

export type Policy = { readonly file: string; readonly digest: string };

/** A draft is signed by everyone who must, imported and activated. */
export async function signPolicy(
  cast: Cast,
  about: {
    readonly draft: string;
    readonly people: readonly Person[];
    readonly signers: readonly SignerName[];
    readonly number: number;
  },
): Promise<Policy> {
  const { draft, number } = about;
  const signed = [];
  for (const person of about.people)
    signed.push(await signAtDesk(cast, person, draft, "policy", `policy-${number}.${person}.json`));
  for (const signer of about.signers) {
    const file = cast.carried(`policy-${number}.${signer}.json`);
    const flags = ["--in", draft, "--out", file, ...secretOf(cast, signer)];
    await cast.run("custody-signer", signer, "policy", "prove", ...flags);
    signed.push(file);
  }
  await cast.run("custody", "online", "policy", "import", ...signed);
  await cast.run("custody", "online", "policy", "activate");
  const file = cast.carried(`policy-${number}.json`);
  const { digest } = await cast.run("custody", "online", "policy", "show", "--out", file);
  return { file, digest };
}

export async function pin(
  cast: Cast,
  signer: SignerName,
  { file, digest }: Policy,
  more: readonly string[] = [],
): Promise<void> {
  const flags = ["--in", file, ...more, "--confirm", digest, ...(await bookOf(cast, signer))];
  await cast.run("custody-signer", signer, "policy", "pin", ...flags);
}

/** The logbook's last line, for what asks for it, and the signer's passphrase. */
export async function bookOf(cast: Cast, signer: SignerName): Promise<readonly string[]> {
  return ["--logbook", await headOf(cast, signer), ...secretOf(cast, signer)];
}

/** Takes what people have said to a signer. */
export async function bring(cast: Cast, signer: SignerName, ...files: readonly string[]): Promise<void> {
  await cast.run("custody-signer", signer, "import", ...files, ...(await bookOf(cast, signer)));
}

/** Signs `file` at a person's desk; scripts give the digest where a person would retype. @returns the signed file */
export async function signAtDesk(
  cast: Cast,
  person: Person,
  file: string,
  decision: string,
  out: string,
  more: readonly string[] = [],
): Promise<string> {
  const { digest } = await cast.run("custody", person, "desk", "review", file);
  const signed = cast.carried(out);
  const flags = [
    "--as",
    decision,
    "--identity",
    keyOf(person),
    "--confirm",
    digest,
    "--out",
    signed,
    ...more,
  ];
  await cast.run("custody", person, "desk", "sign", file, ...flags, ...secretOf(cast, person));
  return signed;
}

/** A signer reviews and signs, its officer beside it. @returns the receipt's file */
export async function signOffline(cast: Cast, signer: SignerName, request: string): Promise<string> {
  const receipt = request.replace(/request\.json$/, `${signer}.receipt.json`);
  const answer = await offer(cast, signer, request, receipt);
  if (answer.exit !== 0) throw new Error(`${signer} refuses: ${answer.error?.code} ${answer.error?.message}`);
  return receipt;
}

/** The same, whatever comes of it. @param logbook the head that the officer's book has, if not the machine's own */
export async function offer(
  cast: Cast,
  signer: SignerName,
  request: string,
  receipt: string,
  logbook?: string,
): Promise<Answer> {
  const review = await cast.attempt("custody-signer", signer, "review", "--in", request);
  const head = logbook ?? (await headOf(cast, signer));
  const flags = [
    ...["--in", request, "--out", receipt, "--logbook", head],
    ...["--confirm", (review.data as { digest?: string } | undefined)?.digest ?? "00".repeat(32)],
    ...["--officer", join(cast.folder, "olga", keyOf("olga"))],
    ...["--officer-passphrase-file", cast.passphrase("olga"), ...secretOf(cast, signer)],
  ];
  return cast.attempt("custody-signer", signer, "sign", ...flags);
}

export async function headOf(cast: Cast, signer: SignerName): Promise<string> {
  return ((await cast.run("custody-signer", signer, "journal", "show")) as { head: string }).head;
}

export async function fingerprintOf(cast: Cast, person: Person): Promise<string> {
  return (JSON.parse(await readFile(cardOf(cast, person), "utf8")) as { key: string }).key;
}

/** What a thief, or a careless hand, does to a machine: its disk as it was, and back again. */
export function diskOf(cast: Cast, signer: SignerName): { restore(): void } {
  const copy = mkdtempSync(join(tmpdir(), "custody-disk-"));
  cpSync(cast.home(signer), copy, { recursive: true });
  return {
    restore() {
      rmSync(cast.home(signer), { recursive: true, force: true });
      cpSync(copy, cast.home(signer), { recursive: true });
      rmSync(copy, { recursive: true, force: true });
    },
  };
}
