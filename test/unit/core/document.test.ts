import { describe, expect, test } from "vitest";
import { canonicalBytes, canonicalText, type JsonObject } from "../../../src/core/canonical.ts";
import { taggedDigest, type Digest } from "../../../src/core/digest.ts";
import {
  assertBelongs,
  documentBytes,
  embed,
  fromEmbedded,
  kindOf,
  makeDocument,
  parseDocument,
  withSignature,
} from "../../../src/core/document.ts";
import { APPROVAL } from "../../../src/core/documents/approval.ts";
import { BENEFICIARY } from "../../../src/core/documents/beneficiary.ts";
import { INTENT } from "../../../src/core/documents/intent.ts";
import { REQUEST, requestParts } from "../../../src/core/documents/request.ts";
import { utf8 } from "../../../src/core/hex.ts";
import { POLICY } from "../../../src/core/policy/policy.ts";
import { verifySignature } from "../../../src/core/signature.ts";
import {
  CUSTODY,
  EMPTY_ROOT,
  approval,
  beneficiary,
  delegation,
  genesisPolicy,
  header,
  intent,
} from "../../factory/documents.ts";
import { plan } from "../../factory/plan.ts";
import { ALICE, ANNA, BEN, at, fixtureDigest, fixtureId, signedBy } from "../../factory/identities.ts";
import { codeOf } from "../../factory/thrown.ts";

const what = intent();
const voted = approval(what, [ANNA, BEN]);
const value = embed(voted) as unknown as JsonObject;
const read = (changes: JsonObject) =>
  codeOf(() => parseDocument(APPROVAL, canonicalBytes({ ...value, ...changes })));

test("a document comes back with the digest and signatures that it was written with", () => {
  expect(parseDocument(APPROVAL, documentBytes(voted))).toEqual(voted);
  expect(parseDocument(INTENT, documentBytes(what))).toEqual(what);
});

test("the digest is over domain and body, without the document's own signatures", () => {
  const body = canonicalText({ ...value, signatures: undefined });
  expect(voted.digest).toBe(taggedDigest("custody/approval/v1", utf8(body)));
  expect(makeDocument(APPROVAL, voted.body).digest).toBe(voted.digest);
  expect(withSignature(voted, signedBy(voted.digest, ALICE, at("09:00:00"))).digest).toBe(voted.digest);
});

describe("kind and version confusion", () => {
  test.each<[string, JsonObject]>([
    ["another kind", { kind: "intent" }],
    ["no kind of ours", { kind: "constructor" }],
    ["version 2", { version: 2 }],
    ["version as text", { version: "1" }],
    ["a kind that is no text", { kind: ["approval"] }],
    ["no kind", { kind: undefined }],
    ["no version", { version: undefined }],
  ])("%s", (_name, changes) => {
    expect(read(changes)).toBe("DOCUMENT_WRONG_KIND");
  });

  test("a body that fits two kinds still has two digests", () => {
    const body = { ...header("approval"), note: "x" };
    const one = taggedDigest("custody/approval/v1", canonicalBytes(body));
    expect(one).not.toBe(taggedDigest("custody/release/v1", canonicalBytes(body)));
  });

  test.each(["[]", '"approval"', "1", "true", "{}"])("%s has no kind", (text) => {
    expect(codeOf(() => parseDocument(APPROVAL, utf8(text)))).toBe("DOCUMENT_WRONG_KIND");
  });

  test("kindOf reads a claim and nothing else", () => {
    expect(kindOf({ kind: "plan" })).toBe("plan");
    expect(kindOf(["plan"])).toBeUndefined();
    expect(kindOf({ kind: 1 })).toBeUndefined();
  });
});

