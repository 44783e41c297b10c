/**
 * One named attack for each law (docs/laws.md) that an owned online host could try against a signer, with the
 * operator's session and one approver (Caro) on its side. Laws 3, 4, 6 and parts of 7 are the model's: `model.ts`.
 */
import { expect } from "vitest";
import { consistencyProof } from "../../../../src/core/audit-proof.ts";
import {
  appendLeaf,
  EMPTY_FRONTIER,
  leafHash,
  rootOf,
  type Frontier,
} from "../../../../src/core/audit-tree.ts";
import { makeDocument } from "../../../../src/core/document.ts";
import { PLAN } from "../../../../src/core/documents/plan.ts";
import type { Request } from "../../../../src/core/documents/request.ts";
import { utf8 } from "../../../../src/core/hex.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import { addSeconds, type Instant } from "../../../../src/core/instant.ts";
import { signedDocument } from "../../../factory/documents.ts";
import { at, fixtureId } from "../../../factory/identities.ts";
import { codeOf } from "../../../factory/thrown.ts";
import { ANN, BEN, CARO, makeHouse, nextHouse, OTTO, SESSION, VAULT, type House } from "../house.ts";
import { destination, ownIntent, planOf, withdrawal, word, type Papers } from "../papers.ts";
import { NOW, type Scenario } from "../stage.ts";
import { haltOf, resumeOf } from "../words.ts";
import { offer } from "./offers.ts";

const HOUSE = makeHouse();
const order = (label: string, house: House = HOUSE) => withdrawal(house, { label });

const rows = (words: readonly string[]) => words.map((text) => leafHash(utf8(text)));
const YESTERDAY = rows(["a request", "an approval", "a plan"]);

/** A request that shows the audit tree of `leaves`, with the proof from `from` rows where there is one. */
function told(leaves: readonly Uint8Array[], from?: number): { readonly papers: Partial<Papers> } {
  const tree = leaves.reduce<Frontier>(appendLeaf, EMPTY_FRONTIER);
  const proofs =
    from === undefined
      ? []
      : [{ signer: "vault-1" as Name, size: from, proof: [...consistencyProof(leaves, from)] }];
  const place = { epoch: 1, size: leaves.length, root: rootOf(tree) };
  const audit: Request["audit"] = { ...place, extends: proofs };
  return { papers: { body: { audit } } };
}

