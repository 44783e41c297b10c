import { describe, expect, test } from "vitest";
import { bitcoinCodec } from "../../../src/chains/bitcoin/index.ts";
import { consistencyProof, inclusionProof } from "../../../src/core/audit-proof.ts";
import { canonicalBytes, type Json, type JsonObject } from "../../../src/core/canonical.ts";
import { embed, makeDocument, parseDocument } from "../../../src/core/document.ts";
import { EVIDENCE, type EvidenceRow } from "../../../src/core/documents/evidence.ts";
import { familyOf } from "../../../src/core/documents/family.ts";
import { VOID } from "../../../src/core/documents/void.ts";
import { CustodyError } from "../../../src/core/errors.ts";
import { toHex } from "../../../src/core/hex.ts";
import type { ClaimName } from "../../../src/evidence/claim.ts";
import { hasFailed, verifyEvidence } from "../../../src/evidence/verify.ts";
import { approval, header, signedDocument } from "../../factory/documents.ts";
import { leavesOf, rootOver } from "../../factory/evidence-log.ts";
import { SIGNERS } from "../../factory/evidence-house.ts";
import { bytesOf, evidenceOf, signaturesIn, tellStory, type Story } from "../../factory/evidence.ts";
import { ANNA, at, fixtureDigest, MALLORY, type Cast } from "../../factory/identities.ts";
import { story, good, judge, verdicts, one } from "./judged.ts";

describe("a whole story", () => {
  test("is judged claim by claim, and nothing fails", () => {
    const said = judge(good).map(({ claim, verdict }) => `${claim}: ${verdict}`);
    expect([...new Set(said)]).toEqual([
      "custody: PROVEN",
      "policies: PROVEN",
      "documents: PROVEN",
      "subject: PROVEN",
      "request: PROVEN",
      "payment: PROVEN",
      "fees: PROVEN",
      "destination: PROVEN",
      "approval: PROVEN",
      "roles: PROVEN",
      "review: PROVEN",
      "signatures: PROVEN",
      "audit root: ATTESTED",
      "transaction: PROVEN",
      "block: NOT PROVEN",
      "once: PROVEN",
      "nothing else: NOT PROVEN",
      "objections: NOT PROVEN",
      "audit rows: PROVEN",
      "record: ATTESTED",
    ]);
  });

  test("names whose word each claim is", () => {
    expect(one(good, "approval").by).toEqual(["anna", "ben", "carla"]);
    expect(one(good, "request").by).toEqual(["oscar"]);
    expect(one(good, "review").by).toEqual(["olga"]);
    expect(one(good, "audit root").by).toEqual(["signer-1"]);
  });

  test("is of a custody that only the reader can know", () => {
    expect(judge(good)[0]?.verdict).toBe("PROVEN");
    expect(verifyEvidence(good, [bitcoinCodec])[0]?.verdict).toBe("NOT PROVEN");
    expect(judge(good, fixtureDigest("another custody"))[0]?.verdict).toBe("FAILED");
  });

  test("of which nothing was signed proves what was asked for, and no more", () => {
    const { settlement: _, ...body } = good.body;
    const unsigned = makeDocument(EVIDENCE, { ...body, receipts: [] });
    expect(hasFailed(judge(unsigned))).toBe(false);
    expect(verdicts(unsigned, "signatures")).toEqual(["NOT PROVEN"]);
    expect(verdicts(unsigned, "transaction")).toEqual(["NOT PROVEN"]);
    expect(verdicts(unsigned, "approval")).toEqual([]);
  });
});

type Leaf = { readonly path: readonly (string | number)[]; readonly value: Json };

function* leavesOfJson(value: Json | undefined, path: Leaf["path"] = []): Iterable<Leaf> {
  if (value === undefined) return;
  if (typeof value !== "object") return yield { path, value };
  for (const [key, member] of Array.isArray(value) ? value.entries() : Object.entries(value))
    yield* leavesOfJson(member as Json, [...path, key]);
}

