import { describe, expect, test } from "vitest";
import type { Name } from "../../../src/core/identifier.ts";
import type { Answers } from "../../../src/setup/answers.ts";
import { assertAnswersFit } from "../../../src/setup/fitting.ts";
import { answersFor } from "../../factory/setup.ts";
import { codeOf } from "../../factory/thrown.ts";

const house = answersFor("three");
const [asks, one, other] = house.people as [
  Answers["people"][number],
  Answers["people"][number],
  Answers["people"][number],
];
const judge = (changes: Partial<Answers>) => codeOf(() => assertAnswersFit({ ...house, ...changes }));
const signers = (count: number) => Array.from({ length: count }, (_, place) => `vault-${place + 1}` as Name);

describe("answers that go together", () => {
  test("every seat is taken once", () => {
    expect(judge({})).toBe("none");
    expect(judge({ people: [asks, one] })).toBe("ANSWERS_UNFIT");
    expect(judge({ people: [asks, one, { ...other, seat: one.seat }] })).toBe("ANSWERS_UNFIT");
    expect(judge({ people: [asks, one, other, { ...other, seat: "window" }] })).toBe("ANSWERS_UNFIT");
    expect(judge({ template: "five" })).toBe("ANSWERS_UNFIT");
  });

  test("no human sits in two seats, however the name is written", () => {
    expect(judge({ people: [asks, one, { ...other, person: one.person }] })).toBe("ANSWERS_UNFIT");
    expect(judge({ people: [asks, one, { ...other, person: ` ${one.person.toUpperCase()}.` }] })).toBe(
      "ANSWERS_UNFIT",
    );
    expect(judge({ people: [asks, one, { ...other, person: "Bo Özgür" }] })).toBe("none");
  });

  test("names of people and signers are names of files, so they differ", () => {
    expect(judge({ people: [asks, one, { ...other, name: one.name }] })).toBe("ANSWERS_UNFIT");
    expect(judge({ people: [asks, one, { ...other, name: "vault-1" as Name }] })).toBe("ANSWERS_UNFIT");
    expect(judge({ people: [asks, one, { ...other, name: "vault-9" as Name }] })).toBe("none");
  });

  test.each([
    [1, 1, "none"],
    [2, 1, "ANSWERS_UNFIT"],
    [2, 2, "none"],
    [3, 1, "ANSWERS_UNFIT"],
    [3, 2, "none"],
    [3, 4, "ANSWERS_UNFIT"],
    [4, 2, "ANSWERS_UNFIT"],
    [4, 3, "none"],
  ])("of %i signers %i sign: two groups share one, or it is refused (%s)", (count, threshold, code) => {
    expect(judge({ signers: signers(count), threshold })).toBe(code);
  });

  test("a day's limit lets the largest payment pass through one signer's share", () => {
    const day = (text: string) => judge({ large: { ...house.large, upTo: "1", day: text } });
    expect([day("1.5"), day("1.49999999")]).toEqual(["none", "ANSWERS_UNFIT"]);
    const small = (text: string) => judge({ small: { ...house.small, day: text } });
    expect([small("0.15"), small("0.14999999")]).toEqual(["none", "ANSWERS_UNFIT"]);
  });

  test("a month is no less than a day, and small is less than large", () => {
    expect(judge({ large: { ...house.large, month: "3" } })).toBe("none");
    expect(judge({ large: { ...house.large, month: "2.99999999" } })).toBe("ANSWERS_UNFIT");
    expect(judge({ small: { upTo: "0.99999999", day: "2", month: "2" } })).toBe("none");
    expect(judge({ small: { upTo: "1", day: "2", month: "2" } })).toBe("ANSWERS_UNFIT");
  });

  test("F17: amounts are exact decimals", () => {
    const fee = (max: string) => judge({ fees: { ...house.fees, max } });
    expect(fee("0.00000001")).toBe("none");
    expect(fee("0.000000001")).toBe("AMOUNT_TOO_PRECISE");
    expect(fee("0")).toBe("AMOUNT_ZERO");
    expect(fee("1e-3")).toBe("AMOUNT_MALFORMED");
    expect(fee("22000000")).toBe("AMOUNT_TOO_LARGE");
  });
});
