/** What a row may ask for beyond approvals: a release after a delay, compliance, and keys that sign their own way. */
import { describe, expect, test } from "vitest";
import { makeDocument } from "../../../../src/core/document.ts";
import {
  CLEARANCE,
  type Clearance,
  type ClearanceDocument,
} from "../../../../src/core/documents/clearance.ts";
import { HALT, RESUME, type HaltDocument } from "../../../../src/core/documents/halt.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import { addSeconds, type Instant } from "../../../../src/core/instant.ts";
import { countSignatures } from "../../../../src/core/policy/counting.ts";
import { evaluate, type Evidence } from "../../../../src/core/policy/evaluate.ts";
import { haltsInForce, isHalt, isResume } from "../../../../src/core/policy/halts.ts";
import type { Policy, PolicyRow } from "../../../../src/core/policy/policy.ts";
import {
  approval,
  beneficiary,
  header,
  intent,
  policyBody,
  row,
  signedDocument,
} from "../../../factory/documents.ts";
import {
  ANNA,
  BEN,
  MALLORY,
  OLGA,
  OSCAR,
  at,
  castMember,
  fixtureId,
  type Cast,
} from "../../../factory/identities.ts";

const CLARA = castMember("clara", "Clara Compliance");
const CARL = castMember("carl", "Carl Compliance");
const what = intent();

function identity(who: Cast, ...roles: Policy["identities"][number]["roles"]) {
  return { name: who.name, person: who.person, key: who.key, alg: "ed25519" as const, roles };
}

function policyWith(changes: Partial<PolicyRow>, more: Partial<Policy> = {}): Policy {
  const base = policyBody();
  const identities = [...base.identities, identity(CLARA, "compliance"), identity(CARL, "compliance")];
  return policyBody({ identities, rows: [row("small", "0", "100000000", 1, changes)], ...more });
}

function verdict(policy: Policy, changes: Partial<Evidence>, now: Instant): string {
  const evidence = {
    intent: what,
    beneficiary: beneficiary(),
    approvals: [approval(what)],
    clearances: [],
    halts: [],
  };
  const evaluation = evaluate(policy, { ...evidence, ...changes }, now);
  return evaluation.allowed ? "allowed" : evaluation.rule;
}

describe("NOT_RELEASED: a row with a delay needs a second yes after it (law 13)", () => {
  const slow = policyWith({ delaySeconds: 600, approvalSecondsMax: 86_400 });
  const yes = approval(what, [ANNA], {}, at("09:00:00"));
  const release = (when: Instant, who = BEN) => approval(what, [who], { decision: "release" }, when);
  const now = at("09:30:00");

  test("the delay runs from the signature that completed the quorum, in signed time", () => {
    expect(verdict(slow, { approvals: [yes] }, now)).toBe("NOT_RELEASED");
    expect(verdict(slow, { approvals: [yes, release(at("09:09:59"))] }, now)).toBe("NOT_RELEASED");
    expect(verdict(slow, { approvals: [yes, release(at("09:10:00"))] }, now)).toBe("allowed");
    expect(verdict(slow, { approvals: [yes, release(at("09:10:00"), MALLORY)] }, now)).toBe("NOT_RELEASED");
  });

  test("one backdated approval of two does not start the delay earlier", () => {
    const two = policyWith({ delaySeconds: 600, approvalSecondsMax: 86_400, quorum: 2 });
    const backdated = approval(what, [BEN], {}, at("08:00:00"));
    const early = release(at("08:30:00"), BEN);
    expect(verdict(two, { approvals: [backdated, yes, early] }, now)).toBe("NOT_RELEASED");
    expect(verdict(two, { approvals: [backdated, yes, release(at("09:10:00"))] }, now)).toBe("allowed");
  });

  test("a no after the release is still a no", () => {
    const no = approval(what, [BEN], { decision: "reject" }, at("09:20:00"));
    expect(verdict(slow, { approvals: [yes, release(at("09:10:00")), no] }, now)).toBe("REJECTED");
  });

  test("compliance may say no to a payment as well, a stranger may not", () => {
    const no = (who: Cast) => approval(what, [who], { decision: "reject" });
    expect(verdict(policyWith({}), { approvals: [yes, no(CLARA)] }, now)).toBe("REJECTED");
    expect(verdict(policyWith({}), { approvals: [yes, no(OSCAR)] }, now)).toBe("allowed");
  });
});

