// What a state holds, and the small steps from one to the next that all actions are made of.

import { FREE } from "./chain.mjs";
import { plan as planById } from "./family.mjs";
import { headOf } from "./gates.mjs";

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
    lapsed: [],
    chain: Object.fromEntries(
      [...new Set(world.sets.flatMap((set) => planById(`g1/${set}`).spends))].map((key) => [key, FREE]),
    ),
    keys: names.map((name) => (name > world.keys - foreign ? foreignKey(name) : honestKey(name))),
  };
}

const replace = (list, index, item) => list.map((old, at) => (at === index ? item : old));
export const addOnce = (list, item) => (list.includes(item) ? list : [...list, item].sort());
export const withKey = (state, at, key) => ({ ...state, keys: replace(state.keys, at, key) });
export const spend = (state, keys, by) => ({
  ...state,
  chain: { ...state.chain, ...Object.fromEntries(keys.map((key) => [key, by])) },
});

/** An entry goes into a journal, and its head into the book beside the machine. */
export function write(key, which, entry) {
  const machine = key.machines[which];
  const journal = [...machine.journal, entry];
  return {
    ...key,
    machines: replace(key.machines, which, { ...machine, journal }),
    logbook: machine.epoch === 1 ? headOf(journal) : key.logbook,
  };
}

export const machineName = (key, machine) => `signer ${key.name}${machine.epoch > 1 ? " (restored)" : ""}`;

/** Every machine with the view that its gates take. */
export const eachMachine = (state, world, rules) =>
  state.keys.flatMap((key, at) =>
    key.foreign
      ? []
      : key.machines.map((machine, which) => ({ state, world, rules, key, at, machine, which })),
  );
