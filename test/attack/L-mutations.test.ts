/**
 * Every single change of a good request: the signer refuses it, or signs the same payments. Three
 * attackers try each: one who only holds the file, one who also has the session key, and one with whom an approver and
 * the operator are, so that every digest fits again. `ATTACK_STRIDE=1` plays all of them, as `npm run attack` does.
 */
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/canonical.ts";
import { canonicalBytes } from "../../src/core/canonical.ts";
import type { Review } from "../../src/core/documents/review.ts";
import { CustodyError } from "../../src/core/errors.ts";
import { at } from "../factory/identities.ts";
import { ACCOUNT } from "./bench/grounds/account.ts";
import { BITCOIN } from "./bench/grounds/bitcoin.ts";
import { COIN_SETS, type Ground } from "./bench/grounds/ground.ts";
import { SAFE_GROUND } from "./bench/grounds/safe.ts";
import { ANN, CARO, makeHouse, OTTO, SESSION, SIGNERS, type House } from "./bench/house.ts";
import { Machine } from "./bench/machine.ts";
import { mutationsOf, refitted, REWRITTEN, sessionSigned, type Mutation } from "./bench/mutations.ts";
import { bytesOf, planOf, requestOf, withdrawal, word } from "./bench/papers.ts";

const STRIDE = Number(process.env["ATTACK_STRIDE"] ?? "9");
const GROUNDS: readonly Ground[] = [BITCOIN, SAFE_GROUND, ACCOUNT];

const fresh = (house: House) => new Machine(house, SIGNERS[0], at("09:30:00"));

function goodRequest(house: House): JsonObject {
  const intents = [
    withdrawal(house, { label: "order 1", units: "20000000" }),
    withdrawal(house, { label: "order 2", units: "5000000" }),
  ];
  const pays = intents.map((intent) => ({ intent }));
  const request = requestOf(house, {
    // One plan of both, or where a plan makes one payment, one of each.
    plans:
      house.ground.paymentsMax >= pays.length
        ? [planOf(house, pays, { sets: ["a"] })]
        : pays.map((pay, place) => planOf(house, [pay], { sets: COIN_SETS.slice(place, place + 1) })),
    intents,
    approvals: intents.flatMap((intent) => [ANN, CARO].map((who) => word(house, intent, who))),
  });
  return JSON.parse(Buffer.from(bytesOf(request)).toString("utf8")) as JsonObject;
}

/** What a signature is about, as far as somebody could gain by changing it. */
type Meaning = {
  readonly payments: string;
  readonly rungs: number;
  readonly fees: string;
  readonly change: string;
};

function meaningOf({ plans }: Review): Meaning {
  const rungs = plans.flatMap((plan) => [...plan.rungs, plan.cancel]);
  const ofType = (change: boolean) =>
    rungs.map((rung) =>
      (rung?.effects ?? [])
        .filter(({ type }) => (type === "change") === change)
        .map((effect) => [effect.type, effect.account, change || !("units" in effect) ? "" : effect.units]),
    );
  // Each rung pays what the others pay, and the cancel rung nobody.
  const paid = ofType(false).map((payments) => JSON.stringify(payments));
  return {
    payments: [...new Set(paid)].sort().join(" or "),
    rungs: rungs.length,
    fees: JSON.stringify(rungs.map((rung) => rung?.feeUnits)),
    change: JSON.stringify(ofType(true)),
  };
}

/** The gate that refuses, or what was signed instead; another payment is thrown. */
function judge(house: House, request: JsonObject, meaning: Meaning): string {
  let bytes: Uint8Array;
  try {
    bytes = canonicalBytes(request);
  } catch (error) {
    if (error instanceof CustodyError) return "cannot be written";
    throw error;
  }
  const answer = fresh(house).offer(bytes);
  if (answer.type === "refused") return answer.gate;
  const { outcome } = answer.receipt.body;
  if (outcome.type !== "signed") throw new Error("a receipt that signs says so");
  const found = meaningOf(outcome.review);
  expect(found.payments).toBe(meaning.payments);
  if (found.rungs !== meaning.rungs) return "another number of rungs";
  if (found.change !== meaning.change) return "another change address";
  return found.fees === meaning.fees ? "same effects" : "another fee";
}

function mutationsOfGood(good: JsonObject, ground: Ground): readonly Mutation[] {
  const strings =
    JSON.stringify(good)
      .match(/"[^"]+"/g)
      ?.map((text) => text.slice(1, -1)) ?? [];
  // Changes of a plan's transaction are few, and all of them are played.
  return [...mutationsOf(good, strings, ground.rewrites)].filter(
    ({ where }, i) => i % STRIDE === 0 || REWRITTEN.test(where),
  );
}

