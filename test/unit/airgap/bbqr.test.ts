import { describe, expect, test } from "vitest";
import { encodeBbqr } from "../../../src/airgap/bbqr.ts";
import { qrCapacity } from "../../../src/airgap/qr-matrix.ts";
import { LIMITS } from "../../../src/core/limits.ts";
import { noise } from "../../factory/noise.ts";
import { codeOf } from "../../factory/thrown.ts";

describe("frames of BBQr", () => {
  test("the header: encoding, type, total and index in base 36", () => {
    const parts = encodeBbqr(noise(100 * 40), { type: "P", encoding: "H", charactersMax: 88 });
    expect(parts).toHaveLength(100);
    expect(parts.map((part) => part.slice(0, 8))).toEqual(
      parts.map((_, index) => `B$HP2S${index.toString(36).toUpperCase().padStart(2, "0")}`),
    );
  });

  test("a file that fits in one frame is one frame", () => {
    expect(encodeBbqr(Uint8Array.of(0xab), { type: "T", encoding: "H", charactersMax: 10 })).toEqual([
      "B$HT0100AB",
    ]);
  });

  test.each([
    [27, 1062],
    [40, 2144],
    [1, 8],
    [23, 790],
  ])("version %i carries %i bytes of hex, as the standard's table says", (version, payload) => {
    const options = { type: "B", encoding: "H", charactersMax: qrCapacity(version, "L") } as const;
    expect(encodeBbqr(noise(payload * 2), options)).toHaveLength(2);
    expect(encodeBbqr(noise(payload * 2 + 1), options)).toHaveLength(3);
  });

  test.each(["H", "2", "Z"] as const)("%s: parts are as equal as whole groups allow", (encoding) => {
    const parts = encodeBbqr(noise(4000), { type: "B", encoding, charactersMax: 1008 });
    const lengths = parts.map((part) => part.length - 8);
    const group = encoding === "H" ? 2 : 8;
    expect(new Set(lengths.slice(0, -1)).size).toBe(1);
    expect((lengths[0] as number) % group).toBe(0);
    const last = lengths.at(-1) as number;
    expect(last).toBeLessThanOrEqual(lengths[0] as number);
    expect(last).toBeGreaterThan((lengths[0] as number) - group * parts.length);
  });

  test("what deflate makes longer is sent as base32", () => {
    const letters = (bytes: Uint8Array) =>
      encodeBbqr(bytes, { type: "B", charactersMax: 4296 }).map((part) => part[2]);
    expect(letters(noise(200))).toEqual(["2"]);
    expect(letters(new Uint8Array(200))).toEqual(["Z"]);
  });

  test("1,295 parts are made, one more is refused", () => {
    const options = { type: "B", encoding: "H", charactersMax: 10 } as const;
    expect(encodeBbqr(noise(1295), options).at(-1)?.slice(0, 8)).toBe("B$HBZZZY");
    expect(codeOf(() => encodeBbqr(noise(1296), options))).toBe("BBQR_UNFIT");
  });

  test.each([
    ["nothing", new Uint8Array(), 100],
    ["more than the limit", new Uint8Array(LIMITS.bbqrBytesMax + 1), 4296],
    ["frames without room", noise(10), 9],
    ["frames of no size", noise(10), Number.NaN],
  ])("%s is refused", (_, bytes, charactersMax) => {
    expect(codeOf(() => encodeBbqr(bytes, { type: "B", encoding: "H", charactersMax }))).toBe("BBQR_UNFIT");
  });
});
