/** A new kind of document is forgotten nowhere: where each kind is read, signed and carried is said here, and compared. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseWord } from "../../signer/journal/import.ts";
import { urTypeOf } from "../../src/airgap/ur-types.ts";
import { DECISIONS } from "../../src/commands/desk/decision.ts";
import { DESK_KINDS } from "../../src/commands/desk/draft.ts";
import { parseSubject } from "../../src/commands/desk/subject.ts";
import { importers } from "../../src/commands/withdraw/import-kinds.ts";
import { documentBytes } from "../../src/core/document.ts";
import { DOCUMENT_TYPES } from "../../src/core/documents/kinds.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { NEEDED_KINDS } from "../../src/core/policy/problems/reading.ts";
import { formatDocuments } from "../factory/format-documents.ts";
import { codeOf } from "../factory/thrown.ts";
import { ROOT, sources } from "./tree.ts";

/**
 * `ur`: crosses by QR codes; `reads`: a desk reads it; `signs`: a desk signs it; `queue`: `withdraw import` takes it;
 * `signer`: `custody-signer import` takes it by itself; `accepted`: the policy must accept it, since a payment needs it.
 */
const PLACES: Readonly<Record<string, string>> = {
  approval: "ur signs queue signer accepted",
  beneficiary: "ur reads signs accepted",
  build: "ur reads signs",
  bundle: "ur reads",
  clearance: "ur reads signs queue accepted",
  dead: "ur reads signs queue accepted",
  delegation: "ur reads signs accepted",
  evidence: "",
  halt: "ur reads signs queue signer accepted",
  "identity-card": "ur",
  intent: "accepted",
  plan: "accepted",
  policy: "ur reads signs accepted",
  rates: "ur reads signs",
  receipt: "ur reads queue accepted",
  rehearsal: "ur",
  request: "ur accepted",
  resume: "ur reads signs queue signer accepted",
  review: "accepted",
  "signer-card": "ur",
  void: "ur queue accepted",
  warrant: "ur reads signs",
};

const SAMPLES = [...formatDocuments().values()].map((document) => ({
  kind: document.body.kind,
  bytes: documentBytes(document),
}));
const anySample = (kind: string, takes: (bytes: Uint8Array) => boolean) =>
  SAMPLES.some((sample) => sample.kind === kind && takes(sample.bytes));

const LOOK: Readonly<Record<string, (kind: string) => boolean>> = {
  ur: (kind) => urTypeOf(kind) !== undefined,
  reads: (kind) =>
    anySample(kind, (bytes) => codeOf(() => parseSubject(kind, bytes)) !== "DESK_KIND_UNKNOWN"),
  signs: (kind) => DESK_KINDS.some((type) => type.kind === kind),
  queue: (kind) => importers.has(kind),
  signer: (kind) => anySample(kind, (bytes) => codeOf(() => parseWord(bytes)) !== "SIGNER_IMPORT_UNKNOWN"),
  accepted: (kind) => (NEEDED_KINDS as readonly string[]).includes(kind),
};

describe("kinds of documents", () => {
  test("all that are declared stand in the list that inspect and the vectors go by", () => {
    const declared = sources("src", "signer", "watcher").flatMap(({ text }) =>
      [...text.matchAll(/\bdocument(?:Type|Variants)\(\s*"([a-z-]+)"/g)].map(([, kind]) => kind as string),
    );
    expect(declared.sort()).toEqual(DOCUMENT_TYPES.map(({ kind }) => kind).sort());
  });

  test("each says here where it is read, signed and carried", () => {
    const found = DOCUMENT_TYPES.map(({ kind }) => [
      kind,
      Object.keys(LOOK)
        .filter((place) => LOOK[place]?.(kind))
        .join(" "),
    ]);
    expect(Object.fromEntries(found)).toEqual(PLACES);
  });

  test("what a desk signs has a decision that signs it, and a next step that takes it", () => {
    const signed = DESK_KINDS.map(({ kind }) => kind);
    const decided = Object.values(DECISIONS).flatMap(({ of }) => [...of] as string[]);
    // These two are what a decision on a bundle makes.
    expect(signed.filter((kind) => !decided.includes(kind))).toEqual(["approval", "clearance"]);
    const next =
      readFileSync(join(ROOT, "src/commands/desk/sign.ts"), "utf8").split("function nextFor(")[1] ?? "";
    const named = [...next.matchAll(/kind === "([a-z-]+)"\)\n? *return/g)].map(([, kind]) => kind);
    expect(named.sort()).toEqual(signed.filter((kind) => !importers.has(kind)).sort());
  });

  test("docs/formats.md has a section for each, and each that may be larger", () => {
    const page = readFileSync(join(ROOT, "docs/formats.md"), "utf8");
    const headings = page.split("\n").filter((line) => line.startsWith("### "));
    const said = headings.flatMap((line) =>
      [...line.matchAll(/(?:^### |· )([a-z-]+) — /g)].map(([, kind]) => kind),
    );
    expect(said.sort()).toEqual(DOCUMENT_TYPES.map(({ kind }) => kind).sort());
    const [, sizes = ""] = /size of a file \| 1 MiB; (.*?) 64 MiB/.exec(page) ?? [];
    const large = DOCUMENT_TYPES.filter(({ bytesMax }) => bytesMax > LIMITS.smallDocumentBytesMax);
    expect(new Set(large.map(({ bytesMax }) => bytesMax))).toEqual(new Set([LIMITS.documentBytesMax]));
    expect([...sizes.matchAll(/`([a-z-]+)`/g)].map(([, kind]) => kind).sort()).toEqual(
      large.map(({ kind }) => kind).sort(),
    );
  });
});
