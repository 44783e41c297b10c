import { expect } from "vitest";
import { CustodyError, type ErrorKind } from "../../src/core/errors.ts";

/** Runs `action`, expects an error of `kind`, and returns it. */
export function expectRefusal(action: () => unknown, kind: ErrorKind): CustodyError {
  let caught: unknown;
  try {
    action();
  } catch (error) {
    caught = error;
  }
  expect(caught, `expected ${kind.code}`).toBeInstanceOf(CustodyError);
  expect((caught as CustodyError).code).toBe(kind.code);
  return caught as CustodyError;
}
