/** Stories of approvals that run out while a plan is on its way: people sign again at their desks, and the same plan is signed. */
import { arrive } from "./moves/gap.ts";
import { askQuietly, exportQuietly, signQuietly } from "./quiet.ts";
import { COMPLIANCE, APPROVERS } from "./world/house.ts";
import { decisionOf, readIntent, type Decision } from "./world/people.ts";
import { rest } from "./world/rest.ts";
import type { World } from "./world/world.ts";

/** Longer than any approval or clearance of a world's house lives. */
const LAPSED_SECONDS = 5 * 3600;

export const LAPSED: Readonly<Record<string, (world: World) => Promise<void>>> = {
  "lapses before it is signed": async (world) => {
    await askQuietly(world);
    await sayQuietly(world, ["approve", "clear"]);
    world.pass(1800);
    await sayQuietly(world, ["release"]);
    await exportQuietly(world);
    world.pass(LAPSED_SECONDS);
    await rest(world);
  },

  /** F6: what is signed has been replaced and is not sent, and what takes its place is not signed. */
  "lapses before its replacement is signed": async (world) => {
    await askQuietly(world);
    await sayQuietly(world, ["approve", "clear"]);
    world.pass(1800);
    await sayQuietly(world, ["release"]);
    await signQuietly(world, await exportQuietly(world));
    const plan = world.books.plans.at(-1)?.id ?? "";
    await world.operate(`withdraw build --wallet vault --replace ${plan} --rates 20,40`);
    await world.operate(`withdraw export ${world.books.plans.at(-1)?.id ?? ""} --out replacement.json`);
    world.pass(LAPSED_SECONDS);
    await rest(world);
  },
};

async function sayQuietly(world: World, decisions: readonly Decision[]): Promise<void> {
  const [withdrawal] = world.books.withdrawals;
  const intent = withdrawal === undefined ? undefined : await readIntent(world, withdrawal);
  if (intent === undefined) throw new Error("the request is not stored");
  for (const decision of decisions)
    for (const who of decision === "clear" ? COMPLIANCE : APPROVERS)
      world.gap.push({
        what: `${decision} by ${who.name}`,
        to: "online",
        bytes: decisionOf(world, intent, who, decision),
      });
  await arrive(world, world.gap.splice(0));
}
