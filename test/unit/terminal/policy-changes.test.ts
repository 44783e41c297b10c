import { describe, expect, test } from "vitest";
import { policyDocument, type Policy } from "../../../src/core/policy/policy.ts";
import { drawChanges, policyChanges } from "../../../src/terminal/policy-changes.ts";
import { grouped } from "../../../src/terminal/table.ts";
import { policyBody, row } from "../../factory/documents.ts";
import { ANNA, MALLORY } from "../../factory/identities.ts";
import { following, named, signerNamed } from "../../factory/policies.ts";

const previous = policyDocument(policyBody());

function changes(body: Partial<Policy>): readonly string[] {
  const next = policyDocument(following(previous, { issued: previous.body.issued, ...body }));
  return drawChanges(policyChanges(previous, next)).map(([field, value]) => `${field}: ${value}`);
}

describe("what a policy changes", () => {
  test("the number alone when nothing else does", () => {
    expect(changes({})).toEqual(["number: 1 -> 2"]);
  });

  test("people, by name: added whole with the key in full, gone, or in another role", () => {
    const identities = policyBody().identities.filter(({ name }) => name !== ANNA.name);
    const drawn = changes({ identities: [...identities, named(MALLORY, "approver", "officer")] });
    expect(drawn).toContain(`identities.mallory.key: new: ${grouped(MALLORY.key)}`);
    expect(drawn).toContain("identities.mallory.roles: new: approver, officer");
    expect(drawn).toContain("identities.anna.roles: gone: approver");
    // Whoever stands elsewhere in the list has not changed.
    expect(drawn.filter((line) => line.includes("ben"))).toEqual([]);
  });

  test("rows, epochs, quorums and an own list field by field", () => {
    const drawn = changes({
      rows: [row("small", "0", "100000000", 2), row("large", "100000000", "1000000000", 2)],
      signers: [signerNamed("signer-1", 2, 2)],
      quorums: { ...policyBody().quorums, resume: 1 },
      conflicts: [],
      recovery: { quorum: 2, delaySeconds: 3600 },
    });
    expect(drawn).toContain("rows.small.quorum: 1 -> 2");
    expect(drawn).toContain("signers.signer-1.epoch: 1 -> 2");
    expect(drawn).toContain("quorums.resume: 2 -> 1");
    expect(drawn).toContain("recovery.delaySeconds: new: 3600");
    expect(drawn.some((line) => line.startsWith("conflicts"))).toBe(true);
  });
});
