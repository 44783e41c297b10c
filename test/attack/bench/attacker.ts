/**
 * A random attacker who owns the online host, with one approver and the operator's session on his side. From one seed
 * he asks, builds, mixes, replays, mutates and rolls back; after every signature that he gets, what must never be is
 * looked for: an effect that no quorum approved, or two attempts of one family that could both settle.
 */
import { familyKeys } from "../../../src/core/documents/family.ts";
import type { ApprovalDocument } from "../../../src/core/documents/approval.ts";
import type { IntentDocument } from "../../../src/core/documents/intent.ts";
import type { ReceiptDocument } from "../../../src/core/documents/receipt.ts";
import type { ReviewedEffect } from "../../../src/core/documents/review.ts";
import { CustodyError } from "../../../src/core/errors.ts";
import type { JsonObject } from "../../../src/core/canonical.ts";
import { canonicalBytes } from "../../../src/core/canonical.ts";
import { addSeconds } from "../../../src/core/instant.ts";
import { at, fixtureId, type Cast } from "../../factory/identities.ts";
import { ANN, BEN, CARO, makeHouse, OTTO, SESSION, SIGNERS, type House } from "./house.ts";
import { Machine, type Answer } from "./machine.ts";
import { mutationsOf, refitted, sessionSigned } from "./mutations.ts";
import {
  accountOf,
  bytesOf,
  destination,
  planOf,
  requestOf,
  withdrawal,
  word,
  type Built,
  type CoinSet,
} from "./papers.ts";
import { randomOf, type Random } from "./random.ts";

const NOW = at("09:30:00");
const QUORUM = 2;
const THRESHOLD = 2;

/** A chain signature that the attacker holds. */
type Signature = {
  readonly signer: number;
  readonly transaction: string;
  readonly conflictKeys: readonly string[];
  readonly families: readonly string[];
};

export type Story = {
  readonly moves: number;
  readonly signed: number;
  /** How often each gate was the one that refused. */
  readonly gates: Readonly<Record<string, number>>;
  /** What must never be, in words; empty when all is well. */
  readonly broken: readonly string[];
};

/** Plays `moves` moves from `seed`. */
export function attack(seed: number, moves: number): Story {
  const attacker = new Attacker(seed);
  for (let move = 0; move < moves && attacker.broken.length === 0; move++) attacker.move();
  const { signed, gates, broken } = attacker;
  return { moves, signed, gates, broken };
}

class Attacker {
  readonly broken: string[] = [];
  readonly gates: Record<string, number> = {};
  signed = 0;

  private readonly random: Random;
  private readonly house: House;
  private readonly machines: readonly Machine[];
  /** Intents that honest people know to be the customers' wish, and others that the attacker has made. */
  private readonly genuine: readonly IntentDocument[];
  private readonly intents: readonly IntentDocument[];
  private readonly given = new Map<string, Map<string, ApprovalDocument>>();
  private readonly sent: JsonObject[] = [];
  private readonly good: JsonObject[] = [];
  private readonly signatures: Signature[] = [];
  private readonly plans = new Map<string, Built>();
  private step = 0;

  constructor(seed: number) {
    this.random = randomOf(seed);
    this.house = houseOf(this.random);
    this.machines = SIGNERS.map((keys) => new Machine(this.house, keys, NOW));
    const order = (label: string, units: string) => withdrawal(this.house, { label, units });
    this.genuine = [order("order 1", "20000000"), order("order 2", "9000000"), order("order 3", "25000000")];
    const thief = destination(this.house, "thief", [CARO]);
    this.intents = [
      ...this.genuine,
      withdrawal(this.house, { label: "order 1", changes: { id: fixtureId("twin of order 1") } }),
      withdrawal(this.house, { label: "order 1", units: "29000000" }),
      withdrawal(this.house, { label: "theft", to: thief }),
    ];
    // Customers' wishes are approved in the course of the day, whatever the attacker does.
    for (const intent of this.genuine) if (this.random.chance(70)) this.askHonest(ANN, intent);
  }

  move(): void {
    this.step++;
    const { random } = this;
    const moves = [
      () => this.askHonest(random.of([ANN, BEN]), random.of(this.intents)),
      () => this.approve(CARO, random.of(this.intents)),
      () => this.offerPlan(),
      () => this.offerPlan(),
      () => this.offerPlan(),
      () => this.replay(),
      () => this.mutate(),
      () => this.mutate(),
      () => this.rollBackAndOffer(),
    ];
    random.of(moves)();
  }

  private askHonest(who: Cast, intent: IntentDocument): void {
    if (this.genuine.includes(intent)) this.approve(who, intent);
  }

  private approve(who: Cast, intent: IntentDocument): void {
    const votes = this.given.get(intent.digest) ?? new Map<string, ApprovalDocument>();
    votes.set(who.person, word(this.house, intent, who, {}, addSeconds(at("09:00:00"), this.step % 600)));
    this.given.set(intent.digest, votes);
  }

  private offerPlan(): void {
    const { random } = this;
    const intent = random.of(this.intents);
    const sets = random.some(["a", "b", "c"] as const satisfies readonly CoinSet[]);
    const to = random.chance(10) ? destination(this.house, "thief", [CARO]) : undefined;
    const built = this.planFor(intent, sets, to);
    if (built === undefined) return;
    const approvals = [...(this.given.get(intent.digest)?.values() ?? [])];
    if (approvals.length === 0) approvals.push(word(this.house, intent, CARO));
    const beneficiary =
      intent.body.type === "withdrawal" &&
      intent.body.beneficiary === destination(this.house, "thief", [CARO]).digest
        ? destination(this.house, "thief", [CARO])
        : destination(this.house, "customer");
    const request = requestOf(this.house, {
      plans: [built],
      intents: [intent],
      beneficiaries: [beneficiary],
      approvals: random.chance(5) ? approvals.slice(1).concat(word(this.house, intent, CARO)) : approvals,
      label: `request ${this.step}`,
    });
    const sent = JSON.parse(Buffer.from(bytesOf(request)).toString("utf8")) as JsonObject;
    this.sent.push(sent);
    this.offer(random.below(this.machines.length), sent);
  }

