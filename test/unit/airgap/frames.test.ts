import { describe, expect, test } from "vitest";
import { bbqrFrames, firstFrames, urFrames } from "../../../src/airgap/frames.ts";
import { qrCapacity, qrMatrix, versionFor } from "../../../src/airgap/qr-matrix.ts";
import { noise } from "../../factory/noise.ts";
import { codeOf } from "../../factory/thrown.ts";

const bytes = noise(3000);
/** A CBOR byte string of 3,000 bytes. */
const cbor = Uint8Array.of(0x59, 0x0b, 0xb8, ...bytes);

describe("frames of a message", () => {
  test("BBQr begins again after its last frame", () => {
    const frames = bbqrFrames(bytes, "B")(600);
    expect(frames.rateless).toBe(false);
    expect(frames.at(frames.count)).toBe(frames.at(0));
    expect(new Set(firstFrames(frames)).size).toBe(frames.count);
    expect(firstFrames(frames).every((text) => text.length <= frames.characters)).toBe(true);
  });

  test("UR goes on with new ones, all in letters of QR codes", () => {
    const frames = urFrames("bytes", cbor)(600);
    const texts = firstFrames(frames, 3 * frames.count);
    expect(frames.rateless).toBe(true);
    expect(new Set(texts).size).toBe(3 * frames.count);
    const version = versionFor(frames.characters, "L");
    for (const text of texts) expect(qrMatrix(text, version, "L")).toHaveLength(17 + 4 * version);
  });

  test("UR: no frame is longer than was asked for, up to the highest number", () => {
    for (const version of [3, 5, 10, 20, 40]) {
      const charactersMax = qrCapacity(version, "L");
      const frames = urFrames("bytes", cbor)(charactersMax);
      expect(frames.characters).toBeLessThanOrEqual(charactersMax);
      for (const number of [0, 1, frames.count, 9_998, 70_000, 99_998])
        expect(frames.at(number).length).toBeLessThanOrEqual(frames.characters);
      expect(frames.at(99_999)).toBe(frames.at(0));
    }
  });

  test("UR in one frame stays one", () => {
    const frames = urFrames("bytes", Uint8Array.of(0x41, 0x07))(200);
    expect(frames).toMatchObject({ count: 1, rateless: false, characters: frames.at(5).length });
    expect(frames.at(5)).toMatch(/^UR:BYTES\/[A-Z]+$/);
  });

  test("too small a frame is refused, a larger one is not", () => {
    expect(codeOf(() => urFrames("bytes", cbor)(60))).toBe("UR_MALFORMED");
    expect(codeOf(() => urFrames("bytes", cbor)(90))).toBe("none");
    expect(codeOf(() => bbqrFrames(bytes, "B")(15))).toBe("BBQR_UNFIT");
    expect(codeOf(() => bbqrFrames(bytes, "B")(90))).toBe("none");
  });
});