function otherThan(value: Json): Json {
  if (typeof value === "number") return value + 1;
  const text = value as string;
  return `${text.slice(0, -1)}${text.endsWith("0") ? "1" : "0"}`;
}

function replaced(value: Json, [key, ...rest]: Leaf["path"], to: Json): Json {
  if (key === undefined) return to;
  if (Array.isArray(value))
    return value.map((item: Json, i) => (i === key ? replaced(item, rest, to) : item));
  const object = value as JsonObject;
  return { ...object, [key]: replaced(object[key] as Json, rest, to) };
}

describe("tampering", () => {
  // One value for each kind of place, three levels deep: the rest lies under the same digests and signatures.
  const places = new Map<string, Leaf>();
  for (const leaf of leavesOfJson(good.body)) {
    const name = leaf.path.slice(0, 3).map((step) => (typeof step === "number" ? "*" : step));
    places.set(name.join("."), leaf);
  }
  // Hearsay that a node has to confirm, and an epoch that nobody here has countersigned.
  const UNNOTICED = ["settlement.block.confirmations", "audit.epoch"];

  test("with any part is refused, or noticed by a claim", () => {
    const missed = [...places].filter(([, { path, value }]) => {
      try {
        const bytes = canonicalBytes(replaced(good.body, path, otherThan(value)));
        return !hasFailed(judge(parseDocument(EVIDENCE, bytes)));
      } catch (error) {
        if (error instanceof CustodyError) return false;
        throw error;
      }
    });
    expect(places.size).toBeGreaterThan(50);
    expect(missed.map(([name]) => name)).toEqual(UNNOTICED);
  }, 60_000);
});

/** A story in which one thing is otherwise, told with all its digests and signatures right. */
const untrue: readonly { readonly what: string; readonly claim: ClaimName; readonly told: Story }[] = [
  { what: "one approver too few", claim: "approval", told: tellStory({ approvers: [ANNA] }) },
  { what: "an officer who is an approver", claim: "review", told: tellStory({ officer: ANNA }) },
  {
    what: "a policy that its admins have not signed",
    claim: "policies",
    told: tellStory({ admins: [MALLORY] }),
  },
];

test.each(untrue)("$what is noticed", ({ claim, told }) => {
  expect(new Set(verdicts(evidenceOf(told), claim))).toEqual(new Set(["FAILED"]));
});

describe("the transaction", () => {
  const [first, second] = story.receipts;
  const receipts = [embed(first as NonNullable<typeof first>)];
  const signatures = signaturesIn(second as NonNullable<typeof second>, 0);
  const partial = { plan: story.plan.digest, rung: 0, afterReceipts: 1, signatures };

  test("needs as many signatures as the wallet asks for", () => {
    expect(verdicts(evidenceOf(story, { receipts }), "transaction")).toEqual(["NOT PROVEN"]);
  });

  test("may have some from another maker's signer", () => {
    const mixed = evidenceOf(story, { receipts, partials: [partial] });
    expect(verdicts(mixed, "transaction")).toEqual(["PROVEN"]);
    expect(verdicts(mixed, "signatures")).toEqual(["PROVEN", "PROVEN"]);
  });

  test("is not proven by signatures of another attempt", () => {
    const foreign = { ...partial, signatures: signaturesIn(second as NonNullable<typeof second>, "cancel") };
    const mixed = evidenceOf(story, { receipts, partials: [foreign] });
    expect(verdicts(mixed, "transaction")).toEqual(["FAILED"]);
  });

  test("that was sent may be the cancel rung, which pays nobody", () => {
    const [sent] = [good.body.settlement as NonNullable<typeof good.body.settlement>];
    const cancel = story.attempts.cancel as NonNullable<typeof story.attempts.cancel>;
    const both = story.receipts.flatMap((receipt) => signaturesIn(receipt, "cancel"));
    const bytes = toHex(bitcoinCodec.combine(cancel.tx, both));
    const cancelled = evidenceOf(story, {
      settlement: { ...sent, rung: "cancel", transaction: cancel.transaction, bytes },
    });
    expect(one(cancelled, "transaction")).toMatchObject({
      verdict: "PROVEN",
      says: expect.stringContaining("pays nobody"),
    });
    const mislabelled = evidenceOf(story, { settlement: { ...sent, rung: "cancel" } });
    expect(verdicts(mislabelled, "transaction")).toEqual(["FAILED"]);
    expect(toHex(bytesOf(story))).toBe(sent.bytes);
  });
});

