/**
 * Plans that people have declared dead are looked at before anything is sent, until what they pay is settled elsewhere, as
 * deep as any settlement is followed: people can be wrong, and then a later generation would be a second payment (F5, F10).
 */
import type { Id } from "../src/core/identifier.ts";
import { attemptsOf, declaredDead, type Attempt } from "../src/store/attempts.ts";
import { isTouched } from "./changes.ts";
import { followedTo, isSeen, track } from "./track.ts";
import { followed, toFollowAgain } from "./tried.ts";
import type { World } from "./world.ts";

/**
 * @returns plans of which the node is ready to put an attempt into a block, or of which that cannot be found out; those that
 *   are in one live again
 */
export async function trackDead(world: World): Promise<ReadonlySet<Id>> {
  const { online, node } = world;
  const pending = new Set<Id>();
  const again = toFollowAgain(world);
  for (const plan of declaredDead(online.store, node.chain, followedTo(world, await node.tip()))) {
    for (const attempt of attemptsOf(online.store, plan)) {
      const looked = await followed(world, attempt, () => look(world, attempt, again.has(attempt.id)));
      if (!looked.done || looked.value) pending.add(plan);
    }
  }
  return pending;
}

// That the network does not know it is what people have said; once a block holds it, all follows from that.
async function look(world: World, attempt: Attempt, again: boolean): Promise<boolean> {
  const { id, txid, kind, plan, state } = attempt;
  const { changes } = world;
  if (!again && changes !== undefined && !isTouched(changes, attempt) && !changes.pending.has(txid))
    return false;
  const status = await world.node.status(txid, attempt.bytes);
  if (status.state === "included" || state === "CONFIRMING") await track(world, id);
  if (status.state === "undecided") world.unsure?.(txid);
  if (!isSeen(status) || kind === "cancel") return false;
  const reason = `plan ${plan} was declared dead, and the node would put its attempt into a block`;
  world.log({ event: "dead plan seen", level: "error", transaction: txid, reason });
  return true;
}
