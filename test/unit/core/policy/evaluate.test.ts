import { describe, expect, test } from "vitest";
import type { AccountId } from "../../../../src/core/account.ts";
import { bitcoinAsset } from "../../../../src/core/asset.ts";
import { BITCOIN_CHAINS } from "../../../../src/core/chain.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import { addSeconds, type Instant } from "../../../../src/core/instant.ts";
import { evaluate, rowFor } from "../../../../src/core/policy/evaluate.ts";
import { BTC, approval, beneficiary, intent, policyBody } from "../../../factory/documents.ts";
import { ANNA, BEN, MALLORY, OLGA, RUTH, at, fixtureDigest, fixtureId } from "../../../factory/identities.ts";
import { COLD, treasury, wish } from "../../../factory/requests.ts";
import { NOW, POLICY, evidence, verdict, forIntent, forBeneficiary } from "./verdicts.ts";

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

test("WALLET_NOT_ALLOWED: what moves our own coins moves those of the wallet that it names, whatever its row allows", () => {
  const { body } = treasury().policy;
  const both = body.rows.map((row) => ({ ...row, wallets: body.wallets.map(({ name }) => name) }));
  const paidBy = (wallet: Name) =>
    verdict(
      { ...wish(treasury(), "consolidate", { units: "10000000" }), beneficiary: undefined, wallet },
      { ...body, rows: both },
    );
  expect(paidBy(COLD)).toBe("WALLET_NOT_ALLOWED");
  expect(paidBy(treasury().wallet.name)).toBe("allowed");
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
