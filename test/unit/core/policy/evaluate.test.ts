import { describe, expect, test } from "vitest";
import type { AccountId } from "../../../../src/core/account.ts";
import { bitcoinAsset } from "../../../../src/core/asset.ts";
import { BITCOIN_CHAINS } from "../../../../src/core/chain.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import { addSeconds, type Instant } from "../../../../src/core/instant.ts";
import { countSignatures } from "../../../../src/core/policy/counting.ts";
import { evaluate, rowFor, type Evidence } from "../../../../src/core/policy/evaluate.ts";
import type { Policy } from "../../../../src/core/policy/policy.ts";
import {
  BTC,
  approval,
  beneficiary,
  intent,
  policyBody,
  signedDocument,
} from "../../../factory/documents.ts";
import {
  ANNA,
  BEN,
  MALLORY,
  OLGA,
  RUTH,
  at,
  castMember,
  fixtureDigest,
  fixtureId,
} from "../../../factory/identities.ts";
import { COLD, treasury, wish } from "../../../factory/requests.ts";

const NOW = at("09:30:00");
const POLICY = policyBody();

/** Everything that a payment of 0.25 BTC needs. */
function evidence(changes: Partial<Evidence> = {}): Evidence {
  const what = intent();
  return {
    intent: what,
    beneficiary: beneficiary(),
    approvals: [approval(what)],
    clearances: [],
    halts: [],
    wallet: "vault" as Name,
    ...changes,
  };
}

/** The rule that denies, or "allowed". */
function verdict(changes: Partial<Evidence> = {}, policy: Policy = POLICY, now: Instant = NOW): string {
  const evaluation = evaluate(policy, evidence(changes), now);
  return evaluation.allowed ? "allowed" : evaluation.rule;
}

/** Evidence for an intent with other fields, approved and consistent otherwise. */
function forIntent(changes: Parameters<typeof intent>[0]): Partial<Evidence> {
  const what = intent(changes);
  return { intent: what, approvals: [approval(what)] };
}

/** Evidence for another beneficiary that the intent does name. */
function forBeneficiary(...parts: Parameters<typeof beneficiary>): Partial<Evidence> {
  const destination = beneficiary(...parts);
  return { ...forIntent({ beneficiary: destination.digest }), beneficiary: destination };
}

test("a payment with all that it needs is allowed, and says by which row and whom", () => {
  const evaluation = evaluate(POLICY, evidence(), NOW);
  expect(evaluation).toMatchObject({ allowed: true, row: { name: "small" }, requester: { name: "ruth" } });
  expect(
    evaluation.allowed && evaluation.approvers.map(({ identity, at: when }) => [identity.name, when]),
  ).toEqual([["anna", at("09:00:00")]]);
});

describe("NO_ROW: a missing row means deny", () => {
  test.each([
    ["0", "NO_ROW"],
    ["1", "allowed"],
    ["100000000", "allowed"],
    ["100000001", "QUORUM_NOT_MET"],
    ["1000000000", "QUORUM_NOT_MET"],
    ["1000000001", "NO_ROW"],
    ["9".repeat(78), "NO_ROW"],
  ])("%s sat with one approver: %s", (units, expected) => {
    expect(verdict(forIntent({ units }))).toBe(expected);
  });

  test("an asset without a row", () => {
    expect(verdict(forIntent({ asset: bitcoinAsset("testnet") }))).toBe("NO_ROW");
    expect(rowFor(POLICY, "withdrawal", BTC, 1n)?.name).toBe("small");
  });
});

test("WALLET_NOT_ALLOWED: the row names the wallets that may pay; before one is chosen, that is left open", () => {
  expect(verdict({ wallet: "cellar" as Name })).toBe("WALLET_NOT_ALLOWED");
  expect(verdict({ wallet: undefined })).toBe("allowed");
});

