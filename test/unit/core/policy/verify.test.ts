import { describe, expect, test } from "vitest";
import { bitcoinAsset } from "../../../../src/core/asset.ts";
import { BITCOIN_CHAINS } from "../../../../src/core/chain.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import { custodyId, policyDocument, type Policy } from "../../../../src/core/policy/policy.ts";
import {
  assertConsistent,
  assertGenesisSigned,
  missingSignatures,
} from "../../../../src/core/policy/verify.ts";
import { CUSTODY, genesisPolicy, policyBody, row, signedDocument } from "../../../factory/documents.ts";
import { ALICE, ANNA, MALLORY, SIGNER, at, castMember, fixtureDigest } from "../../../factory/identities.ts";
import { codeOf } from "../../../factory/thrown.ts";

const GOOD = policyBody();
const [IDENTITY] = GOOD.identities as [Policy["identities"][number]];
const [WALLET] = GOOD.wallets as [Policy["wallets"][number]];
const [CHAIN] = GOOD.chains as [Policy["chains"][number]];
const [NAMED_SIGNER] = GOOD.signers as [Policy["signers"][number]];
const extra = castMember("extra");
const approver = { name: extra.name, person: extra.person, key: extra.key, roles: ["approver" as const] };

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
    name: "a wallet whose signer is not named",
    field: "wallets.vault.signers",
    bad: { wallets: [{ ...WALLET, signers: [SIGNER.name, "ghost" as Name] }] },
    twin: { wallets: [{ ...WALLET, signers: [SIGNER.name] }] },
  },
  {
    name: "a wallet whose chain has no rules",
    field: "wallets.vault.chain",
    bad: { chains: [] },
    twin: { chains: [CHAIN] },
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
    name: "an empty band",
    field: "rows.a",
    bad: { rows: [row("a", "10", "10", 1)] },
    twin: { rows: [row("a", "9", "10", 1)] },
  },
  {
    name: "a band upside down",
    field: "rows.a",
    bad: { rows: [row("a", "100", "20", 1)] },
    twin: { rows: [row("a", "20", "100", 1)] },
  },
  {
    name: "overlapping bands",
    field: "rows.a",
    bad: { rows: [row("a", "0", "11", 1), row("b", "10", "20", 1)] },
    twin: { rows: [row("a", "0", "10", 1), row("b", "10", "20", 1)] },
  },
  {
    name: "a band within another",
    field: "rows.a",
    bad: { rows: [row("a", "0", "100", 1), row("b", "10", "20", 1)] },
    twin: { rows: [row("a", "0", "10", 1), row("b", "10", "20", 1)] },
  },
  {
    name: "more approvers than there are",
    field: "rows.a",
    bad: { rows: [row("a", "0", "10", 3)] },
    twin: { rows: [row("a", "0", "10", 2)] },
  },
  {
    name: "a quorum that one person's two keys would have to meet",
    field: "rows.a",
    bad: {
      identities: [...GOOD.identities, { ...approver, person: ANNA.person }],
      rows: [row("a", "0", "10", 3)],
    },
    twin: { identities: [...GOOD.identities, approver], rows: [row("a", "0", "10", 3)] },
  },
  {
    name: "a row with an unknown wallet",
    field: "rows.a.wallets",
    bad: { rows: [{ ...row("a", "0", "10", 1), wallets: ["vault" as Name, "ghost" as Name] }] },
    twin: { rows: [row("a", "0", "10", 1)] },
  },
  {
    name: "a row that pays an asset from a wallet of another chain",
    field: "rows.a.wallets",
    bad: { rows: [{ ...row("a", "0", "10", 1), asset: bitcoinAsset("testnet") }] },
    twin: { rows: [row("a", "0", "10", 1)] },
  },
  {
    name: "an admin quorum above the admins",
    field: "quorums.admin",
    bad: { quorums: { admin: 2, beneficiary: 1 } },
    twin: {},
  },
  {
    name: "a beneficiary quorum above the approvers",
    field: "quorums.beneficiary",
    bad: { quorums: { admin: 1, beneficiary: 3 } },
    twin: { quorums: { admin: 1, beneficiary: 2 } },
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
    twin: { accepts: [...GOOD.accepts, { kind: "void", versions: [1] }] },
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

describe("genesis: everyone named has signed number 1", () => {
  const policy = genesisPolicy();

  test("all signatures are there", () => {
    expect(codeOf(() => assertGenesisSigned(policy))).toBe("none");
    expect(missingSignatures(policy)).toEqual([]);
  });

  test.each(policy.signatures.map((signature, index) => [index, signature.by]))(
    "without signature %d it is unsigned",
    (index) => {
      const less = {
        ...policy,
        signatures: policy.signatures.filter((_signature, other) => other !== index),
      };
      expect(codeOf(() => assertGenesisSigned(less))).toBe("POLICY_UNSIGNED");
      expect(missingSignatures(less)).toHaveLength(1);
    },
  );

  test("a stranger's signature, and one over another policy, stand for nobody", () => {
    const unsigned = policyDocument(policy.body);
    expect(missingSignatures(signedDocument(unsigned, [MALLORY], at("08:00:00")))).toHaveLength(7);
    const other = genesisPolicy({ clockToleranceSeconds: 301 });
    expect(missingSignatures({ ...unsigned, signatures: other.signatures })).toHaveLength(7);
  });

  test("a later number is no genesis, however well signed: its custody id is only claimed", () => {
    const later = genesisPolicy({ number: 2, custody: CUSTODY, previous: CUSTODY });
    expect(missingSignatures(later)).toEqual([]);
    expect(codeOf(() => assertGenesisSigned(later))).toBe("POLICY_UNSIGNED");
  });
});

test("the custody id is the digest of number 1, and what later numbers carry", () => {
  const first = genesisPolicy();
  expect(custodyId(first)).toBe(first.digest);
  expect(custodyId(policyDocument(policyBody({ number: 2, custody: CUSTODY, previous: CUSTODY })))).toBe(
    CUSTODY,
  );
});
