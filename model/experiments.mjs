// The worlds (how much may happen) and the questions asked in them.

import { AMENDED, AS_WRITTEN, without, withThe } from "./rules.mjs";

const BASE = {
  keys: 3,
  threshold: 2,
  foreign: 0,
  intents: ["g1", "g2"],
  sets: ["a", "b"],
  lyingPlans: false,
  voids: false,
  releases: [],
  clock: false,
  courier: false,
  late: false,
  rollback: "never",
  oldMachineStays: false,
  born: 1,
  reorgs: false,
};
const world = (changes) => ({ ...BASE, ...changes });

const calm = world({ sets: ["a", "b", "n"] });
const twins = world({ intents: ["g1", "tw"] });
const liars = world({ intents: ["g1", "ev"], sets: ["a"], lyingPlans: true });
const chained = world({ intents: ["g1"], sets: ["a", "ab", "b"] });
/** A sequence number, the same with a later time, and coins. */
const timed = world({ sets: ["s", "t", "b"] });
const reorgs = world({ reorgs: true });
const clocked = world({ clock: true });
const holds = (release, changes = {}) =>
  world({ intents: ["g1"], voids: true, releases: [release], ...changes });
const silent = world({ rollback: "image" });
const restored = world({ rollback: "restore" });
const twoMachines = world({ rollback: "restore", oldMachineStays: true, intents: ["g1"] });
const young = world({ ...twoMachines, born: 2 });
/** Best case for heads: people carry each to the desks; the journal goes back after g1 expired and before g2 is approved. */
const late = world({ rollback: "image", courier: true, clock: true, late: true });
const threeOfFour = world({ keys: 4, threshold: 3, intents: ["g1"] });

/** Two wallets of one row, 2 of 3 and 2 of 2; apart, the second has a key that the first lacks. Four machines in all. */
const twoWallets = world({
  keys: 4,
  intents: ["g1"],
  wallets: { a: { signers: [0, 1, 2], threshold: 2 }, b: { signers: [0, 1], threshold: 2 } },
  walletsApart: { a: { signers: [0, 1, 2], threshold: 2 }, b: { signers: [2, 3], threshold: 1 } },
});
const fourWallets = world({
  ...twoWallets,
  walletsApart: { a: { signers: [0, 1, 2], threshold: 2 }, b: { signers: [1, 2, 3], threshold: 2 } },
});

/** Three policies in a row, each with another wallet: one key, both, the other one. Neighbours share a key, the first and the last do not. */
const walk = world({
  keys: 2,
  intents: ["g1"],
  sets: ["a", "b", "c"],
  policies: ["a", "b", "c"],
  wallets: {
    a: { signers: [0], threshold: 1 },
    b: { signers: [0, 1], threshold: 2 },
    c: { signers: [1], threshold: 1 },
  },
});

/** Two rows, each with a wallet of its own and one key: the amount says which of them pays. */
const bands = world({
  keys: 2,
  intents: ["g1", "less"],
  bands: { large: "a", small: "b" },
  wallets: { a: { signers: [0], threshold: 1 }, b: { signers: [1], threshold: 1 } },
});

const ask = (title, expect, in_, rules, more = {}) => ({ title, expect, world: in_, rules, ...more });
const live = { live: true };

/** (a) Everything on. `live` asks property 4 as well. */
export const HOLD = [
  ask("calm: 2 generations, coins a, coins b, a nonce", "holds", calm, AMENDED, live),
  ask("chained: a plan that spends both coin sets", "holds", chained, AMENDED, live),
  ask("twins: one client request under two ids", "holds", twins, AMENDED, live),
  ask("liars: evil intent, evil plan", "holds", liars, AMENDED, live),
  ask("reorgs: shallow reorganisations", "holds", reorgs, AMENDED, live),
  ask("timed: a sequence whose plan lapses, or coins", "holds", world({ sets: ["s", "b"] }), AMENDED, live),
  ask(
    "timed: a sequence whose plan lapses, and is built again on it",
    "holds",
    world({ sets: ["s", "t"], intents: ["g1"] }),
    AMENDED,
    live,
  ),
  ask("clocked: expiry and lagging signer clocks", "holds", clocked, AMENDED, live),
  ask("silent: one journal goes back unseen", "holds", world({ ...silent, intents: ["g1"] }), AMENDED, live),
  ask(
    "restored: one signer restored by the tool",
    "holds",
    world({ ...restored, intents: ["g1"] }),
    AMENDED,
    live,
  ),
  ask("twoMachines: restored, and the old machine still runs", "holds", twoMachines, AMENDED, live),
  ask("young: the same, family born after the new epoch", "holds", young, AMENDED, live),
  ask(
    "two wallets of one row, 2 of 3 and 2 of 2",
    "holds",
    { ...twoWallets, intents: ["g1", "g2"] },
    AMENDED,
    live,
  ),
  ask("walk: three policies in a row, each with a wallet of its own", "holds", walk, AMENDED, live),
  ask("bands: a smaller amount is paid by a wallet whose key the first lacks", "holds", bands, AMENDED, live),
  ask("foreign: 3 of 4, one key not ours", "holds", world({ ...threeOfFour, foreign: 1 }), AMENDED, live),
];

