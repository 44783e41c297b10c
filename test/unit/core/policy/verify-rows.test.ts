import { describe, expect, test } from "vitest";
import { bitcoinAsset } from "../../../../src/core/asset.ts";

import type { Name } from "../../../../src/core/identifier.ts";

import { type Policy, type PolicyRow } from "../../../../src/core/policy/policy.ts";
import { assertConsistent } from "../../../../src/core/policy/verify.ts";
import { policyBody, row } from "../../../factory/documents.ts";
import { ALICE, ANNA, BEN, OLGA, OSCAR, RUTH, castMember } from "../../../factory/identities.ts";
import { named, signerNamed, walletOf } from "../../../factory/policies.ts";
import { codeOf } from "../../../factory/thrown.ts";

const GOOD = policyBody();
const extra = castMember("extra");
const approver = named(extra, "approver");
const clearing = (quorum: number): Partial<PolicyRow> => ({
  clearance: { quorum, secondsMax: 3600, tiers: ["basic" as Name] },
});
const cora = named(castMember("cora"), "compliance");
const [S1, S2, S3, S4] = ["s1", "s2", "s3", "s4"] as const;
const SIGNERS = [S1, S2, S3, S4].map((name) => signerNamed(name));
const oneWallet = (wallet: ReturnType<typeof walletOf>): Partial<Policy> => ({
  signers: SIGNERS,
  wallets: [wallet],
});

