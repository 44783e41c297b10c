/** A signer's home in a temporary folder, driven through the command line as people drive it. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../../src/core/canonical.ts";
import type { Digest } from "../../src/core/digest.ts";
import { documentBytes, parseDocument } from "../../src/core/document.ts";
import { SIGNER_CARD, type SignerCard } from "../../src/core/documents/signer-card.ts";
import { utf8 } from "../../src/core/hex.ts";
import { makeIdentity, sealIdentity } from "../../src/core/identity-file.ts";
import { POLICY, policyDocument, type Policy, type PolicyDocument } from "../../src/core/policy/policy.ts";
import type { Signature } from "../../src/core/signature.ts";
import { EMPTY_JOURNAL } from "../../signer/journal/journal.ts";
import { main } from "../../signer/main.ts";
import { wordsOf } from "../../signer/keystore/seed.ts";
import { NOW, VAULT_ENTROPY, type Custody } from "./custody.ts";
import { policyBody, signedDocument } from "./documents.ts";
import { ALICE, ANNA, at, BEN, fixtureBytes, OLGA, OSCAR, RUTH, type Cast } from "./identities.ts";
import { fakeIo, type FakeIoOptions } from "./io.ts";
import { temporaryFolder } from "./folder.ts";
import { following, signedPolicy } from "./policies.ts";

export type Answer = {
  readonly exit: number;
  /** The `data` of the envelope. */
  readonly data: JsonObject;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly hint?: string;
    readonly details?: Readonly<Record<string, unknown>>;
  };
  readonly stdout: string;
  readonly stderr: string;
};

export type SignerHome = {
  readonly folder: string;
  path(name: string): string;
  read(name: string): Uint8Array;
  write(name: string, bytes: Uint8Array | string): string;
  /** Runs `custody-signer` with --json; `terminal` runs it for a person instead. */
  run(args: readonly string[], options?: FakeIoOptions): Promise<Answer>;
  terminal(args: readonly string[], typed: readonly string[]): Promise<Answer>;
};

/** A text field of an answer's data. */
export function textOf({ data }: Answer, name: string): string {
  const value = data[name];
  if (typeof value !== "string") throw new Error(`the answer has no text ${name}`);
  return value;
}

export const OFFICER_PASSPHRASE = "regtest fixture officer";
export const SIGNER_PASSPHRASE = "regtest fixture signer";

/**
 * An empty home with passphrase files, the fixtures' words and the officer's key.
 * @param mask of its random bytes: homes of one mask make the same keys
 */
export function emptyHome(mask = 0): SignerHome {
  const folder = temporaryFolder("signer");
  const path = (name: string) => join(folder, name);
  const write = (name: string, bytes: Uint8Array | string) => {
    writeFileSync(path(name), bytes);
    return path(name);
  };
  write("pass", `${SIGNER_PASSPHRASE}\n`);
  write("officer-pass", `${OFFICER_PASSPHRASE}\n`);
  write("words", `${wordsOf(VAULT_ENTROPY)}\n`);
  const olga = makeIdentity(OLGA.name, OLGA.person, Uint8Array.from(OLGA.seed));
  const random = { salt: fixtureBytes("s").subarray(0, 16), nonce: fixtureBytes("n").subarray(0, 12) };
  write("olga.key", sealIdentity(olga, "regtest", utf8(OFFICER_PASSPHRASE), random));
  const call = async (args: readonly string[], options: FakeIoOptions): Promise<Answer> => {
    const fake = fakeIo({ cwd: folder, now: NOW, ...options, argv: [...args, "--home", path("home")] });
    const random = (length: number) => fake.io.random(length).map((byte) => byte ^ mask);
    const exit = await main({ ...fake.io, random });
    const envelope = fake.stdout().startsWith('{"schemaVersion"') ? JSON.parse(fake.stdout()) : {};
    return { exit, data: envelope.data, error: envelope.error, stdout: fake.stdout(), stderr: fake.stderr() };
  };
  return {
    folder,
    path,
    write,
    read: (name) => new Uint8Array(readFileSync(path(name))),
    run: (args, options = {}) => call([...args, "--json"], options),
    terminal: (args, typed) =>
      call(args, {
        typed: typed.map((line) => `${line}\r`),
        tty: { stdin: true, stdout: true, stderr: true },
      }),
  };
}

const PASS = ["--passphrase-file", "pass"];

/**
 * A home with a signer, the fixtures' seed and a fully signed policy, not yet pinned.
 * @param more people whom `changes` add to the policy
 */
