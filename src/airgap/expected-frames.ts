/** How many frames a screen shows until a camera that misses some has read a message, on average. */
import type { Frames } from "./frames.ts";

/**
 * A format without end needs as many frames to be seen as there are fragments, whichever they are. Of a fixed row a missed
 * frame is waited for until its turn comes again, and the last one missed decides: with 30 % lost a row of 100 parts is
 * shown almost five times.
 * @param loss share of the frames that the camera misses, each by itself, from 0 to below 1
 */
export function expectedFrames(
  { count, rateless }: Pick<Frames, "count" | "rateless">,
  loss: number,
): number {
  if (rateless) return count / (1 - loss);
  // The sum over all t of the chance that t frames were not enough: after `rows` whole rows and `into` frames of the next.
  let expected = 0;
  for (let missed = 1; ; missed *= loss) {
    const [before, after] = [1 - missed, 1 - missed * loss];
    if (1 - before ** count < 1e-9) return expected;
    for (let into = 0; into < count; into++) expected += 1 - after ** into * before ** (count - into);
  }
}
