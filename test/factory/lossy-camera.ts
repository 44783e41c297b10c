import { BbqrDecoder } from "../../src/airgap/bbqr-decoder.ts";
import { FrameReader } from "../../src/airgap/frame-reader.ts";
import type { Frames } from "../../src/airgap/frames.ts";
import { UrDecoder } from "../../src/airgap/ur-decoder.ts";
import { Xoshiro } from "../../src/airgap/xoshiro.ts";
import { utf8 } from "../../src/core/hex.ts";

/** The places, from 0, of the frames that a camera sees; it misses the share `loss`, the same ones for the same seed. */
export function* seenPlaces(loss: number, seed: string): Generator<number, never> {
  const random = new Xoshiro(utf8(seed));
  for (let place = 0; ; place++) if (random.nextDouble() >= loss) yield place;
}

/** Frames that a screen shows until our reader has the message. */
export function shownUntilRead(frames: Frames, loss: number, seed: string): number {
  const reader = new FrameReader({ ur: new UrDecoder(), bbqr: new BbqrDecoder() });
  for (const place of seenPlaces(loss, seed))
    if (reader.receive(frames.at(place)).type === "done") return place + 1;
  return Infinity;
}
