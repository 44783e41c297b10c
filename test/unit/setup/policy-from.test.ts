import { describe, expect, test } from "vitest";
import type { Name } from "../../../src/core/identifier.ts";
import { signerShare } from "../../../src/core/policy/limits.ts";
import { rowFor } from "../../../src/core/policy/evaluate.ts";
import type { Policy } from "../../../src/core/policy/policy.ts";
import { TEMPLATES } from "../../../src/setup/template.ts";
import { BTC } from "../../factory/documents.ts";
import { at } from "../../factory/identities.ts";
import { answersFor, policyOf } from "../../factory/setup.ts";

const rowOf = (policy: Policy, units: bigint) => rowFor(policy, "withdrawal", BTC, units)?.name;

describe("the policy of a house", () => {
  test("payments fall into the band that was answered for", () => {
    const policy = policyOf(answersFor("five"));
    expect(rowOf(policy, 1n)).toBe("small-withdrawals");
    expect(rowOf(policy, 10_000_000n)).toBe("small-withdrawals");
    expect(rowOf(policy, 10_000_001n)).toBe("large-withdrawals");
    expect(rowOf(policy, 100_000_000n)).toBe("large-withdrawals");
    expect(rowOf(policy, 100_000_001n)).toBeUndefined();
  });

  test("each house asks for its approvers and its clearance", () => {
    const asked = (name: keyof typeof TEMPLATES) =>
      policyOf(answersFor(name, { tiers: ["retail" as Name] }))
        .rows.filter(({ type }) => type === "withdrawal")
        .map(({ quorum, clearance, delaySeconds }) => [
          quorum,
          clearance === "none" ? "none" : clearance.tiers.join(),
          delaySeconds,
        ]);
    const day = 86_400;
    expect(asked("three")).toEqual([
      [1, "none", 0],
      [1, "none", day],
    ]);
    expect(asked("five")).toEqual([
      [1, "none", 0],
      [2, "retail", day],
    ]);
    expect(asked("nine")).toEqual([
      [2, "retail", 0],
      [3, "retail", day],
    ]);
  });

  test("what comes back to ourselves needs as many approvers as a large payment", () => {
    for (const name of ["three", "five", "nine"] as const) {
      const own = policyOf(answersFor(name)).rows.filter(({ type }) => type !== "withdrawal");
      expect(own.map(({ type, quorum }) => [type, quorum])).toEqual(
        ["consolidate", "cancel", "attest"].map((type) => [type, TEMPLATES[name].approvers.large]),
      );
    }
  });

  test("a consolidation is as large as one signer's share of its limits", () => {
    for (const [signers, threshold] of [
      [1, 1],
      [2, 2],
      [3, 2],
      [5, 3],
    ] as const) {
      const names = Array.from({ length: signers }, (_, place) => `vault-${place}` as Name);
      const policy = policyOf(answersFor("five", { signers: names, threshold }));
      const row = policy.rows.find(({ type }) => type === "consolidate") as Policy["rows"][number];
      expect(signerShare(policy, row)(BigInt(row.limits.dayUnits))).toBe(BigInt(row.upToUnits));
    }
  });

  test("a person has the roles of the seat, and recovery is of nine people alone", () => {
    for (const name of ["three", "five", "nine"] as const) {
      const { identities, recovery } = policyOf(answersFor(name));
      expect(identities.map(({ name: who, roles }) => [who, roles])).toEqual(
        TEMPLATES[name].seats.map(({ id, roles }) => [id, roles]),
      );
      expect(recovery).toEqual(name === "nine" ? { quorum: 3, delaySeconds: 30 * 86_400 } : undefined);
    }
  });

  test("life, wait and caps are as answered", () => {
    const policy = policyOf(answersFor("nine", { days: 90, newDestinationHours: 48, confirmations: 3 }));
    expect(policy.expires).toBe("2027-02-20T08:00:00Z");
    expect(policy.issued).toBe(at("08:00:00"));
    expect(policy.beneficiaries.delaySeconds).toBe(48 * 3600);
    expect(policy.chains).toMatchObject([
      { confirmations: 3, fees: { absoluteUnitsMax: "100000", rateMax: 200 } },
    ]);
  });
});
