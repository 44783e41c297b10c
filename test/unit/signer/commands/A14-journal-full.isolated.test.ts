/** A journal that cannot be read again is the end of its signer: what would make it so is refused before it is written. */
import type { Name } from "../../../../src/core/identifier.ts";
import { readFileSync, statSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import type { JsonObject } from "../../../../src/core/canonical.ts";
import type * as Limits from "../../../../src/core/limits.ts";
import type { IntentDocument } from "../../../../src/core/documents/intent.ts";
import { VOID } from "../../../../src/core/documents/void.ts";
import { documentBytes, makeDocument, withSignature } from "../../../../src/core/document.ts";
import { signDigest } from "../../../../src/core/signature.ts";
import { appendJournal, createJournal, readJournal } from "../../../../signer/journal/journal-file.ts";
import { makeLine, type JournalLine } from "../../../../signer/journal/journal.ts";
import { voidFamily } from "../../../../signer/gates/void.ts";
import { goodRequest, makeCustody, payout, stateFor } from "../../../factory/custody.ts";
import { temporaryFolder } from "../../../factory/folder.ts";
import { at, fixtureDigest, SIGNER } from "../../../factory/identities.ts";
import { pinnedHome, signArguments, type SignerHome } from "../../../factory/signer-home.ts";
import { codeOf } from "../../../factory/thrown.ts";
import { halt, rejection } from "../../../factory/words.ts";

const changed = vi.hoisted((): Record<string, number> => ({}));
vi.mock("../../../../src/core/limits.ts", async (original) => {
  const { LIMITS } = await original<typeof Limits>();
  const get = (target: object, name: string) => changed[name] ?? (Reflect.get(target, name) as unknown);
  return { LIMITS: new Proxy(LIMITS, { get: (target, name) => get(target, String(name)) }) };
});

afterEach(() => {
  for (const name of Object.keys(changed)) delete changed[name];
});

const JOURNAL = "home/journal-regtest.jsonl";
const PASS = ["--passphrase-file", "pass"];
const size = (home: SignerHome) => statSync(home.path(JOURNAL)).size;
const verified = async (home: SignerHome) => (await home.run(["journal", "verify"])).data["entries"];

async function filled() {
  const home = await pinnedHome();
  home.write("request.json", documentBytes(goodRequest(home.custody)));
  home.write("intent.json", documentBytes(payout(home.custody).intent));
  home.write("no.json", documentBytes(rejection(payout(home.custody).intent)));
  home.write("halt.json", documentBytes(halt(home.custody.id)));
  return home;
}

const closing = (home: SignerHome & { readonly logbook: string }, { digest }: IntentDocument, name: string) =>
  home.run([
    ...["void", "--in", name, "--out", `void-${name}`, "--logbook", home.logbook],
    ...["--confirm", digest, ...PASS],
  ]);

// A home has two entries: init and pin.
test.each([
  ["entries", { journalEntriesMax: 12, journalReserveEntries: 10 }, { journalEntriesMax: 13 }],
  ["bytes", { journalReserveBytes: 1024 * 1024 * 1024 - 500 }, { journalReserveBytes: 1024 }],
])(
  "a journal with no %s left but the reserve takes no yes, no no and no word, and no answer is lost",
  async (_, few, more) => {
    const home = await filled();
    const before = readFileSync(home.path(JOURNAL));
    Object.assign(changed, few);
    const sign = (out: string) => home.run(signArguments(fixtureDigest("any"), home.logbook, out));
    // Nobody is asked for a passphrase, which this file does not have, nor to read a review that leads nowhere.
    const unasked = signArguments(fixtureDigest("any"), home.logbook, "full.json").map((word) =>
      word === "officer-pass" ? "no-such-file" : word,
    );
    const words = ["import", "no.json", "halt.json", "--logbook", home.logbook, ...PASS];
    for (const call of [() => sign("full.json"), () => home.run(unasked), () => home.run(words)])
      expect(await call()).toMatchObject({ exit: 6, error: { code: "JOURNAL_FULL", field: "journal" } });
    expect(readFileSync(home.path(JOURNAL))).toEqual(before);
    // Whoever looks, is answered, and what it signed can still be closed.
    expect(await verified(home)).toBe(2);
    expect(await home.run(["review", "--in", "request.json"])).toMatchObject({ exit: 0 });
    Object.assign(changed, more);
    expect(await sign("open.json")).toMatchObject({ exit: 4, error: { code: "G11_DIGEST_NOT_CONFIRMED" } });
  },
);

test("the reserve takes voids and pins, and ends as well", async () => {
  const home = await filled();
  Object.assign(changed, { journalEntriesMax: 3, journalReserveEntries: 3 });
  const [one, other] = [payout(home.custody), payout(home.custody, { label: "other" })];
  home.write("other.json", documentBytes(other.intent));
  expect(await closing(home, one.intent, "intent.json")).toMatchObject({ exit: 0 });
  expect(await verified(home)).toBe(3);
  const before = size(home);
  expect(await closing(home, other.intent, "other.json")).toMatchObject({
    exit: 6,
    error: { code: "JOURNAL_FULL" },
  });
  expect(size(home)).toBe(before);
  expect(await verified(home)).toBe(3);
});

test("doctor says in time that a journal fills up", async () => {
  const home = await pinnedHome();
  const said = async () => {
    const { data } = await home.run(["doctor"]);
    return (data["checks"] as JsonObject[]).find(({ name }) => name === "journal");
  };
  expect(await said()).toMatchObject({ result: "ok" });
  Object.assign(changed, { journalEntriesMax: 12, journalReserveEntries: 10 });
  expect(await said()).toMatchObject({
    result: "warning",
    says: expect.stringContaining("100 percent of its room is used") as string,
  });
});

test("a line that its reader refuses is not written: a void of more attempts than one may list", () => {
  const custody = makeCustody();
  const path = `${temporaryFolder("journal")}/journal-regtest.jsonl`;
  createJournal(path, custody.journal.lines[0] as JournalLine);
  const read = readJournal(path, SIGNER.key);
  const { document } = voidFamily(payout(custody).intent, SIGNER.seed, stateFor(custody));
  const attempt = {
    plan: fixtureDigest("p"),
    generation: 1,
    row: "small" as Name,
    conflictKeys: ["a:0"],
    transactions: [],
    operators: ["somebody"],
  };
  const lineOf = (count: number) => {
    const body = { ...document.body, attempts: Array.from({ length: count }, () => attempt) };
    const made = makeDocument(VOID, { ...body, attempts: count === 0 ? [] : body.attempts });
    const signed = withSignature(made, signDigest(made.digest, SIGNER.seed, at("09:00:00")));
    return makeLine(read.journal, "void", made.digest, at("09:00:00"), SIGNER.seed, signed);
  };
  expect(codeOf(() => appendJournal(path, read, lineOf(1001)))).toBe("JOURNAL_FULL");
  expect(readJournal(path, SIGNER.key)).toEqual(read);
  expect(codeOf(() => appendJournal(path, read, lineOf(0)))).toBe("none");
  expect(readJournal(path, SIGNER.key).journal.lines).toHaveLength(2);
});
