/**
 * The published vectors of our own formats: each kind once, as bytes, and bytes that must be refused with the code
 * that refuses them. Everything follows from labels, so that the files can be made again and compared.
 */
import { canonicalBytes, canonicalText, type Json, type JsonObject } from "../../src/core/canonical.ts";
import { documentBytes, embed, type Document, type DocumentHeader } from "../../src/core/document.ts";
import { familyOf } from "../../src/core/documents/family.ts";
import { utf8 } from "../../src/core/hex.ts";
import { makeIdentity, sealIdentity } from "../../src/core/identity-file.ts";
import { headOf, JOURNAL_START } from "../../src/core/journal-entry.ts";
import { checkWords } from "../../src/core/words.ts";
import { approval, intent, journal } from "./documents.ts";
import { formatDocuments, signedReceipt } from "./format-documents.ts";
import { ALICE, fixtureBytes, fixtureDigest } from "./identities.ts";

export const SEALED_PASSPHRASE = "regtest fixture passphrase";

/** Files by name below `fixtures/formats`. */
export type FormatFiles = ReadonlyMap<string, Uint8Array>;

/** Approval bytes with one thing wrong, and the code with which `parseDocument` refuses them. */
function refused(): readonly { name: string; code: string; reader: "form" | "fields"; bytes: Uint8Array }[] {
  const good = embed(approval(intent())) as unknown as JsonObject;
  const text = canonicalText(good);
  const respelled = (from: string, to: string) => {
    if (!text.includes(from)) throw new Error(`the approval holds no ${from}`);
    return utf8(text.replace(from, to));
  };
  const form = (name: string, bytes: Uint8Array, code = "CANONICAL_MALFORMED") => ({
    name,
    code,
    reader: "form" as const,
    bytes,
  });
  const fields = (
    name: string,
    changes: { readonly [key: string]: Json | undefined },
    code = "DOCUMENT_MALFORMED",
  ) => ({
    name,
    code,
    reader: "fields" as const,
    bytes: canonicalBytes({ ...good, ...changes }),
  });
  return [
    form("duplicate-key", respelled('"policy":1', '"policy":1,"policy":1')),
    form("duplicate-key-last-wins", respelled('"policy":1', '"policy":9,"policy":1')),
    form("keys-out-of-order", utf8(`{"version":1,${text.slice(1).replace(',"version":1', "")}`)),
    form("white-space", respelled('"policy":1', '"policy": 1')),
    form("trailing-newline", utf8(`${text}\n`)),
    form("byte-order-mark", utf8(`\ufeff${text}`)),
    form("needless-escape", respelled("approve", "\\u0061pprove")),
    form("number-1.0", respelled('"policy":1', '"policy":1.0')),
    form("number-1e0", respelled('"policy":1', '"policy":1e0')),
    form("number-minus-zero", respelled('"policy":1', '"policy":-0')),
    form("number-2-to-53", respelled('"policy":1', '"policy":9007199254740992')),
    form("null", respelled('"policy":1', '"policy":null')),
    form("proto-key", respelled('{"custody"', '{"__proto__":{},"custody"')),
    form("lone-surrogate", respelled("approve", "\\ud800")),
    form("bidirectional-override", respelled("approve", "\u202eapprove")),
    form("marks-without-end", respelled("approve", `a${"\u0316".repeat(31)}pprove`)),
    form("not-nfc", respelled("approve", "e\u0301")),
    form("not-utf-8", Uint8Array.from([...utf8('{"kind":"'), 0xc0, 0xaf, ...utf8('"}')])),
    form("truncated", utf8(text.slice(0, -1))),
    form("too-deep", utf8("[".repeat(13) + "]".repeat(13)), "CANONICAL_TOO_LARGE"),
    form("bracket-bomb", utf8("[".repeat(100_000)), "CANONICAL_TOO_LARGE"),
    fields("wrong-kind", { kind: "intent" }, "DOCUMENT_WRONG_KIND"),
    fields("wrong-version", { version: 2 }, "DOCUMENT_WRONG_KIND"),
    fields("unknown-field", { note: "x" }),
    fields("missing-field", { intent: undefined }),
    fields("uppercase-digest", { intent: fixtureDigest("x").toUpperCase() }),
    fields("approval-with-a-family", { family: familyOf(intent().body) }),
    fields("rejection-without-a-family", { decision: "reject" }),
    fields("leap-second", { expires: "2016-12-31T23:59:60Z" }),
    fields("before-1970", { expires: "1969-12-31T23:59:59Z" }),
    fields("empty-signatures", { signatures: [] }),
  ];
}

/** Every file of the vectors, the manifest included. */
export function formatFiles(): FormatFiles {
  const files = new Map<string, Uint8Array>();
  const made = formatDocuments();
  for (const [name, document] of made) files.set(`valid/${name}.json`, documentBytes(document));
  files.set("valid/journal.json", canonicalBytes(journal(signedReceipt().digest)));
  const identity = makeIdentity(ALICE.name, ALICE.person, ALICE.seed);
  const random = { salt: fixtureBytes("salt").subarray(0, 16), nonce: fixtureBytes("nonce").subarray(0, 12) };
  files.set("valid/sealed.json", sealIdentity(identity, "regtest", utf8(SEALED_PASSPHRASE), random));
  for (const { name, bytes } of refused()) files.set(`invalid/${name}.json`, bytes);
  files.set("manifest.json", utf8(`${JSON.stringify(manifest(made), null, 2)}\n`));
  return files;
}

function manifest(made: ReadonlyMap<string, Document<DocumentHeader>>) {
  return {
    about:
      "Vectors of the document formats, docs/formats.md. Keys are regtest fixtures: their seeds are published.",
    documents: [...made].map(([name, { body, digest, signatures }]) => ({
      file: `valid/${name}.json`,
      kind: body.kind,
      digest,
      words: checkWords(digest),
      signers: signatures.map(({ by }) => by),
    })),
    journal: {
      file: "valid/journal.json",
      start: JOURNAL_START,
      heads: journal(signedReceipt().digest).map(({ entry }) => headOf(entry)),
    },
    sealed: { file: "valid/sealed.json", purpose: "identity", passphrase: SEALED_PASSPHRASE, key: ALICE.key },
    invalid: refused().map(({ name, code, reader }) => ({ file: `invalid/${name}.json`, code, reader })),
  };
}
