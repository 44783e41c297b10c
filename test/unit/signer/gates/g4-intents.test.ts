import { describe, expect, test } from "vitest";
import { embed } from "../../../../src/core/document.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import type { Instant } from "../../../../src/core/instant.ts";
import type { Policy, PolicyRow, PolicySigner } from "../../../../src/core/policy/policy.ts";
import type { IntentDocument } from "../../../../src/core/documents/intent.ts";
import type { PlanDocument } from "../../../../src/core/documents/plan.ts";
import {
  COINS,
  goodRequest,
  makeCustody,
  OTHER_PAYEE,
  payout,
  planFor,
  requestFor,
  stateFor,
  type Payout,
} from "../../../factory/custody.ts";
import { approval, beneficiary, policyBody, signedDocument } from "../../../factory/documents.ts";
import { reviewed, signed } from "../../../factory/gates.ts";
import { ask, planned } from "../../../factory/requests.ts";
import {
  ANNA,
  at,
  BEN,
  fixtureDigest,
  fixtureId,
  MALLORY,
  OLGA,
  OSCAR,
  RUTH,
} from "../../../factory/identities.ts";
import { codeOf } from "../../../factory/thrown.ts";

const [smallRow] = policyBody().rows as [PolicyRow];
const [policySigner] = policyBody().signers as [PolicySigner];
const custody = makeCustody();
const state = stateFor(custody);
const verdict = (request: Parameters<typeof reviewed>[0], given = state) =>
  codeOf(() => reviewed(request, given));

/** The verdict on one withdrawal. */
function judged(changes: Parameters<typeof payout>[1], given = state): string {
  const payouts = [payout(custody, changes)];
  return verdict(requestFor(custody, payouts, [planFor(custody, payouts)]), given);
}

