// States, actions and properties. The attacker owns the online host: it may take any action here, in any order.
// Actions marked `honest` are also what an honest host could do next; property 4 walks only those.

import { FREE, OTHER, SEEN, minable, settledPlans } from "./chain.mjs";
import { INTENTS, inWords, plan as planById, plansOf } from "./family.mjs";
import {
  CLOSED,
  headOf,
  machineVouches,
  signEntry,
  signedIn,
  voidEntry,
  wouldCancel,
  wouldSign,
} from "./gates.mjs";
import { releaseReason } from "./observer.mjs";
import { completes, mayKeySign } from "./wallets.mjs";

const FIRST = Object.freeze({ epoch: 1, journal: [] });
const honestKey = (name) => ({
  name,
  foreign: false,
  made: [],
  voids: [],
  seen: [],
  logbook: "",
  pinned: 1,
  machines: [FIRST],
});
const foreignKey = (name) => ({ ...honestKey(name), foreign: true });

/** The last f keys belong to others and sign whatever they are given; the policy rule off means one such key too many. */
export function initial(world, rules) {
  const foreign = world.foreign + (rules.quorumsMeet ? 0 : 1);
  const names = Array.from({ length: world.keys }, (_, index) => index + 1);
  return {
    time: 0,
    policy: 1,
    approvals: [],
    rolledBack: false,
    released: false,
    settled: [],
    chain: Object.fromEntries(
      [...new Set(world.sets.flatMap((set) => planById(`g1/${set}`).spends))].map((key) => [key, FREE]),
    ),
    keys: names.map((name) => (name > world.keys - foreign ? foreignKey(name) : honestKey(name))),
  };
}

// ---- small updates ------------------------------------------------------------------------------------------------

const replace = (list, index, item) => list.map((old, at) => (at === index ? item : old));
const addOnce = (list, item) => (list.includes(item) ? list : [...list, item].sort());
const withKey = (state, at, key) => ({ ...state, keys: replace(state.keys, at, key) });
const spend = (state, keys, by) => ({
  ...state,
  chain: { ...state.chain, ...Object.fromEntries(keys.map((key) => [key, by])) },
});

function write(key, which, entry) {
  const machine = key.machines[which];
  const journal = [...machine.journal, entry];
  return {
    ...key,
    machines: replace(key.machines, which, { ...machine, journal }),
    logbook: machine.epoch === 1 ? headOf(journal) : key.logbook,
  };
}

const machineName = (key, machine) => `signer ${key.name}${machine.epoch > 1 ? " (restored)" : ""}`;

/** Every machine with the view that its gates take. */
const eachMachine = (state, world, rules) =>
  state.keys.flatMap((key, at) =>
    key.foreign
      ? []
      : key.machines.map((machine, which) => ({ state, world, rules, key, at, machine, which })),
  );

// ---- people -------------------------------------------------------------------------------------------------------

const HONEST = 2;
const latestHead = (key, world) => (world.courier ? key.logbook : "");

/** Two honest approvers, each once per intent; the host may ask them at any time and lie about why. */
function approve(state, world) {
  if (state.policy < world.born) return [];
  return world.intents
    .filter((intent) => INTENTS[intent].pays === "customer")
    .flatMap((intent) => {
      const given = state.approvals.filter((approval) => approval.intent === intent).length;
      if (given >= Math.min(HONEST, state.policy) || (world.late && intent !== "g1" && state.time < 2))
        return [];
      const keys = state.keys.map((key) => ({ ...key, seen: [...key.seen, latestHead(key, world)] }));
      return [
        {
          honest: true,
          say: () =>
            `honest approver ${given + 1} and the corrupt one approve intent ${intent} under policy ${state.policy}`,
          next: { ...state, keys, approvals: [...state.approvals, { intent, policy: state.policy }] },
        },
      ];
    });
}

/** Honest admins name a restored signer's epoch and start head. */
const nameEpoch = (state) =>
  state.policy === 1 && state.keys.some((key) => key.machines.at(-1).epoch === 2)
    ? [
        {
          honest: true,
          say: () => "the admins sign policy 2, which names the restored signer's epoch",
          next: { ...state, policy: 2 },
        },
      ]
    : [];

/** Honest admins sign the next policy, under which another wallet pays. */
const nextPolicy = (state, world) =>
  world.policies && state.policy < world.policies.length
    ? [
        {
          honest: true,
          say: () => `the admins sign policy ${state.policy + 1}`,
          next: { ...state, policy: state.policy + 1 },
        },
      ]
    : [];

/** Policies are pinned one after the other, at each signer when its officer comes to it. */
const pin = (state, world) =>
  !world.policies
    ? []
    : state.keys.flatMap((key, at) =>
        key.pinned === state.policy
          ? []
          : [
              {
                honest: true,
                say: () => `signer ${key.name} pins policy ${key.pinned + 1}`,
                next: withKey(state, at, { ...key, pinned: key.pinned + 1 }),
              },
            ],
      );

// ---- signers ------------------------------------------------------------------------------------------------------

