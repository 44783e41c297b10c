/**
 * Every rule that the protocol's model can switch off, with the attack that its trace prints, played against the real
 * gates by whoever owns the online host, with one approver (Caro) and the operator's session on his side. Each refusal
 * has its accepting twin. `model/rules.mjs` names the rules; the last test compares.
 */
import { describe, expect, test } from "vitest";
import { makeDocument } from "../../src/core/document.ts";
import { DEAD, type DeadDocument } from "../../src/core/documents/dead.ts";
import type { IntentDocument } from "../../src/core/documents/intent.ts";
import type { Name } from "../../src/core/identifier.ts";
import { addSeconds } from "../../src/core/instant.ts";
import { assertConsistent } from "../../src/core/policy/verify.ts";
import { voidFamily } from "../../signer/gates/void.ts";
import { withLine } from "../../signer/journal/journal.ts";
// @ts-expect-error The model is plain JavaScript without types, read here for its list of rules alone.
import { DESIGN, FIXES } from "../../model/rules.mjs";
import { signedDocument } from "../factory/documents.ts";
import { at, castMember, fixtureDigest, fixtureId, type Cast } from "../factory/identities.ts";
import { codeOf } from "../factory/thrown.ts";
import { ANN, BEN, CARO, makeHouse, sharedWallet, SIGNERS, VAULT, type House } from "./bench/house.ts";
import { Machine, type Answer } from "./bench/machine.ts";
import {
  bytesOf,
  destination,
  ownIntent,
  planOf,
  requestOf,
  withdrawal,
  word,
  type Built,
  type CoinSet,
} from "./bench/papers.ts";

const HOUSE = makeHouse();
const NOW = at("09:30:00");

function machine(house: House = HOUSE, index = 0): Machine {
  return new Machine(house, SIGNERS[index] as (typeof SIGNERS)[number], NOW);
}

let count = 0;
/** What `signer` answers to a plan for `intent` over `sets`, approved by `approvers`. */
function offer(
  signer: Machine,
  intent: IntentDocument,
  sets: readonly CoinSet[],
  more: {
    approvers?: readonly Cast[];
    built?: Built;
    dead?: readonly DeadDocument[];
    heads?: readonly string[];
  } = {},
): Answer {
  const { house } = signer;
  const heads = (more.heads ?? []).map((head) => ({
    signer: signer.keys.who.name,
    epoch: 1,
    head: head as never,
  }));
  const built = more.built ?? planOf(house, [{ intent }], { sets, label: `${++count}` });
  const approvals = (more.approvers ?? [ANN, CARO]).map((who) => word(house, intent, who, { heads }));
  const own = intent.body.type !== "withdrawal";
  const request = requestOf(house, {
    plans: [built],
    intents: [intent],
    ...(own ? { beneficiaries: [] } : {}),
    approvals,
    label: `request ${++count}`,
    body: {
      dead: (more.dead ?? []).map(({ body, signatures }) => ({ ...body, signatures: [...signatures] })),
    },
  });
  return signer.offer(bytesOf(request));
}

const said = (answer: Answer) => (answer.type === "refused" ? `${answer.gate} ${answer.rule}` : answer.type);

/** Proof of death of the plan that `signer` signed last. */
function deadOf(signer: Machine, who: readonly Cast[]): DeadDocument {
  const outcomes = signer.journal.lines.map(({ receipt }) => receipt?.body.outcome);
  const outcome = outcomes.findLast((one) => one?.type === "signed");
  if (outcome?.type !== "signed") throw new Error("the signer has signed nothing");
  const [plan] = outcome.plans;
  const document = makeDocument(DEAD, {
    kind: "dead",
    version: 1,
    network: "regtest",
    custody: signer.house.custody,
    plan: plan?.plan as never,
    transactions: plan?.rungs.map(({ transaction }) => transaction) ?? [],
    conflictKey: plan?.conflictKeys[0] as string,
    spentBy: fixtureDigest("another payment of ours"),
    block: { hash: fixtureDigest("block"), height: 900 },
    evidence: fixtureDigest("evidence"),
    policy: 1,
  });
  return signedDocument(document, who, at("09:10:00"));
}

const g1 = withdrawal(HOUSE, { label: "order 1" });
const g2 = withdrawal(HOUSE, { label: "order 1", changes: { generation: 2, supersedes: [g1.digest] } });
const twin = withdrawal(HOUSE, {
  label: "order 1",
  changes: { id: fixtureId("another id for order 1") },
});