describe("a no, and a family that is closed", () => {
  const [own] = story.payouts;
  const rejection = (who: Cast) =>
    embed(approval(own.intent, [who], { custody: story.custody.id, decision: "reject" }, at("11:00:00")));

  test("of somebody entitled is shown with its time, of anybody else it is none", () => {
    const said = one(evidenceOf(story, { approvals: [rejection(ANNA)] }), "objections");
    expect(said).toMatchObject({
      verdict: "ATTESTED",
      by: ["anna"],
      says: expect.stringContaining("11:00:00"),
    });
    expect(verdicts(evidenceOf(story, { approvals: [rejection(MALLORY)] }), "objections")).toEqual([
      "NOT PROVEN",
    ]);
  });

  const voidBy = (who: Cast, family = familyOf(own.intent.body)) => {
    const [signer] = SIGNERS;
    const body = {
      signer: signer.name,
      epoch: 1,
      policy: 2,
      attempts: [],
      family,
    };
    const document = makeDocument(VOID, { ...header("void"), custody: story.custody.id, ...body });
    return evidenceOf(story, { voids: [embed(signedDocument(document, [who], at("10:00:00")))] });
  };

  test("is closed by the signer's own key", () => {
    expect(one(voidBy(SIGNERS[0]), "closed")).toMatchObject({ verdict: "ATTESTED", by: ["signer-1"] });
    expect(verdicts(voidBy(MALLORY), "closed")).toEqual(["FAILED"]);
    // A twin with the same id alone (attack A08): what was signed under the client key is not listed.
    const { intent } = familyOf(own.intent.body);
    expect(verdicts(voidBy(SIGNERS[0], { intent }), "closed")).toEqual(["FAILED"]);
  });
});

describe("the audit log", () => {
  /** The evidence over another history, with proofs that fit it. */
  const over = (rows: readonly EvidenceRow[]) => {
    const leaves = leavesOf(rows);
    const own = new Set(good.body.audit.rows.map(({ row }) => row.entityId));
    const { size } = story.place;
    return evidenceOf(story, {
      audit: {
        epoch: 1,
        size: rows.length,
        root: rootOver(rows),
        rows: rows
          .filter(({ entityId }) => own.has(entityId))
          .map((row) => ({ row, proof: [...inclusionProof(leaves, row.seq - 1)] })),
        extends: [{ size, proof: [...consistencyProof(leaves, size)] }],
      },
    });
  };

  test("that was rewritten is not what the signers countersigned", () => {
    const rewritten = story.rows.map((row) => (row.seq === 2 ? { ...row, actor: MALLORY.name } : row));
    expect(verdicts(over(rewritten), "audit rows")).toEqual(["PROVEN"]);
    expect(verdicts(over(rewritten), "audit root")).toEqual(["FAILED", "FAILED"]);
    expect(verdicts(over(story.rows), "audit root")).toEqual(["ATTESTED", "ATTESTED"]);
  });

  test("in which a step is missing, or illegal, tells no life", () => {
    const last = story.rows.at(-1) as EvidenceRow;
    const illegal = [...story.rows.slice(0, -1), { ...last, after: { state: "READY" } }];
    expect(verdicts(over(illegal), "record")).toEqual(["FAILED"]);
    const { rows } = good.body.audit;
    const without = evidenceOf(story, {
      audit: { ...good.body.audit, rows: rows.filter(({ row }) => row.version !== 3) },
    });
    expect(verdicts(without, "record")).toEqual(["FAILED"]);
    expect(verdicts(over(story.rows), "record")).toEqual(["ATTESTED"]);
  });
});
