import { describe, expect, test } from "vitest";
import { BITCOIN_CHAINS } from "../../../../src/core/chain.ts";
import {
  makeDocument,
  parseDocument,
  type Document,
  type DocumentHeader,
} from "../../../../src/core/document.ts";
import { APPROVAL } from "../../../../src/core/documents/approval.ts";
import { BENEFICIARY } from "../../../../src/core/documents/beneficiary.ts";
import { DEAD, type Dead } from "../../../../src/core/documents/dead.ts";
import { HALT, RESUME, type Halt } from "../../../../src/core/documents/halt.ts";
import type { Instant } from "../../../../src/core/instant.ts";
import { isHalt, isResume } from "../../../../src/core/policy/halts.ts";
import { policyDocument, type Policy } from "../../../../src/core/policy/policy.ts";
import { assertSuccession } from "../../../../src/core/policy/succession.ts";
import { checkWords } from "../../../../src/core/words.ts";
import { CLEO, deskPolicy, makeDesk, signAs } from "../../../factory/desk.ts";
import { beneficiary, delegation, signedDocument } from "../../../factory/documents.ts";
import {
  ALICE,
  ANNA,
  at,
  BEN,
  castMember,
  fixtureDigest,
  MALLORY,
  OLGA,
  OSCAR,
  type Cast,
} from "../../../factory/identities.ts";

const policy = deskPolicy();
const custody = policy.digest;
const REMY = castMember("remy", "Remy Recovery");
const NORA = castMember("nora", "Nora New");
const EVERYBODY = [ALICE, ANNA, BEN, CLEO, MALLORY, NORA, OLGA, OSCAR, REMY];

function desk(document?: Document<DocumentHeader>, pinned: typeof policy | "none" = policy) {
  const made = makeDesk(pinned === "none" ? undefined : pinned);
  for (const who of EVERYBODY) made.keyOf(who);
  if (document !== undefined) made.write("file.json", document);
  return made;
}

/** Signs `document` at a desk of its own, confirmed. */
function sign(
  decision: string,
  document: Document<DocumentHeader>,
  who: Cast,
  options: { pinned?: typeof policy | "none"; now?: Instant } = { pinned: policy },
) {
  const made = desk(document, options.pinned);
  const args = signAs(decision, ["file.json"], who, "--confirm", document.digest);
  return made
    .run(args, options.now === undefined ? {} : { now: options.now })
    .then((answer) => ({ made, answer }));
}

const NOT_YOURS = { exit: 4, error: { code: "NOT_YOURS_TO_SIGN" } };

describe("desk sign: a destination", () => {
  const draft = { ...beneficiary({ custody, customerKey: MALLORY.key }), signatures: [] };

  test("the customer's own key signs it", async () => {
    const { made, answer } = await sign("beneficiary", draft, MALLORY);
    expect(answer).toMatchObject({ exit: 0, data: { by: "mallory" } });
    expect(parseDocument(BENEFICIARY, made.read("beneficiary.mallory.json")).signatures).toHaveLength(1);
    const without = { ...beneficiary({ custody }), signatures: [] };
    expect((await sign("beneficiary", without, MALLORY)).answer).toMatchObject(NOT_YOURS);
  });

  test("signatures that are there stay", async () => {
    const { made } = await sign("beneficiary", beneficiary({ custody }, [ANNA]), BEN);
    const { signatures } = parseDocument(BENEFICIARY, made.read("beneficiary.ben.json"));
    expect(signatures.map(({ by }) => by)).toEqual([ANNA.key, BEN.key]);
  });
});

