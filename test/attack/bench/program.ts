/** `dist/custody-signer.cjs` as a process in a signer's home, on a machine whose clock the bench has set. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { documentBytes } from "../../../src/core/document.ts";
import type { Document, DocumentHeader } from "../../../src/core/document.ts";
import { utf8 } from "../../../src/core/hex.ts";
import { makeIdentity, sealIdentity } from "../../../src/core/identity-file.ts";
import type { Instant } from "../../../src/core/instant.ts";
import { createJournal } from "../../../signer/journal/journal-file.ts";
import { homeAt, makeHome, saveSigner, seedFile, type Home } from "../../../signer/keystore/home.ts";
import { seedFileBytes } from "../../../signer/keystore/seed-file.ts";
import { sealSignerKey } from "../../../signer/keystore/signer-file.ts";
import { fixtureBytes } from "../../factory/identities.ts";
import { temporaryFolder } from "../../factory/folder.ts";
import { namedSigner, OLGA, signerPassphrase, VAULT, type SignerKeys } from "./house.ts";

const PROGRAM = resolve(import.meta.dirname, "..", "..", "..", "dist", "custody-signer.cjs");
const OFFICER_PASSPHRASE = "officer of a regtest bench";

export class Program {
  readonly home: Home;
  private readonly folder = temporaryFolder("bench");

  private constructor() {
    this.home = homeAt(join(this.folder, "home"), "regtest");
  }

  /** A home as `init` and `keys restore` leave it, but with the keys of the fixtures. */
  static born(keys: SignerKeys): Program {
    const program = new Program();
    program.makeHome(keys);
    return program;
  }

  /** Another machine whose disk is as this one's is now. */
  copy(): Program {
    const program = new Program();
    cpSync(this.folder, program.folder, { recursive: true });
    return program;
  }

  private makeHome(keys: SignerKeys): void {
    makeHome(this.home);
    const { who, epoch, seed, born } = keys;
    const [init] = born.lines;
    createJournal(this.home.journalFile, init as NonNullable<typeof init>);
    const random = {
      salt: fixtureBytes("salt").subarray(0, 16),
      nonce: fixtureBytes("nonce").subarray(0, 12),
    };
    const sealed = sealSignerKey(who.seed, "regtest", utf8(signerPassphrase(who.name)), random);
    const { startHead } = namedSigner(keys, 1);
    const file = { network: "regtest", name: who.name, epoch, key: who.key, startHead, sealed } as const;
    saveSigner(this.home, file, fixtureBytes("file").subarray(0, 8));
    writeFileSync(seedFile(this.home, VAULT), seedFileBytes(seed), { mode: 0o600 });
    const officer = makeIdentity(OLGA.name, OLGA.person, Uint8Array.from(OLGA.seed));
    this.write("officer.key", sealIdentity(officer, "regtest", utf8(OFFICER_PASSPHRASE), random));
    this.write("pass", utf8(`${signerPassphrase(who.name)}\n`));
    this.write("officer-pass", utf8(`${OFFICER_PASSPHRASE}\n`));
  }

  /** Arguments that open the signer's keys, and the officer's. */
  readonly pass = ["--passphrase-file", "pass"] as const;
  readonly officer = ["--officer", "officer.key", "--officer-passphrase-file", "officer-pass"] as const;

  write(name: string, bytes: Uint8Array): void {
    writeFileSync(join(this.folder, name), bytes, { mode: 0o600 });
  }

  writeDocument(name: string, document: Document<DocumentHeader>): void {
    this.write(name, documentBytes(document));
  }

  /** Bytes of an answer, undefined where none was written; it is taken away. */
  take(name: string): Uint8Array | undefined {
    const path = join(this.folder, name);
    if (!existsSync(path)) return undefined;
    const bytes = new Uint8Array(readFileSync(path));
    rmSync(path);
    return bytes;
  }

  /** Runs the program until it ends. @returns "none", or the code of the error in its envelope */
  run(clock: Instant, ...args: readonly string[]): string {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ["--require", clockFile(), PROGRAM, ...args, "--home", this.home.folder, "--json"],
      {
        cwd: this.folder,
        env: { PATH: process.env["PATH"] ?? "", HOME: this.folder, BENCH_CLOCK: clock },
        encoding: "utf8",
      },
    );
    try {
      const envelope = JSON.parse(stdout) as { error?: { code: string } };
      return envelope.error?.code ?? "none";
    } catch {
      return `no envelope: ${stdout}${stderr}`;
    }
  }
}

let clock: string | undefined;

/**
 * A module that node loads before the program, which itself is as it was built: it sets what the machine's clock says,
 * as its owner could. Only so do the program and the gates in this process judge by one time.
 */
function clockFile(): string {
  if (clock !== undefined) return clock;
  clock = join(temporaryFolder("clock"), "clock.cjs");
  writeFileSync(clock, 'const now = Date.parse(process.env["BENCH_CLOCK"]);\nDate.now = () => now;\n');
  return clock;
}