const SCENARIOS: Readonly<Record<string, () => void>> = {
  quorum() {
    expect(said(offer(machine(), g1, ["a"], { approvers: [CARO] }))).toBe("G4 QUORUM_NOT_MET");
    expect(said(offer(machine(), g1, ["a"], { approvers: [ANN, CARO] }))).toBe("signed");
  },

  effects() {
    const thief = planOf(HOUSE, [{ intent: g1, to: destination(HOUSE, "thief") }], { sets: ["a"] });
    expect(said(offer(machine(), g1, ["a"], { built: thief }))).toBe("G6 EFFECT_WITHOUT_INTENT");
    expect(said(offer(machine(), g1, ["a"]))).toBe("signed");
  },

  family() {
    const signer = machine();
    expect(said(offer(signer, g1, ["a"]))).toBe("signed");
    expect(said(offer(signer, g1, ["b"]))).toBe("G10 NO_SHARED_COIN");
    expect(said(offer(signer, g1, ["a", "b"]))).toBe("signed");
  },

  everyAttempt() {
    const signer = machine();
    expect(said(offer(signer, g1, ["a"]))).toBe("signed");
    expect(said(offer(signer, g1, ["a", "b"]))).toBe("signed");
    expect(said(offer(signer, g1, ["b"]))).toBe("G10 NO_SHARED_COIN"); // it shares with the newest alone
    expect(said(offer(signer, g1, ["a", "c"]))).toBe("signed");
  },

  clientKey() {
    const signer = machine();
    expect(said(offer(signer, g1, ["a"]))).toBe("signed");
    expect(said(offer(signer, twin, ["b"]))).toBe("G10 NO_SHARED_COIN");
    expect(said(offer(signer, withdrawal(HOUSE, { label: "order 2" }), ["b"]))).toBe("signed");
  },

  deadTwoPeople() {
    const signer = machine();
    expect(said(offer(signer, g1, ["a"]))).toBe("signed");
    expect(said(offer(signer, g2, ["b"], { dead: [deadOf(signer, [CARO])] }))).toBe("G10 DEAD_UNSIGNED");
    expect(said(offer(signer, g2, ["b"], { dead: [deadOf(signer, [ANN, BEN])] }))).toBe("signed");
  },

  freshGeneration() {
    const signer = machine();
    expect(said(offer(signer, g1, ["a"]))).toBe("signed");
    const dead = [deadOf(signer, [ANN, BEN])];
    expect(said(offer(signer, g1, ["b"], { dead }))).toBe("G10 NOT_SUPERSEDED");
    expect(said(offer(signer, g1, ["b"]))).toBe("G10 NO_SHARED_COIN");
    expect(said(offer(signer, g2, ["b"], { dead }))).toBe("signed");
  },

  heads() {
    // A desk has seen the head after g1 on a; the journal goes back; g2 is approved at that desk.
    const signer = machine();
    const before = signer.journal.lines.length;
    expect(said(offer(signer, g1, ["a"]))).toBe("signed");
    const heads = [signer.journal.head];
    expect(said(offer(signer, g2, ["a", "b"], { heads }))).toBe("signed");
    signer.rollBack(before);
    signer.logbook = signer.journal.head; // a forged book: the head alone must stop it
    expect(said(offer(signer, g2, ["b"], { heads }))).toBe("G3 ROLLED_BACK");
  },

  logbook() {
    const signer = machine();
    const before = signer.journal.lines.length;
    expect(said(offer(signer, g1, ["a"]))).toBe("signed");
    signer.rollBack(before);
    expect(said(offer(signer, g1, ["b"]))).toBe("G11 LOGBOOK_HEAD_UNKNOWN");
    expect(said(offer(machine(), g1, ["b"]))).toBe("signed");
  },

  epoch() {
    // Restored with another key and epoch: the policy that is pinned does not know it.
    const [first, ...others] = SIGNERS;
    const stranger = castMember("vault-1 restored");
    const restored = {
      ...(first as (typeof SIGNERS)[number]),
      who: { ...stranger, name: "vault-1" as Name },
    };
    expect(said(offer(new Machine(HOUSE, restored, NOW), g1, ["b"]))).toBe("G3 EPOCH_UNKNOWN");
    expect(said(offer(new Machine(HOUSE, others[0] as (typeof SIGNERS)[number], NOW), g1, ["b"]))).toBe(
      "signed",
    );
  },

  bornAfterEpoch() {
    const [vault1, ...rest] = HOUSE.policy.body.signers;
    const young = makeHouse({
      policy: {
        number: 2,
        previous: HOUSE.policy.digest,
        custody: HOUSE.custody,
        approvalsSince: 1,
        signers: [{ ...(vault1 as NonNullable<typeof vault1>), since: 2 }, ...rest],
      },
    });
    const old = withdrawal(young, { label: "order 1", changes: { born: 1 } });
    const fresh = withdrawal(young, { label: "order 2", changes: { born: 2 } });
    expect(said(offer(machine(young), old, ["a"]))).toBe("G4 BORN_BEFORE_EPOCH");
    expect(said(offer(machine(young), fresh, ["a"]))).toBe("signed");
    expect(said(offer(machine(young, 1), old, ["a"]))).toBe("signed");
    const { state, keys } = machine(young);
    expect(codeOf(() => voidFamily(old, keys.who.seed, state))).toBe("G4_BORN_BEFORE_EPOCH");
    expect(codeOf(() => voidFamily(fresh, keys.who.seed, state))).toBe("none");
  },

  expiry() {
    const signer = machine();
    const short = withdrawal(HOUSE, { label: "order 3", changes: { expires: NOW } });
    signer.clock = addSeconds(NOW, 1);
    expect(said(offer(signer, short, ["a"]))).toBe("G4 INTENT_EXPIRED");
    signer.clock = NOW;
    expect(said(offer(signer, short, ["a"]))).toBe("signed");
  },

  voidHonoured() {
    const signer = machine();
    close(signer, g1);
    expect(said(offer(signer, g1, ["a"]))).toBe("G10 FAMILY_VOIDED");
    expect(said(offer(signer, twin, ["a"]))).toBe("G10 FAMILY_VOIDED");
    expect(said(offer(signer, withdrawal(HOUSE, { label: "order 2" }), ["a"]))).toBe("signed");
  },

  voidCloses() {
    // The void names what was signed before it, so that nobody can release a hold over an attempt that lives.
    const signer = machine();
    expect(said(offer(signer, g1, ["a"]))).toBe("signed");
    const { document } = close(signer, g1);
    expect(document.body.attempts.map(({ conflictKeys }) => conflictKeys)).toEqual([
      planOf(HOUSE, [{ intent: g1 }], { sets: ["a"] }).plan.body.conflictKeys,
    ]);
    expect(said(offer(signer, g1, ["a", "b"]))).toBe("G10 FAMILY_VOIDED");
    expect(close(machine(), g1).document.body.attempts).toEqual([]);
  },

  cancelApart() {
    // Three signers lured to a, b and c: a cancel on any of them can still be signed by all.
    const signers = [0, 1, 2].map((index) => machine(HOUSE, index));
    const plans = (["a", "b", "c"] as const).map((set) => planOf(HOUSE, [{ intent: g1 }], { sets: [set] }));
    signers.forEach((signer, i) => {
      expect(said(offer(signer, g1, [], { built: plans[i] as Built }))).toBe("signed");
    });
    const conflictKeys = [...(plans[1] as Built).plan.body.conflictKeys];
    const cancel = ownIntent(HOUSE, "cancel b", { type: "cancel", conflictKeys });
    for (const signer of signers) {
      const built = planOf(HOUSE, [{ intent: cancel }], {
        sets: ["b"],
        task: { type: "cancel", conflictKeys },
      });
      expect(said(offer(signer, cancel, [], { built }))).toBe("signed");
    }
  },

  quorumsMeet() {
    const policyWith = (threshold: number) =>
      makeHouse({ policy: { wallets: [sharedWallet(VAULT, threshold, SIGNERS)] } }).policy.body;
    expect(codeOf(() => assertConsistent(policyWith(1)))).toBe("POLICY_INCONSISTENT");
    expect(codeOf(() => assertConsistent(policyWith(2)))).toBe("none");
  },

  walletsMeet() {
    const cellar = "cellar" as Name;
    const [one, two] = SIGNERS as [(typeof SIGNERS)[number], (typeof SIGNERS)[number]];
    const policyWith = (threshold: number, signers: readonly (typeof SIGNERS)[number][]) => {
      const { body } = makeHouse({ row: { wallets: [VAULT, cellar] } }).policy;
      return {
        ...body,
        wallets: [sharedWallet(VAULT, 2, SIGNERS), sharedWallet(cellar, threshold, signers)],
      };
    };
    expect(codeOf(() => assertConsistent(policyWith(1, [one])))).toBe("POLICY_INCONSISTENT");
    expect(codeOf(() => assertConsistent(policyWith(2, [one, two])))).toBe("none");
  },
};