test("REQUESTER_UNKNOWN: a name without the role cannot ask", () => {
  expect(verdict(forIntent({ requester: OLGA.name }))).toBe("REQUESTER_UNKNOWN");
  expect(verdict(forIntent({ requester: "nobody" as Name }))).toBe("REQUESTER_UNKNOWN");
});

test("GENERATION_NOT_ALLOWED: what moves our own coins is asked for anew; only a payment is owed (law 4)", () => {
  const policy = treasury().policy.body;
  const again = { generation: 2, supersedes: [fixtureDigest("the first")] };
  const { wallet } = treasury();
  const own = (generation: object) =>
    [
      wish(treasury(), "transfer", { destination: COLD, units: "10000000" }, generation),
      wish(treasury(), "consolidate", { units: "10000000" }, generation),
      wish(treasury(), "cancel", { conflictKeys: ["coin"], units: "0" }, generation),
      wish(treasury(), "attest", { message: "ours", coins: false, units: "0" }, generation),
    ].map((one) => verdict({ ...one, beneficiary: undefined, wallet: wallet.name }, policy));
  expect(own({})).toEqual(["allowed", "allowed", "allowed", "allowed"]);
  expect(new Set(own(again))).toEqual(new Set(["GENERATION_NOT_ALLOWED"]));
});

test("INTENT_EXPIRED: the last second counts, the next does not", () => {
  const late = (now: Instant) => {
    const what = intent({ expires: NOW });
    return verdict({ intent: what, approvals: [approval(what)] }, POLICY, now);
  };
  expect(late(NOW)).toBe("allowed");
  expect(late(addSeconds(NOW, 1))).toBe("INTENT_EXPIRED");
});

describe("BENEFICIARY_MISMATCH: an owned host cannot swap the destination (law 11)", () => {
  test("another document than the intent names", () => {
    const other = beneficiary({ account: `${BITCOIN_CHAINS.regtest}:bcrt1qother` as AccountId });
    expect(verdict({ beneficiary: other })).toBe("BENEFICIARY_MISMATCH");
    expect(verdict(forBeneficiary({ account: other.body.account }))).toBe("allowed");
  });

  test("another customer's beneficiary", () => {
    expect(verdict(forBeneficiary({ customer: fixtureId("stranger") }))).toBe("BENEFICIARY_MISMATCH");
  });

  test("an account on another chain than the asset's", () => {
    const account = `${BITCOIN_CHAINS.testnet}:tb1qw508d6` as AccountId;
    expect(verdict(forBeneficiary({ account }))).toBe("BENEFICIARY_MISMATCH");
  });
});

describe("BENEFICIARY_UNSIGNED", () => {
  const two = policyBody({ quorums: { ...POLICY.quorums, beneficiary: 2 } });

  test("unsigned, signed by a stranger, or by someone without the role", () => {
    expect(verdict(forBeneficiary({}, []))).toBe("BENEFICIARY_UNSIGNED");
    expect(verdict(forBeneficiary({}, [MALLORY]))).toBe("BENEFICIARY_UNSIGNED");
    expect(verdict(forBeneficiary({}, [RUTH]))).toBe("BENEFICIARY_UNSIGNED");
    expect(verdict(forBeneficiary({}, [BEN]))).toBe("allowed");
  });

  test("a quorum of two takes two persons", () => {
    expect(verdict(forBeneficiary({}, [ANNA]), two)).toBe("BENEFICIARY_UNSIGNED");
    expect(verdict(forBeneficiary({}, [ANNA, ANNA]), two)).toBe("BENEFICIARY_UNSIGNED");
    expect(verdict(forBeneficiary({}, [ANNA, BEN]), two)).toBe("allowed");
  });

  test("a signature moved over from another document does not count", () => {
    const stolen = { ...beneficiary({}, []), signatures: beneficiary({ memo: "7" }).signatures };
    expect(verdict({ beneficiary: stolen })).toBe("BENEFICIARY_UNSIGNED");
  });
});