describe("default deny: fields", () => {
  test.each<[string, JsonObject]>([
    ["an unknown field", { note: "x" }],
    ["a field named as one of Object.prototype", { constructor: "x" }],
    ["a missing field", { intent: undefined }],
    ["a network that is none", { network: "signet" }],
    ["no custody", { custody: undefined }],
    ["an unknown decision", { decision: "approved" }],
    ["a digest in upper case", { intent: what.digest.toUpperCase() }],
    ["a time before 1970", { expires: "1960-01-01T00:00:00Z" }],
    ["a count as text", { policy: "1" }],
    ["a count of zero", { policy: 0 }],
    ["no signatures, said aloud", { signatures: [] }],
    ["signatures that are none", { signatures: ["x"] }],
    ["an unknown field in a signature", { signatures: [{ ...voted.signatures[0], note: "x" }] }],
    ["65 signatures", { signatures: Array<object>(65).fill(voted.signatures[0] as object) as never }],
  ])("%s", (_name, changes) => {
    expect(read(changes)).toBe("DOCUMENT_MALFORMED");
    expect(read({})).toBe("none");
  });

  test("the error names the field, through embedded documents too", () => {
    const bad = { ...value, heads: [{ signer: "signer-1", epoch: 0, head: fixtureDigest("head") }] };
    expect(() => parseDocument(APPROVAL, canonicalBytes(bad))).toThrow(
      expect.objectContaining({ field: "approval.heads.0.epoch" }),
    );
  });

  test("a kind that carries no signatures of its own refuses them", () => {
    const signed = { ...(what.body as unknown as JsonObject), signatures: value["signatures"] };
    expect(codeOf(() => parseDocument(INTENT, canonicalBytes(signed)))).toBe("DOCUMENT_MALFORMED");
  });
});

describe("embedded documents keep their signatures, and the outer digest covers them", () => {
  const body = {
    ...header("request"),
    id: fixtureId("request"),
    operation: fixtureId("operation"),
    policy: 1,
    delegation: embed(delegation()),
    plans: [embed(plan())],
    intents: [embed(what)],
    superseded: [],
    beneficiaries: [embed(beneficiary())],
    approvals: [embed(voted)],
    clearances: [],
    dead: [],
    previous: [],
    heads: [],
    audit: { epoch: 1, size: 0, root: EMPTY_ROOT, extends: [] },
  };
  const request = makeDocument(REQUEST, body);

  test("what comes out is what went in, each with its own digest", () => {
    const parts = requestParts(parseDocument(REQUEST, documentBytes(request)));
    expect(parts.approvals).toEqual([voted]);
    expect(parts.intents).toEqual([what]);
    expect(parts.delegation).toEqual(delegation());
    expect(verifySignature(parts.approvals[0]?.digest as Digest, voted.signatures[1] as never)).toBe(true);
  });

  test("an approval without one of its signatures makes another request", () => {
    const fewer = makeDocument(REQUEST, {
      ...body,
      approvals: [embed({ ...voted, signatures: voted.signatures.slice(1) })],
    });
    expect(fewer.digest).not.toBe(request.digest);
    expect(fromEmbedded(APPROVAL, fewer.body.approvals[0]).digest).toBe(voted.digest);
  });

  test("an embedded document of another kind is refused", () => {
    const wrong = { ...body, approvals: [embed(beneficiary())] } as unknown as JsonObject;
    expect(codeOf(() => parseDocument(REQUEST, canonicalBytes(wrong)))).toBe("DOCUMENT_MALFORMED");
  });
});

test("a second signature by one key replaces the first", () => {
  const again = signedBy(voted.digest, ANNA, at("09:30:00"));
  const signatures = withSignature(voted, again).signatures;
  expect(signatures).toHaveLength(2);
  expect(signatures).toContainEqual(again);
});

test("only number 1 of the policy has no custody, and a document of another home does not belong", () => {
  const home = { network: "regtest", custody: CUSTODY } as const;
  expect(codeOf(() => assertBelongs(voted, home))).toBe("none");
  expect(codeOf(() => assertBelongs(voted, { ...home, network: "mainnet" }))).toBe("DOCUMENT_WRONG_NETWORK");
  expect(codeOf(() => assertBelongs(voted, { ...home, custody: fixtureDigest("other") }))).toBe(
    "DOCUMENT_WRONG_CUSTODY",
  );
  expect(codeOf(() => assertBelongs(genesisPolicy(), home))).toBe("DOCUMENT_WRONG_CUSTODY");
  expect(parseDocument(POLICY, documentBytes(genesisPolicy())).body.custody).toBeUndefined();
});

test("a document above its kind's limit is refused unparsed", () => {
  expect(codeOf(() => parseDocument(BENEFICIARY, new Uint8Array(1024 * 1024 + 1)))).toBe(
    "CANONICAL_TOO_LARGE",
  );
});
