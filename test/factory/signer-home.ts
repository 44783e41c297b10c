/** A signer's home in a temporary folder, driven through the command line as people drive it. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../../src/core/canonical.ts";
import type { Digest } from "../../src/core/digest.ts";
import { documentBytes, parseDocument } from "../../src/core/document.ts";
import { SIGNER_CARD } from "../../src/core/documents/signer-card.ts";
import { utf8 } from "../../src/core/hex.ts";
import { makeIdentity, sealIdentity } from "../../src/core/identity-file.ts";
import { policyDocument, type Policy } from "../../src/core/policy/policy.ts";
import { main } from "../../signer/main.ts";
import { wordsOf } from "../../signer/keystore/seed.ts";
import { NOW, VAULT_ENTROPY, type Custody } from "./custody.ts";
import { policyBody, signedDocument } from "./documents.ts";
import { ALICE, ANNA, at, BEN, fixtureBytes, OLGA, OSCAR, RUTH } from "./identities.ts";
import { fakeIo, type FakeIoOptions } from "./io.ts";
import { temporaryFolder } from "./folder.ts";

export type Answer = {
  readonly exit: number;
  /** The `data` of the envelope. */
  readonly data: JsonObject;
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string };
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

/** An empty home with passphrase files, the fixtures' words and the officer's key. */
export function emptyHome(): SignerHome {
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
    const exit = await main(fake.io);
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

/** A home with a signer, the fixtures' seed and a fully signed policy, not yet pinned. */
export async function readyHome(
  changes: Partial<Policy> = {},
): Promise<SignerHome & { readonly custody: Custody }> {
  const home = emptyHome();
  const mustRun = async (args: readonly string[]) => {
    const answer = await home.run(args);
    if (answer.exit !== 0) throw new Error(`${args.join(" ")}: ${JSON.stringify(answer.error)}`);
    return answer;
  };
  await mustRun(["init", "--network", "regtest", "--name", "signer-1", ...PASS]);
  await mustRun(["keys", "restore", "--name", "vault", "--words-file", "words", ...PASS]);
  await mustRun(["keys", "export", "--out", "card.json", ...PASS]);
  const { body: card } = parseDocument(SIGNER_CARD, home.read("card.json"));
  const [vault] = policyBody().wallets as [Policy["wallets"][number]];
  const wallet = { ...vault, descriptor: card.wallets[0]?.descriptor ?? "" };
  const signer = { name: card.signer, key: card.key, epoch: card.epoch, startHead: card.startHead, since: 1 };
  const body = policyBody({ wallets: [wallet], signers: [signer], ...changes });
  const draft = signedDocument(policyDocument(body), [ALICE, OSCAR, RUTH, ANNA, BEN, OLGA], at("08:00:00"));
  home.write("draft.json", documentBytes(draft));
  await mustRun(["policy", "prove", "--in", "draft.json", "--out", "proof.json", ...PASS]);
  const proof = JSON.parse(new TextDecoder().decode(home.read("proof.json"))).signatures.at(-1);
  const policy = { ...draft, signatures: [...draft.signatures, proof] };
  home.write("policy.json", documentBytes(policy));
  return {
    ...home,
    custody: { policy, id: policy.digest, wallet, journal: { lines: [], head: card.startHead, time: NOW } },
  };
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

/** A home whose policy is pinned, and the journal head that stands in its logbook. */
export async function pinnedHome(
  changes: Partial<Policy> = {},
): Promise<SignerHome & { readonly custody: Custody; readonly logbook: string }> {
  const home = await readyHome(changes);
  const pinned = await home.run(PIN(home.custody.id));
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
