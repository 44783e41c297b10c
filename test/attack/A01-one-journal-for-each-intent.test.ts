import { describe, expect, test } from "vitest";
import { assertConsistent, POLICY_INCONSISTENT } from "../../src/core/policy/verify.ts";
import type { Policy } from "../../src/core/policy/policy.ts";
import type { Name } from "../../src/core/identifier.ts";
import { EMPTY_JOURNAL, makeLine, TIME_ZERO, withLine } from "../../signer/journal/journal.ts";
import { makeCustody, payout, stateFor, type Custody } from "../factory/custody.ts";
import { policyBody, row, START_HEAD } from "../factory/documents.ts";
import { ANNA, castMember, fixtureDigest } from "../factory/identities.ts";
import { reviewed, signed } from "../factory/gates.ts";
import { ask, planned } from "../factory/requests.ts";
import { expectRefusal } from "../bitcoin/refusal.ts";

const SECOND = castMember("signer-2");
const [VAULT] = policyBody().wallets as [Policy["wallets"][number]];
const [FIRST] = policyBody().signers as [Policy["signers"][number]];
const SECOND_ENTRY = { ...FIRST, name: SECOND.name, key: SECOND.key, startHead: fixtureDigest("start 2") };

/** The attack itself: two signers of one custody are given the same approved intent over different coins. */
function payTwice(custody: Custody): readonly string[] {
  const payouts = [payout(custody, { approvers: [ANNA] })];
  const plans = [[{ units: 60_000_000n, index: 1 }], [{ units: 70_000_000n, index: 2 }]].map((coins) =>
    planned(custody, payouts, { coins }),
  );
  const [one, two] = plans.map((plan) => ask(custody, [plan]));
  const born = withLine(EMPTY_JOURNAL, makeLine(EMPTY_JOURNAL, "init", START_HEAD, TIME_ZERO, SECOND.seed));
  const self = { name: SECOND.name, key: SECOND.key, epoch: 1, startHead: SECOND_ENTRY.startHead };
  const first = signed(one as NonNullable<typeof one>, stateFor(custody)).receipt.body.outcome;
  const second = reviewed(two as NonNullable<typeof two>, stateFor(custody, { self, journal: born })).review;
  if (first.type !== "signed") throw new Error("the first signer refused");
  return [first.plans[0]?.rungs[0]?.transaction, second.body.plans[0]?.rungs[0]?.transaction].map(String);
}

describe("A01: an intent that two signers could pay, each from its own journal, is paid twice", () => {
  test("the gates of the second signer cannot see it, so that no such policy may be pinned", () => {
    const { descriptor } = makeCustody().wallet;
    const wallet = { ...VAULT, descriptor, signers: [FIRST.name, SECOND.name] };
    const changes = { wallets: [wallet], signers: [FIRST, SECOND_ENTRY] };
    const [one, two] = payTwice(makeCustody(changes));
    expect(one).not.toBe(two);
    const thrown = expectRefusal(() => assertConsistent(policyBody(changes)), POLICY_INCONSISTENT);
    expect(thrown.field).toBe("wallets.vault.threshold");
  });

  test("nor a row whose wallets have different signers", () => {
    const other = { ...VAULT, name: "other" as Name, descriptor: "another", signers: [SECOND.name] };
    const policy = (wallets: readonly string[]) =>
      policyBody({
        wallets: [VAULT, other],
        signers: [FIRST, SECOND_ENTRY],
        rows: [{ ...row("all", "0", "1000000000", 1), wallets: wallets as Name[] }],
      });
    expect(
      expectRefusal(() => assertConsistent(policy(["vault", "other"])), POLICY_INCONSISTENT),
    ).toMatchObject({
      field: "rows.all.wallets",
    });
    for (const name of ["vault", "other"]) expect(() => assertConsistent(policy([name]))).not.toThrow();
  });

  test("nor a key of the wallet that is not ours", () => {
    const policy = policyBody({ wallets: [{ ...VAULT, foreign: 1 }] });
    expect(expectRefusal(() => assertConsistent(policy), POLICY_INCONSISTENT)).toMatchObject({
      field: "wallets.vault.foreign",
    });
    expect(() => assertConsistent(policyBody())).not.toThrow();
  });
});
