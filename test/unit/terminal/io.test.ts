import { describe, expect, test } from "vitest";
import { colourLevel } from "../../../src/terminal/io.ts";
import { fakeIo } from "../../factory/io.ts";

describe("colours: no-color.org, force-color.org, dumb terminals", () => {
  test.each<[string, boolean | undefined, string[], Record<string, string>, 0 | 1]>([
    ["a terminal", true, [], {}, 1],
    ["a pipe", false, [], {}, 0],
    ["unknown", undefined, [], {}, 0],
    ["NO_COLOR", true, [], { NO_COLOR: "1" }, 0],
    ["NO_COLOR=0 is still set", true, [], { NO_COLOR: "0" }, 0],
    ["empty NO_COLOR does not count", true, [], { NO_COLOR: "" }, 1],
    ["--no-color", true, ["--no-color"], {}, 0],
    ["--no-color over FORCE_COLOR", true, ["--no-color"], { FORCE_COLOR: "1" }, 0],
    ["FORCE_COLOR into a pipe", false, [], { FORCE_COLOR: "1" }, 1],
    ["FORCE_COLOR=0 takes colours from a terminal", true, [], { FORCE_COLOR: "0" }, 0],
    ["empty FORCE_COLOR does not count", false, [], { FORCE_COLOR: "" }, 0],
    ["NO_COLOR over FORCE_COLOR", true, [], { NO_COLOR: "1", FORCE_COLOR: "1" }, 0],
    ["dumb terminal", true, [], { TERM: "dumb" }, 0],
    ["FORCE_COLOR over dumb", true, [], { TERM: "dumb", FORCE_COLOR: "1" }, 1],
  ])("%s", (_name, tty, argv, env, level) => {
    expect(colourLevel(tty, argv, env)).toBe(level);
  });

  test("stdout and stderr are judged apart", () => {
    const { io } = fakeIo({ tty: { stderr: true } });
    expect(io.paint.out.red("x")).toBe("x");
    expect(io.paint.err.red("x")).toBe("\u001b[31mx\u001b[39m");
  });
});
