/** Every move of a world, with how often it is made. */
import type { World } from "../world/world.ts";
import {
  breakNode,
  changeFees,
  evict,
  mine,
  reorganise,
  setClock,
  setSignerClock,
  strangerSends,
  wait,
  watch,
} from "./chain.ts";
import { judgePayments, payElsewhere } from "./foreign.ts";
import { deliver } from "./gap.ts";
import { block, decide, decideTogether, halt, hold, kyc, resume, voidSome } from "./people.ts";
import { build, bump, cancel, declareDead, drop, exportSome, replace, request, supersede } from "./queue.ts";
import { backUp, reconcile, restore } from "./restore.ts";
import { consolidate, leadMovement } from "./treasury.ts";

type Move = (world: World) => Promise<void>;

const MOVES: readonly (readonly [weight: number, move: Move])[] = [
  [8, request],
  [5, decide],
  [9, decideTogether],
  [24, deliver],
  [7, build],
  [6, exportSome],
  [2, replace],
  [1, drop],
  [4, bump],
  [2, cancel],
  [3, voidSome],
  [2, declareDead],
  [2, supersede],
  [1, halt],
  [4, resume],
  [2, kyc],
  [2, hold],
  [1, block],
  [1, consolidate],
  [3, leadMovement],
  [1, backUp],
  [1, restore],
  [6, reconcile],
  [10, watch],
  [8, mine],
  [3, reorganise],
  [2, evict],
  [2, strangerSends],
  [6, payElsewhere],
  [2, judgePayments],
  [3, breakNode],
  [1, changeFees],
  [4, wait],
  [1, setClock],
  [2, setSignerClock],
];

const TOTAL = MOVES.reduce((sum, [weight]) => sum + weight, 0);

/** Draws that find nothing to do, one after the other, before the world lets time pass. */
const DRAWS_MAX = 12;

/** Makes one move, drawn by weight, that does something. A few seconds pass with it. */
export async function move(world: World): Promise<void> {
  world.pass(1 + world.random.below(90));
  const told = world.story.length;
  for (let draw = 0; draw < DRAWS_MAX && world.story.length === told; draw++) await drawn(world)(world);
}

function drawn({ random }: World): Move {
  let place = random.below(TOTAL);
  for (const [weight, one] of MOVES) {
    place -= weight;
    if (place < 0) return one;
  }
  return wait;
}