/** Fields that contradict, by the field that the error names; beside them the nearest policy that is in order. */
const CASES: readonly { name: string; field: string; bad: Partial<Policy>; twin: Partial<Policy> }[] = [
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
    field: "rows.b",
    bad: { rows: [row("a", "0", "11", 1), row("b", "10", "20", 1)] },
    twin: { rows: [row("a", "0", "10", 1), row("b", "10", "20", 1)] },
  },
  {
    name: "a band within another",
    field: "rows.b",
    bad: { rows: [row("a", "0", "100", 1), row("b", "10", "20", 1)] },
    twin: { rows: [row("a", "0", "10", 1), row("b", "10", "20", 1)] },
  },
  {
    name: "more approvers than there are",
    field: "rows.a.quorum",
    bad: { rows: [row("a", "0", "10", 3)] },
    twin: { rows: [row("a", "0", "10", 2)] },
  },
  {
    name: "a quorum that one person's two keys would have to meet",
    field: "rows.a.quorum",
    bad: {
      identities: [...GOOD.identities, { ...approver, person: ANNA.person }],
      rows: [row("a", "0", "10", 3)],
    },
    twin: { identities: [...GOOD.identities, approver], rows: [row("a", "0", "10", 3)] },
  },
  {
    name: "fewer approvers for who commands a wallet than for what it pays",
    field: "rows.c.quorum",
    bad: { rows: [row("a", "0", "10", 2), row("c", "0", "1", 1, { type: "control" })] },
    twin: { rows: [row("a", "0", "10", 2), row("c", "0", "1", 2, { type: "control" })] },
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
    name: "rows, and nobody who operates",
    field: "identities.roles",
    bad: { identities: GOOD.identities.filter(({ roles }) => !roles.includes("operator")) },
    twin: { identities: GOOD.identities.filter(({ roles }) => !roles.includes("operator")), rows: [] },
  },
  {
    name: "the only approver is the only officer, whom the policy keeps apart",
    field: "rows.a.quorum",
    bad: {
      identities: [
        named(ALICE, "admin"),
        named(OSCAR, "operator"),
        named(RUTH, "requester"),
        named(ANNA, "approver", "officer"),
      ],
      quorums: { ...GOOD.quorums, resume: 1 },
      rows: [row("a", "0", "10", 1)],
    },
    twin: {
      identities: [
        named(ALICE, "admin"),
        named(OSCAR, "operator"),
        named(RUTH, "requester"),
        named(ANNA, "approver", "officer"),
      ],
      quorums: { ...GOOD.quorums, resume: 1 },
      rows: [row("a", "0", "10", 1)],
      conflicts: [],
    },
  },
  {
    name: "two approvers, one of whom must sit as requester",
    field: "rows.a.quorum",
    bad: {
      identities: [
        named(ALICE, "admin"),
        named(OSCAR, "operator"),
        named(ANNA, "approver", "requester"),
        named(BEN, "approver", "requester"),
        named(OLGA, "officer"),
      ],
      rows: [row("a", "0", "10", 2)],
    },
    twin: {
      identities: [
        named(ALICE, "admin"),
        named(OSCAR, "operator"),
        named(ANNA, "approver", "requester"),
        named(BEN, "approver", "requester"),
        named(OLGA, "officer"),
      ],
      rows: [row("a", "0", "10", 1)],
    },
  },
  {
    name: "a clearance that nobody can give",
    field: "rows.a.clearance",
    bad: { rows: [row("a", "0", "10", 1, clearing(1))] },
    twin: { rows: [row("a", "0", "10", 1, clearing(1))], identities: [...GOOD.identities, cora] },
  },
  {
    name: "a clearance by the approver, who may not give it",
    field: "rows.a.clearance",
    bad: {
      identities: [
        ...GOOD.identities.filter(({ name }) => name !== "anna"),
        named(ANNA, "approver", "compliance"),
      ],
      conflicts: [["requester", "approver", "officer", "compliance"]],
      rows: [row("a", "0", "10", 2, clearing(1))],
    },
    twin: {
      identities: [
        ...GOOD.identities.filter(({ name }) => name !== "anna"),
        named(ANNA, "approver", "compliance"),
      ],
      conflicts: [["requester", "approver", "officer", "compliance"]],
      rows: [row("a", "0", "10", 1, clearing(1))],
    },
  },
  {
    name: "one tier twice",
    field: "rows.a.clearance",
    bad: {
      identities: [...GOOD.identities, cora],
      rows: [
        row("a", "0", "10", 1, {
          clearance: { quorum: 1, secondsMax: 3600, tiers: ["basic", "basic"] as Name[] },
        }),
      ],
    },
    twin: {
      identities: [...GOOD.identities, cora],
      rows: [
        row("a", "0", "10", 1, {
          clearance: { quorum: 1, secondsMax: 3600, tiers: ["basic", "full"] as Name[] },
        }),
      ],
    },
  },
  {
    name: "a release that comes after approvals have ended",
    field: "rows.a.delaySeconds",
    bad: { rows: [row("a", "0", "10", 1, { approvalSecondsMax: 3600, delaySeconds: 3600 })] },
    twin: { rows: [row("a", "0", "10", 1, { approvalSecondsMax: 3600, delaySeconds: 3599 })] },
  },
  {
    name: "a cancellation that moves something",
    field: "rows.a.aboveUnits",
    bad: { rows: [row("a", "1", "10", 1, { type: "cancel" })] },
    twin: { rows: [row("a", "0", "10", 1, { type: "cancel" })] },
  },
  {
    name: "two bands of attestations",
    field: "rows.b",
    bad: { rows: [row("a", "0", "1", 1, { type: "attest" }), row("b", "0", "2", 1, { type: "attest" })] },
    twin: { rows: [row("a", "0", "1", 1, { type: "attest" }), row("b", "0", "2", 1, { type: "cancel" })] },
  },
  {
    name: "a day's limit below any amount of the band",
    field: "rows.a.limits.dayUnits",
    bad: { rows: [row("a", "100", "200", 1, { limits: { dayUnits: "100", monthUnits: "1000" } })] },
    twin: { rows: [row("a", "100", "200", 1, { limits: { dayUnits: "101", monthUnits: "1000" } })] },
  },
  {
    name: "a month's limit of which two of three signers' share is below the band",
    field: "rows.a.limits.monthUnits",
    bad: {
      ...oneWallet(walletOf("vault", 2, [S1, S2, S3])),
      rows: [row("a", "100", "200", 1, { limits: { dayUnits: "1000", monthUnits: "151" } })],
    },
    twin: {
      ...oneWallet(walletOf("vault", 2, [S1, S2, S3])),
      rows: [row("a", "100", "200", 1, { limits: { dayUnits: "1000", monthUnits: "152" } })],
    },
  },
  {
    name: "a fee budget that pays no fee",
    field: "rows.a.feeBudget.dayUnits",
    bad: { rows: [row("a", "0", "10", 1, { feeBudget: { dayUnits: "0", monthUnits: "10" } })] },
    twin: { rows: [row("a", "0", "10", 1, { feeBudget: { dayUnits: "1", monthUnits: "10" } })] },
  },
  {
    name: "a row with one wallet twice",
    field: "rows.a.wallets",
    bad: { rows: [row("a", "0", "10", 1, { wallets: ["vault", "vault"] as Name[] })] },
    twin: { rows: [row("a", "0", "10", 1)] },
  },
];

describe("POLICY_INCONSISTENT: a row that nobody can use, or two for one amount", () => {
  test.each(CASES)("$name", ({ field, bad, twin }) => {
    expect(() => assertConsistent(policyBody(bad))).toThrow(
      expect.objectContaining({ code: "POLICY_INCONSISTENT", field }),
    );
    expect(codeOf(() => assertConsistent(policyBody(twin)))).toBe("none");
  });
});
