/** The house, its people, its signers and the chain of one random story; every answer is held against what must never be. */
import type { JsonObject } from "../../../src/core/canonical.ts";
import { canonicalBytes } from "../../../src/core/canonical.ts";
import type { DeadDocument } from "../../../src/core/documents/dead.ts";
import { familyKeys, familyOf, type Family } from "../../../src/core/documents/family.ts";
import type { IntentDocument } from "../../../src/core/documents/intent.ts";
import type { Plan } from "../../../src/core/documents/plan.ts";
import type { ReceiptDocument } from "../../../src/core/documents/receipt.ts";
import type { VoidDocument } from "../../../src/core/documents/void.ts";
import { CustodyError } from "../../../src/core/errors.ts";
import type { Policy, PolicyRow } from "../../../src/core/policy/policy.ts";
import { hasHead } from "../../../signer/journal/memory.ts";
import { fixtureId } from "../../factory/identities.ts";
import { Chain } from "./chain.ts";
import type { Ground } from "./grounds/ground.ts";
import { ANN, BEN, CARO, makeHouse, nextHouse, SIGNERS, type House } from "./house.ts";
import { Machine, said, type Answer } from "./machine.ts";
import { isReleased, leftOut, paidAfter, paidTwice, signedApart, unapproved } from "./never.ts";
import { destination, viewOf, withdrawal } from "./papers.ts";
import { People } from "./people.ts";
import type { Random } from "./random.ts";
import { NOW } from "./stage.ts";

export class World {
  readonly random: Random;
  /** Under policy number 1, and under the number 2 that will follow. */
  readonly houses: readonly [House, House];
  /** The step from which number 2 is out: desks and machines move to it one by one. */
  readonly movesAt: number;
  readonly machines: readonly Machine[];
  readonly people: People;
  readonly chain: Chain;
  /** What customers wish, and what the attacker has made. */
  readonly intents: readonly IntentDocument[];
  /** Proofs of death that lie about, and whether people made them who had looked. */
  readonly deaths: { readonly paper: DeadDocument; readonly byPeople: boolean }[] = [];
  readonly sent: JsonObject[] = [];
  readonly good: JsonObject[] = [];
  readonly voids: VoidDocument[] = [];
  readonly broken: string[] = [];
  /** How often each gate was the one that refused, and how often each other thing happened. */
  readonly gates: Record<string, number> = {};
  readonly events: Record<string, number> = {};
  step = 0;
  private readonly released: Family[] = [];

  constructor(random: Random, ground: Ground) {
    this.random = random;
    this.people = new People(ground.chain);
    this.houses = housesOf(random, ground);
    this.movesAt = 20 + random.below(180);
    const [house] = this.houses;
    const { threshold, holders } = ground.quorum;
    this.chain = new Chain(threshold);
    // G4 refuses at a signer who holds no key of the vault, whatever is asked: a dull opponent.
    this.machines = SIGNERS.slice(0, holders).map((keys) => new Machine(house, keys, NOW));
    const wishes = wishesOf(house);
    this.people.wishes.push(...wishes);
    this.intents = [...wishes, ...liesOf(house)];
  }

  /** The house as whoever makes a paper now may know it. */
  someHouse(): House {
    return this.hasMoved ? this.random.of(this.houses) : this.houses[0];
  }

  get hasMoved(): boolean {
    return this.step >= this.movesAt;
  }

  /** An intent that somebody could ask for by now: a wish more often than a lie. */
  someIntent(): IntentDocument {
    const list = this.random.chance(75) ? this.people.wishes : this.intents;
    return this.random.of(list.filter(({ body }) => this.hasMoved || body.born === 1));
  }

  /** Offers `request` to one signer, and judges what comes back. */
  offer(signer: number, request: JsonObject): void {
    let answer: Answer;
    const machine = this.machines[signer] as Machine;
    try {
      answer = machine.offer(canonicalBytes(request));
    } catch (error) {
      // Out of a mutation the attacker may make what canonical JSON cannot even say.
      if (error instanceof CustodyError) return count(this.gates, "unreadable");
      return this.breaks(`the signer fails: ${String(error)}`);
    }
    if (answer.type === "refused") {
      count(this.gates, answer.gate);
      return this.assertReason(signer, answer);
    }
    if (answer.type === "again") return count(this.events, "given again");
    count(this.events, "signed");
    this.good.push(request);
    const { ground } = machine.house;
    for (const plan of request["plans"] as unknown as readonly Plan[])
      ground.learn(plan, viewOf(machine.house));
    this.take(signer, machine.house, answer.receipt);
  }

  /** Closes a family at a signer. */
  close(signer: number, intent: IntentDocument): void {
    try {
      const document = (this.machines[signer] as Machine).void(intent);
      this.voids.push(document);
      count(this.events, "voided");
      this.breaks(...leftOut(this.chain, signer, document));
    } catch (error) {
      if (!(error instanceof CustodyError)) throw error;
      count(this.events, "void refused");
    }
  }

  breaks(...what: readonly string[]): void {
    this.broken.push(...what.map((line) => `move ${this.step}: ${line}`));
  }

