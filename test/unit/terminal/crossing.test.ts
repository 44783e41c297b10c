import { describe, expect, test } from "vitest";
import { bbqrFrames, urFrames, type Frames } from "../../../src/airgap/frames.ts";
import { qrCapacity } from "../../../src/airgap/qr-matrix.ts";
import { urPayload } from "../../../src/airgap/ur-types.ts";
import { documentBytes } from "../../../src/core/document.ts";
import { LIMITS } from "../../../src/core/limits.ts";
import { CROSSING_AT, crossings } from "../../../src/terminal/crossing.ts";
import { FIRST_VIEW, PERIODS } from "../../../src/terminal/qr-screen.ts";
import { goodRequest, makeCustody } from "../../factory/custody.ts";
import { shownUntilRead } from "../../factory/lossy-camera.ts";
import { noise } from "../../factory/noise.ts";

const CAMERAS = 15;

/** Minutes on the screen as it begins, for the mean of several cameras. */
function minutesShown(frames: Frames): number {
  const loss = CROSSING_AT.lostPercent / 100;
  const shown = Array.from({ length: CAMERAS }, (_, camera) =>
    shownUntilRead(frames, loss, `camera ${camera}`),
  );
  const mean = shown.reduce((total, value) => total + value, 0) / CAMERAS;
  return (mean * (PERIODS[FIRST_VIEW.pace] as number)) / 60_000;
}

describe("ways across the gap", () => {
  const charactersMax = qrCapacity(FIRST_VIEW.version, "L");
  test.each([
    ["a request", documentBytes(goodRequest(makeCustody()))],
    ["what does not compress", noise(60_000)],
    ["hex digits", new TextEncoder().encode(Buffer.from(noise(60_000)).toString("hex"))],
  ])("minutes are those of the screen, to a fifth: %s", (_, bytes) => {
    const [file, bbqr, ur] = crossings(bytes);
    expect(file).toEqual({ way: "file", bytes: bytes.length, frames: 0, minutes: 0 });
    const drawn = {
      bbqr: bbqrFrames(bytes, "J")(charactersMax),
      ur: urFrames("custody-request", urPayload("custody-request", bytes))(charactersMax),
    };
    for (const said of [bbqr, ur]) {
      const frames = drawn[said?.way as "bbqr" | "ur"];
      const minutes = minutesShown(frames);
      expect(said?.frames).toBe(frames.count);
      expect(said?.minutes).toBeGreaterThan(0.8 * minutes);
      // Rounded up to a tenth.
      expect(said?.minutes).toBeLessThan(1.2 * minutes + 0.1);
    }
  });

  test("above half a million bytes there is the file alone", () => {
    const ways = (length: number) => crossings(new Uint8Array(length)).map(({ way }) => way);
    expect(ways(LIMITS.carriedBytesMax)).toEqual(["file", "bbqr", "ur"]);
    expect(ways(LIMITS.carriedBytesMax + 1)).toEqual(["file"]);
  });
});
