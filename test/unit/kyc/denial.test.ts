import { describe, expect, test } from "vitest";
import type { Name } from "../../../src/core/identifier.ts";
import { addSeconds } from "../../../src/core/instant.ts";
import type { KycState } from "../../../src/core/states/edges.ts";
import { KYC_EDGES } from "../../../src/core/states/edges.ts";
import { kycDenial } from "../../../src/kyc/denial.ts";
import { at } from "../../factory/identities.ts";

const EXPIRES = at("12:00:00");
const accepted = { state: "ACCEPTED", tier: "basic" as Name, expires: EXPIRES } as const;
const bare = (state: KycState) => ({ state, tier: undefined, expires: undefined });

describe("F25: KYC is judged against the time of each step", () => {
  test.each([
    [-1, undefined],
    [0, undefined],
    [1, "KYC_EXPIRED"],
  ])("%i seconds after the end of an acceptance", (offset, rule) => {
    expect(kycDenial(accepted, addSeconds(EXPIRES, offset))?.rule).toBe(rule);
  });

  test("who is not known is denied, and so is every state but one", () => {
    expect(kycDenial(undefined, EXPIRES)?.rule).toBe("KYC_MISSING");
    const rules = (Object.keys(KYC_EDGES) as KycState[])
      .filter((state) => state !== "ACCEPTED")
      .map((state) => [state, kycDenial(bare(state), EXPIRES)?.rule]);
    expect(rules).toEqual([
      ["NONE", "KYC_MISSING"],
      ["SUBMITTED", "KYC_NOT_ACCEPTED"],
      ["REJECTED", "KYC_NOT_ACCEPTED"],
      ["SUSPENDED", "KYC_SUSPENDED"],
    ]);
    expect(kycDenial(accepted, EXPIRES)).toBeUndefined();
  });

  test("an acceptance without tier or end, and a state that nobody knows, are none", () => {
    for (const damaged of [
      { ...accepted, tier: undefined },
      { ...accepted, expires: undefined },
      { ...accepted, state: "APPROVED" as KycState },
    ])
      expect(kycDenial(damaged, at("09:00:00"))?.rule).toBe("KYC_NOT_ACCEPTED");
  });
});