describe("desk sign: halts", () => {
  const stop = (who: Cast, scope: string, ...more: string[]) =>
    desk().run(signAs("halt", [], who, "--scope", scope, "--code", "theft", "--confirm", scope, ...more));

  test("one person stops everything, or a wallet", async () => {
    const made = desk();
    const args = signAs(
      "halt",
      [],
      OLGA,
      "--scope",
      "everything",
      "--code",
      "theft",
      "--confirm",
      "everything",
    );
    expect(await made.run(args)).toMatchObject({ exit: 0, data: { kind: "halt", by: "olga" } });
    const halt = parseDocument(HALT, made.read("halt.olga.json"));
    expect(halt.body).toMatchObject({ scope: { of: "everything" }, code: "theft", policy: 1 });
    expect(isHalt(policy.body, halt)).toBe(true);
    expect(await stop(OLGA, "wallet:vault")).toMatchObject({ exit: 0 });
    expect(await stop(OLGA, `chain:${BITCOIN_CHAINS.regtest}`)).toMatchObject({ exit: 0 });
  });

  test("a wallet that the policy does not name, or no reason, is refused", async () => {
    const refused = {
      exit: 2,
      error: {
        code: "HALT_SCOPE_UNKNOWN",
        hint: `--scope everything | chain:${BITCOIN_CHAINS.regtest} | wallet:vault`,
      },
    };
    expect(await stop(OLGA, "wallet:vaults")).toMatchObject(refused);
    expect(await desk().run(signAs("halt", [], OLGA, "--code", "x"))).toMatchObject(refused);
    expect(await desk().run(signAs("halt", [], OLGA, "--scope", "everything"))).toMatchObject({
      error: { code: "NAME_MALFORMED" },
    });
  });

  test("a person retypes the check words that stand above the question", async () => {
    const args = signAs("halt", [], ANNA, "--scope", "everything", "--code", "drill");
    expect((await desk().terminal(args, ["everything"])).stderr).toContain("RETYPED_WRONG");
    // The fake's random bytes count up, so the document is known before.
    const body: Halt = {
      kind: "halt",
      version: 1,
      network: "regtest",
      custody,
      id: "000102030405060708090a0b0c0d0e0f" as Halt["id"],
      scope: { of: "everything" },
      code: "drill" as Halt["code"],
      policy: 1,
    };
    const words = checkWords(makeDocument<Halt>(HALT, body).digest);
    const answer = await desk().terminal(args, [words]);
    expect(answer.stderr).toMatch(/HALT +every signature/);
    expect(answer.exit).toBe(0);
  });

  test("a quorum ends it: two desks sign one document about one halt", async () => {
    const made = desk();
    await made.run(
      signAs("halt", [], OLGA, "--scope", "everything", "--code", "drill", "--confirm", "everything"),
    );
    const halt = parseDocument(HALT, made.read("halt.olga.json"));
    const resume = (who: Cast, file = "halt.olga.json", confirm = halt.digest) =>
      made.run(signAs("resume", [file], who, "--confirm", confirm));
    expect(await resume(ANNA)).toMatchObject({ exit: 0, data: { kind: "resume" } });
    const first = parseDocument(RESUME, made.read("resume.anna.json"));
    expect(isResume(policy.body, first)).toBe(false);
    expect(await resume(BEN, "resume.anna.json", first.digest)).toMatchObject({ exit: 0 });
    const both = parseDocument(RESUME, made.read("resume.ben.json"));
    expect(both).toMatchObject({ digest: first.digest, body: { halt: halt.digest } });
    expect(isResume(policy.body, both)).toBe(true);
  });
});

describe("desk sign: a proof of death", () => {
  const draft = makeDocument<Dead>(DEAD, {
    kind: "dead",
    version: 1,
    network: "regtest",
    custody,
    plan: fixtureDigest("plan"),
    transactions: [fixtureDigest("transaction")],
    conflictKey: "key",
    spentBy: fixtureDigest("thief"),
    block: { hash: fixtureDigest("block"), height: 101 },
    evidence: fixtureDigest("evidence"),
    policy: 1,
  });

  test("an approver vouches for it by the check words", async () => {
    const made = desk(draft);
    const args = signAs("dead", ["file.json"], ANNA);
    expect((await made.terminal(args, ["yes"])).stderr).toContain("RETYPED_WRONG");
    expect((await made.terminal(args, [checkWords(draft.digest)])).exit).toBe(0);
  });
});

