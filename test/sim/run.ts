/** Plays one world to its end and says what was found. */
import type { Founded } from "./world/founding.ts";
import type { Host } from "./world/host.ts";
import { move } from "./moves/moves.ts";
import { checkEnd } from "./invariants/end.ts";
import { Inspection } from "./invariants/inspection.ts";
import { rest } from "./world/rest.ts";
import { World } from "./world/world.ts";

export type Played = {
  readonly seed: number;
  readonly steps: number;
  readonly checks: number;
  readonly payments: number;
  readonly counts: Readonly<Record<string, number>>;
  /** Empty in a good world. */
  readonly broken: readonly string[];
  readonly story: readonly string[];
};

/** Moves before the calm: as many as bring most orders halfway. */
const MOVES_MIN = 60;
const MOVES_MORE = 100;

/** Moves from one look at what the database refuses by itself to the next: it takes as long as many invariants. */
const PROBED_EVERY = 50;

export async function play(seed: number, host: Host, founded: Founded): Promise<Played> {
  const world = new World(seed, host, founded);
  const inspection = new Inspection(world);
  const moves = MOVES_MIN + world.random.below(MOVES_MORE);
  let broken: readonly string[] = [];
  try {
    for (let step = 0; step < moves && broken.length === 0; step++) {
      await move(world);
      broken = inspection.inspect();
      if (step % PROBED_EVERY === PROBED_EVERY - 1) broken = [...broken, ...inspection.probe()];
    }
    if (broken.length === 0) {
      const ended = await rest(world);
      broken = [...inspection.inspect(), ...inspection.probe(), ...(await checkEnd(world, ended))];
    }
    return {
      seed,
      steps: world.story.length,
      checks: inspection.checks,
      payments: world.orders.filter((order) => world.paid(order) > 0).length,
      counts: world.counts,
      broken,
      story: world.story,
    };
  } finally {
    world.remove();
  }
}
