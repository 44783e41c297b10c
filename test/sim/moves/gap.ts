/** The gap: papers arrive late, twice, in another order, or not at all. */
import { sign } from "../world/signing.ts";
import type { Carried } from "../world/orders.ts";
import type { World } from "../world/world.ts";

/** Some of what waits arrives, in any order: one paper, or a handful for the same machine. */
export async function deliver(world: World): Promise<void> {
  const { gap, random } = world;
  if (gap.length === 0) return;
  const first = random.of(gap);
  const others = random.chance(60)
    ? gap.filter((one) => one !== first && one.to === first.to && random.chance(80))
    : [];
  const arriving: Carried[] = [];
  for (const carried of [first, ...others.reverse()]) {
    const [lost, twice] = [random.chance(3), random.chance(10)];
    if (!twice) gap.splice(gap.indexOf(carried), 1);
    if (lost) world.say(`lost on the way: ${carried.what}`);
    else arriving.push(carried);
  }
  await arrive(world, arriving);
}

/** Papers reach where they are going; what goes to the online host is imported by one command. */
export async function arrive(world: World, papers: readonly Carried[]): Promise<void> {
  const files: string[] = [];
  for (const { what, to, bytes } of papers) {
    if (to !== "online") {
      sign(world, to, bytes);
      continue;
    }
    const file = world.newFile(what.replaceAll(/[^a-z0-9]+/g, "-"));
    world.writeFile(file, bytes);
    files.push(file);
  }
  if (files.length === 0) return;
  const result = await world.operate(`withdraw import ${files.join(" ")}`);
  // Whoever saw the machine die carries them again.
  if (result === "crashed") world.gap.push(...papers.filter(({ to }) => to === "online"));
}
