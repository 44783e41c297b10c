/** Going back to a moment of the online host and the network, so that one step can be played in many ways. */
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Chain } from "../families/chain.ts";
import type { World } from "./world.ts";

export type Moment = { readonly home: string; readonly chain: Chain };

export function remember(world: World): Moment {
  const home = join(world.folder, world.newFile("moment"));
  cpSync(join(world.folder, "home"), home, { recursive: true });
  return { home, chain: world.chain.copy() };
}

/** Signers, people and what is in the gap stay as they are. */
export function rewind(world: World, { home, chain }: Moment): void {
  const place = join(world.folder, "home");
  rmSync(place, { recursive: true, force: true });
  cpSync(home, place, { recursive: true });
  world.chain.become(chain);
  world.forgetBooks();
}