describe("desk sign: a policy", () => {
  const next = (changes: Partial<Policy> = {}, before = policy) =>
    policyDocument({
      ...before.body,
      number: 2,
      previous: before.digest,
      custody: before.digest,
      ...changes,
    });

  test("at genesis everybody whom it names signs, without anything pinned", async () => {
    const draft = policyDocument(policy.body);
    expect((await sign("policy", draft, CLEO, { pinned: "none" })).answer).toMatchObject({ exit: 0 });
  });

  test("one that does not follow, or contradicts itself, is not signed", async () => {
    const far = policyDocument({ ...next().body, number: 3 });
    expect((await sign("policy", far, ALICE)).answer).toMatchObject({
      error: { code: "POLICY_NOT_NEXT", hint: expect.stringMatching(/^custody desk init --policy policy-2/) },
    });
    const odd = next({ quorums: { ...policy.body.quorums, admin: 2 } });
    expect((await sign("policy", odd, ALICE)).answer).toMatchObject({
      error: { code: "POLICY_INCONSISTENT" },
    });
    expect((await sign("policy", next(), ALICE)).answer).toMatchObject({ exit: 0 });
  });

  test("the recovery releases after its delay, and says when before", async () => {
    const remy = { name: REMY.name, person: REMY.person, key: REMY.key, alg: "ed25519" as const };
    const founded = deskPolicy({
      identities: [...policy.body.identities, { ...remy, roles: ["recovery"] }],
      recovery: { quorum: 1, delaySeconds: 3600 },
    });
    const nora = { name: NORA.name, person: NORA.person, key: NORA.key, alg: "ed25519" as const };
    const identities = founded.body.identities.filter(({ name }) => name !== ALICE.name);
    const draft = next({ identities: [...identities, { ...nora, roles: ["admin"] }] }, founded);
    const unsigned = await sign("release", draft, REMY, { pinned: founded });
    expect(unsigned.answer).toMatchObject({ exit: 8, error: { code: "RELEASE_TOO_EARLY" } });
    const signed = signedDocument(draft, [REMY, NORA], at("08:30:00"));
    const early = await sign("release", signed, REMY, { pinned: founded, now: at("09:29:59") });
    expect(early.answer).toMatchObject({
      exit: 8,
      error: { code: "RELEASE_TOO_EARLY", message: expect.stringContaining(at("09:30:00")) },
    });
    const { made, answer } = await sign("release", signed, REMY, { pinned: founded });
    expect(answer).toMatchObject({ exit: 0, data: { kind: "approval" } });
    const release = parseDocument(APPROVAL, made.read("release.remy.json"));
    expect(assertSuccession(founded, signed, [release])).toMatchObject({ way: "recovery" });
    const ordinary = await sign("release", next(), ALICE);
    expect(ordinary.answer).toMatchObject({ exit: 4, error: { code: "POLICY_DENIES" } });
  });
});

describe("desk sign: what to sign as", () => {
  test("a word that does not fit the document, or as many files, is refused with those that do", async () => {
    const draft = { ...beneficiary({ custody }), signatures: [] };
    const answer = (decision: string, files: readonly string[]) =>
      desk(draft).run(signAs(decision, files, ANNA, "--confirm", draft.digest));
    expect(await answer("approve", ["file.json"])).toMatchObject({
      exit: 2,
      error: { code: "DECISION_UNKNOWN", hint: "--as beneficiary" },
    });
    expect(await answer("bless", ["file.json"])).toMatchObject({ error: { code: "DECISION_UNKNOWN" } });
    expect(await answer("beneficiary", [])).toMatchObject({ error: { code: "DECISION_UNKNOWN" } });
    expect(await answer("beneficiary", ["file.json", "file.json"])).toMatchObject({
      error: { code: "DECISION_UNKNOWN" },
    });
    expect(await answer("beneficiary", ["file.json"])).toMatchObject({ exit: 0 });
  });

  test("without a pinned policy nothing but a policy is signed", async () => {
    const draft = delegation({ custody });
    const { answer } = await sign("delegate", draft, OSCAR, { pinned: "none" });
    expect(answer).toMatchObject({ exit: 5, error: { code: "DESK_WITHOUT_POLICY" } });
  });
});
