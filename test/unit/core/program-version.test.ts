import { describe, expect, test } from "vitest";
import { compareVersions, parseProgramVersion } from "../../../src/core/program-version.ts";
import { codeOf } from "../../factory/thrown.ts";

const version = (text: string) => parseProgramVersion(text);

describe("versions of a program", () => {
  test("are compared number by number, not as text", () => {
    const order = ["0.9.0", "0.10.0", "1.0.0", "1.0.1", "1.2.0", "10.0.0"].map(version);
    expect([...order].reverse().sort(compareVersions)).toEqual(order);
    expect(compareVersions(version("1.2.3"), version("1.2.3"))).toBe(0);
    expect(compareVersions(version("2.0.0"), version("1.9.9"))).toBeGreaterThan(0);
    expect(compareVersions(version("1.0.9"), version("1.1.0"))).toBeLessThan(0);
  });

  test.each([
    "",
    "1",
    "1.2",
    "1.2.3.4",
    "01.2.3",
    "1.2.3-rc1",
    "v1.2.3",
    "1.2.x",
    " 1.2.3",
    "1.2.1234567",
    "unbuilt",
  ])("%j is none", (text) => {
    expect(codeOf(() => parseProgramVersion(text))).toBe("PROGRAM_VERSION_MALFORMED");
  });
});
