/** A folder in which a custody is founded through the command lines of both programs, as people would type them. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { documentBytes, type Document, type DocumentHeader } from "../../src/core/document.ts";
import type { Instant } from "../../src/core/instant.ts";
import type { Answers } from "../../src/setup/answers.ts";
import { answersText } from "../../src/setup/answers-file.ts";
import { main } from "../../src/commands/main.ts";
import { main as signerMain } from "../../signer/main.ts";
import { temporaryFolder } from "./folder.ts";
import { at } from "./identities.ts";
import { fakeIo, type FakeIoOptions } from "./io.ts";
import { cardOf, castOf, signerCardOf } from "./setup.ts";

export type Answer = {
  readonly exit: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever a command answers
  readonly data: any;
  readonly warnings: readonly string[];
  readonly error: { readonly code: string; readonly field?: string; readonly hint?: string };
  readonly stdout: string;
  readonly stderr: string;
};

const PASS = ["--passphrase-file", "pass"];

export function foundingFolder() {
  const folder = temporaryFolder("founding");
  let calls = 0;
  const path = (name: string) => join(folder, name);
  const write = (name: string, content: string | Uint8Array) => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), content);
  };
  const call = async (
    program: typeof main,
    home: string,
    words: readonly string[],
    options: FakeIoOptions,
  ): Promise<Answer> => {
    const argv = [...words, "--home", path(`homes/${home}`)];
    const fake = fakeIo({ cwd: folder, env: { HOME: folder }, now: at("08:00:00"), ...options, argv });
    // No two calls draw the same key.
    const drawn = ++calls;
    const random = (length: number) => {
      const bytes = fake.io.random(length);
      bytes[0] = drawn;
      return bytes;
    };
    const exit = await program({ ...fake.io, random });
    const [stdout, stderr] = [fake.stdout(), fake.stderr()];
    const envelope = stdout.startsWith('{"schemaVersion"') ? JSON.parse(stdout) : {};
    return { exit, ...envelope, stdout, stderr };
  };
  const run = (home: string, line: string, options: FakeIoOptions = {}) =>
    call(main, home, [...line.split(" "), "--json"], options);
  write("pass", "a passphrase of the fixtures\n");
  return {
    path,
    write,
    exists: (name: string) => existsSync(path(name)),
    read: (name: string) => readFileSync(path(name), "utf8"),
    put: (name: string, document: Document<DocumentHeader>) => write(name, documentBytes(document)),
    run,
    /** `custody setup …` for a person at a terminal who types `typed`. */
    terminal: (line: string, typed: readonly string[]) =>
      call(main, "drafter", line.split(" "), {
        typed: typed.map((text) => `${text}\r`),
        tty: { stdin: true, stdout: true, stderr: true },
      }),
    /** Begins a set-up in `dir`. */
    async begin(answers: Answers, now: Instant = at("08:00:00")) {
      write("answers.json", answersText(answers));
      return run("drafter", "setup dir --answers answers.json", { now });
    },
    /** Puts everybody's cards into the folder; their keys are the fixtures'. */
    putCards({ people, signers }: Answers) {
      for (const one of people) write(`dir/${one.name}.card.json`, documentBytes(cardOf(castOf(one))));
      for (const name of signers) write(`dir/${name}.card.json`, documentBytes(signerCardOf(name)));
    },
    /** Makes a signer on a machine of its own, and puts its card into the folder. */
    async makeSigner(name: string) {
      const signer = (words: readonly string[]) => call(signerMain, name, [...words, ...PASS, "--json"], {});
      await signer(["init", "--network", "regtest", "--name", name]);
      await signer(["keys", "new", "--name", "vault", "--words-out", `${name}.words`]);
      return signer(["keys", "export", "--force", "--out", `dir/${name}.card.json`]);
    },
    signer: (name: string, line: string) =>
      call(signerMain, name, [...line.split(" "), ...PASS, "--json"], {}),
  };
}
