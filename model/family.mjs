// The payment under study: its intents, the plans that can be built for it, and what those plans spend.

/**
 * `ev` is made by the attacker; honest people never approve it. `tw` repeats the client's request under another id. `less`
 * is a second generation of a smaller amount: people approve it once they are told that the first can never settle.
 */
export const INTENTS = {
  g1: { id: "w", generation: 1, pays: "customer", expires: true },
  g2: { id: "w", generation: 2, pays: "customer", expires: false },
  less: { id: "w", generation: 2, pays: "customer", expires: false, amount: "small" },
  tw: { id: "w2", generation: 1, pays: "customer", expires: true },
  ev: { id: "w", generation: 1, pays: "thief", expires: true },
};

/**
 * Conflict keys by resource set: three disjoint coin sets, the union of two, one nonce; and one sequence number under a time
 * after which the chain takes the plan no more, with the same sequence under a later time.
 */
export const SETS = { a: ["a"], b: ["b"], c: ["c"], ab: ["a", "b"], n: ["n"], s: ["s"], t: ["s"] };

/** Whether the chain itself lets a plan lapse. */
export const lapses = (p) => p.spends.includes("s");

const planId = (intent, set, pays) => `${intent}/${set}${pays === INTENTS[intent].pays ? "" : "!"}`;

function makePlan(intent, set, pays = INTENTS[intent].pays) {
  return Object.freeze({
    id: planId(intent, set, pays),
    intent,
    pays,
    set,
    spends: SETS[set],
    generation: INTENTS[intent].generation,
    wanted: INTENTS[intent].pays,
  });
}

const buildPlans = (world) => [
  ...world.intents.flatMap((intent) => world.sets.map((set) => makePlan(intent, set))),
  ...(world.lyingPlans ? [makePlan("g1", world.sets[0], "thief")] : []),
];
const built = new WeakMap();

/** Every plan the attacker may build. One plan stands for all its fee rungs, since those pairwise conflict. */
export function plansOf(world) {
  if (!built.has(world)) built.set(world, buildPlans(world));
  return built.get(world);
}

const catalogue = new Map(
  Object.keys(INTENTS).flatMap((intent) =>
    Object.keys(SETS).flatMap((set) =>
      ["customer", "thief"].map((pays) => makePlan(intent, set, pays)).map((plan) => [plan.id, plan]),
    ),
  ),
);

export const plan = (id) => catalogue.get(id);
/** What `intent` is to pay, as all but one say it. */
export const amountOf = (intent) => INTENTS[intent].amount ?? "large";
/** The generations that `intent` supersedes: of the same id, and lower. */
export const supersededBy = (intent) =>
  Object.keys(INTENTS).filter(
    (other) =>
      INTENTS[other].id === INTENTS[intent].id && INTENTS[other].generation < INTENTS[intent].generation,
  );
export const shareKey = (one, other) => one.spends.some((key) => other.spends.includes(key));
export const sameFamily = (one, other, rules) =>
  rules.clientKey || INTENTS[one.intent].id === INTENTS[other.intent].id;

const KEYS = { n: "the nonce", s: "the sequence number" };
export const inWords = (p) =>
  `plan ${p.id} (intent ${p.intent}, spends ${p.spends.map((k) => KEYS[k] ?? `coins ${k}`).join(" and ")}, pays the ${p.pays})`;