describe("clearances: signed by compliance, for a tier, one or many intents at once", () => {
  const careful = policyWith({ clearance: { quorum: 1, secondsMax: 3600, tiers: ["standard" as Name] } });
  const now = at("09:30:00");
  const clearance = (changes: Partial<Clearance> = {}, who: readonly Cast[] = [CLARA]): ClearanceDocument => {
    const body: Clearance = {
      ...header("clearance"),
      decision: "clear",
      code: "standard" as Name,
      intents: [what.digest],
      policy: 1,
      expires: at("18:00:00"),
      ...changes,
    };
    return signedDocument(makeDocument(CLEARANCE, body), who, at("09:05:00"));
  };
  const rule = (clearances: readonly ClearanceDocument[], policy = careful, when = now) =>
    verdict(policy, { clearances }, when);

  test.each([
    ["none", [], "CLEARANCE_MISSING"],
    ["one for this intent", [clearance()], "allowed"],
    [
      "a batch that names it",
      [clearance({ intents: [intent({ units: "7" }).digest, what.digest] })],
      "allowed",
    ],
    ["a batch that does not", [clearance({ intents: [intent({ units: "7" }).digest] })], "CLEARANCE_MISSING"],
    ["another tier", [clearance({ code: "gold" as Name })], "CLEARANCE_MISSING"],
    ["an approver's", [clearance({}, [ANNA])], "CLEARANCE_MISSING"],
    ["a stranger's", [clearance({}, [MALLORY])], "CLEARANCE_MISSING"],
    ["an expired one", [clearance({ expires: at("09:29:59") })], "CLEARANCE_MISSING"],
    ["one under a later policy", [clearance({ policy: 2 })], "CLEARANCE_MISSING"],
    [
      "a refusal",
      [clearance(), clearance({ decision: "refuse", code: "list-hit" as Name })],
      "CLEARANCE_REFUSED",
    ],
    ["a stranger's refusal", [clearance(), clearance({ decision: "refuse" }, [MALLORY])], "allowed"],
  ])("%s", (_name, clearances, expected) => {
    expect(rule(clearances)).toBe(expected);
  });

  test("the row's longest life and its quorum of persons", () => {
    expect(rule([clearance()], careful, at("10:05:00"))).toBe("QUORUM_NOT_MET");
    const long = policyWith({
      approvalSecondsMax: 86_400,
      clearance: { quorum: 2, secondsMax: 3600, tiers: ["standard" as Name] },
    });
    expect(rule([clearance()], long)).toBe("CLEARANCE_MISSING");
    expect(rule([clearance({}, [CLARA, CARL])], long, at("10:05:00"))).toBe("allowed");
    expect(rule([clearance({}, [CLARA, CARL])], long, at("10:05:01"))).toBe("CLEARANCE_MISSING");
  });
});

