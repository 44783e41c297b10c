import { describe, expect, test } from "vitest";

import type { Name } from "../../../../src/core/identifier.ts";

import { type Policy, type PolicyRow } from "../../../../src/core/policy/policy.ts";
import { assertConsistent, problemsOf } from "../../../../src/core/policy/verify.ts";
import { BTC, policyBody, row } from "../../../factory/documents.ts";
import { castMember } from "../../../factory/identities.ts";
import { named, signerNamed, walletOf } from "../../../factory/policies.ts";
import { codeOf } from "../../../factory/thrown.ts";

const GOOD = policyBody();
const extra = castMember("extra");
const [S1, S2, S3, S4] = ["s1", "s2", "s3", "s4"] as const;
const SIGNERS = [S1, S2, S3, S4].map((name) => signerNamed(name));
const oneWallet = (wallet: ReturnType<typeof walletOf>): Partial<Policy> => ({
  signers: SIGNERS,
  wallets: [wallet],
});

/** A house in which nothing is to be weighed: each warning below is one thing taken away from it. */
const people = (
  role: "admin" | "approver" | "officer" | "requester" | "operator" | "recovery",
  count: number,
) => Array.from({ length: count }, (_, i) => named(castMember(`${role}-${i}`), role));
const CALM: Partial<Policy> = {
  ...oneWallet(walletOf("vault", 2, [S1, S2, S3])),
  identities: [
    ...people("admin", 3),
    ...people("approver", 3),
    ...people("officer", 2),
    ...people("requester", 2),
    ...people("operator", 2),
    ...people("recovery", 3),
  ],
  quorums: { admin: 2, beneficiary: 2, resume: 2, build: 0 },
  recovery: { quorum: 2, delaySeconds: 14 * 86400 },
  rows: [row("a", "0", "1000", 2)],
  beneficiaries: { lifeSecondsMax: 90 * 86400, delaySeconds: 3600 },
};
const [CALM_ROW] = CALM.rows as [PolicyRow];

const WARNINGS: readonly { name: string; field: string; why: RegExp; changes: Partial<Policy> }[] = [
  {
    name: "a person who may be approver and officer of one payment",
    field: "conflicts",
    why: /^Person extra may be approver and officer/,
    changes: {
      identities: [...(CALM.identities ?? []), named(extra, "approver", "officer")],
      conflicts: [["requester", "approver"]],
    },
  },
  {
    name: "a person who may be operator and approver of one payment",
    field: "conflicts",
    why: /^Person extra may be operator and approver/,
    changes: {
      identities: [...(CALM.identities ?? []), named(extra, "operator", "approver")],
      conflicts: [["requester", "approver"]],
    },
  },
  {
    name: "an admin who approves",
    field: "identities.roles",
    why: /^Person extra can make the rules and approve/,
    changes: { identities: [...(CALM.identities ?? []), named(extra, "approver", "admin")] },
  },
  {
    name: "one admin who decides alone",
    field: "quorums.admin",
    why: /one person alone/,
    changes: { quorums: { admin: 1, beneficiary: 2, resume: 2, build: 0 } },
  },
  {
    name: "admins of whom none may be lost",
    field: "quorums.admin",
    why: /^lock-out: without any one of 3 persons/,
    changes: { quorums: { admin: 3, beneficiary: 2, resume: 2, build: 0 } },
  },
  { name: "no recovery", field: "recovery", why: /can never change/, changes: { recovery: undefined } },
  {
    name: "a recovery that can lose nobody",
    field: "recovery.quorum",
    why: /^lock-out/,
    changes: { recovery: { quorum: 3, delaySeconds: 86400 } },
  },
  {
    name: "an officer whom nobody replaces",
    field: "rows",
    why: /^lock-out: a cannot be used without any one of Person officer-0$/,
    changes: { identities: (CALM.identities ?? []).filter(({ name }) => name !== "officer-1") },
  },
  {
    name: "a row that one approver decides",
    field: "rows.a.quorum",
    why: /one approver/,
    changes: { rows: [row("a", "0", "1000", 1)] },
  },
  {
    name: "a wallet of one key",
    field: "wallets.vault",
    why: /one key alone/,
    changes: oneWallet(walletOf("vault", 1, [S1])),
  },
  {
    name: "a wallet that needs all keys",
    field: "wallets.vault",
    why: /all of its 3 keys/,
    changes: oneWallet(walletOf("vault", 3, [S1, S2, S3])),
  },
  {
    name: "a wallet that needs all keys, one of them not ours",
    field: "wallets.vault",
    why: /all of its 3 keys/,
    changes: oneWallet(walletOf("vault", 3, [S1, S2], { foreign: 1 })),
  },
  {
    name: "exactly once left to the online host",
    field: "wallets.vault.exactlyOnce",
    why: /hangs on the online host/,
    changes: oneWallet(walletOf("vault", 2, [S1, S2, S3], { exactlyOnce: "online" })),
  },
  {
    name: "a wallet without a row",
    field: "wallets.spare",
    why: /no row allows it/,
    changes: { wallets: [...(CALM.wallets ?? []), walletOf("spare", 2, [S1, S2, S3])] },
  },
  {
    name: "amounts above one signer's share of a day",
    field: "rows.a.limits",
    why: /above 0\.00000800 BTC/,
    changes: { rows: [{ ...CALM_ROW, limits: { dayUnits: "1200", monthUnits: "20000" } }] },
  },
  {
    name: "a day's limit above a month's",
    field: "rows.a.feeBudget",
    why: /above a month's/,
    changes: { rows: [{ ...CALM_ROW, feeBudget: { dayUnits: "20000", monthUnits: "10000" } }] },
  },
  {
    name: "a transfer to no other wallet",
    field: "rows.b",
    why: /no other wallet/,
    changes: { rows: [CALM_ROW, row("b", "0", "1000", 2, { type: "transfer" })] },
  },
  {
    name: "a document that everybody needs and nobody reads",
    field: "accepts",
    why: /kind halt/,
    changes: { accepts: GOOD.accepts.filter(({ kind }) => kind !== "halt") },
  },
  {
    name: "destinations that are good for longer than a year",
    field: "beneficiaries.lifeSecondsMax",
    why: /within a year/,
    changes: { beneficiaries: { lifeSecondsMax: 366 * 86400 + 1, delaySeconds: 3600 } },
  },
  {
    name: "destinations that are good at once",
    field: "beneficiaries.delaySeconds",
    why: /the moment it is signed/,
    changes: { beneficiaries: { lifeSecondsMax: 90 * 86400, delaySeconds: 0 } },
  },
];

