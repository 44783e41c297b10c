import { describe, expect, test } from "vitest";
import { plainFormsAsked } from "../../../src/commands/withdraw/plain-forms.ts";
import { FLAG_MALFORMED } from "../../../src/terminal/command.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";

describe("--psbt-version", () => {
  test("0 where it is not given, or 2", () => {
    expect(plainFormsAsked({})).toEqual({ folder: undefined, version: 0 });
    expect(plainFormsAsked({ psbt: "out" })).toEqual({ folder: "out", version: 0 });
    expect(plainFormsAsked({ psbt: "out", psbtVersion: "0" })).toEqual({ folder: "out", version: 0 });
    expect(plainFormsAsked({ psbt: "out", psbtVersion: "2" })).toEqual({ folder: "out", version: 2 });
  });

  test.each(["1", "", "02", "2.0", "v2"])("%j is refused", (psbtVersion) => {
    expectRefusal(() => plainFormsAsked({ psbt: "out", psbtVersion }), FLAG_MALFORMED);
  });

  test("without --psbt it is refused, for it would do nothing", () => {
    expectRefusal(() => plainFormsAsked({ psbtVersion: "2" }), FLAG_MALFORMED);
  });
});
