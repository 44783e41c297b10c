/** An online home in a temporary folder, driven through the command line at a time of the test's own. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "../../src/core/canonical.ts";
import { documentBytes, parseDocument } from "../../src/core/document.ts";
import { DELEGATION } from "../../src/core/documents/delegation.ts";
import type { Instant } from "../../src/core/instant.ts";
import type { Policy } from "../../src/core/policy/policy.ts";
import { main } from "../../src/commands/main.ts";
import { databaseFile } from "../../src/home/online.ts";
import { closeStore, openStore, type Store } from "../../src/store/database.ts";
import { saveDocument } from "../../src/store/documents.ts";
import { activatePolicy } from "../../src/store/policies.ts";
import { write } from "../../src/store/transaction.ts";
import { genesisPolicy, signedDocument } from "./documents.ts";
import { temporaryFolder } from "./folder.ts";
import { at, fixtureId, OSCAR } from "./identities.ts";
import { fakeIo, type FakeIoOptions } from "./io.ts";

export type Answer = {
  readonly exit: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever a command answers
  readonly data: any;
  readonly warnings: readonly string[];
  readonly error: { readonly code: string; readonly field?: string; readonly hint?: string };
  readonly stderr: string;
};

export type OnlineHome = {
  path(name: string): string;
  files(): readonly string[];
  write(name: string, content: string | Uint8Array): void;
  /** Runs `custody` with --json at `now`, 09:00 of the fixtures' day unless it is given. */
  run(line: string, options?: FakeIoOptions): Promise<Answer>;
  /** Runs `custody` for a person. @returns stdout */
  text(line: string, options?: FakeIoOptions): Promise<string>;
  /** Reads or writes the home's database. */
  inside<T>(work: (store: Store) => T): T;
};

/** An online home on regtest with the fixtures' policy in force, changed as told, and no session. */
export async function onlineHome(changes: Partial<Policy> = {}): Promise<OnlineHome> {
  const folder = temporaryFolder("online");
  const home = join(folder, "home");
  let calls = 0;
  const call = async (words: readonly string[], options: FakeIoOptions) => {
    const env = { HOME: folder, ...options.env };
    const argv = [...words, "--home", home];
    const fake = fakeIo({ cwd: folder, now: at("09:00:00"), ...options, env, argv });
    // No two calls draw the same ids.
    calls += 1;
    const first = calls;
    let drawn = 0;
    const random = (length: number) => {
      const bytes = fake.io.random(length);
      bytes[0] = first;
      // The fake's own bytes come round again after sixteen ids.
      drawn += 1;
      if (drawn > 16 && length > 2) bytes.set([drawn >> 8, drawn & 255], 1);
      return bytes;
    };
    return { exit: await main({ ...fake.io, random }), stdout: fake.stdout(), stderr: fake.stderr() };
  };
  const made: OnlineHome = {
    path: (name) => join(folder, name),
    files: () => readdirSync(home),
    write: (name, content) => writeFileSync(join(folder, name), content),
    run: async (line, options = {}) => {
      const { exit, stdout, stderr } = await call([...line.split(" "), "--json"], options);
      return { exit, stderr, ...(JSON.parse(stdout) as { data: Json }) } as unknown as Answer;
    },
    text: async (line, options = {}) => (await call(line.split(" "), options)).stdout,
    inside: (work) => {
      const store = openStore(databaseFile(home, "regtest"), { network: "regtest" });
      try {
        return work(store);
      } finally {
        closeStore(store);
      }
    },
  };
  await made.run("init --network regtest");
  const policy = genesisPolicy(changes);
  const context = { operation: fixtureId("founding"), command: "test", actor: "setup", now: at("08:00:00") };
  made.inside((store) =>
    write(store, context, (tx) => {
      saveDocument(tx, policy);
      activatePolicy(tx, { number: 1, digest: policy.digest });
    }),
  );
  return made;
}

/** Begins Oscar's session at `now`; its delegation lies in `delegation.signed.json`. */
export async function beginSession(
  home: OnlineHome,
  now: Instant = at("09:00:00"),
  hours = 12,
): Promise<void> {
  await lend(home, "delegation", now, hours);
  await home.run("session start --delegation delegation.signed.json", { now });
}

/** Makes a session key and has its delegation signed, as `name.signed.json`. */
export async function lend(home: OnlineHome, name: string, now: Instant, hours = 12): Promise<Answer> {
  const answer = await home.run(`session new --operator oscar --hours ${hours} --out ${name}.json`, { now });
  const draft = parseDocument(DELEGATION, new Uint8Array(readFileSync(home.path(`${name}.json`))));
  home.write(`${name}.signed.json`, documentBytes(signedDocument(draft, [OSCAR], now)));
  return answer;
}
