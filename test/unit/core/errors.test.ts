import { expect, test } from "vitest";
import {
  AssertionError,
  EXIT,
  assert,
  declaredErrors,
  declareError,
  isError,
  unreachable,
} from "../../../src/core/errors.ts";
import { GATES, Refusal, declareRule } from "../../../src/core/gate.ts";

const KIND = declareError("TEST_ONLY_KIND", "conflict", "Declared by this test.");

test("an error says what, which field, how to go on, and how the process ends", () => {
  const error = KIND("the row moved", { field: "row", hint: "custody status", details: { row: 7 } });
  expect(error).toMatchObject({
    code: "TEST_ONLY_KIND",
    exit: "conflict",
    message: "the row moved",
    field: "row",
    hint: "custody status",
    details: { row: 7 },
  });
  expect(EXIT[error.exit]).toBe(6);
  expect(isError(error, KIND)).toBe(true);
  expect(isError(new Error("TEST_ONLY_KIND"), KIND)).toBe(false);
  expect(KIND("bare")).toMatchObject({ field: undefined, hint: undefined, details: {} });
});

test("a code is declared once, in SCREAMING_SNAKE", () => {
  expect(() => declareError("TEST_ONLY_KIND", "bug", "again")).toThrow(AssertionError);
  for (const code of ["", "lower", "A__B", "_A", "A_", "A B"]) {
    expect(() => declareError(code, "bug", "odd")).toThrow(AssertionError);
  }
  expect(declaredErrors().map(({ code }) => code)).toEqual(
    [...declaredErrors().map(({ code }) => code)].sort(),
  );
});

test("a gate's refusal names gate and rule; G1 and G5 cannot read, the others deny", () => {
  const refuse = declareRule("G4", "TEST_ONLY", "declared by this test");
  const error = refuse("no", { details: { row: "small" } });
  expect(error).toBeInstanceOf(Refusal);
  expect(error).toMatchObject({ code: "G4_TEST_ONLY", gate: "G4", rule: "TEST_ONLY", exit: "denied" });
  expect(error.details).toEqual({ row: "small", gate: "G4", rule: "TEST_ONLY" });
  const exits = GATES.map((gate) => declareRule(gate, "TEST_EXIT", "declared by this test")("x").exit);
  expect(GATES.filter((_gate, index) => exits[index] === "invalid")).toEqual(["G1", "G5"]);
});

test("a broken promise of our own is an AssertionError, never an answer to input", () => {
  expect(() => assert(false, "promise")).toThrow(AssertionError);
  expect(() => assert(true, "promise")).not.toThrow();
  expect(() => unreachable("x" as never)).toThrow(AssertionError);
});