/** Rules of the online host, of people and of the journal's file: shown where those are tested. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  deadAtDepth: "a proof of death is drafted from a spend at the policy's depth alone: test/node",
  writeAhead: "the journal is on disk before a receipt leaves: test/unit/signer",
  voidCount: "a hold is released by n - m + 1 voids: test/unit/withdrawals",
  voidKeepsKey: "a void closes the family, so there is no next plan at that signer: voidHonoured above",
  voidByWalletKey: "voids are counted by wallet key: test/unit/withdrawals",
  voidEveryWallet: "voids are counted for every wallet that could pay: test/unit/withdrawals",
};

function close(signer: Machine, intent: IntentDocument) {
  const written = voidFamily(intent, signer.keys.who.seed, signer.state);
  if (written.line !== undefined) {
    signer.journal = withLine(signer.journal, written.line);
    signer.logbook = signer.journal.head;
  }
  return written;
}

describe("with the rule on, the model's shortest attack is refused", () => {
  test.each(Object.entries(SCENARIOS))("%s", (_rule, play) => play());
});

test("every rule of the model has its scenario", () => {
  const rules = Object.keys({ ...DESIGN, ...FIXES }).sort();
  expect([...Object.keys(SCENARIOS), ...Object.keys(ELSEWHERE)].sort()).toEqual(rules);
});