describe("G4: quorum, beneficiary and life", () => {
  test("an approved intent passes; one more approver changes nothing", () => {
    expect(judged({})).toBe("none");
    expect(judged({ approvers: [ANNA, BEN] })).toBe("none");
  });

  test("a missing row means deny", () => {
    const only = makeCustody({
      rows: [{ ...smallRow, upToUnits: "24999999" }],
    });
    const payouts = [payout(only)];
    expect(verdict(requestFor(only, payouts, [planFor(only, payouts)]), stateFor(only))).toBe("G4_NO_ROW");
  });

  test("two keys of one person are one approver", () => {
    const big = { units: "110000000" };
    const coins = [{ units: 200_000_000n, index: 1 }];
    const on = (approvers: Parameters<typeof payout>[1]) => {
      const payouts = [payout(custody, { ...big, ...approvers })];
      return verdict(ask(custody, [planned(custody, payouts, { coins })]));
    };
    expect(on({ approvers: [ANNA, BEN] })).toBe("none");
    expect(on({ approvers: [ANNA] })).toBe("G4_QUORUM_NOT_MET");
    expect(on({ approvers: [ANNA, OSCAR] })).toBe("G4_QUORUM_NOT_MET");
  });

  test("one rejection binds for ever (law 13)", () => {
    const good = payout(custody);
    const no = approval(good.intent, [BEN], {
      custody: custody.id,
      decision: "reject",
      expires: at("08:00:00"),
    });
    const payouts: Payout[] = [{ ...good, approvals: [...good.approvals, no] }];
    expect(verdict(requestFor(custody, payouts, [planFor(custody, payouts)]))).toBe("G4_REJECTED");
    const stranger = approval(good.intent, [OLGA], { custody: custody.id, decision: "reject" });
    const harmless: Payout[] = [{ ...good, approvals: [...good.approvals, stranger] }];
    expect(verdict(requestFor(custody, harmless, [planFor(custody, harmless)]))).toBe("none");
  });

  test("approvals end: by their own date, by the row's, by journal time", () => {
    expect(judged({ approval: { expires: at("09:30:00") } })).toBe("none");
    expect(judged({ approval: { expires: at("09:29:59") } })).toBe("G4_QUORUM_NOT_MET");
    expect(judged({ approvedAt: at("08:30:00") })).toBe("none");
    expect(judged({ approvedAt: at("08:29:59") })).toBe("G4_QUORUM_NOT_MET");
    const journal = { ...custody.journal, time: at("09:30:01") };
    expect(judged({ approvedAt: at("08:30:00") }, stateFor(custody, { journal }))).toBe("G4_QUORUM_NOT_MET");
  });

  test("an approval under a policy that is not pinned does not count", () => {
    expect(judged({ approval: { policy: 2 } })).toBe("G4_QUORUM_NOT_MET");
  });

  test("an intent ends", () => {
    expect(judged({ intent: { expires: at("09:30:00") } })).toBe("none");
    expect(judged({ intent: { expires: at("09:29:59") } })).toBe("G4_INTENT_EXPIRED");
  });

  test("a requester needs the role", () => {
    expect(judged({ intent: { requester: RUTH.name } })).toBe("none");
    expect(judged({ intent: { requester: OLGA.name } })).toBe("G4_REQUESTER_UNKNOWN");
  });

  test("a destination is signed, in force and the customer's (law 11)", () => {
    expect(judged({ beneficiarySigners: [BEN] })).toBe("none");
    expect(judged({ beneficiarySigners: [OSCAR] })).toBe("G4_BENEFICIARY_UNSIGNED");
    expect(judged({ beneficiary: { expires: at("09:29:59") } })).toBe("G4_BENEFICIARY_NOT_IN_FORCE");
    expect(judged({ beneficiary: { notBefore: at("09:30:01") } })).toBe("G4_BENEFICIARY_NOT_IN_FORCE");
    expect(judged({ intent: { customer: fixtureId("another customer") } })).toBe("G4_BENEFICIARY_MISMATCH");
  });

  test("an address swapped by the online host has no approval (law 11)", () => {
    const good = payout(custody);
    const swapped = beneficiary({
      ...good.beneficiary.body,
      account: payout(custody, { address: OTHER_PAYEE }).beneficiary.body.account,
    });
    const payouts: Payout[] = [{ ...good, beneficiary: swapped }];
    expect(verdict(requestFor(custody, payouts, [planFor(custody, payouts)]))).toBe("G4_STRAY_DOCUMENT");
  });

  test("the row names the wallets that may pay", () => {
    const two = [
      ...policyBody().wallets,
      { ...(policyBody().wallets[0] as never as object), name: "cold" } as never,
    ];
    const [vault, cold] = two as [typeof custody.wallet, typeof custody.wallet];
    const wallets = [vault, { ...cold, descriptor: custody.wallet.descriptor }];
    const both = makeCustody({ wallets });
    const payouts = [payout(both)];
    const plan = planFor({ ...both, wallet: custody.wallet }, payouts, { plan: { wallet: "cold" as Name } });
    expect(verdict(requestFor(both, payouts, [plan]), stateFor(both))).toBe("G4_WALLET_NOT_ALLOWED");
  });
});