describe("what admins should weigh", () => {
  test("nothing, in a house that gives nothing up", () => {
    expect(problemsOf(policyBody(CALM))).toEqual([]);
    const year = { lifeSecondsMax: 366 * 86400, delaySeconds: 3600 };
    expect(problemsOf(policyBody({ ...CALM, beneficiaries: year }))).toEqual([]);
  });

  test.each(WARNINGS)("$name", ({ field, why, changes }) => {
    const policy = policyBody({ ...CALM, ...changes });
    const found = problemsOf(policy);
    expect(found.every(({ severity }) => severity === "warning")).toBe(true);
    expect(found).toContainEqual(expect.objectContaining({ field, why: expect.stringMatching(why) }));
    expect(codeOf(() => assertConsistent(policy))).toBe("none");
  });

  test("all errors are listed, not the first alone, and before the warnings", () => {
    const found = problemsOf(
      policyBody({
        chains: [],
        quorums: { ...GOOD.quorums, admin: 9, resume: 9 },
        rows: [row("a", "10", "10", 9), row("b", "0", "1", 1, { wallets: ["ghost" as Name] })],
      }),
    );
    const errors = found.filter(({ severity }) => severity === "error").map(({ field }) => field);
    expect(errors).toEqual([
      "quorums.admin",
      "quorums.resume",
      "wallets.vault.chain",
      "rows.a",
      "rows.a.quorum",
      "rows.b.wallets",
      "online.limits.each",
    ]);
    expect(found.slice(0, errors.length).every(({ severity }) => severity === "error")).toBe(true);
    expect(found.length).toBeGreaterThan(errors.length);
  });

  test("A02: a policy of the greatest size is judged in time", () => {
    const wallets = Array.from({ length: 256 }, (_, i) => walletOf(`w${i}`, 1, [S1]));
    const rows = Array.from({ length: 1024 }, (_, i) =>
      row(`r${i}`, String(i), String(i + 1), 2, { asset: BTC, wallets: wallets.map(({ name }) => name) }),
    );
    expect(codeOf(() => assertConsistent(policyBody({ signers: SIGNERS, wallets, rows })))).toBe("none");
  }, 10_000);
});