  private planFor(
    intent: IntentDocument,
    sets: readonly CoinSet[],
    to?: ReturnType<typeof destination>,
  ): Built | undefined {
    const key = `${intent.digest} ${sets.join("+")} ${to?.digest ?? ""}`;
    const known = this.plans.get(key);
    if (known !== undefined) return known;
    try {
      const built = planOf(this.house, [to === undefined ? { intent } : { intent, to }], { sets });
      this.plans.set(key, built);
      return built;
    } catch (error) {
      if (error instanceof CustodyError) return undefined; // too few coins for this amount
      throw error;
    }
  }

  private replay(): void {
    if (this.sent.length > 0) this.offer(this.random.below(this.machines.length), this.random.of(this.sent));
  }

  private mutate(): void {
    if (this.sent.length === 0) return;
    const { random } = this;
    // What was signed is the best start: all else of it is right.
    const genuine = random.of(this.good.length > 0 && random.chance(80) ? this.good : this.sent);
    const all = [...mutationsOf(genuine, stringsOf(genuine))];
    const { request } = random.of(all);
    const fitted = refitted(genuine, request, [CARO, OTTO], at("09:15:00"));
    this.offer(random.below(this.machines.length), sessionSigned(fitted, SESSION, at("09:25:00")));
  }

  // The machine's disk is put back, a request is offered, and the disk is put right again: the book has noticed.
  private rollBackAndOffer(): void {
    const machine = this.random.of(this.machines);
    const { journal } = machine;
    if (this.sent.length === 0 || journal.lines.length < 4) return;
    machine.rollBack(2 + this.random.below(journal.lines.length - 2));
    const { logbook } = machine;
    this.offer(this.machines.indexOf(machine), this.random.of(this.sent));
    machine.journal = journal;
    machine.logbook = logbook;
  }

  private offer(signer: number, request: JsonObject): void {
    let answer: Answer;
    try {
      answer = (this.machines[signer] as Machine).offer(canonicalBytes(request));
    } catch (error) {
      // Out of a mutation the attacker may make what canonical JSON cannot even say.
      if (error instanceof CustodyError) return this.count("unreadable");
      this.broken.push(`move ${this.step}: the signer fails: ${String(error)}`);
      return;
    }
    if (answer.type === "refused") return this.count(answer.gate);
    this.count(answer.type);
    this.signed++;
    this.good.push(request);
    this.take(signer, answer.receipt);
  }

  private count(what: string): void {
    this.gates[what] = (this.gates[what] ?? 0) + 1;
  }

  private take(signer: number, receipt: ReceiptDocument): void {
    const { outcome } = receipt.body;
    if (outcome.type !== "signed") return;
    for (const plan of outcome.plans) {
      const families = plan.intents.flatMap(({ family }) => familyKeys(family));
      // A cancel rung pays nobody; plans of two families over the same coins even have the very same one.
      for (const { transaction } of plan.rungs.filter(({ rung }) => rung !== "cancel"))
        this.signatures.push({ signer, transaction, conflictKeys: plan.conflictKeys, families });
    }
    for (const plan of outcome.review.plans)
      for (const rung of plan.rungs) for (const effect of rung.effects) this.assertApproved(effect);
    this.assertOnce();
  }

  private assertApproved(effect: ReviewedEffect): void {
    if (effect.type === "change") return;
    const intent = this.intents.find(
      ({ digest, body }) =>
        (this.given.get(digest)?.size ?? 0) >= QUORUM &&
        effect.intent === body.id &&
        effect.units === body.units,
    );
    const paysCustomer = effect.account === accountOf("customer");
    if (intent === undefined || !this.genuine.includes(intent) || !paysCustomer)
      this.broken.push(
        `move ${this.step}: signed ${effect.units} to ${effect.account}, which no quorum approved`,
      );
  }

  // Whatever enough signers have signed can be sent: of one family such attempts must compete for a coin.
  private assertOnce(): void {
    const complete = [...grouped(this.signatures).values()].filter(
      (list) => new Set(list.map(({ signer }) => signer)).size >= THRESHOLD,
    );
    for (const [one] of complete) {
      for (const [other] of complete) {
        if (one === undefined || other === undefined || one === other) continue;
        const sameFamily = one.families.some((key) => other.families.includes(key));
        const compete = one.conflictKeys.some((key) => other.conflictKeys.includes(key));
        if (sameFamily && !compete)
          this.broken.push(
            `move ${this.step}: ${one.transaction} and ${other.transaction} could both settle`,
          );
      }
    }
  }
}

function grouped(signatures: readonly Signature[]): Map<string, Signature[]> {
  const groups = new Map<string, Signature[]>();
  for (const signature of signatures) {
    const group = groups.get(signature.transaction) ?? [];
    group.push(signature);
    groups.set(signature.transaction, group);
  }
  return groups;
}

/** Limits that some seeds reach within their moves, and others never. */
function houseOf(random: Random): House {
  const dayUnits = random.of(["60000000", "2000000000"]);
  return makeHouse({ row: { limits: { dayUnits, monthUnits: "20000000000" } } });
}

function stringsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(stringsOf);
}
