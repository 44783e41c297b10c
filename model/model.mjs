// Actions and properties. The attacker owns the online host: it may take any action here, in any order.
// Actions marked `honest` are also what an honest host could do next; property 4 walks only those.

import { FREE, OTHER, SEEN, minable, settledPlans } from "./chain.mjs";
import { INTENTS, inWords, lapses, plansOf } from "./family.mjs";
import { headOf, wouldCancel } from "./gates.mjs";
import { releaseReason } from "./observer.mjs";
import { closeFamily, rollBack, sign, signForeign, voidPlan } from "./signers.mjs";
import { spend, withKey } from "./state.mjs";
import { completes } from "./wallets.mjs";

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

const signersOf = (state, plan) => state.keys.flatMap((key, at) => (key.made.includes(plan.id) ? [at] : []));

const settle = (state, world, rules) =>
  plansOf(world)
    .filter((plan) => completes(world, rules, plan.set, signersOf(state, plan)) && minable(state, plan))
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
    .filter((plan) => completes(world, rules, plan.set, signersOf(state, plan)) && minable(state, plan))
    .map((plan) => ({
      honest: true,
      say: () => `the cancel rung of ${inWords(plan)} is broadcast and ${world.reorgs ? "mined" : "final"}`,
      next: spend(state, plan.spends, world.reorgs ? SEEN : OTHER),
    }));

/** A final ledger has closed after the plan's own time, and no ledger up to it holds the plan. */
const lapse = (state, world) =>
  plansOf(world)
    .filter((plan) => lapses(plan) && !state.lapsed.includes(plan.id) && !state.settled.includes(plan.id))
    .map((plan) => ({
      honest: true,
      say: () => `the time of ${inWords(plan)} is over: no ledger takes it any more`,
      next: { ...state, lapsed: [...state.lapsed, plan.id].sort() },
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
  lapse,
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
    state.lapsed,
    Object.values(state.chain),
    keys,
  ].join(";");
}
