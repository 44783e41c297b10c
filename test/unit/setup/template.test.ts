import { describe, expect, test } from "vitest";
import { problemsOf } from "../../../src/core/policy/verify.ts";
import { givenUp, unsaid } from "../../../src/setup/given-up.ts";
import { TEMPLATE_NAMES, TEMPLATES } from "../../../src/setup/template.ts";
import { answersFor, policyOf } from "../../factory/setup.ts";

describe("the templates", () => {
  test.each(TEMPLATE_NAMES)(
    "%s: nothing is wrong, and what is warned of is what it says it gives up",
    (name) => {
      const problems = problemsOf(policyOf(answersFor(name)));
      expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(unsaid(answersFor(name), problems)).toEqual([]);
      const gaps = problems.flatMap(({ gap }) => gap ?? []);
      const idle = TEMPLATES[name].givesUp.filter(({ isWarned }) => !gaps.some((gap) => isWarned?.(gap)));
      expect(idle).toEqual([]);
    },
  );

  test.each([
    ["three", 3],
    ["five", 5],
    ["nine", 9],
  ] as const)("%s seats %i people, each in a seat of its own", (name, people) => {
    const ids = TEMPLATES[name].seats.map(({ id }) => id);
    expect(new Set(ids).size).toBe(people);
  });

  test("who approves makes no rules in the houses that say so", () => {
    const both = (name: (typeof TEMPLATE_NAMES)[number]) =>
      TEMPLATES[name].seats.filter(({ roles }) => roles.includes("admin") && roles.includes("approver"))
        .length;
    expect([both("five"), both("nine"), both("three")]).toEqual([0, 0, 3]);
  });

  test("any one may be away: of five for a small payment, of nine for every one", () => {
    const locked = (name: (typeof TEMPLATE_NAMES)[number]) =>
      problemsOf(policyOf(answersFor(name)))
        .flatMap(({ gap }) => (gap?.kind === "lock-out" ? [gap.of] : []))
        .map((rows) => ["small", "large"].filter((band) => rows.includes(`${band}-withdrawals`)))
        .filter((bands) => bands.length > 0);
    expect(locked("three")).toEqual([["small", "large"]]);
    expect(locked("five")).toEqual([["large"]]);
    expect(locked("nine")).toEqual([]);
  });

  test("a choice gives up something as well, is said, and is warned of by the policy", () => {
    const signers = answersFor("nine").signers;
    const said = (changes: Parameters<typeof answersFor>[1]) => {
      const answers = answersFor("nine", changes);
      const problems = problemsOf(policyOf(answers));
      expect(unsaid(answers, problems)).toEqual([]);
      // Chosen well, the same warnings would be news.
      return { said: givenUp(answers).length - 1, news: unsaid(answersFor("nine"), problems).length };
    };
    expect(said({})).toEqual({ said: 0, news: 0 });
    expect(said({ signers: signers.slice(0, 1), threshold: 1 })).toEqual({ said: 1, news: 1 });
    expect(said({ threshold: 3 })).toEqual({ said: 1, news: 1 });
    expect(said({ newDestinationHours: 0 })).toEqual({ said: 1, news: 1 });
    expect(said({ large: { ...answersFor("nine").large, delayHours: 0 } })).toEqual({ said: 1, news: 0 });
  });

  test("what nobody has said anything of is left over to be said", () => {
    const policy = policyOf(answersFor("nine"));
    const odd = { ...policy, beneficiaries: { ...policy.beneficiaries, lifeSecondsMax: 3 * 366 * 86_400 } };
    expect(unsaid(answersFor("nine"), problemsOf(odd)).map(({ field }) => field)).toEqual([
      "beneficiaries.lifeSecondsMax",
    ]);
  });

  test("an error is never passed over as given up", () => {
    const given = { field: "recovery", why: "there is none", gap: { kind: "no-recovery", of: [] } } as const;
    const of = (severity: "error" | "warning") =>
      unsaid(answersFor("three"), [{ ...given, severity }]).length;
    expect([of("error"), of("warning")]).toEqual([1, 0]);
  });
});
