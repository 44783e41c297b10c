// What signers do, honest ones and others' keys: sign, void, close a family; and how a journal is lost.

import { inWords, plansOf } from "./family.mjs";
import { CLOSED, machineVouches, signEntry, signedIn, voidEntry, wouldSign } from "./gates.mjs";
import { addOnce, eachMachine, machineName, withKey, write } from "./state.mjs";
import { mayKeySign } from "./wallets.mjs";

const signature = (ask, plan, key) =>
  withKey(ask.state, ask.at, { ...key, made: addOnce(key.made, plan.id) });

export function sign(state, world, rules) {
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
export const signForeign = (state, world) =>
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
export function voidPlan(state, world, rules) {
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
export function closeFamily(state, world, rules) {
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
export function rollBack(state, world, rules) {
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
