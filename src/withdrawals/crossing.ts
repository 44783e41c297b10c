/** How long a request takes across the gap, in rough figures: people choose the way by it. */
import { LIMITS } from "../core/limits.ts";

/** Assumptions, stated with every answer: no compression counted; 5 frames a second; every frame is seen 1.5 times. */
export const QR_FRAMES_PER_SECOND = 5;
const SEEN_TIMES = 1.5;

/** Payload of a frame, in bytes: a code of 800 letters. BBQr takes 2 letters a byte at most, UR two and a checksum. */
const FRAME_BYTES = { bbqr: 400, ur: 320 } as const;

export type Crossing = {
  readonly way: "file" | keyof typeof FRAME_BYTES;
  readonly bytes: number;
  /** 0 for a file. */
  readonly frames: number;
  /** Rounded up; 0 for a file. */
  readonly minutes: number;
};

/** Each way for `bytes`; above half a million bytes the file alone. */
export function crossings(bytes: number): readonly Crossing[] {
  const file: Crossing = { way: "file", bytes, frames: 0, minutes: 0 };
  if (bytes > LIMITS.carriedBytesMax) return [file];
  const shown = (Object.keys(FRAME_BYTES) as (keyof typeof FRAME_BYTES)[]).map((way) => {
    const frames = Math.ceil(bytes / FRAME_BYTES[way]);
    return {
      way,
      bytes,
      frames,
      minutes: Math.ceil((frames * SEEN_TIMES) / QR_FRAMES_PER_SECOND / 60),
    };
  });
  return [file, ...shown];
}
