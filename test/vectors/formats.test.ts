import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseCanonical } from "../../src/core/canonical.ts";
import {
  documentBytes,
  kindOf,
  parseDocument,
  type DocumentHeader,
  type DocumentType,
} from "../../src/core/document.ts";
import { DOCUMENT_TYPES } from "../../src/core/documents/kinds.ts";
import { APPROVAL } from "../../src/core/documents/approval.ts";
import { utf8 } from "../../src/core/hex.ts";
import { openIdentity } from "../../src/core/identity-file.ts";
import {
  signedJournalEntryField,
  verifyEntries,
  type SignedJournalEntry,
} from "../../src/core/journal-entry.ts";
import { POLICY } from "../../src/core/policy/policy.ts";
import { assertGenesisSigned } from "../../src/core/policy/succession.ts";
import { assertConsistent } from "../../src/core/policy/verify.ts";
import { verifySignature } from "../../src/core/signature.ts";
import { checkWords } from "../../src/core/words.ts";
import { formatFiles } from "../factory/format-vectors.ts";
import { OLGA, SIGNER } from "../factory/identities.ts";
import { codeOf } from "../factory/thrown.ts";

const FOLDER = join(import.meta.dirname, "../../fixtures/formats");
const files = formatFiles();
if (process.env["UPDATE_FIXTURES"] === "1") writeAll();

function writeAll(): void {
  for (const part of ["valid", "invalid"]) rmSync(join(FOLDER, part), { recursive: true, force: true });
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(FOLDER, name)), { recursive: true });
    writeFileSync(join(FOLDER, name), bytes);
  }
}

type Manifest = {
  documents: { file: string; kind: string; digest: string; words: string; signers: string[] }[];
  journal: { file: string; heads: string[] };
  sealed: { file: string; passphrase: string; key: string };
  invalid: { file: string; code: string; reader: "form" | "fields" }[];
};
const read = (file: string) => new Uint8Array(readFileSync(join(FOLDER, file)));
const manifest = JSON.parse(readFileSync(join(FOLDER, "manifest.json"), "utf8")) as Manifest;

const typeOf = (kind: string) =>
  DOCUMENT_TYPES.find((type) => type.kind === kind) as DocumentType<DocumentHeader>;

describe("the files are those that the code makes", () => {
  test.each([...files.keys()])("%s", (name) => {
    expect(read(name)).toEqual(files.get(name));
  });

  test("and there are no others; every kind of document is among them", () => {
    const present = ["valid", "invalid"].flatMap((part) =>
      readdirSync(join(FOLDER, part)).map((name) => `${part}/${name}`),
    );
    expect([...present, "manifest.json"].sort()).toEqual([...files.keys()].sort());
    expect([...new Set(manifest.documents.map(({ kind }) => kind))].sort()).toEqual(
      DOCUMENT_TYPES.map(({ kind }) => kind).sort(),
    );
  });
});

describe("documents", () => {
  test.each(manifest.documents)("$file", ({ file, kind, digest, words, signers }) => {
    const document = parseDocument(typeOf(kind), read(file));
    expect(document.digest).toBe(digest);
    expect(checkWords(document.digest)).toBe(words);
    expect(document.signatures.map(({ by }) => by)).toEqual(signers);
    expect(document.signatures.every((signature) => verifySignature(document.digest, signature))).toBe(true);
    expect(documentBytes(document)).toEqual(read(file));
  });

  test("no file is read as another kind", () => {
    for (const { file, kind } of manifest.documents) {
      for (const type of DOCUMENT_TYPES.filter((other) => other.kind !== kind)) {
        expect(codeOf(() => parseDocument(type, read(file)))).toBe("DOCUMENT_WRONG_KIND");
      }
    }
  });

  test("the policy may be pinned", () => {
    const policy = parseDocument(POLICY, read("valid/policy.json"));
    assertConsistent(policy.body);
    assertGenesisSigned(policy);
    expect(kindOf(parseCanonical(read("valid/policy.json")))).toBe("policy");
  });

  test("the journal verifies and has the published heads", () => {
    const entries = parseCanonical(read(manifest.journal.file)) as readonly unknown[];
    const parsed = entries.map((entry) => signedJournalEntryField.parse(entry) as SignedJournalEntry);
    expect(verifyEntries(parsed, SIGNER.key)).toBe(manifest.journal.heads.at(-1));
  });

  test("the sealed file opens with the published passphrase", () => {
    const { file, passphrase, key } = manifest.sealed;
    expect(openIdentity(read(file), "regtest", utf8(passphrase)).key).toBe(key);
  });
});

test.each(manifest.invalid)("$file is refused with $code", ({ file, code }) => {
  expect(codeOf(() => parseDocument(APPROVAL, read(file)))).toBe(code);
});

describe("the second reader, in Python, agrees", () => {
  const names = [...files.keys()].filter((name) => name !== "manifest.json");
  const answers = new Map(
    execFileSync("python3", ["read.py", ...names], { cwd: FOLDER, encoding: "utf8" })
      .trim()
      .split("\n")
      .map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)] as const),
  );

  test.each(manifest.documents)("on the digest of $file", ({ file, kind, digest }) => {
    expect(answers.get(file)).toBe(`${kind} ${digest}`);
  });

  test("on the journal's heads", () => {
    expect(answers.get(manifest.journal.file)).toBe(`journal ${manifest.journal.heads.join(" ")}`);
  });

  test("on signing the request, and on every byte of its receipts", () => {
    const asked = ["request", "receipt", "receipt-refused"].map((name) => `valid/${name}.json`);
    const view = ["--policy", "valid/policy.json", "--signer", SIGNER.name, "--officer", OLGA.name];
    const answer = (names: readonly string[]) =>
      spawnSync("python3", ["request/read.py", ...view, ...names], { cwd: FOLDER, encoding: "utf8" }).stdout;
    const [signs, , ...receipts] = answer(asked).trim().split("\n");
    expect(signs).toBe("valid/request.json signs");
    expect(receipts).toEqual([
      `valid/receipt.json ${SIGNER.name} signed`,
      `valid/receipt-refused.json ${SIGNER.name} refused G4 QUORUM_NOT_MET`,
    ]);
    expect(answer(["valid/plan.json"])).toBe("valid/plan.json refused G1 KIND $\n");
  });

  test.each(manifest.invalid.filter(({ reader }) => reader === "form"))("on refusing $file", ({ file }) => {
    expect(answers.get(file)).toBe("refused");
  });

  test("on accepting the form of what only the fields of its kind refuse", () => {
    const others = manifest.invalid.filter(({ reader }) => reader === "fields");
    expect(others.map(({ file }) => answers.get(file)).filter((answer) => answer === "refused")).toEqual([]);
    expect(answers.size).toBe(names.length);
  });
});
