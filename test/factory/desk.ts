/** A person's desk in a temporary folder, driven through the command line as people drive it. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { main } from "../../src/commands/main.ts";
import type { JsonObject } from "../../src/core/canonical.ts";
import {
  documentBytes,
  embed,
  makeDocument,
  type Document,
  type DocumentHeader,
} from "../../src/core/document.ts";
import { BUNDLE, type Bundle, type BundleDocument } from "../../src/core/documents/bundle.ts";
import { INTENT, type Intent, type IntentDocument } from "../../src/core/documents/intent.ts";
import { utf8 } from "../../src/core/hex.ts";
import { makeIdentity, sealIdentity } from "../../src/core/identity-file.ts";
import type { Name } from "../../src/core/identifier.ts";
import type { Policy, PolicyDocument } from "../../src/core/policy/policy.ts";
import { policyDocument } from "../../src/core/policy/policy.ts";
import { payout, type Custody, type Payout } from "./custody.ts";
import { BTC, policyBody, row, signedDocument } from "./documents.ts";
import { temporaryFolder } from "./folder.ts";
import {
  ALICE,
  ANNA,
  at,
  BEN,
  castMember,
  fixtureBytes,
  fixtureId,
  OLGA,
  OSCAR,
  RUTH,
  SIGNER,
  type Cast,
} from "./identities.ts";
import { fakeIo, type FakeIoOptions } from "./io.ts";

export const CLEO = castMember("cleo", "Cleo Compliance");
export const DAN = castMember("dan", "Dan Compliance");

export type DeskAnswer = {
  readonly exit: number;
  readonly data: JsonObject;
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string };
  readonly stdout: string;
  readonly stderr: string;
};

export type Desk = {
  readonly folder: string;
  has(name: string): boolean;
  read(name: string): Uint8Array;
  write(name: string, content: Uint8Array | string | Document<DocumentHeader>): string;
  /** Puts the sealed key of `who` beside the home as NAME.key. */
  keyOf(who: Cast): string;
  /** Runs `custody desk …` with --json and the passphrase. */
  run(args: readonly string[], options?: FakeIoOptions): Promise<DeskAnswer>;
  /** The same for a person at a terminal of 80 columns without colours. */
  terminal(args: readonly string[], typed?: readonly string[], options?: FakeIoOptions): Promise<DeskAnswer>;
};

const PASSPHRASE = "regtest fixture desk";

const sealed = new Map<string, Uint8Array>();

// Sealing takes a good part of a second by intent, so each key is sealed once for all tests.
function sealedKey(who: Cast): Uint8Array {
  const known = sealed.get(who.name);
  if (known !== undefined) return known;
  const identity = makeIdentity(who.name, who.person, Uint8Array.from(who.seed));
  const random = { salt: fixtureBytes("s").subarray(0, 16), nonce: fixtureBytes("n").subarray(0, 12) };
  const file = sealIdentity(identity, "regtest", utf8(PASSPHRASE), random);
  sealed.set(who.name, file);
  return file;
}

/** A desk; with `policy` pinned. */
export function makeDesk(policy?: PolicyDocument): Desk {
  const folder = temporaryFolder("desk");
  const path = (name: string) => join(folder, name);
  const write: Desk["write"] = (name, content) => {
    const isDocument = typeof content === "object" && "body" in content;
    writeFileSync(path(name), isDocument ? documentBytes(content) : content);
    return name;
  };
  write("pass", `${PASSPHRASE}\n`);
  if (policy !== undefined) write("desk-policy.json", policy);
  const call = async (args: readonly string[], options: FakeIoOptions): Promise<DeskAnswer> => {
    const fake = fakeIo({ cwd: folder, ...options, argv: [...args, "--home", folder] });
    const exit = await main(fake.io);
    const envelope = fake.stdout().startsWith('{"schemaVersion"') ? JSON.parse(fake.stdout()) : {};
    return { exit, data: envelope.data, error: envelope.error, stdout: fake.stdout(), stderr: fake.stderr() };
  };
  return {
    folder,
    has: (name) => existsSync(path(name)),
    read: (name) => new Uint8Array(readFileSync(path(name))),
    write,
    keyOf: (who) => write(`${who.name}.key`, sealedKey(who)),
    run: (args, options = {}) => call([...args, "--json"], options),
    terminal: (args, typed = [], options = {}) =>
      call(args, {
        typed: typed.map((line) => `${line}\r`),
        tty: { stdin: true, stdout: true, stderr: true },
        env: { NO_COLOR: "1" },
        ...options,
      }),
  };
}