const signature = (ask, plan, key) =>
  withKey(ask.state, ask.at, { ...key, made: addOnce(key.made, plan.id) });

function sign(state, world, rules) {
  return eachMachine(state, world, rules).flatMap((view) =>
    plansOf(world).flatMap((plan) => {
      if (view.machine.journal.includes(signEntry(plan)) || !mayKeySign(world, rules, plan.set, view.at))
        return [];
      const ask = { ...view, plan };
      if (!wouldSign(ask)) return [];
      const who = machineName(ask.key, ask.machine);
      const kept = {
        honest: true,
        say: () => `${who} signs ${inWords(plan)}`,
        next: signature(ask, plan, write(ask.key, ask.which, signEntry(plan))),
      };
      const lost = {
        honest: false,
        say: () => `${who} signs ${inWords(plan)}, and loses power before the journal is written`,
        next: signature(ask, plan, ask.key),
      };
      return rules.writeAhead ? [kept] : [kept, lost];
    }),
  );
}

/** Other people's keys sign anything. */
const signForeign = (state, world) =>
  state.keys.flatMap((key, at) =>
    !key.foreign
      ? []
      : plansOf(world)
          .filter((plan) => !key.made.includes(plan.id))
          .map((plan) => ({
            honest: true,
            say: () => `foreign key ${key.name} signs ${inWords(plan)}`,
            next: withKey(state, at, { ...key, made: addOnce(key.made, plan.id) }),
          })),
  );

/** As written, a void names a plan that this signer has not signed. */
function voidPlan(state, world, rules) {
  if (rules.voidCloses || !world.voids) return [];
  return eachMachine(state, world, rules).flatMap((view) =>
    plansOf(world).flatMap((plan) => {
      const { key, machine, which, at } = view;
      if (
        !machineVouches(view) ||
        machine.journal.includes(signEntry(plan)) ||
        machine.journal.includes(voidEntry(plan))
      )
        return [];
      const paper = { plan: plan.id, epoch: machine.epoch };
      const written = write(key, which, voidEntry(plan));
      return [
        {
          honest: true,
          say: () => `${machineName(key, machine)} voids ${inWords(plan)}`,
          next: withKey(state, at, { ...written, voids: [...key.voids, paper] }),
        },
      ];
    }),
  );
}

/** Amended, a void closes the whole family and lists what was signed. */
function closeFamily(state, world, rules) {
  if (!rules.voidCloses) return [];
  return eachMachine(state, world, rules)
    .filter((view) => machineVouches(view) && !view.machine.journal.includes(CLOSED))
    .map((view) => {
      const { key, machine, which, at } = view;
      const signed = signedIn(machine.journal)
        .map((plan) => plan.id)
        .sort();
      const written = write(key, which, CLOSED);
      return {
        honest: true,
        say: () =>
          `${machineName(key, machine)} closes the family, listing ${signed.join(", ") || "no attempt"}`,
        next: withKey(state, at, { ...written, voids: [...key.voids, { signed, epoch: machine.epoch }] }),
      };
    });
}

/** A restore may also bring back the whole journal, on a second machine. */
const earlierPoints = (machine, restore) =>
  Array.from({ length: machine.journal.length + (restore ? 1 : 0) }, (_, length) => length);

/** One signer, once: its journal goes back to an earlier point. Signatures and voids that left it stay out. */
function rollBack(state, world, rules) {
  if (
    world.rollback === "never" ||
    state.rolledBack ||
    (world.late && (state.time < 2 || state.approvals.some(({ intent }) => intent === "g2")))
  )
    return [];
  const restore = world.rollback === "restore" && rules.epoch;
  return eachMachine(state, world, rules).flatMap(({ key, machine, at }) =>
    earlierPoints(machine, restore).map((length) => {
      const older = { epoch: restore ? 2 : 1, journal: machine.journal.slice(0, length) };
      const machines = world.rollback === "restore" && world.oldMachineStays ? [machine, older] : [older];
      const how = restore ? "is restored by the tool, in a new epoch," : "silently goes back";
      return {
        honest: false,
        say: () =>
          `signer ${key.name} ${how} to its first ${length} journal entries${machines.length > 1 ? "; the old machine still runs" : ""}`,
        next: { ...withKey(state, at, { ...key, machines }), rolledBack: true },
      };
    }),
  );
}

// ---- chain and clock ----------------------------------------------------------------------------------------------

/** Another approved payment of ours, steered by the host, spends a conflict key. What is seen then moves on by itself. */
function conflict(state, world) {
  const step = (key, from, to, words, honest = from === SEEN) =>
    state.chain[key] === from ? [{ honest, say: () => words, next: spend(state, [key], to) }] : [];
  return Object.keys(state.chain).flatMap((key) =>
    world.reorgs
      ? [
          ...step(key, FREE, SEEN, `another transaction that spends ${key} is mined, not deep`),
          ...step(key, SEEN, OTHER, `the other spend of ${key} becomes final`),
          ...step(key, SEEN, FREE, `a shallow reorganisation removes the other spend of ${key}`),
        ]
      : step(key, FREE, OTHER, `another transaction that spends ${key} becomes final`),
  );
}

