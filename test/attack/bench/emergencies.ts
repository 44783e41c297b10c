/** Moves of a bad day: halts and their ends, families closed, coins spent, plans buried, a new policy. */
import { CustodyError } from "../../../src/core/errors.ts";
import type { Halt, HaltDocument } from "../../../src/core/documents/halt.ts";
import type { Name } from "../../../src/core/identifier.ts";
import type { Cast } from "../../factory/identities.ts";
import { codeOf } from "../../factory/thrown.ts";
import { ADA, ANN, BEN, CARO, CLEA, OLGA, OTTO, RITA, SESSION, SIGNERS, VAULT } from "./house.ts";
import type { Machine } from "./machine.ts";
import { COIN_SETS } from "./grounds/ground.ts";
import { isApprover } from "./people.ts";
import { alsoInTheNameOf, deathOf, haltOf, resumeOf } from "./words.ts";
import { count, type World } from "./world.ts";

const SCOPES: readonly Halt["scope"][] = [
  { of: "everything" },
  { of: "wallet", wallet: VAULT },
  { of: "wallet", wallet: "cellar" as Name },
];
/** Whose keys the attacker can use: one approver's, the operator's, the session's. */
const ACCOMPLICES: readonly (readonly Cast[])[] = [[CARO], [CARO, OTTO], [CARO, SESSION, OTTO]];
/** How many coins are spent at most, and up to how many spent ones another may go elsewhere: some are left to pay from. */
const SPENT_MAX = COIN_SETS.length - 1;
const ELSEWHERE_MAX = 2;

const someSigner = ({ random, machines }: World) => random.below(machines.length);
/** Of all signers of the house, so that one who holds a vault alone has no more to bear than one of three. */
function oneOfTheHouse({ random, machines }: World): number | undefined {
  const signer = random.below(SIGNERS.length);
  return signer < machines.length ? signer : undefined;
}

const machineOf = (world: World, signer: number) => world.machines[signer] as Machine;

/** One honest person stops a signer. */
export function halt(world: World): void {
  const signer = oneOfTheHouse(world);
  if (signer === undefined) return;
  const who = world.random.of([ADA, OTTO, ANN, CLEA, OLGA]);
  const paper = haltOf(world.someHouse(), `halt ${world.step}`, world.random.of(SCOPES), [who]);
  const refused = codeOf(() => machineOf(world, signer).import(paper));
  // Whoever has left the house stops nothing any more.
  const entitled = machineOf(world, signer).house.policy.body.identities.some(({ key }) => key === who.key);
  if (refused !== (entitled ? "none" : "IMPORT_UNENTITLED")) world.breaks(`a halt is answered ${refused}`);
  if (refused !== "none") return;
  count(world.events, "halted");
  world.people.brought(signer, paper);
}

/** Two approvers end the halts of a signer. */
export function resume(world: World): void {
  const signer = someSigner(world);
  for (const paper of world.people.haltsAt(signer)) resumeOne(world, signer, paper);
}

function resumeOne(world: World, signer: number, paper: HaltDocument): void {
  const machine = machineOf(world, signer);
  const signers = world.random.of([
    [ANN, BEN],
    [ANN, CARO],
    [BEN, CARO],
    [ANN, BEN, CARO],
  ]);
  const house = world.someHouse();
  const refused = codeOf(() => machine.import(resumeOf(house, paper, signers)));
  const { body } = machine.house.policy;
  const counted = signers.filter((who) => isApprover(body, who)).length;
  const known = house.policy.body.number <= body.number;
  const expected = !known
    ? "IMPORT_POLICY_NEWER"
    : counted >= body.quorums.resume
      ? "none"
      : "IMPORT_UNENTITLED";
  if (refused !== expected) world.breaks(`a resume is answered ${refused} instead of ${expected}`);
  if (refused !== "none") return;
  count(world.events, "resumed");
  world.people.ended(signer, paper);
}