/** Arguments of `desk sign`. */
export function signAs(
  decision: string,
  files: readonly string[],
  who: Cast,
  ...more: readonly string[]
): readonly string[] {
  return [
    ...[
      "desk",
      "sign",
      ...files,
      "--as",
      decision,
      "--identity",
      `${who.name}.key`,
      "--passphrase-file",
      "pass",
    ],
    ...["--out", `${decision}.${who.name}.json`, ...more],
  ];
}

/** Policy number 1 with two of compliance, a row that waits and asks for clearance, and one for transfers. */
export function deskPolicy(changes: Partial<Policy> = {}): PolicyDocument {
  const member = (who: Cast, ...roles: Policy["identities"][number]["roles"]) => ({
    name: who.name,
    person: who.person,
    key: who.key,
    alg: "ed25519" as const,
    roles,
  });
  const base = policyBody();
  const body = policyBody({
    identities: [...base.identities, member(CLEO, "compliance"), member(DAN, "compliance")],
    rows: [
      row("small", "0", "100000000", 1),
      row("large", "100000000", "1000000000", 2, {
        delaySeconds: 600,
        clearance: { quorum: 1, secondsMax: 7200, tiers: ["retail", "corporate"] as Name[] },
      }),
      row("moves", "0", "1000000000", 1, { type: "transfer" }),
    ],
    ...changes,
  });
  return signedDocument(
    policyDocument(body),
    [ALICE, OSCAR, RUTH, ANNA, BEN, OLGA, CLEO, DAN, SIGNER],
    at("08:00:00"),
  );
}

/** What `withdraw bundle` would write for a payment. */
export function bundleOf(
  policy: PolicyDocument,
  {
    intent,
    superseded = [],
    beneficiary,
    approvals,
  }: Pick<Payout, "intent" | "superseded" | "approvals"> & Partial<Pick<Payout, "beneficiary">>,
  changes: Partial<Bundle> = {},
): BundleDocument {
  return makeDocument<Bundle>(BUNDLE, {
    kind: "bundle",
    version: 1,
    network: "regtest",
    custody: policy.digest,
    policy: policy.body.number,
    intent: embed(intent),
    superseded: superseded.map((earlier) => embed(earlier)),
    ...(beneficiary === undefined ? {} : { beneficiary: embed(beneficiary) }),
    approvals: approvals.map((approval) => embed(approval)),
    clearances: [],
    similar: [],
    ...changes,
  });
}

/** A payment of 2 BTC, which falls into the row that waits and asks for clearance. */
export function largePayout(policy: PolicyDocument, label = "large order"): Payout {
  return payout(custodyOf(policy), { label, units: "200000000" });
}

/** What `payout` asks of a custody. */
export function custodyOf(policy: PolicyDocument): Custody {
  return { policy, id: policy.digest } as unknown as Custody;
}

/** A transfer from the vault to another wallet of ours. */
export function transferOf(policy: PolicyDocument, destination: string): IntentDocument {
  return makeDocument<Intent>(INTENT, {
    kind: "intent",
    version: 1,
    network: "regtest",
    custody: policy.digest,
    id: fixtureId("transfer"),
    operation: fixtureId("operation"),
    type: "transfer",
    generation: 1,
    supersedes: [],
    born: 1,
    requester: RUTH.name,
    wallet: "vault" as Name,
    destination: destination as Name,
    asset: BTC,
    units: "5000",
    expires: at("20:00:00"),
  });
}
