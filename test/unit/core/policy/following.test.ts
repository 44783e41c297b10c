import { describe, expect, test } from "vitest";
import type { Name } from "../../../../src/core/identifier.ts";

import { policyDocument, type Policy } from "../../../../src/core/policy/policy.ts";
import { assertSuccession } from "../../../../src/core/policy/succession.ts";
import { row } from "../../../factory/documents.ts";
import { at, type Cast, fixtureDigest, SIGNER } from "../../../factory/identities.ts";
import {
  ADA,
  ADAM,
  following,
  houseBody,
  signedPolicy,
  signerCast,
  signerNamed,
  walletOf,
} from "../../../factory/policies.ts";
import { codeOf } from "../../../factory/thrown.ts";

const FIRST = policyDocument(houseBody());

/** What a policy may not change of the one before it, beside the nearest change that it may. */
const [SIGNER_1] = FIRST.body.signers as [Policy["signers"][number]];
const reborn = { ...signerNamed("signer-1", 2, 2) };
const BREAKS: readonly {
  name: string;
  field: string;
  bad: Partial<Policy>;
  twin: Partial<Policy>;
  by?: Cast;
}[] = [
  { name: "a number left out", field: "number", bad: { number: 3 }, twin: {} },
  { name: "a number again", field: "number", bad: { number: 1 }, twin: {} },
  {
    name: "another policy before it",
    field: "previous",
    bad: { previous: fixtureDigest("other") },
    twin: {},
  },
  { name: "another network", field: "network", bad: { network: "testnet" }, twin: {} },
  { name: "another custody", field: "custody", bad: { custody: fixtureDigest("other") }, twin: {} },
  {
    name: "issued before",
    field: "issued",
    bad: { issued: at("07:59:59") },
    twin: { issued: at("08:00:00") },
  },
  {
    name: "a recovery of its own",
    field: "recovery",
    bad: { recovery: { quorum: 1, delaySeconds: 3600 } },
    twin: {},
  },
  { name: "no recovery any more", field: "recovery", bad: { recovery: undefined }, twin: {} },
  {
    name: "an audit epoch that begins elsewhere",
    field: "audit",
    bad: { audit: { epoch: 1, size: 3, root: fixtureDigest("root") } },
    twin: { audit: { epoch: 2, size: 3, root: fixtureDigest("root") } },
  },
  {
    name: "an audit epoch left out",
    field: "audit",
    bad: { audit: { epoch: 3, size: 3, root: fixtureDigest("root") } },
    twin: { audit: { epoch: 2, size: 3, root: fixtureDigest("root") } },
  },
  {
    name: "another start head for one epoch",
    field: "signers.signer-1",
    bad: { signers: [{ ...SIGNER_1, startHead: fixtureDigest("rolled back") }] },
    twin: { signers: [SIGNER_1] },
  },
  {
    name: "an epoch that claims to be older than it is",
    field: "signers.signer-1.since",
    bad: { signers: [{ ...reborn, since: 1 }] },
    twin: { signers: [reborn] },
    by: signerCast("signer-1", 2),
  },
  {
    name: "an epoch with the key of the one before",
    field: "signers.signer-1.key",
    bad: { signers: [{ ...reborn, key: SIGNER_1.key }] },
    twin: { signers: [reborn] },
    by: signerCast("signer-1", 2),
  },
  {
    name: "a new signer since an earlier policy",
    field: "signers.second.since",
    bad: { signers: [SIGNER_1, signerNamed("second", 1, 1)] },
    twin: { signers: [SIGNER_1, signerNamed("second", 1, 2)] },
    by: signerCast("second"),
  },
  {
    name: "another descriptor under a wallet's name",
    field: "wallets.vault.descriptor",
    bad: { wallets: [walletOf("vault", 1, [SIGNER.name])] },
    twin: { wallets: [...FIRST.body.wallets, walletOf("cellar", 1, [SIGNER.name])] },
  },
];

describe("POLICY_NOT_NEXT: what no quorum may change", () => {
  test.each(BREAKS)("$name", ({ field, bad, twin, by }) => {
    const signers = [ADA, ADAM, ...(by === undefined ? [] : [by])];
    const judge = (changes: Partial<Policy>) =>
      assertSuccession(FIRST, signedPolicy(following(FIRST, changes), signers), []);
    expect(() => judge(bad)).toThrow(expect.objectContaining({ code: "POLICY_NOT_NEXT", field }));
    expect(codeOf(() => judge(twin))).toBe("none");
  });

  test("an epoch never goes back, nor do approvals that have ended count again", () => {
    const second = signedPolicy(following(FIRST, { signers: [reborn], approvalsSince: 2 }), []);
    const judge = (changes: Partial<Policy>) =>
      assertSuccession(
        second,
        signedPolicy(following(second, changes), [ADA, ADAM, signerCast("signer-1")]),
        [],
      );
    expect(() => judge({ signers: [{ ...SIGNER_1, since: 3 }] })).toThrow(
      expect.objectContaining({ code: "POLICY_NOT_NEXT", field: "signers.signer-1.epoch" }),
    );
    expect(() => judge({ approvalsSince: 1 })).toThrow(
      expect.objectContaining({ code: "POLICY_NOT_NEXT", field: "approvalsSince" }),
    );
    expect(codeOf(() => judge({}))).toBe("none");
  });
});

describe("F3: a withdrawal approved before is not paid by the signers of either policy", () => {
  const signers = [signerNamed("s1"), signerNamed("s2")];
  const wallets = [walletOf("east", 1, ["s1"]), walletOf("west", 1, ["s2"])];
  const pays = (from: string, changes: Partial<Policy> = {}) => ({
    ...changes,
    signers,
    wallets,
    rows: [row("a", "0", "100", 1, { wallets: [from as Name] })],
  });
  const before = policyDocument(houseBody(pays("east")));
  const judge = (changes: Partial<Policy>) =>
    assertSuccession(before, signedPolicy(following(before, changes), [ADA, ADAM, signerCast("s1", 2)]), []);

  test("a row that moves to other signers ends what was approved before", () => {
    expect(() => judge(pays("west"))).toThrow(
      expect.objectContaining({ code: "POLICY_NOT_NEXT", field: "approvalsSince" }),
    );
    expect(codeOf(() => judge(pays("west", { approvalsSince: 2 })))).toBe("none");
    expect(codeOf(() => judge(pays("east")))).toBe("none");
  });

  test("amounts that the old row did not cover may move", () => {
    const rows = [
      row("a", "0", "100", 1, { wallets: ["east" as Name] }),
      row("b", "100", "200", 1, { wallets: ["west" as Name] }),
    ];
    expect(codeOf(() => judge({ rows }))).toBe("none");
  });

  test("a new epoch takes no part in what was born before it (law 7)", () => {
    const restored = [signerNamed("s1", 2, 2), signers[1] as Policy["signers"][number]];
    expect(codeOf(() => judge({ signers: restored }))).toBe("none");
  });
});