export const DEEP = [
  ask("timed: a sequence, the same with a later time, and coins", "holds", timed, AMENDED, live),
  ask(
    "wide: coins a, b, a+b and the nonce",
    "holds",
    world({ sets: ["a", "b", "ab", "n"], intents: ["g1"] }),
    AMENDED,
    live,
  ),
  ask("chained, two generations", "holds", world({ ...chained, intents: ["g1", "g2"] }), AMENDED, live),
  ask("calm with the clock", "holds", world({ ...calm, clock: true }), AMENDED, live),
  ask("silent, two generations", "holds", silent, AMENDED, live),
  ask("restored, two generations", "holds", restored, AMENDED, live),
  ask("3 of 5 signers", "holds", world({ keys: 5, threshold: 3, intents: ["g1"] }), AMENDED, live),
];

const off = (name, expect, in_, rules = AMENDED, more = {}) =>
  ask(name, expect, in_, without(rules, name), more);

/** (b) One rule off, in the smallest world that shows why it is there. */
export const SWITCHED_OFF = [
  off("quorum", "P2", liars),
  off("effects", "P2", liars),
  off("family", "P1", calm),
  off("everyAttempt", "P1", chained),
  off("clientKey", "P1", twins),
  off("deadTwoPeople", "P1", calm),
  off("deadAtDepth", "P1", reorgs),
  off("deadByCancelRung", "P1", world({})),
  off("deadWithoutEffect", "P1", world({ sets: ["n", "b"] })),
  off("deadByExpiry", "P1", world({ sets: ["s", "b"] })),
  off("freshGeneration", "P3", holds("dead"), AS_WRITTEN),
  off("samePromise", "P1", bands),
  off("writeAhead", "P1", world({ intents: ["g1"] })),
  off("heads", "P1", late, AS_WRITTEN),
  off("epoch", "P1", world({ ...restored, intents: ["g1"] }), without(AMENDED, "logbook")),
  off("expiry", "P3", holds("expired", { clock: true }), withThe(AS_WRITTEN, "expiryMargin")),
  off("voidHonoured", "P3", holds("closings")),
  off("voidCount", "P3", holds("closings")),
  off("voidKeepsKey", "P3", holds("voided"), AS_WRITTEN),
  off("quorumsMeet", "P1", calm),
  off("walletsMeet", "P1", twoWallets),
  off("walletsMeet", "P1", fourWallets),
  off("policiesFollow", "P1", walk),
  off("bornCounts", "P1", walk),
  off("voidEveryWallet", "P3", { ...twoWallets, voids: true, releases: ["closings"] }),
  off("cancelApart", "P4", calm, AMENDED, live),
];

/** The fixes, one off at a time, the others on. */
export const FIX_OFF = [
  off("voidCloses", "P3", holds("voided", { sets: ["a", "ab", "b"] })),
  off("voidByWalletKey", "holds", world({ ...restored, intents: ["g1"] })),
  off("bornAfterEpoch", "P1", world({ ...restored, intents: ["g1"] })),
  off("logbook", "P1", world({ ...silent, intents: ["g1"] })),
];

/** (c) The design as written. */
export const FINDINGS = [
  ask("P1 and P2 while no journal goes back", "holds", calm, AS_WRITTEN),
  ask(
    "release after n - m + 1 voids of the plan",
    "P3",
    holds("voided", { sets: ["a", "ab", "b"] }),
    AS_WRITTEN,
  ),
  ask("release because cancelled before export", "P3", holds("cancelled"), AS_WRITTEN),
  ask("release because the only attempt is dead", "P3", holds("dead"), AS_WRITTEN),
  ask("release because the intent expired", "P3", holds("expired", { clock: true }), AS_WRITTEN),
  ask(
    "... after the clock tolerance as well",
    "holds",
    holds("expired", { clock: true }),
    withThe(AS_WRITTEN, "expiryMargin"),
  ),
  ask(
    "restored by the tool, a policy names the epoch",
    "P1",
    world({ ...restored, intents: ["g1"] }),
    AS_WRITTEN,
  ),
  ask(
    "... and raises approvalsSince",
    "P1",
    world({ ...restored, intents: ["g1"] }),
    withThe(AS_WRITTEN, "raiseApprovalsSince"),
  ),
  ask("silent rollback", "P1", world({ ...silent, intents: ["g1"] }), AS_WRITTEN),
  ask(
    "silent rollback, people carry heads to every desk",
    "P1",
    world({ ...silent, courier: true, intents: ["g1"] }),
    AS_WRITTEN,
  ),
  ask("silent rollback, heads carried, g1 expired, g2 approved later", "holds", late, AS_WRITTEN, {
    only: "P1",
  }),
  ask(
    "silent rollback, 3 of 4: 2m - n > f + 1",
    "holds",
    world({ ...threeOfFour, rollback: "image" }),
    AS_WRITTEN,
  ),
];