describe("G4: families, people and time", () => {
  test("a generation names each earlier one once (law 4)", () => {
    const { intent: first } = payout(custody);
    const { intent: second } = payout(custody, { supersedes: [first] });
    expect(judged({ supersedes: [first] })).toBe("none");
    expect(judged({ supersedes: [second, first] })).toBe("none");
    expect(judged({ intent: { generation: 2 } })).toBe("G4_SUPERSEDES");
    expect(judged({ supersedes: [first], intent: { generation: 1 } })).toBe("G4_SUPERSEDES");
    expect(judged({ supersedes: [first, second] })).toBe("G4_SUPERSEDES");
  });

  test("a request brings every earlier generation, each once, and no others (law 4)", () => {
    const { intent: first } = payout(custody);
    const { intent: second } = payout(custody, { supersedes: [first] });
    const carrying = (...superseded: readonly IntentDocument[]) => {
      const payouts = [{ ...payout(custody, { supersedes: [second, first] }), superseded }];
      return verdict(requestFor(custody, payouts, [planFor(custody, payouts)]));
    };
    expect(carrying(first, second)).toBe("none");
    expect(carrying(first)).toBe("G4_SUPERSEDED_MISSING");
    expect(carrying(first, second, first)).toBe("G4_DOCUMENT_TWICE");
    expect(carrying(first, second, payout(custody, { label: "order 78" }).intent)).toBe("G4_STRAY_DOCUMENT");
    const elsewhere = payout(custody, { intent: { custody: fixtureDigest("elsewhere") } }).intent;
    expect(carrying(first, second, elsewhere)).toBe("G2_DOCUMENT_WRONG_CUSTODY");
  });

  test("a family is born under a policy that this signer knows, in its own epoch (law 7)", () => {
    expect(judged({ intent: { born: 2 } })).toBe("G4_BORN_LATER");
    const signers = [{ ...policySigner, since: 2 }];
    const renewed = makeCustody({ signers });
    const payouts = [payout(renewed)];
    expect(verdict(requestFor(renewed, payouts, [planFor(renewed, payouts)]), stateFor(renewed))).toBe(
      "G4_BORN_BEFORE_EPOCH",
    );
  });

  test("one person may not approve and stand at the signer", () => {
    expect(judged({}, stateFor(custody, { officer: OLGA.key }))).toBe("none");
    const identities = policyBody().identities.map((identity) =>
      identity.name === OLGA.name ? { ...identity, person: ANNA.person } : identity,
    );
    const merged = makeCustody({ identities });
    expect(verdict(goodRequest(merged), stateFor(merged))).toBe("G4_CONFLICT_OF_ROLES");
  });

  test("whoever led the request out counts with the others, where the policy keeps operators apart", () => {
    const identities = policyBody().identities.map((identity) =>
      identity.name === OSCAR.name ? { ...identity, person: ANNA.person } : identity,
    );
    const apart = (...conflicts: Policy["conflicts"]) => {
      const merged = makeCustody({ identities, conflicts });
      return verdict(goodRequest(merged), stateFor(merged));
    };
    expect(apart(["operator", "approver"])).toBe("G4_CONFLICT_OF_ROLES");
    expect(apart(["requester", "approver"])).toBe("none");
  });

  test("a clock behind journal time is refused beyond the tolerance of 300 s", () => {
    const behind = (time: string) => stateFor(custody, { journal: { ...custody.journal, time: at(time) } });
    expect(judged({}, behind("09:35:00"))).toBe("none");
    expect(judged({}, behind("09:35:01"))).toBe("G4_CLOCK_BEHIND");
  });

  test("a signature from the future is refused beyond the tolerance", () => {
    expect(judged({ approvedAt: at("09:35:00") })).toBe("none");
    expect(judged({ approvedAt: at("09:35:01") })).toBe("G4_SIGNED_AHEAD");
    expect(verdict(goodRequest(custody, { at: at("09:35:00") }))).toBe("none");
    expect(verdict(goodRequest(custody, { at: at("09:35:01") }))).toBe("G4_SIGNED_AHEAD");
  });

  test("nor may the customer's own signature of the destination be from the future (law 12)", () => {
    const signedBy = (when: Instant, stranger = when) => {
      const one = payout(custody, { beneficiary: { customerKey: MALLORY.key } });
      const own = signedDocument(one.beneficiary, [MALLORY], when);
      const strange = signedDocument(one.beneficiary, [RUTH], stranger);
      const signatures = [one.beneficiary, own, strange].flatMap((each) => each.signatures);
      const destination = { ...one.beneficiary, signatures };
      const payouts = [{ ...one, beneficiary: destination }];
      return verdict(requestFor(custody, payouts, [planFor(custody, payouts)]));
    };
    expect(signedBy(at("09:35:00"))).toBe("none");
    expect(signedBy(at("09:35:01"))).toBe("G4_SIGNED_AHEAD");
    // A stranger's under it says nothing, and stops nothing.
    expect(signedBy(at("09:00:00"), at("20:00:00"))).toBe("none");
  });

  test("journal time becomes the time at which the quorum stood, never the clock (law 12)", () => {
    expect(signed(goodRequest(custody), state).line.entry.at).toBe(at("09:00:00"));
    const payouts = [payout(custody, { approvedAt: at("09:34:00") })];
    const ahead = requestFor(custody, payouts, [planFor(custody, payouts)]);
    expect(signed(ahead, state).line.entry.at).toBe(at("09:34:00"));
    const journal = { ...custody.journal, time: at("09:20:00") };
    expect(signed(goodRequest(custody), stateFor(custody, { journal })).line.entry.at).toBe(at("09:20:00"));
  });

  test("a clock that lags within the tolerance lengthens no life", () => {
    const changes = { approvedAt: at("09:34:00"), intent: { expires: at("09:33:00") } };
    expect(judged({ ...changes, intent: { expires: at("09:34:00") } })).toBe("none");
    expect(judged(changes)).toBe("G4_INTENT_EXPIRED");
  });

  test("the policy must accept each kind in this version", () => {
    const accepts = policyBody().accepts.filter(({ kind }) => kind !== "plan");
    const narrow = makeCustody({ accepts });
    expect(verdict(goodRequest(narrow), stateFor(narrow))).toBe("G4_VERSION_NOT_ACCEPTED");
  });
});

