/**
 * A random attacker who owns the online host, with one approver and the operator's session on his side. From one seed
 * he asks, builds, mixes, replays, mutates and rolls back, on a day on which people halt, void, bury and change the
 * policy. `world.ts` looks after every step for what must never be.
 */
import type { JsonObject } from "../../../src/core/canonical.ts";
import type { BeneficiaryDocument } from "../../../src/core/documents/beneficiary.ts";
import type { DeadDocument } from "../../../src/core/documents/dead.ts";
import { sameFamily, familyOf } from "../../../src/core/documents/family.ts";
import { embed } from "../../../src/core/document.ts";
import type { IntentDocument } from "../../../src/core/documents/intent.ts";
import { CustodyError } from "../../../src/core/errors.ts";
import { addSeconds } from "../../../src/core/instant.ts";
import { hasHead } from "../../../signer/journal/memory.ts";
import { at } from "../../factory/identities.ts";
import * as emergencies from "./emergencies.ts";
import { ANN, BEN, CARO, OTTO, SESSION } from "./house.ts";
import type { Machine } from "./machine.ts";
import { mutationsOf, refitted, REWRITTEN, sessionSigned } from "./mutations.ts";
import { COIN_SETS, type CoinSet, type Ground } from "./grounds/ground.ts";
import { bytesOf, destination, planOf, requestOf, word, type Built } from "./papers.ts";
import { randomOf } from "./random.ts";
import { World } from "./world.ts";

export type Story = Pick<World, "broken" | "gates" | "events">;

/** Plays `moves` moves from `seed` against a house on `ground`. */
export function attack(seed: number, moves: number, ground: Ground): Story {
  const attacker = new Attacker(new World(randomOf(seed), ground));
  for (let move = 0; move < moves && attacker.world.broken.length === 0; move++) attacker.move();
  const { broken, gates, events } = attacker.world;
  return { broken, gates, events };
}

class Attacker {
  readonly world: World;
  private readonly plans = new Map<string, Built>();

  constructor(world: World) {
    this.world = world;
    // Customers' wishes are approved in the course of the day, whatever the attacker does.
    for (const intent of world.people.wishes) if (world.random.chance(85)) this.ask(intent, ANN);
    for (const intent of world.intents) this.ask(intent, CARO);
  }

  move(): void {
    const { world } = this;
    world.step++;
    const { random } = world;
    const bad = [
      emergencies.halt,
      emergencies.resume,
      emergencies.resume,
      emergencies.resume,
      emergencies.forge,
      emergencies.close,
      emergencies.settle,
      emergencies.settle,
      emergencies.settle,
      emergencies.spendElsewhere,
      emergencies.bury,
      emergencies.bury,
      emergencies.buryFalsely,
      emergencies.buryFalsely,
      emergencies.movePolicy,
    ];
    const own = [
      () => this.ask(world.someIntent(), random.of([ANN, BEN])),
      () => this.ask(world.someIntent(), CARO),
      () => this.offerPlan(world.someIntent()),
      () => this.offerPlan(world.someIntent()),
      () => this.retry(),
      () => this.retry(),
      () => this.replay(),
      () => this.replay(),
      () => this.mutate(),
      () => this.mutate(),
      () => this.mutate(),
      () => this.rollBackAndOffer(),
    ];
    if (random.chance(35)) random.of(bad)(world);
    else random.of(own)();
    world.assertSafe();
  }

  private ask(intent: IntentDocument, who: typeof ANN): void {
    const { people, step } = this.world;
    people.approve(this.world.someHouse(), intent, who, addSeconds(at("09:00:00"), step % 600));
  }

  private offerPlan(intent: IntentDocument, deaths: readonly DeadDocument[] = []): void {
    const { world } = this;
    const { random } = world;
    const sets = random.chance(60) ? [random.of(COIN_SETS)] : random.some(COIN_SETS.slice(0, 3));
    const to = random.chance(5) ? destination(world.houses[0], "thief", [CARO]) : undefined;
    const built = this.planFor(intent, sets, { to, isGreedy: random.chance(5) });
    if (built === undefined) return;
    const house = world.someHouse();
    const approvals = [...world.people.approvalsOf(intent)];
    if (approvals.length === 0) approvals.push(word(house, intent, CARO));
    const request = requestOf(house, {
      plans: [built],
      intents: [intent],
      beneficiaries: [beneficiaryOf(world, intent)],
      approvals: random.chance(5) ? approvals.slice(1).concat(word(house, intent, CARO)) : approvals,
      label: `request ${world.step}`,
      body: { dead: deaths.map(embed) },
    });
    const sent = JSON.parse(Buffer.from(bytesOf(request)).toString("utf8")) as JsonObject;
    world.sent.push(sent);
    for (const signer of random.some(world.machines.map((_, place) => place))) world.offer(signer, sent);
  }