/** An honest host cancels on one conflict key, if enough signers still sign that. */
const cancel = (state, world, rules) =>
  Object.keys(state.chain)
    .filter((key) => state.chain[key] === FREE)
    .flatMap((spent) => {
      const willing = state.keys.flatMap((key, at) =>
        key.foreign ||
        key.machines.some((machine) => wouldCancel({ state, world, rules, key, at, machine }, spent))
          ? [at]
          : [],
      );
      return !completes(world, rules, spent, willing)
        ? []
        : [
            {
              honest: true,
              say: () => `a cancel on ${spent} is signed and becomes final`,
              next: spend(state, [spent], OTHER),
            },
          ];
    });

const signers = (state, plan) => state.keys.flatMap((key, at) => (key.made.includes(plan.id) ? [at] : []));

const settle = (state, world, rules) =>
  plansOf(world)
    .filter((plan) => completes(world, rules, plan.set, signers(state, plan)) && minable(state, plan))
    .map((plan) => ({
      honest: true,
      say: () => `${inWords(plan)} is broadcast and settles`,
      next: {
        ...spend(state, plan.spends, plan.id),
        settled: [...state.settled, plan.id],
        late: state.released,
      },
    }));

/** Whoever signs a plan signs its cancel rung with it, over the same keys. It pays nobody. */
const cancelRung = (state, world, rules) =>
  plansOf(world)
    .filter((plan) => completes(world, rules, plan.set, signers(state, plan)) && minable(state, plan))
    .map((plan) => ({
      honest: true,
      say: () => `the cancel rung of ${inWords(plan)} is broadcast and ${world.reorgs ? "mined" : "final"}`,
      next: spend(state, plan.spends, world.reorgs ? SEEN : OTHER),
    }));

const CLOCK = ["the intent expires", "the clock tolerance after expiry has passed too"];
const tick = (state, world) =>
  world.clock && state.time < CLOCK.length
    ? [{ honest: true, say: () => CLOCK[state.time], next: { ...state, time: state.time + 1 } }]
    : [];

function release(state, world, rules) {
  const reason = releaseReason(state, world, rules);
  return reason
    ? [
        {
          honest: true,
          say: () => `the book-keeper releases the hold (${reason})`,
          next: { ...state, released: true },
        },
      ]
    : [];
}

// ---- what check.mjs needs -----------------------------------------------------------------------------------------

const ACTIONS = [
  approve,
  nameEpoch,
  nextPolicy,
  pin,
  sign,
  signForeign,
  voidPlan,
  closeFamily,
  rollBack,
  conflict,
  cancel,
  cancelRung,
  settle,
  tick,
  release,
];
export const actions = (state, world, rules) => ACTIONS.flatMap((action) => action(state, world, rules));

const approvedAsPaid = (state, plan) =>
  plan.pays === plan.wanted && state.approvals.some((approval) => approval.intent === plan.intent);

/** Properties 1 to 3: the name of the one that this state breaks, or undefined. */
export function broken(state) {
  if (state.settled.length > 1) return "P1 paid twice";
  if (settledPlans(state).some((plan) => !approvedAsPaid(state, plan))) return "P2 paid without its approval";
  if (state.late) return "P3 paid after the hold was released";
  return undefined;
}

/** Property 4's goal; a family that is not born yet has nothing to finish. */
export const finished = (state, world) =>
  state.released || state.settled.length > 0 || state.policy < world.born;

// ---- one name for states that differ only in signers' names ---------------------------------------------------------

const names = new WeakMap();

function keyName(key, ordered) {
  const known = names.get(key);
  if (known) return known;
  const journal = (machine) =>
    machine.epoch + headOf(ordered ? machine.journal : [...machine.journal].sort());
  const paper = ({ plan, signed, epoch }) => epoch + (plan ?? signed.join("+"));
  const logbook = ordered ? key.logbook : "";
  const name = [
    key.foreign ? "f" : "",
    key.made,
    key.voids.map(paper).sort(),
    key.seen,
    key.pinned,
    logbook,
    key.machines.map(journal),
  ].join("|");
  names.set(key, name);
  return name;
}

/** Journals are ordered only where order can matter: if a machine may go back, or only the newest attempt is looked at. */
export function canonical(state, world, rules) {
  const ordered = world.rollback !== "never" || world.courier || !rules.everyAttempt;
  // Keys of different wallets are not alike.
  const named = state.keys.map((key) => keyName(key, ordered));
  const keys = (world.wallets ? named : named.sort()).join("#");
  const approved = state.approvals.map(({ intent, policy }) => intent + policy);
  const approvals = world.courier ? approved : approved.sort();
  return [
    state.time,
    state.policy,
    approvals,
    +state.rolledBack,
    +state.released,
    +!!state.late,
    state.settled,
    Object.values(state.chain),
    keys,
  ].join(";");
}