export async function readyHome(
  changes: Partial<Policy> = {},
  more: readonly Cast[] = [],
): Promise<SignerHome & { readonly custody: Custody }> {
  const home = emptyHome();
  const card = await makeSigner(home, 1);
  const [vault] = policyBody().wallets as [Policy["wallets"][number]];
  const wallet = { ...vault, descriptor: card.wallets[0]?.descriptor ?? "" };
  const signer = { name: card.signer, key: card.key, epoch: card.epoch, startHead: card.startHead, since: 1 };
  const body = policyBody({ wallets: [wallet], signers: [signer], ...changes });
  const draft = signedDocument(
    policyDocument(body),
    [ALICE, OSCAR, RUTH, ANNA, BEN, OLGA, ...more],
    at("08:00:00"),
  );
  home.write("draft.json", documentBytes(draft));
  const policy = await prove(home, draft);
  home.write("policy.json", documentBytes(policy));
  return {
    ...home,
    custody: { policy, id: policy.digest, wallet, journal: EMPTY_JOURNAL },
  };
}

/** Runs a command that must do its work. */
export async function mustRun(home: SignerHome, args: readonly string[]): Promise<Answer> {
  const answer = await home.run(args);
  if (answer.exit !== 0) throw new Error(`${args.join(" ")}: ${JSON.stringify(answer.error)}`);
  return answer;
}

/** Makes signer-1 in its epoch `epoch`, with the fixtures' seed. @returns its card */
export async function makeSigner(home: SignerHome, epoch: number): Promise<SignerCard> {
  await mustRun(home, [
    ...["init", "--network", "regtest", "--name", "signer-1", "--epoch", String(epoch)],
    ...PASS,
  ]);
  await mustRun(home, ["keys", "restore", "--name", "vault", "--words-file", "words", ...PASS]);
  await mustRun(home, ["keys", "export", "--out", "card.json", ...PASS]);
  return parseDocument(SIGNER_CARD, home.read("card.json")).body;
}

/** The draft with the home's signature as well. */
export async function prove(home: SignerHome, draft: PolicyDocument): Promise<PolicyDocument> {
  home.write("draft.json", documentBytes(draft));
  await mustRun(home, ["policy", "prove", "--in", "draft.json", "--out", "proof.json", "--force", ...PASS]);
  const proof = parseDocument(POLICY, home.read("proof.json")).signatures.at(-1) as Signature;
  return { ...draft, signatures: [...draft.signatures, proof] };
}

/**
 * A home that takes the place of a lost one: epoch 2 of its signer, with another key and the same seed, named by policy
 * number 2. Both policies are pinned; nothing is known of the former journal yet.
 */
export async function restoredHome(lost: {
  readonly custody: Custody;
}): Promise<SignerHome & { readonly custody: Custody; readonly logbook: string }> {
  const home = emptyHome(0xff);
  const { signer: name, key, epoch, startHead } = await makeSigner(home, 2);
  const { policy: first } = lost.custody;
  const body = following(first, { signers: [{ name, key, epoch, startHead, since: 2 }] });
  const second = await prove(home, signedPolicy(body, [ALICE]));
  home.write("policy-1.json", documentBytes(first));
  home.write("policy-2.json", documentBytes(second));
  const pinned = await mustRun(home, [
    ...["policy", "pin", "--in", "policy-1.json", "--in", "policy-2.json"],
    ...["--confirm", second.digest, ...PASS],
  ]);
  return { ...home, custody: { ...lost.custody, policy: second }, logbook: textOf(pinned, "head") };
}

export const PIN = (custody: Digest): readonly string[] => [
  "policy",
  "pin",
  "--in",
  "policy.json",
  "--admin",
  `${ALICE.name}=${ALICE.key}`,
  "--confirm",
  custody,
  ...PASS,
];

/**
 * A home whose policy is pinned, and the journal head that stands in its logbook.
 * @param more people whom `changes` add to the policy
 * @param admins `--admin NAME=FINGERPRINT` of admins among them
 */
export async function pinnedHome(
  changes: Partial<Policy> = {},
  more: readonly Cast[] = [],
  admins: readonly string[] = [],
): Promise<SignerHome & { readonly custody: Custody; readonly logbook: string }> {
  const home = await readyHome(changes, more);
  const pinned = await home.run([...PIN(home.custody.id), ...admins]);
  if (pinned.exit !== 0) throw new Error(JSON.stringify(pinned.error));
  return { ...home, logbook: textOf(pinned, "head") };
}

/** Arguments of `sign` for a script. */
export function signArguments(confirm: string, logbook: string, out = "receipt.json"): readonly string[] {
  return [
    ...["sign", "--in", "request.json", "--out", out, "--officer", "olga.key"],
    ...["--officer-passphrase-file", "officer-pass", ...PASS],
    ...["--confirm", confirm, "--logbook", logbook],
  ];
}
