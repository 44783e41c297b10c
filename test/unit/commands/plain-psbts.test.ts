import { describe, expect, test } from "vitest";
import { plainPsbtsAsked } from "../../../src/commands/withdraw/plain-psbts.ts";
import { FLAG_MALFORMED } from "../../../src/terminal/command.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";

describe("--psbt-version", () => {
  test("0 where it is not given, or 2", () => {
    expect(plainPsbtsAsked({})).toEqual({ folder: undefined, version: 0 });
    expect(plainPsbtsAsked({ psbt: "out" })).toEqual({ folder: "out", version: 0 });
    expect(plainPsbtsAsked({ psbt: "out", psbtVersion: "0" })).toEqual({ folder: "out", version: 0 });
    expect(plainPsbtsAsked({ psbt: "out", psbtVersion: "2" })).toEqual({ folder: "out", version: 2 });
  });

  test.each(["1", "", "02", "2.0", "v2"])("%j is refused", (psbtVersion) => {
    expectRefusal(() => plainPsbtsAsked({ psbt: "out", psbtVersion }), FLAG_MALFORMED);
  });

  test("without --psbt it is refused, for it would do nothing", () => {
    expectRefusal(() => plainPsbtsAsked({ psbtVersion: "2" }), FLAG_MALFORMED);
  });
});