function meaningOfGood(house: House, good: JsonObject): Meaning {
  const answer = fresh(house).offer(canonicalBytes(good));
  if (answer.type === "refused" || answer.receipt.body.outcome.type !== "signed")
    throw new Error("the good request is refused");
  return meaningOf(answer.receipt.body.outcome.review);
}

/**
 * What may be changed, and what is signed then; all else is refused. The host chooses fees within the caps of G7 and
 * change addresses of ours within law 10; ids, lives and proofs beside the point change nothing.
 */
const ACCEPTED: Readonly<Record<string, string>> = {
  // Another order, and signatures that the approver who is with the attacker makes anew.
  approvals: "same effects",
  "approvals[].signatures": "same effects",
  "approvals[].signatures[]": "same effects",
  "approvals[].signatures[].alg": "same effects",
  "approvals[].signatures[].at": "same effects",
  "approvals[].signatures[].sig": "same effects",
  // Any tree extends the empty one.
  "audit.size": "same effects",
  // Another order, or that approver in the place of one of the quorum.
  "beneficiaries[].signatures": "same effects",
  "beneficiaries[].signatures[].by": "same effects",
  // The operator is with the attacker.
  "delegation.expires": "same effects",
  "delegation.notBefore": "same effects",
  "delegation.signatures": "same effects",
  "delegation.signatures[]": "same effects",
  "delegation.signatures[].alg": "same effects",
  "delegation.signatures[].at": "same effects",
  "delegation.signatures[].sig": "same effects",
  // Ids of the host's own, and the order of what it lists.
  id: "same effects",
  intents: "same effects",
  operation: "same effects",
  "plans[].id": "same effects",
  "plans[].intents": "same effects",
  "plans[].operation": "same effects",
  "plans[].snapshot": "same effects",
  // The session key signs whatever it is given.
  signatures: "same effects",
  "signatures[]": "same effects",
  "signatures[].alg": "same effects",
  "signatures[].at": "same effects",
  "signatures[].by": "same effects",
  "signatures[].sig": "same effects",
};

const eachPlan = (how: string, verdict: string) => ({
  [`plans[0] of ${how}`]: verdict,
  [`plans[1] of ${how}`]: verdict,
});

/** Fees and change are the host's to choose, within G7's caps and law 10; a Safe's plan has neither, an account's no change. */
const ACCEPTED_ON: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  bitcoin: {
    ...ACCEPTED,
    "plans[].cancel.changeIndex": "another change address",
    "plans[].cancel.feeUnits": "another fee",
    "plans[].rungs[]": "another number of rungs",
  },
  // Which nonce the first attempt at a payment takes, nobody has said.
  Safe: { ...ACCEPTED, "plans[0] of another nonce": "same effects" },
  account: {
    ...ACCEPTED,
    // The nonce after the first plan's is the second one's.
    "plans[1] of another nonce": "same effects",
    // In another form or at another speed it pays the same, for the same fee.
    ...eachPlan("type 0", "same effects"),
    ...eachPlan("type 1", "same effects"),
    ...eachPlan("type 2", "same effects"),
    ...eachPlan("2 times the fee", "another fee"),
    // Of the second one's payment, which is smaller, it would be too large a share.
    "plans[0] of 6 times the fee": "another fee",
    // Another order of the two.
    plans: "same effects",
    "plans[].rungs[]": "another number of rungs",
  },
};

type Arrange = (request: JsonObject, good: JsonObject) => JsonObject;

const ATTACKERS: readonly (readonly [string, Arrange])[] = [
  ["who holds the file", (request) => request],
  ["with the session key", (request) => sessionSigned(request, SESSION, at("09:25:00"))],
  [
    "with an approver and the operator",
    (request, good) =>
      sessionSigned(refitted(good, request, [CARO, OTTO], at("09:15:00")), SESSION, at("09:25:00")),
  ],
];

describe.each(GROUNDS)("changes of a good request on $name", (ground) => {
  const house = makeHouse({ ground });
  const good = goodRequest(house);
  const mutations = mutationsOfGood(good, ground);
  const meaning = meaningOfGood(house, good);
  test.each(ATTACKERS)(
    "an attacker %s",
    (who, arrange) => {
      const counts: Record<string, number> = {};
      const accepted = new Map<string, string>();
      for (const { where, request } of mutations) {
        const verdict = judge(house, arrange(request, good), meaning);
        counts[verdict] = (counts[verdict] ?? 0) + 1;
        if (!/^G\d|cannot/.test(verdict)) accepted.set(where, verdict);
      }
      console.log(`${ground.name}, ${mutations.length} changes, ${who}: ${JSON.stringify(counts)}`);
      const foreseen = ACCEPTED_ON[ground.name] ?? {};
      const unforeseen = [...accepted].filter(([where, verdict]) => foreseen[where] !== verdict);
      expect(Object.fromEntries(unforeseen)).toEqual({});
    },
    600_000,
  );
});
