import { expect, test } from "vitest";
import { counted } from "../../../src/core/count.ts";

test.each([
  [0, "0 coins"],
  [1, "1 coin"],
  [2, "2 coins"],
  [11, "11 coins"],
])("%i is said as %s", (count, said) => {
  expect(counted(count, "coin")).toBe(said);
});

test("a plural that is not made with an s is given", () => {
  expect(counted(1, "entry", "entries")).toBe("1 entry");
  expect(counted(3, "entry", "entries")).toBe("3 entries");
});
