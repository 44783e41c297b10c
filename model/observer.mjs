// The honest book-keeper: may it release the customer's hold, given the papers and the chain?

import { plan } from "./family.mjs";
import { isDead } from "./chain.mjs";
import { closeAll } from "./wallets.mjs";

export const needed = (world, rules) => (rules.voidCount ? world.keys - world.threshold + 1 : 1);

const papers = (state) =>
  state.keys.flatMap((key, index) => key.voids.map((paper) => ({ ...paper, key: index })));
const voiders = (found, rules) =>
  new Set(found.map((paper) => (rules.voidByWalletKey ? paper.key : `${paper.key}.${paper.epoch}`))).size;

/** Design as written: the book-keeper even knows, truthfully, every plan that any signer has met. */
const metPlans = (state) =>
  [...new Set(state.keys.flatMap((key) => [...key.made, ...key.voids.map((paper) => paper.plan)]))].map(plan);
const isVoid = (state, p, world, rules) =>
  voiders(
    papers(state).filter((paper) => paper.plan === p.id),
    rules,
  ) >= needed(world, rules);

const CAUSES = {
  cancelled: (state) => metPlans(state).length === 0,
  dead: (state) => metPlans(state).length > 0 && metPlans(state).every((p) => isDead(state, p)),
  voided: (state, world, rules) =>
    metPlans(state).length > 0 && metPlans(state).every((p) => isVoid(state, p, world, rules)),
  expired: (state, world, rules) =>
    state.time >= (rules.expiryMargin ? 2 : 1) &&
    metPlans(state).every((p) => isDead(state, p) || isVoid(state, p, world, rules)),
};

/** Amended: n - m + 1 signers closed the family, and all that they say they signed is dead. Nothing else is believed. */
function closedByEnough(state, world, rules) {
  const sound = papers(state).filter((paper) => paper.signed?.every((id) => isDead(state, plan(id))));
  if (world.wallets)
    return closeAll(world, rules, [...new Set(sound.map((paper) => paper.key))]) ? "the closings" : undefined;
  return voiders(sound, rules) >= needed(world, rules) ? "the closings" : undefined;
}

/** The reason for which the hold may be released now, or undefined. */
export function releaseReason(state, world, rules) {
  if (state.released || state.settled.length > 0) return undefined;
  if (rules.voidCloses) return closedByEnough(state, world, rules);
  return world.releases.find((cause) => CAUSES[cause](state, world, rules));
}
