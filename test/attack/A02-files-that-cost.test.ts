import { describe, expect, test } from "vitest";
import { CANONICAL_TOO_LARGE, parseCanonical } from "../../src/core/canonical.ts";
import { utf8 } from "../../src/core/hex.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { isSafeText } from "../../src/core/text.ts";
import { expectRefusal } from "../bitcoin/refusal.ts";

const timed = (work: () => unknown): number => {
  const start = performance.now();
  work();
  return performance.now() - start;
};

describe("A02: small files that cost their reader minutes or gigabytes", () => {
  test("a letter with a hundred thousand marks is refused at once (normalising sorts them: quadratic)", () => {
    const pairs = "\u0301\u0316";
    expect(timed(() => expect(isSafeText(`a${pairs.repeat(100_000)}`)).toBe(false))).toBeLessThan(1000);
    const stack = "\u0316".repeat(30);
    expect(isSafeText(`b${stack}`)).toBe(true);
    expect(isSafeText(`b${stack}\u0316`)).toBe(false);
  });

  test("every value costs memory, so that their number has a limit of its own", () => {
    const list = (count: number) => utf8(`{"a":[${"[],".repeat(count - 1)}[]]}`);
    const many = list(LIMITS.documentValuesMax);
    expectRefusal(() => parseCanonical(many, LIMITS.documentBytesMax), CANONICAL_TOO_LARGE);
    expect(() => parseCanonical(list(1000), LIMITS.documentBytesMax)).not.toThrow();
    // Commas and brackets within text are no values.
    const text = utf8(`{"a":"${",[{".repeat(LIMITS.documentValuesMax)}"}`);
    expect(() => parseCanonical(text, LIMITS.documentBytesMax)).not.toThrow();
  });
});
