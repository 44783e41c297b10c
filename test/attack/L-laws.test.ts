/**
 * One named attack for each law of the trust model that an owned online host could try against a signer, with the
 * operator's session and one approver (Caro) on its side. Laws 3, 4, 6 and parts of 7 are the model's: M-model-rules.
 */
import { describe, expect, test } from "vitest";
import { appendLeaf, EMPTY_FRONTIER, leafHash, rootOf, type Frontier } from "../../src/core/audit-tree.ts";
import { consistencyProof } from "../../src/core/audit-proof.ts";
import { makeDocument } from "../../src/core/document.ts";
import { HALT } from "../../src/core/documents/halt.ts";
import type { IntentDocument } from "../../src/core/documents/intent.ts";
import { PLAN } from "../../src/core/documents/plan.ts";
import type { Request } from "../../src/core/documents/request.ts";
import { utf8 } from "../../src/core/hex.ts";
import type { Name } from "../../src/core/identifier.ts";
import { addSeconds } from "../../src/core/instant.ts";
import { signedDocument } from "../factory/documents.ts";
import { at, fixtureId } from "../factory/identities.ts";
import { ANN, BEN, CARO, makeHouse, SIGNERS, type House } from "./bench/house.ts";
import { Machine, type Answer } from "./bench/machine.ts";
import {
  bytesOf,
  destination,
  ownIntent,
  planOf,
  requestOf,
  withdrawal,
  word,
  type Papers,
} from "./bench/papers.ts";

const HOUSE = makeHouse();
const NOW = at("09:30:00");
const machine = (house: House = HOUSE) => new Machine(house, SIGNERS[0] as (typeof SIGNERS)[number], NOW);
const said = (answer: Answer) => (answer.type === "refused" ? `${answer.gate} ${answer.rule}` : answer.type);

let count = 0;
/** Offers a request for one withdrawal, good but for `changes`. */
function offer(signer: Machine, intent: IntentDocument, changes: Partial<Papers> = {}): string {
  const { house } = signer;
  const request = requestOf(house, {
    plans: changes.plans ?? [planOf(house, [{ intent }], { sets: ["a"], label: `${++count}` })],
    intents: [intent],
    approvals: [ANN, CARO].map((who) => word(house, intent, who)),
    label: `law ${++count}`,
    ...changes,
  });
  return said(signer.offer(bytesOf(request)));
}

const order = (label: string, house: House = HOUSE) => withdrawal(house, { label });

describe("law 5, default deny", () => {
  test("a plan of a wallet that the policy does not name", () => {
    const intent = order("order 1");
    const plan = planOf(HOUSE, [{ intent }], { sets: ["a"], changes: { wallet: "cellar" as Name } });
    expect(offer(machine(), intent, { plans: [plan] })).toBe("G4 WALLET_UNKNOWN");
    expect(offer(machine(), intent)).toBe("signed");
  });

  test("an amount that no row covers, whoever approves it", () => {
    const vast = withdrawal(HOUSE, { label: "vast", units: "1000000001" });
    const plans = [
      planOf(HOUSE, [{ intent: order("order 1") }], { sets: ["a"], changes: { intents: [vast.digest] } }),
    ];
    expect(offer(machine(), vast, { plans })).toBe("G4 NO_ROW");
  });
});

describe("law 7, the audit tree that the signer has countersigned", () => {
  const rows = (words: readonly string[]) => words.map((word) => leafHash(utf8(word)));
  const placeOf = (leaves: readonly Uint8Array[]) => {
    const tree = leaves.reduce<Frontier>(appendLeaf, EMPTY_FRONTIER);
    return { epoch: 1, size: leaves.length, root: rootOf(tree) };
  };
  const told = (leaves: readonly Uint8Array[], from?: number): Partial<Papers> => {
    const proofs =
      from === undefined
        ? []
        : [{ signer: "vault-1" as Name, size: from, proof: [...consistencyProof(leaves, from)] }];
    const audit: Request["audit"] = { ...placeOf(leaves), extends: proofs };
    return { body: { audit } };
  };
  const yesterday = rows(["a request", "an approval", "a plan"]);

  test("a row that was rewritten since, and a tree that was cut", () => {
    const rewritten = rows(["a request", "another approval", "a plan", "more"]);
    for (const [tree, from] of [
      [rewritten, 3],
      [rewritten, undefined],
      [yesterday.slice(0, 2), undefined],
    ] as const) {
      const signer = machine();
      expect(offer(signer, order("order 1"), told(yesterday))).toBe("signed");
      expect(offer(signer, order("order 2"), told(tree, from))).toMatch(/^G3 AUDIT_(REWRITTEN|BEHIND)$/);
    }
  });

  test("rows that were added are no attack", () => {
    const signer = machine();
    const today = [...yesterday, ...rows(["more", "and more"])];
    expect(offer(signer, order("order 1"), told(yesterday))).toBe("signed");
    expect(offer(signer, order("order 2"), { ...told(today, 3) })).toBe("signed");
  });
});

