/** How long a document takes across the gap, in rough figures: people choose the way by it. */
import { expectedFrames } from "../airgap/expected-frames.ts";
import { bbqrFrames, urFrames, type FrameMaker } from "../airgap/frames.ts";
import { qrCapacity } from "../airgap/qr-matrix.ts";
import { urPayload } from "../airgap/ur-types.ts";
import { LIMITS } from "../core/limits.ts";
import { PERIODS, FIRST_VIEW } from "./qr-screen.ts";

/** Frames that a camera held by hand misses. */
const LOSS = 0.3;

/** What the figures are for, as the screen begins: its keys make codes denser and faster. */
export const CROSSING_AT = {
  framesPerSecond: 1000 / (PERIODS[FIRST_VIEW.pace] as number),
  density: FIRST_VIEW.version,
  lostPercent: 100 * LOSS,
} as const;

export type Crossing = {
  readonly way: "file" | "bbqr" | "ur";
  readonly bytes: number;
  /** Different frames that the document is cut into; 0 for a file. */
  readonly frames: number;
  /** On average, rounded up to tenths; 0 for a file. */
  readonly minutes: number;
};

/** Each way for a document of ours, or one of its length and density; above half a million bytes the file alone. */
export function crossings(document: Uint8Array): readonly Crossing[] {
  const bytes = document.length;
  const file: Crossing = { way: "file", bytes, frames: 0, minutes: 0 };
  if (bytes > LIMITS.carriedBytesMax) return [file];
  const shown = (way: "bbqr" | "ur", make: FrameMaker): Crossing => {
    const frames = make(qrCapacity(CROSSING_AT.density, "L"));
    const seconds = expectedFrames(frames, LOSS) / CROSSING_AT.framesPerSecond;
    return { way, bytes, frames: frames.count, minutes: Math.ceil(seconds / 6) / 10 };
  };
  return [
    file,
    shown("bbqr", bbqrFrames(document, "J")),
    shown("ur", urFrames("custody-request", urPayload("custody-request", document))),
  ];
}
