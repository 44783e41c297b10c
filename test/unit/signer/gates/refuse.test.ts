/** A typed error inside a gate is that gate's no, with all that a person needs to go on; a bug stays a bug. */
import { describe, expect, test } from "vitest";
import { refusingAt, refusingDecode } from "../../../../signer/gates/refuse.ts";
import { AssertionError, CustodyError, type ExitName } from "../../../../src/core/errors.ts";
import { Refusal } from "../../../../src/core/gate.ts";

const failing = (exit: ExitName, context: ConstructorParameters<typeof CustodyError>[3] = {}) => {
  return () => {
    throw new CustodyError("DOCUMENT_MALFORMED", exit, "it has no end", context);
  };
};

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("a gate's no", () => {
  test("has the error's own code, field, hint and facts", () => {
    const context = { field: "plan.base", hint: "custody withdraw build", details: { place: 3 } };
    const refusal = thrownBy(() => refusingAt("G2", failing("invalid", context)));
    expect(refusal).toBeInstanceOf(Refusal);
    expect(refusal).toMatchObject({
      gate: "G2",
      rule: "DOCUMENT_MALFORMED",
      exit: "invalid",
      message: "it has no end",
      field: "plan.base",
      hint: "custody withdraw build",
      details: { place: 3, gate: "G2" },
    });
  });

  test("has no field and no hint where the error has none, and is denied unless its input was invalid", () => {
    const refusal = thrownBy(() => refusingAt("G2", failing("conflict")));
    expect(refusal).toMatchObject({ exit: "denied", field: undefined, hint: undefined });
  });

  test("of a decoder is G5 where the bytes cannot be read, and G8 where they say what nobody signs", () => {
    expect(thrownBy(() => refusingDecode(failing("invalid")))).toMatchObject({ gate: "G5" });
    expect(thrownBy(() => refusingDecode(failing("denied")))).toMatchObject({ gate: "G8" });
  });

  test("of a gate further in is passed on as it is", () => {
    const inner = new Refusal("G7", "FEE_TOO_HIGH", "too dear");
    expect(
      thrownBy(() =>
        refusingAt("G2", () => {
          throw inner;
        }),
      ),
    ).toBe(inner);
  });
});

test("a bug is passed on unexplained, and what does not fail is given back", () => {
  const bug = new AssertionError("cannot be");
  expect(
    thrownBy(() =>
      refusingAt("G2", () => {
        throw bug;
      }),
    ),
  ).toBe(bug);
  expect(refusingAt("G2", () => 7)).toBe(7);
});