test("BENEFICIARY_NOT_IN_FORCE: one second before and one after", () => {
  const window = { notBefore: NOW, expires: addSeconds(NOW, 60) };
  expect(verdict(forBeneficiary(window), POLICY, NOW)).toBe("allowed");
  expect(verdict(forBeneficiary(window), POLICY, addSeconds(NOW, -1))).toBe("BENEFICIARY_NOT_IN_FORCE");
  expect(verdict(forBeneficiary(window), POLICY, addSeconds(NOW, 60))).toBe("allowed");
  expect(verdict(forBeneficiary(window), POLICY, addSeconds(NOW, 61))).toBe("BENEFICIARY_NOT_IN_FORCE");
});

describe("REJECTED: a no reaches the signer and binds for ever (law 13)", () => {
  const what = intent();
  const yes = approval(what, [ANNA]);
  const no = (who = BEN, changes = {}) => approval(what, [who], { decision: "reject", ...changes });

  test("one rejection outweighs the quorum", () => {
    expect(verdict({ approvals: [yes, no()] })).toBe("REJECTED");
    expect(verdict({ approvals: [no(), yes] })).toBe("REJECTED");
    expect(verdict({ approvals: [yes, no(ANNA)] })).toBe("REJECTED");
  });

  test("its expiry, its age and its policy number do not matter", () => {
    const newer = policyBody({ number: 9, approvalsSince: 1 });
    const fresh = approval(what, [ANNA], { policy: 9 });
    expect(verdict({ approvals: [fresh] }, newer)).toBe("allowed");
    expect(verdict({ approvals: [fresh, no(BEN, { policy: 1, expires: at("08:00:01") })] }, newer)).toBe(
      "REJECTED",
    );
  });

  test("a stranger's rejection, and one of another intent, bind nobody", () => {
    expect(verdict({ approvals: [yes, no(MALLORY)] })).toBe("allowed");
    expect(verdict({ approvals: [yes, no(OLGA)] })).toBe("allowed");
    const other = approval(intent({ id: fixtureId("other"), clientKey: fixtureDigest("other") }), [BEN], {
      decision: "reject",
    });
    expect(verdict({ approvals: [yes, other] })).toBe("allowed");
  });
});

