/** F3: what a desk remembers of earlier payments is shown, whatever the online host writes beside it. */
import { describe, expect, test } from "vitest";
import { parseSubject, type IntentSubject } from "../../../../src/commands/desk/subject.ts";
import { documentBytes } from "../../../../src/core/document.ts";
import { seenOf, type Seen } from "../../../../src/commands/desk/seen.ts";
import { similarTo } from "../../../../src/commands/desk/similar.ts";
import type { Bundle } from "../../../../src/core/documents/bundle.ts";
import type { Instant } from "../../../../src/core/instant.ts";
import { makeCustody, OTHER_PAYEE, payout, type Payout } from "../../../factory/custody.ts";
import { bundleOf } from "../../../factory/desk.ts";
import { at, fixtureDigest, fixtureId } from "../../../factory/identities.ts";
import { codeOf } from "../../../factory/thrown.ts";

const custody = makeCustody();
const NOW = at("09:30:00");
const TOMORROW = "2026-11-23T09:30:00Z" as Instant;
const one = payout(custody);

type Said = Bundle["similar"][number];

function subjectOf({ intent, beneficiary, approvals }: Payout, similar: readonly Said[] = []): IntentSubject {
  const evidence = { intent, beneficiary, approvals, clearances: [], halts: [] };
  return { kind: "bundle", document: intent, evidence, similar: [...similar], policy: 1 };
}

/** What a desk remembers of `other`, approved this morning unless told otherwise. */
const memoryOf = (other: Payout, changes: Partial<Seen> = {}): Seen => ({
  ...seenOf(subjectOf(other), "approve", at("08:00:00")),
  ...changes,
});
const another = (label: string, changes: Parameters<typeof payout>[1] = {}) =>
  memoryOf(payout(custody, { label, ...changes }));
const said = (changes: Partial<Said> = {}): Said => ({
  at: at("07:00:00"),
  units: "25000000",
  account: one.beneficiary.body.account,
  state: "COMPLETED",
  ...changes,
});

const TWIN = "the same destination and amount within 7 days";
const NEAR = "the same destination and nearly the same amount within 7 days";
const warned = (seen: readonly Seen[], similar: readonly Said[] = []) =>
  similarTo(subjectOf(one, similar), seen, NOW).warnings.map((text) => text.slice(0, text.indexOf(":")));

describe("hearsay beside the desk's own memory", () => {
  const flood = Array.from({ length: 20 }, () => said({ at: TOMORROW }));
  const own = [another("twin"), another("small", { units: "1000" })];

  test("pushes nothing out of it", () => {
    const alone = similarTo(subjectOf(one), own, NOW);
    const beside = similarTo(subjectOf(one, flood), own, NOW);
    expect(alone.earlier.map(({ source, amount }) => [source, amount.slice(0, 10)])).toEqual([
      ["seen here", "0.25000000"],
      ["seen here", "0.00001000"],
    ]);
    expect(beside.earlier.slice(0, 2)).toEqual(alone.earlier);
    expect(beside.warnings).toEqual(alone.warnings);
    expect(beside.earlier).toHaveLength(12);
  });

  test("of a time to come is said to be so, is no twin and comes last; of a time that was it is one", () => {
    const { earlier, warnings } = similarTo(subjectOf(one, [said({ at: TOMORROW }), said()]), [], NOW);
    expect(earlier.map(({ what, twin }) => [what, twin])).toEqual([
      ["COMPLETED", true],
      ["COMPLETED, dated after this desk's clock", false],
    ]);
    expect(warnings).toEqual([expect.stringContaining(`${TWIN}: 0.25000000 BTC`)]);
  });

  test("names a withdrawal's state and cannot claim to be seen here", () => {
    const bundle = (state: string) =>
      parseSubject(
        "bundle",
        documentBytes(bundleOf(custody.policy, one, { similar: [said({ state } as Said)] })),
      );
    expect(codeOf(() => bundle("CANCELLED (seen here)"))).toBe("DOCUMENT_MALFORMED");
    expect(codeOf(() => bundle("CANCELLED"))).toBe("none");
  });

  test("all that this desk warns of is shown, of the rest the ten newest", () => {
    const twins = Array.from({ length: 15 }, (_, i) => another(`twin ${i}`));
    const rest = Array.from({ length: 15 }, (_, i) => another(`rest ${i}`, { units: `${1000 + i}` }));
    const { earlier, warnings } = similarTo(subjectOf(one), [...rest, ...twins], NOW);
    expect([earlier.length, warnings.length]).toEqual([25, 15]);
  });
});

describe("what may be the same payment", () => {
  const customer = fixtureId("another customer");

  test("asks for the same destination and amount, not for the same customer", () => {
    expect(warned([another("other customer", { intent: { customer } })])).toEqual([TWIN]);
    expect(warned([another("other destination", { address: OTHER_PAYEE })])).toEqual([]);
    expect(
      warned([another("long ago")].map((seen) => ({ ...seen, at: "2026-11-15T09:29:59Z" as Instant }))),
    ).toEqual([]);
  });

  test("is one whose amount differs by at most one hundredth", () => {
    expect(warned([another("near", { units: "24750000" })])).toEqual([NEAR]);
    expect(warned([another("far", { units: "24749999" })])).toEqual([]);
    expect(warned([another("near above", { units: "25252525" })])).toEqual([NEAR]);
    expect(warned([], [said({ units: "24999999" })])).toEqual([NEAR]);
  });

  test("is another amount under the same id or client key, however long ago", () => {
    const { id, clientKey } = one.intent.body as Extract<typeof one.intent.body, { type: "withdrawal" }>;
    const old = "2026-01-01T00:00:00Z" as Instant;
    const of = (intent: object, units: string) => [
      memoryOf(payout(custody, { label: "earlier", units, address: OTHER_PAYEE, intent }), { at: old }),
    ];
    expect(warned(of({ id }, "1000"))).toEqual(["the same intent with another amount"]);
    expect(warned(of({ id, customer }, "1000"))).toEqual(["the same intent with another amount"]);
    expect(warned(of({ id }, "25000000"))).toEqual([]);
    expect(warned(of({ clientKey }, "1000"))).toEqual([
      "the same request of the customer with another amount",
    ]);
    expect(warned(of({ clientKey }, "25000000"))).toEqual([
      "the same request of the customer under another id",
    ]);
    expect(warned(of({ clientKey, customer }, "25000000"))).toEqual([]);
    expect(warned(of({ clientKey: fixtureDigest("its own") }, "1000"))).toEqual([]);
  });
});
