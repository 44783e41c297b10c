import { describe, expect, test } from "vitest";
import { parseDocument } from "../../../../src/core/document.ts";
import { APPROVAL } from "../../../../src/core/documents/approval.ts";
import { familyOf } from "../../../../src/core/documents/family.ts";
import type { IntentDocument } from "../../../../src/core/documents/intent.ts";
import { payout, type Payout } from "../../../factory/custody.ts";
import { bundleOf, custodyOf, deskPolicy, makeDesk, signAs, type DeskAnswer } from "../../../factory/desk.ts";
import { ANNA, fixtureDigest } from "../../../factory/identities.ts";

const policy = deskPolicy();
const asked = (changes: Parameters<typeof payout>[1] = {}): Payout => ({
  ...payout(custodyOf(policy), changes),
  approvals: [],
});
const first = asked().intent;
const again = (...supersedes: readonly IntentDocument[]) => asked({ supersedes });

function deskWith(what: Payout) {
  const desk = makeDesk(policy);
  desk.keyOf(ANNA);
  desk.write("file.json", bundleOf(policy, what));
  const sign = (as: string) => desk.run(signAs(as, ["file.json"], ANNA, "--confirm", what.intent.digest));
  return { desk, sign, review: () => desk.run(["desk", "review", "file.json"]) };
}

const factsOf = ({ data }: DeskAnswer, label: string) =>
  (data["facts"] as { label: string; value: string }[])
    .filter((fact) => fact.label.startsWith(label))
    .map(({ value }) => value);

describe("a later generation at a desk", () => {
  test("is shown with the terms of those before it, and can be approved", async () => {
    const second = again(first).intent;
    const { review, sign } = deskWith(again(second, first));
    const read = await review();
    expect(read.data["warnings"]).toEqual([]);
    expect(factsOf(read, "generation")).toEqual([
      "3: earlier ones can never settle only if a signed document says so",
      `0.25000000 BTC (25,000,000 sat) to the same destination, good until ${first.body.expires}`,
      `0.25000000 BTC (25,000,000 sat) to the same destination, good until ${first.body.expires}`,
    ]);
    expect(await sign("approve")).toMatchObject({ exit: 0 });
  });

  test("nothing is said of generations where there is one", async () => {
    const { review } = deskWith(asked());
    expect(factsOf(await review(), "generation")).toEqual([]);
  });

  test("another destination than before is warned of", async () => {
    const other = asked({ intent: { beneficiary: fixtureDigest("another") } }).intent;
    const read = await deskWith(again(other)).review();
    expect(read.data["warnings"]).toEqual(["generation 1 had another destination. Ask why it was changed."]);
    expect(factsOf(read, "generation 1")[0]).toContain("to ANOTHER destination");
  });

  test("many are counted, not all shown", async () => {
    const line: IntentDocument[] = [];
    for (let number = 1; number <= 8; number += 1) line.unshift(again(...line).intent);
    const read = await deskWith(again(...line)).review();
    expect(factsOf(read, "generation ")).toHaveLength(5);
    expect(factsOf(read, "and before")).toEqual(["3 generations"]);
  });

  test.each<[string, Payout, string]>([
    ["of another amount", asked({ units: "24000000", supersedes: [first] }), "OTHER_PROMISE"],
    ["whose first one is left out", { ...again(first), superseded: [] }, "SUPERSEDED_MISSING"],
    [
      "that comes with another intent",
      { ...again(first), superseded: [first, asked({ label: "x" }).intent] },
      "SUPERSEDES",
    ],
  ])("one %s is not signed, but for a no", async (_, what, rule) => {
    const { review, sign } = deskWith(what);
    expect((await review()).data["warnings"]).toContainEqual(expect.stringContaining("Do not sign"));
    expect(await sign("approve")).toMatchObject({
      exit: 4,
      error: { code: "POLICY_DENIES", details: { rule } },
    });
    expect(await sign("reject")).toMatchObject({ exit: 0 });
  });
});

test("a rejection names the whole promise: id, customer and client key (law 13)", async () => {
  const { desk, sign } = deskWith(asked());
  expect(await sign("reject")).toMatchObject({ exit: 0 });
  expect(parseDocument(APPROVAL, desk.read("reject.anna.json")).body).toMatchObject({
    decision: "reject",
    intent: first.digest,
    family: familyOf(first.body),
  });
  const yes = deskWith(asked());
  await yes.sign("approve");
  expect(parseDocument(APPROVAL, yes.desk.read("approve.anna.json")).body).not.toHaveProperty("family");
});