  private planFor(
    intent: IntentDocument,
    sets: readonly CoinSet[],
    { to, isGreedy }: { readonly to: BeneficiaryDocument | undefined; readonly isGreedy: boolean },
  ): Built | undefined {
    const key = `${intent.digest} ${sets.join("+")} ${to?.digest ?? ""} ${isGreedy}`;
    const known = this.plans.get(key);
    if (known !== undefined) return known;
    try {
      const [house] = this.world.houses;
      const pays = [to === undefined ? { intent } : { intent, to }];
      const built = planOf(house, pays, { sets, options: isGreedy ? house.ground.greed : {} });
      this.plans.set(key, built);
      return built;
    } catch (error) {
      if (error instanceof CustodyError) return undefined; // too few coins for this amount
      throw error;
    }
  }

  // A family that was signed once is tried again: in its later generation, with whatever says that the earlier plans are dead.
  private retry(): void {
    const { chain, deaths, people, random } = this.world;
    if (chain.signed.length === 0) return;
    const { plan } = random.of(chain.signed);
    const family = plan.intents[0]?.family;
    const again = people.wishes.filter(
      ({ body }) => family !== undefined && sameFamily(familyOf(body), family) && body.generation > 1,
    );
    const [intent] = again;
    if (intent === undefined) return;
    for (const who of [ANN, BEN, CARO]) if (random.chance(70)) this.ask(intent, who);
    const earlier = new Set<string>(
      chain.signed
        .filter(({ plan: { intents } }) =>
          intents.some((one) => sameFamily(one.family, familyOf(intent.body))),
        )
        .map(({ plan: { plan: digest } }) => digest),
    );
    const papers = [...earlier].flatMap((digest) => {
      const known = deaths.filter(({ paper }) => paper.body.plan === digest);
      return known.length === 0 ? [] : [random.of(known).paper];
    });
    this.offerPlan(intent, random.chance(90) ? papers : []);
  }

  private replay(): void {
    const { sent, good, random, machines } = this.world;
    if (sent.length === 0) return;
    // What one signer has signed, another may complete.
    const list = good.length > 0 && random.chance(70) ? good : sent;
    this.world.offer(random.below(machines.length), random.of(list));
  }

  private mutate(): void {
    const { world } = this;
    const { sent, good, random } = world;
    if (sent.length === 0) return;
    // What was signed is the best start: all else of it is right.
    const genuine = random.of(good.length > 0 && random.chance(80) ? good : sent);
    const all = [...mutationsOf(genuine, stringsOf(genuine), world.houses[0].ground.rewrites)];
    // Half of them where the money is: in the plan's bytes, fees and coins.
    const plans = all.filter(({ where }) => where.startsWith("plans[]"));
    const written = all.filter(({ where }) => REWRITTEN.test(where));
    const knowing = written.length > 0 && random.chance(50);
    const some = knowing ? written : random.chance(50) && plans.length > 0 ? plans : all;
    const { request } = random.of(some);
    const fitted = refitted(genuine, request, [CARO, OTTO], at("09:15:00"));
    world.offer(random.below(world.machines.length), sessionSigned(fitted, SESSION, at("09:25:00")));
  }

  // The machine's disk is put back and a request is offered. Where the book notices, the disk is put right again; what
  // it cannot notice is that refusals are forgotten, which no book has.
  private rollBackAndOffer(): void {
    const { world } = this;
    const { random, sent } = world;
    const signer = random.below(world.machines.length);
    const machine = world.machines[signer] as Machine;
    const { journal, logbook, house } = machine;
    if (sent.length === 0 || journal.lines.length < 4) return;
    machine.rollBack(2 + random.below(journal.lines.length - 2));
    const noticed = !hasHead(machine.journal, logbook);
    world.offer(signer, random.of(sent));
    if (!noticed) return;
    machine.journal = journal;
    machine.logbook = logbook;
    machine.house = house;
  }
}

// All three approvers have signed the customer's, so that it stays signed when one of them leaves.
function beneficiaryOf({ houses: [house] }: World, { body }: IntentDocument) {
  const thief = destination(house, "thief", [CARO]);
  if (body.type === "withdrawal" && body.beneficiary === thief.digest) return thief;
  return destination(house, "customer", [ANN, BEN, CARO]);
}

function stringsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(stringsOf);
}