/** The attacker stops a signer, or ends a halt, with the keys that he has. */
export function forge(world: World): void {
  const signer = someSigner(world);
  const machine = machineOf(world, signer);
  const { house, journal } = machine;
  const { random } = world;
  const stop = haltOf(house, `forged ${world.step}`, random.of(SCOPES), [random.of([SESSION, RITA])]);
  const [inForce = stop] = world.people.haltsAt(signer);
  const end = resumeOf(house, inForce, random.of(ACCOMPLICES));
  const paper = random.of([stop, end, alsoInTheNameOf(ANN, end)]);
  if (codeOf(() => machine.import(paper)) === "none" || machine.journal !== journal)
    world.breaks(`signer ${signer} believes a forged ${paper.body.kind}`);
  else count(world.events, "forgery refused");
}

/** Somebody asks a signer to close a family: of any intent that there is a paper of, a lie as well. */
export function close(world: World): void {
  const signer = oneOfTheHouse(world);
  if (signer !== undefined) world.close(signer, world.someIntent());
}

/** A whole transaction is sent: it settles if no coin of it went elsewhere. */
export function settle(world: World): void {
  const { chain, random } = world;
  const able = chain.complete.filter((one) => !chain.isDead(one) && !chain.isSettled(one));
  if (able.length === 0) return;
  const { conflictKeys, transaction, families } = random.of(able);
  if (chain.spent + conflictKeys.length > SPENT_MAX) return;
  chain.spend(conflictKeys, transaction, world.houses[0].ground.takerOf(transaction));
  count(world.events, families.size > 0 ? "settled" : "cancel rung settled");
}

/** A coin under some attempt goes elsewhere: in a payment of ours that this story does not follow. */
export function spendElsewhere(world: World): void {
  const { chain, random } = world;
  const keys = chain.signed.flatMap(({ plan }) => plan.conflictKeys);
  const free = keys.filter((key) => chain.spenderOf(key) === undefined);
  if (free.length === 0 || chain.spent >= ELSEWHERE_MAX) return;
  const key = random.of(free);
  const taker = world.houses[0].ground.elsewhere(key, `elsewhere ${world.step}`);
  chain.spend([key], taker.spentBy, taker);
  count(world.events, "spent elsewhere");
}

/** People look at the chain and bury what is dead, or what a host has made look so. */
export function bury(world: World): void {
  const { chain, people, deaths } = world;
  const house = world.someHouse();
  const { number } = house.policy.body;
  for (const { plan } of chain.signed) {
    if (
      deaths.some(
        ({ byPeople, paper: { body } }) => byPeople && body.plan === plan.plan && body.policy === number,
      )
    )
      continue;
    const paper = people.bury(house, chain, plan);
    const mistaken = paper === undefined ? people.misled(house, chain, plan, world.random) : undefined;
    if (paper !== undefined) count(world.events, "buried");
    if (mistaken !== undefined) count(world.events, "buried by mistake");
    for (const signed of [paper, mistaken])
      if (signed !== undefined) deaths.push({ paper: signed, byPeople: true });
  }
}

/** The accomplice buries what lives, alone or under names that are not his. */
export function buryFalsely(world: World): void {
  const { chain, random, deaths } = world;
  if (chain.signed.length === 0) return;
  const { plan } = random.of(chain.signed);
  const house = world.someHouse();
  // What would have taken the coin, had it been made.
  const lie = deathOf(
    house,
    plan,
    random.of(ACCOMPLICES),
    house.ground.elsewhere(plan.conflictKeys[0] as string, "another payment of ours"),
  );
  deaths.push({ paper: random.of([lie, alsoInTheNameOf(ANN, lie)]), byPeople: false });
  count(world.events, "buried falsely");
}

/** The house moves to its next policy: one signer pins it, the others later. */
export function movePolicy(world: World): void {
  const [, next] = world.houses;
  const machine = machineOf(world, someSigner(world));
  if (machine.house === next || !world.hasMoved) return;
  try {
    machine.pin(next);
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    return world.breaks(`the next policy cannot be pinned: ${error.message}`);
  }
  count(world.events, "policy pinned");
}
