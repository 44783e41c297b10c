import { describe, expect, test } from "vitest";

import { BITCOIN_CHAINS } from "../../../../src/core/chain.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import { LIMITS } from "../../../../src/core/limits.ts";
import { custodyId, policyDocument, type Policy } from "../../../../src/core/policy/policy.ts";
import { assertConsistent, problemsOf } from "../../../../src/core/policy/verify.ts";
import { CUSTODY, EMPTY_ROOT, genesisPolicy, policyBody, row } from "../../../factory/documents.ts";
import { ALICE, ANNA, at, castMember, fixtureDigest } from "../../../factory/identities.ts";
import { named } from "../../../factory/policies.ts";
import { codeOf } from "../../../factory/thrown.ts";

const GOOD = policyBody();
const [IDENTITY] = GOOD.identities as [Policy["identities"][number]];
const [WALLET] = GOOD.wallets as [Policy["wallets"][number]];
const [CHAIN] = GOOD.chains as [Policy["chains"][number]];
const [NAMED_SIGNER] = GOOD.signers as [Policy["signers"][number]];
const extra = castMember("extra");
const approver = named(extra, "approver");
const crowd = (count: number) =>
  Array.from({ length: count }, (_, i) => named(castMember(`viewer-${i}`), "viewer"));

/** Fields that contradict, by the field that the error names; beside them the nearest policy that is in order. */
const CASES: readonly { name: string; field: string; bad: Partial<Policy>; twin: Partial<Policy> }[] = [
  {
    name: "number 1 with a policy before it",
    field: "number",
    bad: { previous: fixtureDigest("x") },
    twin: {},
  },
  { name: "number 1 with a custody id", field: "number", bad: { custody: CUSTODY }, twin: {} },
  {
    name: "number 2 without a policy before it",
    field: "number",
    bad: { number: 2, custody: CUSTODY },
    twin: { number: 2, custody: CUSTODY, previous: CUSTODY },
  },
  {
    name: "number 2 without custody id",
    field: "number",
    bad: { number: 2, previous: CUSTODY },
    twin: { number: 2, custody: CUSTODY, previous: CUSTODY },
  },
  {
    name: "expires when issued",
    field: "expires",
    bad: { expires: GOOD.issued },
    twin: { expires: at("08:00:01") },
  },
  {
    name: "approvals since a later policy",
    field: "approvalsSince",
    bad: { approvalsSince: 2 },
    twin: { approvalsSince: 1 },
  },
  {
    name: "two identities of one name",
    field: "identities.name",
    bad: { identities: [...GOOD.identities, { ...approver, name: ALICE.name }] },
    twin: { identities: [...GOOD.identities, approver] },
  },
  {
    name: "two identities of one key",
    field: "identities.key and signers.key",
    bad: { identities: [...GOOD.identities, { ...approver, key: ALICE.key }] },
    twin: { identities: [...GOOD.identities, approver] },
  },
  {
    name: "a signer with a person's key",
    field: "identities.key and signers.key",
    bad: { signers: [{ ...NAMED_SIGNER, key: ALICE.key }] },
    twin: { signers: [{ ...NAMED_SIGNER, key: extra.key }] },
  },
  {
    name: "one human under two spellings of a name",
    field: "identities.person",
    bad: { identities: [...GOOD.identities, { ...approver, person: "anna  approver " }] },
    twin: { identities: [...GOOD.identities, { ...approver, person: ANNA.person }] },
  },
  {
    name: "two signers of one name",
    field: "signers.name",
    bad: { signers: [NAMED_SIGNER, { ...NAMED_SIGNER, key: extra.key }] },
    twin: { signers: [NAMED_SIGNER, { ...NAMED_SIGNER, name: extra.name, key: extra.key }] },
  },
  {
    name: "a signer epoch first named by a later policy",
    field: "signers.since",
    bad: { signers: [{ ...NAMED_SIGNER, since: 2 }] },
    twin: { signers: [{ ...NAMED_SIGNER, since: 1 }] },
  },
  {
    name: "two wallets of one name",
    field: "wallets.name",
    bad: { wallets: [WALLET, { ...WALLET, descriptor: "other" }] },
    twin: { wallets: [WALLET, { ...WALLET, name: "cellar" as Name, descriptor: "other" }] },
  },
  {
    name: "two wallets of one descriptor",
    field: "wallets.descriptor",
    bad: { wallets: [WALLET, { ...WALLET, name: "cellar" as Name }] },
    twin: { wallets: [WALLET, { ...WALLET, name: "cellar" as Name, descriptor: "other" }] },
  },
  {
    name: "rules for a chain of another network",
    field: "chains",
    bad: { chains: [CHAIN, { ...CHAIN, chain: BITCOIN_CHAINS.mainnet }] },
    twin: { chains: [CHAIN] },
  },
  {
    name: "two rules for one chain",
    field: "chains.chain",
    bad: { chains: [CHAIN, { ...CHAIN, confirmations: 1 }] },
    twin: {},
  },
  {
    name: "two rows of one name",
    field: "rows.name",
    bad: { rows: [row("small", "0", "10", 1), row("small", "10", "20", 1)] },
    twin: { rows: [row("small", "0", "10", 1), row("large", "10", "20", 1)] },
  },
  {
    name: "an admin quorum above the admins",
    field: "quorums.admin",
    bad: { quorums: { ...GOOD.quorums, admin: 2 } },
    twin: {},
  },
  {
    name: "a beneficiary quorum above the approvers",
    field: "quorums.beneficiary",
    bad: { quorums: { ...GOOD.quorums, beneficiary: 3 } },
    twin: { quorums: { ...GOOD.quorums, beneficiary: 2 } },
  },
  {
    name: "a conflict of a role with itself",
    field: "conflicts",
    bad: { conflicts: [["approver", "approver"]] },
    twin: { conflicts: [["approver", "officer"]] },
  },
  {
    name: "one kind accepted twice",
    field: "accepts.kind",
    bad: { accepts: [...GOOD.accepts, { kind: "plan", versions: [1] }] },
    twin: { accepts: [...GOOD.accepts, { kind: "build", versions: [1] }] },
  },
  {
    name: "one role given twice",
    field: "identities.anna.roles",
    bad: {
      identities: [
        ...GOOD.identities.slice(0, 3),
        named(ANNA, "approver", "approver"),
        ...GOOD.identities.slice(4),
      ],
    },
    twin: {
      identities: [
        ...GOOD.identities.slice(0, 3),
        named(ANNA, "approver", "viewer"),
        ...GOOD.identities.slice(4),
      ],
    },
  },
  {
    name: "more people than can sign number 1",
    field: "identities",
    bad: { identities: [...GOOD.identities, ...crowd(LIMITS.signaturesMax - GOOD.identities.length)] },
    twin: { identities: [...GOOD.identities, ...crowd(LIMITS.signaturesMax - GOOD.identities.length - 1)] },
  },
  {
    name: "number 1 in a later audit epoch",
    field: "audit.epoch",
    bad: { audit: { epoch: 2, size: 7, root: fixtureDigest("root") } },
    twin: {
      number: 2,
      custody: CUSTODY,
      previous: CUSTODY,
      audit: { epoch: 2, size: 7, root: fixtureDigest("root") },
    },
  },
  {
    name: "an audit epoch 1 that begins after rows",
    field: "audit.size",
    bad: { audit: { epoch: 1, size: 7, root: fixtureDigest("root") } },
    twin: { audit: { epoch: 1, size: 0, root: EMPTY_ROOT } },
  },
  {
    name: "an audit tree of no rows with a root of some",
    field: "audit.root",
    bad: { audit: { epoch: 1, size: 0, root: fixtureDigest("root") } },
    twin: { audit: { epoch: 1, size: 0, root: EMPTY_ROOT } },
  },
  {
    name: "a resume quorum above the approvers",
    field: "quorums.resume",
    bad: { quorums: { ...GOOD.quorums, resume: 3 } },
    twin: { quorums: { ...GOOD.quorums, resume: 2 } },
  },
  {
    name: "a build quorum without build keys",
    field: "quorums.build",
    bad: { quorums: { ...GOOD.quorums, build: 1 } },
    twin: { quorums: { ...GOOD.quorums, build: 1 }, identities: [...GOOD.identities, named(extra, "build")] },
  },
  {
    name: "a recovery without recovery keys",
    field: "recovery.quorum",
    bad: { recovery: { quorum: 1, delaySeconds: 86400 } },
    twin: {
      recovery: { quorum: 1, delaySeconds: 86400 },
      identities: [...GOOD.identities, named(extra, "recovery")],
    },
  },
];