describe("HALTED: one person stops, a quorum resumes (law 13)", () => {
  const halt = (scope: HaltDocument["body"]["scope"], who: Cast = ANNA): HaltDocument =>
    signedDocument(
      makeDocument(HALT, {
        ...header("halt"),
        id: fixtureId("halt"),
        scope,
        code: "odd-tx" as Name,
        policy: 1,
      }),
      [who],
      at("09:00:00"),
    );
  const policy = policyWith({});
  const everything = halt({ of: "everything" });
  const wallet = "vault" as Name;
  const rule = (halts: readonly HaltDocument[], from: Name | undefined) =>
    verdict(policy, { halts, wallet: from }, at("09:30:00"));

  test("over everything, or over the paying wallet alone", () => {
    expect(rule([everything], undefined)).toBe("HALTED");
    expect(rule([everything], wallet)).toBe("HALTED");
    expect(rule([halt({ of: "wallet", wallet })], wallet)).toBe("HALTED");
    expect(rule([halt({ of: "wallet", wallet: "cellar" as Name })], wallet)).toBe("allowed");
    expect(rule([], wallet)).toBe("allowed");
  });

  test("whose word counts", () => {
    for (const who of [ANNA, OLGA, OSCAR, CLARA])
      expect(isHalt(policy, halt({ of: "everything" }, who))).toBe(true);
    expect(isHalt(policy, halt({ of: "everything" }, MALLORY))).toBe(false);
    const resume = (who: readonly Cast[]) =>
      signedDocument(
        makeDocument(RESUME, { ...header("resume"), halt: everything.digest, policy: 1 }),
        who,
        at("09:10:00"),
      );
    expect(isResume(policy, resume([ANNA]))).toBe(false);
    expect(isResume(policy, resume([ANNA, OLGA]))).toBe(false);
    expect(isResume(policy, resume([ANNA, BEN]))).toBe(true);
    expect(haltsInForce([everything], [])).toEqual([everything]);
    expect(haltsInForce([everything, halt({ of: "wallet", wallet })], [resume([ANNA, BEN])])).toEqual([
      halt({ of: "wallet", wallet }),
    ]);
  });
});

describe("destinations: life, delay and the customer's own key (law 11)", () => {
  const KATE = castMember("kate", "Kate Customer");
  const policy = policyWith({}, { beneficiaries: { lifeSecondsMax: 86_400, delaySeconds: 600 } });
  const day = { notBefore: at("08:00:00"), expires: addSeconds(at("08:00:00"), 86_400) };
  const rule = (destination: ReturnType<typeof beneficiary>, now: Instant, under = policy) => {
    const wish = intent({ beneficiary: destination.digest });
    return verdict(under, { intent: wish, beneficiary: destination, approvals: [approval(wish)] }, now);
  };

  test("BENEFICIARY_TOO_LONG: a second more than the policy allows", () => {
    expect(rule(beneficiary(day), at("09:30:00"))).toBe("allowed");
    expect(rule(beneficiary({ ...day, expires: addSeconds(day.expires, 1) }), at("09:30:00"))).toBe(
      "BENEFICIARY_TOO_LONG",
    );
  });

  test("a new destination is good only after the delay, counted from the signature that completed its quorum", () => {
    const late = policyWith({}, { beneficiaries: { lifeSecondsMax: 86_400, delaySeconds: 5000 } });
    expect(rule(beneficiary(day), at("09:30:00"), late)).toBe("BENEFICIARY_NOT_IN_FORCE");
    expect(rule(beneficiary(day), at("09:33:20"), late)).toBe("allowed"); // signed at 08:10:00
  });

  test("BENEFICIARY_UNCONFIRMED: where the customer has a key, it must have signed", () => {
    const named = { ...day, customerKey: KATE.key };
    expect(rule(beneficiary(named, [ANNA]), at("09:30:00"))).toBe("BENEFICIARY_UNCONFIRMED");
    expect(rule(beneficiary(named, [KATE]), at("09:30:00"))).toBe("BENEFICIARY_UNSIGNED");
    expect(rule(beneficiary(named, [ANNA, KATE]), at("09:30:00"))).toBe("allowed");
  });
});

test("a key that the policy keeps in a security key counts no ordinary signature", () => {
  const base = policyBody();
  const identities = base.identities.map((entry) =>
    entry.name === ANNA.name ? { ...entry, alg: "sshsig-sk" as const } : entry,
  );
  expect(countSignatures(base, "approver", approval(what)).length).toBe(1);
  expect(countSignatures(policyBody({ identities }), "approver", approval(what)).length).toBe(0);
});