  /** Looks at all that enough signers have signed: P1, and P3 for holds that are released by now. */
  assertSafe(): void {
    const isOut = (family: Family) => this.released.some(({ intent }) => intent === family.intent);
    // n - m + 1: so many signers share one with any group that signs.
    const { holders, threshold } = this.houses[0].ground.quorum;
    const needed = holders - threshold + 1;
    for (const family of this.people.wishes.map(({ body }) => familyOf(body))) {
      if (isOut(family) || !isReleased(this.chain, family, this.voids, needed)) continue;
      count(this.events, "released");
      this.released.push(family);
    }
    this.breaks(...paidTwice(this.chain), ...paidAfter(this.chain, this.released));
  }

  private take(signer: number, house: House, receipt: ReceiptDocument): void {
    const { outcome } = receipt.body;
    if (outcome.type !== "signed") return;
    if (this.people.halted(signer) !== undefined) this.breaks(`signer ${signer} signs although it is halted`);
    this.breaks(...unapproved(house, this.intents, this.people, receipt));
    for (const plan of outcome.plans) {
      const keys = plan.intents.flatMap(({ family }) => familyKeys(family));
      if (keys.some((key) => this.isClosedAt(signer, key)))
        this.breaks(`signer ${signer} signs what it has voided`);
      this.breaks(...signedApart(this.chain, signer, plan));
      if (plan.intents.some(({ generation }) => generation > 1)) count(this.events, "later generation");
      this.chain.take(signer, plan);
    }
  }

  // A halt or a void that nobody entitled has made is no reason to refuse either. A machine that was rolled back may
  // lack the end of a halt.
  private assertReason(signer: number, answer: Answer): void {
    const { journal, logbook } = this.machines[signer] as Machine;
    if (!hasHead(journal, logbook)) return;
    if (said(answer) === "G4 HALTED" && this.people.halted(signer) === undefined)
      this.breaks(`signer ${signer} refuses for a halt that is not in force`);
    if (said(answer) === "G10 FAMILY_VOIDED" && !this.voids.some((one) => this.isOf(signer, one)))
      this.breaks(`signer ${signer} refuses for a void that it has not made`);
  }

  private isClosedAt(signer: number, key: string): boolean {
    return this.voids.some((one) => this.isOf(signer, one) && familyKeys(one.body.family).includes(key));
  }

  private isOf(signer: number, { body }: VoidDocument): boolean {
    return body.signer === SIGNERS[signer]?.who.name;
  }
}

export function count(counts: Record<string, number>, what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}

// Each promise is of another amount, so that one transaction never serves two.
function wishesOf(house: House): readonly IntentDocument[] {
  const orders: readonly (readonly [units: string, born: number])[] = [
    ["20000000", 1],
    ["9000000", 1],
    ["25000000", 1],
    // Asked for once policy number 2 is out.
    ["11000000", 2],
    ["27000000", 2],
  ];
  return orders.flatMap(([units, born], place) => {
    const label = `order ${place + 1}`;
    const first = withdrawal(house, { label, units, changes: { born } });
    const later = { born, generation: 2, supersedes: [first.digest] };
    return [first, withdrawal(house, { label, units, changes: later })];
  });
}

function liesOf(house: House): readonly IntentDocument[] {
  const thief = destination(house, "thief", [CARO]);
  return [
    withdrawal(house, { label: "order 1", changes: { id: fixtureId("twin of order 1") } }),
    withdrawal(house, { label: "order 2", units: "9000000", changes: { id: fixtureId("intent order 1") } }),
    withdrawal(house, { label: "order 3", units: "25000000", changes: { born: 2 } }),
    withdrawal(house, { label: "order 1", units: "29000000" }),
    withdrawal(house, { label: "theft", to: thief }),
  ];
}

/** A limit that some seeds reach within their moves and others never; and what the next policy changes. */
function housesOf(random: Random, ground: Ground): readonly [House, House] {
  const dayUnits = random.of(["60000000", "2000000000"]);
  const limits = { dayUnits: ground.unitsOf(dayUnits), monthUnits: ground.unitsOf("20000000000") };
  const first = makeHouse({ row: { limits }, ground });
  const next = random.of(FUTURES)(first.policy.body, ground);
  const approvalsSince = random.of([1, 2]);
  return [first, nextHouse(first, { ...next, approvalsSince })];
}

const rowsWith = ({ rows }: Policy, changes: Partial<PolicyRow>) =>
  rows.map((row) => ({ ...row, ...changes }));

const FUTURES: readonly ((old: Policy, ground: Ground) => Partial<Policy>)[] = [
  (old, ground) => ({
    rows: rowsWith(old, {
      limits: { dayUnits: ground.unitsOf("50000000"), monthUnits: ground.unitsOf("20000000000") },
    }),
  }),
  (old) => ({ rows: rowsWith(old, { quorum: 3 }) }),
  (old) => ({ identities: old.identities.filter(({ key }) => key !== BEN.key) }),
  (old) => ({ identities: old.identities.filter(({ key }) => key !== CARO.key) }),
  (old) => ({ identities: old.identities.filter(({ key }) => key !== ANN.key) }),
];