describe("POLICY_INCONSISTENT: a policy contradicts itself", () => {
  test.each(CASES)("$name", ({ field, bad, twin }) => {
    expect(() => assertConsistent(policyBody(bad))).toThrow(
      expect.objectContaining({ code: "POLICY_INCONSISTENT", field }),
    );
    expect(codeOf(() => assertConsistent(policyBody(twin)))).toBe("none");
  });

  test("the fixtures' own policy is in order, without rows too: then nothing is allowed", () => {
    expect(codeOf(() => assertConsistent(GOOD))).toBe("none");
    expect(codeOf(() => assertConsistent(policyBody({ rows: [] })))).toBe("none");
    expect(IDENTITY.name).toBe("alice");
  });
});

test("the custody id is the digest of number 1, and what later numbers carry", () => {
  const first = genesisPolicy();
  expect(custodyId(first)).toBe(first.digest);
  expect(custodyId(policyDocument(policyBody({ number: 2, custody: CUSTODY, previous: CUSTODY })))).toBe(
    CUSTODY,
  );
});

test("who is missing for a quorum is counted in words", () => {
  const why = (quorum: Partial<Policy["quorums"]>) =>
    problemsOf(policyBody({ quorums: { ...GOOD.quorums, ...quorum } })).find(
      ({ severity }) => severity === "error",
    )?.why;
  expect(why({ admin: 2 })).toBe("asks for 2 persons with role admin, of whom there is 1");
  expect(why({ beneficiary: 3 })).toBe("asks for 3 persons with role approver, of whom there are 2");
});