export const LAW_SCENARIOS: Readonly<Record<string, Scenario>> = {
  "law 5: a plan of a wallet that the policy does not name"({ machine }) {
    const intent = order("order 1");
    const built = planOf(HOUSE, [{ intent }], { sets: ["a"], changes: { wallet: "cellar" as Name } });
    expect(offer(machine(HOUSE), intent, [], { built })).toBe("G4 WALLET_UNKNOWN");
    expect(offer(machine(HOUSE), intent, ["a"])).toBe("signed");
  },

  "law 5: an amount that no row covers, whoever approves it"({ machine }) {
    const vast = withdrawal(HOUSE, { label: "vast", units: "1000000001" });
    const intents = [vast.digest];
    const built = planOf(HOUSE, [{ intent: order("order 1") }], { sets: ["a"], changes: { intents } });
    expect(offer(machine(HOUSE), vast, [], { built })).toBe("G4 NO_ROW");
  },

  "law 7: an audit row that was rewritten since, and a tree that was cut"({ machine }) {
    const rewritten = rows(["a request", "another approval", "a plan", "more"]);
    for (const [tree, from] of [
      [rewritten, 3],
      [rewritten, undefined],
      [YESTERDAY.slice(0, 2), undefined],
    ] as const) {
      const signer = machine(HOUSE);
      expect(offer(signer, order("order 1"), ["a"], told(YESTERDAY))).toBe("signed");
      expect(offer(signer, order("order 2"), ["a"], told(tree, from))).toMatch(
        /^G3 AUDIT_(REWRITTEN|BEHIND)$/,
      );
    }
  },

  "law 7: audit rows that were added are no attack"({ machine }) {
    const signer = machine(HOUSE);
    const today = [...YESTERDAY, ...rows(["more", "and more"])];
    expect(offer(signer, order("order 1"), ["a"], told(YESTERDAY))).toBe("signed");
    expect(offer(signer, order("order 2"), ["a"], told(today, 3))).toBe("signed");
  },

  "succession: a next policy by the accomplice is not pinned, and the admin's ends what was before"({
    machine,
  }) {
    const signer = machine(HOUSE);
    const next = nextHouse(HOUSE, { approvalsSince: 2 });
    const policy = signedDocument(next.policy, [CARO, OTTO, SESSION], at("08:30:00"));
    expect(codeOf(() => signer.pin({ ...next, policy }))).toBe("POLICY_UNSIGNED");
    expect(offer(signer, order("order 1"), ["a"])).toBe("signed");
    signer.pin(next);
    expect(offer(signer, order("order 1"), ["a", "b"])).toBe("G4 BORN_TOO_EARLY");
    const young = withdrawal(next, { label: "order 2", changes: { born: 2 } });
    expect(offer(signer, young, ["b"])).toBe("signed");
  },

  "law 9: an approved consolidation is no way to pay anybody"({ machine }) {
    const tidy = ownIntent(HOUSE, "tidy", { type: "consolidate", units: "70000000" });
    const sets = ["a", "b"] as const;
    const paying = planOf(HOUSE, [{ intent: order("order 1") }], {
      sets,
      changes: { intents: [tidy.digest] },
    });
    const own = planOf(HOUSE, [{ intent: tidy }], {
      sets,
      task: { type: "consolidate", unitsMax: 70_000_000n },
    });
    expect(offer(machine(HOUSE), tidy, [], { built: paying })).toMatch(
      /^G6 (CANCEL_UNASKED|EFFECT_WITHOUT_INTENT)$/,
    );
    expect(offer(machine(HOUSE), tidy, [], { built: own })).toBe("signed");
  },

  "law 10: change to an index that no scan reaches"({ machine }) {
    const intent = order("order 1");
    const { plan, ...rest } = planOf(HOUSE, [{ intent }], { sets: ["a"] });
    const cancel = { feeUnits: plan.body.cancel?.feeUnits ?? "", changeIndex: 9_000_000 };
    const far = makeDocument(PLAN, { ...plan.body, cancel });
    expect(offer(machine(HOUSE), intent, [], { built: { ...rest, plan: far } })).toBe("G8 CHANGE_INDEX");
  },

  "law 11: a destination that the approver who is with the attacker has signed alone"({ machine }) {
    const thief = destination(HOUSE, "thief", [CARO]);
    const intent = withdrawal(HOUSE, { label: "order 1", to: thief });
    const papers = (to: typeof thief) => ({
      built: planOf(HOUSE, [{ intent, to }], { sets: ["a"] }),
      papers: { beneficiaries: [to] },
    });
    expect(offer(machine(HOUSE), intent, [], papers(thief))).toBe("G4 BENEFICIARY_UNSIGNED");
    // Another, rightly signed one is not the one that people have approved.
    const other = destination(HOUSE, "another customer's");
    expect(offer(machine(HOUSE), intent, [], papers(other))).toMatch(
      /^G4 (BENEFICIARY_MISMATCH|STRAY_DOCUMENT)$/,
    );
  },

  "law 12: an accomplice's signature from the future moves no clock"({ machine }) {
    const intent = order("order 1");
    const approvals = [word(HOUSE, intent, ANN), word(HOUSE, intent, CARO, {}, addSeconds(NOW, 3600))];
    expect(offer(machine(HOUSE), intent, ["a"], { papers: { approvals } })).toBe("G4 SIGNED_AHEAD");
  },

  "law 12: an accomplice who backdates his word ages no window"({ machine }) {
    const row = { limits: { dayUnits: "30000000", monthUnits: "300000000" }, approvalSecondsMax: 3 * 86_400 };
    const house = makeHouse({ row, policy: { issued: "2026-11-10T08:00:00Z" as Instant } });
    const signer = machine(house);
    const pay = (label: string, when: Instant, set: "a" | "b") => {
      const intent = order(label, house);
      const approvals = [word(house, intent, ANN), word(house, intent, CARO, {}, when)];
      return offer(signer, intent, [set], { papers: { approvals } });
    };
    expect(pay("order 1", "2026-11-20T09:00:00Z" as Instant, "a")).toBe("signed");
    expect(pay("order 2", "2026-11-21T09:00:01Z" as Instant, "b")).toBe("G9 LIMIT_DAY");
  },

  "law 12: a clock set back does not bring an expired intent to life"({ machine }) {
    const signer = machine(HOUSE);
    expect(offer(signer, order("order 1"), ["a"])).toBe("signed"); // journal time is 09:00 now
    const early = withdrawal(HOUSE, { label: "order 2", changes: { expires: at("08:59:59") } });
    signer.clock = addSeconds(at("09:00:00"), -200); // within the tolerance of 300 seconds
    expect(offer(signer, early, ["a"])).toBe("G4 INTENT_EXPIRED");
    signer.clock = addSeconds(at("09:00:00"), -400);
    expect(offer(signer, order("order 2"), ["a"])).toMatch(/^G[24] (CLOCK_BEHIND|DELEGATION_NOT_IN_FORCE)$/);
  },

  "law 13: a rejection that was brought there binds, though the host leaves it out"({ machine }) {
    const signer = machine(HOUSE);
    const intent = order("order 1");
    signer.import(word(HOUSE, intent, BEN, { decision: "reject" }));
    expect(offer(signer, intent, ["a"])).toBe("G4 REJECTED");
    expect(offer(signer, order("order 2"), ["a"])).toBe("signed");
  },

  "law 13: a rejection that came in one request binds when the next leaves it out"({ machine }) {
    const signer = machine(HOUSE);
    const intent = order("order 1");
    const yes = [ANN, CARO].map((who) => word(HOUSE, intent, who));
    const no = word(HOUSE, intent, BEN, { decision: "reject" });
    expect(offer(signer, intent, ["a"], { papers: { approvals: [...yes, no] } })).toBe("G4 REJECTED");
    expect(offer(signer, intent, ["a"])).toBe("G4 REJECTED");
    expect(offer(machine(HOUSE), intent, ["a"])).toBe("signed");
  },

  "law 13: a rejection that was brought there binds every draft and generation of the promise"({ machine }) {
    const signer = machine(HOUSE);
    const intent = order("order 1");
    const later = { generation: 2, supersedes: [intent.digest] };
    const drafts = [
      withdrawal(HOUSE, { label: "order 1", changes: later }),
      withdrawal(HOUSE, { label: "order 1", changes: { operation: fixtureId("another operation") } }),
      withdrawal(HOUSE, { label: "order 1", changes: { id: fixtureId("another id") } }),
    ];
    const play = () => drafts.map((draft) => offer(signer, draft, ["a"]));
    signer.import(word(HOUSE, intent, BEN, { decision: "reject" }));
    expect(play()).toEqual(drafts.map(() => "G4 REJECTED"));
    expect(drafts.map((draft) => offer(machine(HOUSE), draft, ["a"]))).toEqual(drafts.map(() => "signed"));
  },

  "law 13: a halt that was brought there stops the wallet until a quorum resumes"({ machine }) {
    const signer = machine(HOUSE);
    const halt = haltOf(HOUSE, "halt", { of: "everything" }, [ANN]);
    signer.import(halt);
    expect(offer(signer, order("order 1"), ["a"])).toBe("G4 HALTED");
    expect(codeOf(() => signer.import(resumeOf(HOUSE, halt, [CARO])))).toBe("IMPORT_UNENTITLED");
    expect(offer(signer, order("order 1"), ["a"])).toBe("G4 HALTED");
    signer.import(resumeOf(HOUSE, halt, [ANN, BEN]));
    expect(offer(signer, order("order 1"), ["a"])).toBe("signed");
  },

  "law 13: a halt by somebody who may not is no halt"({ machine }) {
    const signer = machine(HOUSE);
    const halt = haltOf(HOUSE, "halt", { of: "wallet", wallet: VAULT }, [SESSION]);
    expect(codeOf(() => signer.import(halt))).toBe("IMPORT_UNENTITLED");
    expect(offer(signer, order("order 1"), ["a"])).toBe("signed");
    signer.import(haltOf(HOUSE, "halt", { of: "wallet", wallet: VAULT }, [OTTO]));
    expect(offer(signer, order("order 2"), ["a"])).toBe("G4 HALTED");
  },

  "law 13: a release before its time, or backdated, releases nothing"({ machine }) {
    const slow = makeHouse({ row: { delaySeconds: 900 } });
    const intent = order("order 1", slow);
    const yes = [ANN, CARO].map((who) => word(slow, intent, who));
    const release = (when: Instant, who = CARO) => word(slow, intent, who, { decision: "release" }, when);
    const offered = (approvals: Papers["approvals"]) =>
      offer(machine(slow), intent, ["a"], { papers: { approvals } });
    expect(offered(yes)).toBe("G4 NOT_RELEASED");
    expect(offered([...yes, release(at("09:14:59"))])).toBe("G4 NOT_RELEASED");
    expect(offered([...yes, release(at("09:15:00"), BEN)])).toBe("signed");
  },
};