describe("laws 9 and 10, effects and change", () => {
  test("an approved consolidation is no way to pay anybody", () => {
    const tidy = ownIntent(HOUSE, "tidy", { type: "consolidate", units: "70000000" });
    const paying = planOf(HOUSE, [{ intent: order("order 1") }], {
      sets: ["a", "b"],
      changes: { intents: [tidy.digest] },
    });
    const approvals = [ANN, CARO].map((who) => word(HOUSE, tidy, who));
    const own = planOf(HOUSE, [{ intent: tidy }], {
      sets: ["a", "b"],
      task: { type: "consolidate", unitsMax: 70_000_000n },
    });
    const none = { beneficiaries: [], approvals };
    expect(offer(machine(), tidy, { ...none, plans: [paying] })).toMatch(
      /^G6 (CANCEL_UNASKED|EFFECT_WITHOUT_INTENT)$/,
    );
    expect(offer(machine(), tidy, { ...none, plans: [own] })).toBe("signed");
  });

  test("change to an index that no scan reaches", () => {
    const intent = order("order 1");
    const { plan, ...built } = planOf(HOUSE, [{ intent }], { sets: ["a"] });
    const cancel = { feeUnits: plan.body.cancel?.feeUnits ?? "", changeIndex: 9_000_000 };
    const far = makeDocument(PLAN, { ...plan.body, cancel });
    expect(offer(machine(), intent, { plans: [{ ...built, plan: far }] })).toBe("G8 CHANGE_INDEX");
  });
});

describe("law 11, a destination is a signed document", () => {
  test("one that the approver who is with the attacker has signed alone", () => {
    const thief = destination(HOUSE, "thief", [CARO]);
    const intent = withdrawal(HOUSE, { label: "order 1", to: thief });
    const papers = (to: typeof thief): Partial<Papers> => ({
      plans: [planOf(HOUSE, [{ intent, to }], { sets: ["a"] })],
      beneficiaries: [to],
    });
    expect(offer(machine(), intent, papers(thief))).toBe("G4 BENEFICIARY_UNSIGNED");
    // Another, rightly signed one is not the one that people have approved.
    const other = destination(HOUSE, "another customer's");
    expect(offer(machine(), intent, papers(other))).toMatch(/^G4 (BENEFICIARY_MISMATCH|STRAY_DOCUMENT)$/);
  });
});

describe("law 12, time at the signer is signed time", () => {
  test("an accomplice's signature from the future moves no clock", () => {
    const intent = order("order 1");
    const future = word(HOUSE, intent, CARO, {}, addSeconds(NOW, 3600));
    expect(offer(machine(), intent, { approvals: [word(HOUSE, intent, ANN), future] })).toBe(
      "G4 SIGNED_AHEAD",
    );
  });

  test("a clock set back does not bring an expired intent to life", () => {
    const signer = machine();
    expect(offer(signer, order("order 1"))).toBe("signed"); // journal time is 09:00 now
    const early = withdrawal(HOUSE, { label: "order 2", changes: { expires: at("08:59:59") } });
    signer.clock = addSeconds(at("09:00:00"), -200); // within the tolerance of 300 seconds
    expect(offer(signer, early)).toBe("G4 INTENT_EXPIRED");
    signer.clock = addSeconds(at("09:00:00"), -400);
    expect(offer(signer, order("order 2"))).toMatch(/^G[24] (CLOCK_BEHIND|DELEGATION_NOT_IN_FORCE)$/);
  });
});

describe("law 13, a no reaches the signer", () => {
  test("a rejection that was brought there binds, though the host leaves it out", () => {
    const signer = machine();
    const intent = order("order 1");
    signer.import(word(HOUSE, intent, BEN, { decision: "reject" }));
    expect(offer(signer, intent)).toBe("G4 REJECTED");
    expect(offer(signer, order("order 2"))).toBe("signed");
  });

  test("a halt that was brought there stops the wallet, whatever the host says", () => {
    const signer = machine();
    const halt = makeDocument(HALT, {
      kind: "halt",
      version: 1,
      network: "regtest",
      custody: HOUSE.custody,
      id: fixtureId("halt"),
      scope: { of: "everything" },
      code: "odd-request" as Name,
      policy: 1,
    });
    signer.import(signedDocument(halt, [ANN], at("09:10:00")));
    expect(offer(signer, order("order 1"))).toBe("G4 HALTED");
  });

  test("a release before its time, or backdated, releases nothing", () => {
    const slow = makeHouse({ row: { delaySeconds: 900 } });
    const intent = order("order 1", slow);
    const yes = [ANN, CARO].map((who) => word(slow, intent, who));
    const release = (when: typeof NOW, who = CARO) => word(slow, intent, who, { decision: "release" }, when);
    expect(offer(machine(slow), intent, { approvals: yes })).toBe("G4 NOT_RELEASED");
    expect(offer(machine(slow), intent, { approvals: [...yes, release(at("09:14:59"))] })).toBe(
      "G4 NOT_RELEASED",
    );
    expect(offer(machine(slow), intent, { approvals: [...yes, release(at("09:15:00"), BEN)] })).toBe(
      "signed",
    );
  });
});
