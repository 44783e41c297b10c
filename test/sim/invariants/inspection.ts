/** All invariants, looked at after each step. */
import type { World } from "../world/world.ts";
import { I13, I9 } from "./audit.ts";
import { I3, I4, I5, I7, I8 } from "./attempts.ts";
import type { Invariant } from "./invariant.ts";
import { I14 } from "./journals.ts";
import { I11 } from "./limits.ts";
import { I1, I2 } from "./money.ts";
import { I12 } from "./people.ts";
import { I10 } from "./release.ts";

/** I6: what is sent was written down first. Seen by the world's nodes while the sender waits. */
const I6: Invariant = { id: "I6", check: ({ broken }) => broken.splice(0) };

export const INVARIANTS: readonly Invariant[] = [I1, I2, I3, I4, I5, I6, I7, I8, I9, I10, I11, I12, I13, I14];

export class Inspection {
  checks = 0;
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  /** @returns what is broken, each with its invariant's id */
  inspect(): readonly string[] {
    this.checks += INVARIANTS.length;
    return INVARIANTS.flatMap(({ id, check }) => check(this.world).map((line) => `${id}: ${line}`));
  }
}
