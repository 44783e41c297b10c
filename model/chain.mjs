// The chain: each conflict key is free, spent by an attempt that pays, or spent by something else (seen, then final). A
// plan's own cancel is something else: it pays nobody. A plan with a time of the chain's own lapses: it is mined no more, and
// what it would have spent stays free.

import { lapses, plan } from "./family.mjs";

export const FREE = "free";
export const SEEN = "seen";
export const OTHER = "other";

const takenFrom = (chain, p, key, depthMatters) =>
  chain[key] === OTHER ||
  (chain[key] === SEEN && !depthMatters) ||
  (chain[key] !== FREE && chain[key] !== SEEN && chain[key] !== p.id);

const hasLapsed = (state, p) => state.lapsed.includes(p.id);

/** True when the attempt can never be mined: one of its conflict keys went elsewhere for good, or its time is over. */
export const isDead = (state, p) =>
  hasLapsed(state, p) || p.spends.some((key) => takenFrom(state.chain, p, key, true));

/** What honest people would sign in a `dead`. Without the depth rule they trust a spend that they have merely seen. */
export const looksDead = (state, p, rules) =>
  hasLapsed(state, p) ||
  (lapses(p) && !rules.deadByExpiry) ||
  p.spends.some((key) => takenFrom(state.chain, p, key, rules.deadAtDepth));

/** Blocks keep transactions that failed, of an account's nonce. To the chain one is "something else": it pays nobody. */
const mayFail = (key) => key === "n";

/** With a rule off any attempt of the plan is taken for its killer, also the paying one that has settled. */
const killedByItself = (state, p, rules) =>
  p.spends.some(
    (key) => state.chain[key] === p.id && !(mayFail(key) ? rules.deadWithoutEffect : rules.deadByCancelRung),
  );

/** A `dead` can be had when it is true, since honest people sign it when asked; or always, if one corrupt person is enough. */
export const deadCanBeHad = (state, p, rules) =>
  !rules.deadTwoPeople || looksDead(state, p, rules) || killedByItself(state, p, rules);

export const minable = (state, p) =>
  !hasLapsed(state, p) && p.spends.every((key) => state.chain[key] === FREE);
export const settledPlans = (state) => state.settled.map(plan);