describe("G4: the request is whole", () => {
  const [one, two] = [payout(custody), payout(custody, { label: "order 78", address: OTHER_PAYEE })];
  const both = planFor(custody, [one, two]);
  const alone = planFor(custody, [one]);

  test("two intents in one plan, or in two plans, pass", () => {
    expect(verdict(requestFor(custody, [one, two], [both]))).toBe("none");
    const coins = [{ units: 70_000_000n, index: 3 }];
    const plans = [planned(custody, [one]), planned(custody, [two], { coins })];
    expect(verdict(ask(custody, plans))).toBe("none");
  });

  test.each<[string, readonly Payout[], readonly PlanDocument[], string]>([
    ["an intent twice", [one, { ...one, approvals: [] }], [alone], "G4_DOCUMENT_TWICE"],
    ["a plan twice", [one], [alone, alone], "G4_DOCUMENT_TWICE"],
    ["an intent in no plan", [one, two], [alone], "G4_INTENT_NOT_PLANNED_ONCE"],
    ["an intent in two plans", [one, two], [alone, both], "G4_INTENT_NOT_PLANNED_ONCE"],
    ["an intent twice in a plan", [one], [planFor(custody, [one, one])], "G4_INTENT_NOT_PLANNED_ONCE"],
    ["a plan for an absent intent", [one], [both], "G4_INTENT_NOT_IN_REQUEST"],
  ])("%s is refused", (_, payouts, plans, code) => {
    expect(verdict(requestFor(custody, payouts, plans))).toBe(code);
  });

  test("documents beside the point are refused", () => {
    const stray = requestFor(custody, [one], [alone], {
      body: { approvals: [...one.approvals, ...two.approvals].map(embed) },
    });
    expect(verdict(stray)).toBe("G4_STRAY_DOCUMENT");
  });

  test("a wallet that is unknown, or not this signer's, is refused", () => {
    const unknown = planFor(custody, [one], { coins: COINS, plan: { wallet: "nowhere" as Name } });
    expect(verdict(requestFor(custody, [one], [unknown]))).toBe("G4_WALLET_UNKNOWN");
    const self = { ...state.self, name: "signer-2" as Name };
    const signers = [{ ...policySigner, name: "signer-2" as Name }];
    const elsewhere = makeCustody({ signers });
    expect(verdict(goodRequest(elsewhere), stateFor(elsewhere, { self }))).toBe("G4_WALLET_NOT_OURS");
  });
});