describe("QUORUM_NOT_MET: distinct persons, under the pinned policy", () => {
  const large = intent({ units: "500000000" });
  const rule = (approvals: Evidence["approvals"], policy = POLICY, now = NOW) =>
    verdict({ intent: large, approvals }, policy, now);

  test("none, one, the same one twice, two", () => {
    expect(rule([])).toBe("QUORUM_NOT_MET");
    expect(rule([approval(large, [ANNA])])).toBe("QUORUM_NOT_MET");
    expect(rule([approval(large, [ANNA]), approval(large, [ANNA], { expires: at("17:00:00") })])).toBe(
      "QUORUM_NOT_MET",
    );
    expect(rule([approval(large, [ANNA]), approval(large, [BEN])])).toBe("allowed");
    expect(rule([approval(large, [ANNA, BEN])])).toBe("allowed");
  });

  test("two keys of one person count once", () => {
    const second = castMember("anna-2", ANNA.person);
    const identities = [
      ...POLICY.identities,
      {
        name: second.name,
        person: second.person,
        key: second.key,
        alg: "ed25519" as const,
        roles: ["approver" as const],
      },
    ];
    const policy = policyBody({ identities });
    expect(rule([approval(large, [ANNA]), approval(large, [second])], policy)).toBe("QUORUM_NOT_MET");
    expect(rule([approval(large, [ANNA, second])], policy)).toBe("QUORUM_NOT_MET");
    expect(rule([approval(large, [second]), approval(large, [BEN])], policy)).toBe("allowed");
  });

  test.each([
    ["a stranger", MALLORY],
    ["the officer", OLGA],
    ["the requester", RUTH],
  ])("%s does not count", (_name, who) => {
    expect(rule([approval(large, [ANNA]), approval(large, [who])])).toBe("QUORUM_NOT_MET");
  });

  test("a release, and an approval of another intent, are no approval of this one", () => {
    const anna = approval(large, [ANNA]);
    expect(rule([anna, approval(large, [BEN], { decision: "release" })])).toBe("QUORUM_NOT_MET");
    expect(rule([anna, approval(intent(), [BEN])])).toBe("QUORUM_NOT_MET");
  });

  test("an altered approval does not count: its digest is another", () => {
    const honest = approval(large, [BEN], { intent: intent().digest });
    const altered = { ...approval(large, []), signatures: honest.signatures };
    expect(rule([approval(large, [ANNA]), altered])).toBe("QUORUM_NOT_MET");
  });

  test("a signature whose time was changed does not count", () => {
    const honest = approval(large, [BEN]);
    const moved = {
      ...honest,
      signatures: honest.signatures.map((signature) => ({ ...signature, at: at("09:10:00") })),
    };
    expect(rule([approval(large, [ANNA]), moved])).toBe("QUORUM_NOT_MET");
    expect(rule([approval(large, [ANNA]), honest])).toBe("allowed");
  });

  test.each([
    [4, "QUORUM_NOT_MET"],
    [5, "allowed"],
    [7, "allowed"],
    [8, "QUORUM_NOT_MET"],
  ])("policy number %d, when 5 to 7 count: %s", (number, expected) => {
    const policy = policyBody({ number: 7, approvalsSince: 5 });
    const born = intent({ units: "500000000", born: 5 });
    const approvals = [approval(born, [ANNA], { policy: 6 }), approval(born, [BEN], { policy: number })];
    expect(verdict({ intent: born, approvals }, policy)).toBe(expected);
  });

  test("BORN_TOO_EARLY: what people approve anew counts no more for a family of before (ADR 9)", () => {
    const policy = policyBody({ number: 7, approvalsSince: 5 });
    const at4 = intent({ born: 4 });
    const at5 = intent({ born: 5 });
    const anew = (what: typeof at4) => ({ intent: what, approvals: [approval(what, [ANNA], { policy: 7 })] });
    expect(verdict(anew(at4), policy)).toBe("BORN_TOO_EARLY");
    expect(verdict(anew(at5), policy)).toBe("allowed");
  });

  test("its own expiry: the last second counts, the next does not", () => {
    const approvals = [approval(large, [ANNA]), approval(large, [BEN], { expires: NOW })];
    expect(rule(approvals, POLICY, NOW)).toBe("allowed");
    expect(rule(approvals, POLICY, addSeconds(NOW, 1))).toBe("QUORUM_NOT_MET");
  });

  test("the row's longest life: the last second counts, the next does not", () => {
    const approvals = [approval(large, [ANNA, BEN], {}, at("09:00:00"))];
    expect(rule(approvals, POLICY, at("10:00:00"))).toBe("allowed");
    expect(rule(approvals, POLICY, at("10:00:01"))).toBe("QUORUM_NOT_MET");
  });

  test("an approval signed for the last second of the calendar is an answer, not a crash", () => {
    const approvals = [approval(large, [ANNA, BEN], {}, "9999-12-31T23:59:59Z" as Instant)];
    expect(rule(approvals)).toBe("allowed"); // that it lies ahead of the clock is the caller's rule (law 12)
  });
});

test("of several signatures by one person the earliest is told", () => {
  const what = intent();
  const twice = [approval(what, [ANNA], {}, at("09:20:00")), approval(what, [ANNA], {}, at("09:10:00"))];
  const evaluation = evaluate(POLICY, evidence({ intent: what, approvals: twice }), NOW);
  expect(evaluation.allowed && evaluation.approvers.map((counted) => counted.at)).toEqual([at("09:10:00")]);
  const document = signedDocument(what, [ANNA], at("09:05:00"));
  expect(countSignatures(POLICY, "approver", document).map((counted) => counted.at)).toEqual([
    at("09:05:00"),
  ]);
  expect(countSignatures(POLICY, "admin", document)).toEqual([]);
});
