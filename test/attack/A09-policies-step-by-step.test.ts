/** Each policy is judged by the one before it; what two steps allow together, neither may begin (laws 3 and 4, F3). */
import { describe, expect, test } from "vitest";
import type { Name } from "../../src/core/identifier.ts";
import {
  policyDocument,
  type Policy,
  type PolicyRow,
  type PolicyWallet,
} from "../../src/core/policy/policy.ts";
import { alwaysMeet, spendingQuorum } from "../../src/core/policy/groups.ts";
import { assertSuccession } from "../../src/core/policy/succession.ts";
import { row } from "../factory/documents.ts";
import { ADA, ADAM, following, houseBody, signedPolicy, signerNamed, walletOf } from "../factory/policies.ts";
import { at } from "../factory/identities.ts";
import { codeOf } from "../factory/thrown.ts";
import { ANN, CARO, makeHouse, SIGNERS } from "./bench/house.ts";
import { Machine } from "./bench/machine.ts";
import { bytesOf, planOf, requestOf, withdrawal, word } from "./bench/papers.ts";

const HOUSE = makeHouse();

const NAMES = ["s1", "s2", "s3", "s4"];
const EAST = walletOf("east", 2, ["s1", "s2", "s3"]);
const BOTH = walletOf("both", 3, NAMES);
const WEST = walletOf("west", 2, ["s2", "s3", "s4"]);
const PAIR = walletOf("pair", 2, ["s3", "s4"]);
const ALL = [EAST, BOTH, WEST, PAIR];

const meet = (a: PolicyWallet, b: PolicyWallet) => alwaysMeet(spendingQuorum(a), spendingQuorum(b));
const pays = (upTo: string, quorum: number, ...wallets: readonly PolicyWallet[]): PolicyRow =>
  row("a", "0", upTo, quorum, { wallets: wallets.map(({ name }): Name => name) });

/** What becomes of a policy with `rows` when each of `steps` follows the one before it. */
function walk(rows: readonly PolicyRow[], ...steps: readonly Partial<Policy>[]): readonly string[] {
  const signers = NAMES.map((name) => signerNamed(name));
  let before = policyDocument(houseBody({ signers, wallets: ALL, rows: [...rows] }));
  return steps.map((changes) => {
    const next = signedPolicy(following(before, changes), [ADA, ADAM]);
    const code = codeOf(() => assertSuccession(before, next, []));
    before = next;
    return code;
  });
}

describe("A09: an approved withdrawal is paid by signers of policies that are no neighbours", () => {
  test("over a wallet whose groups meet those of either, while theirs need not meet", () => {
    expect([meet(EAST, BOTH), meet(BOTH, WEST), meet(EAST, WEST)]).toEqual([true, true, false]);
    const steps = [{ rows: [pays("100", 1, BOTH)] }, { rows: [pays("100", 1, WEST)] }];
    expect(walk([pays("100", 1, EAST)], ...steps)[0]).toBe("POLICY_NOT_NEXT");
    const [one, two] = steps as [Partial<Policy>, Partial<Policy>];
    const ended = [
      { ...one, approvalsSince: 2 },
      { ...two, approvalsSince: 3 },
    ];
    expect(walk([pays("100", 1, EAST)], ...ended)).toEqual(["none", "none"]);
  });

  test("over a policy that pays nothing, or less, in between", () => {
    const reopened = { rows: [pays("100", 1, WEST)] };
    for (const closed of [[], [pays("50", 1, EAST)]]) {
      expect(walk([pays("100", 1, EAST)], { rows: closed }, reopened)[0]).toBe("POLICY_NOT_NEXT");
      expect(walk([pays("100", 1, EAST)], { rows: closed, approvalsSince: 2 })).toEqual(["none"]);
    }
  });

  test("a row may be cut in two, and give up wallets", () => {
    const rows = [pays("40", 1, EAST), row("b", "40", "100", 2, { wallets: [EAST.name, BOTH.name] })];
    expect(walk([pays("100", 1, EAST, BOTH)], { rows })).toEqual(["none"]);
  });
});

describe("A09: a payment whose hold was released can be made under the next policy", () => {
  test("from a wallet that those who voided it under the old one cannot block", () => {
    // s1 and s2 have voided it: n - m + 1 of wallet both. Any group of pair meets any group of both, yet not those two.
    expect(meet(BOTH, PAIR)).toBe(true);
    expect(walk([pays("100", 1, BOTH)], { rows: [pays("100", 1, BOTH, PAIR)] })).toEqual(["POLICY_NOT_NEXT"]);
    expect(walk([pays("100", 1, BOTH)], { rows: [pays("100", 1, BOTH, PAIR)], approvalsSince: 2 })).toEqual([
      "none",
    ]);
  });

  test("from a wallet one key of which is said to be a stranger's now, who voids nothing", () => {
    const lost = { ...BOTH, signers: ["s1", "s2", "s3"] as Name[], foreign: 1 };
    const wallets = [EAST, lost, WEST, PAIR];
    expect(walk([pays("100", 1, BOTH)], { wallets })).toEqual(["POLICY_NOT_NEXT"]);
    expect(walk([pays("100", 1, BOTH)], { wallets, approvalsSince: 2 })).toEqual(["none"]);
  });

  test("by fewer approvers: it was given up at will for lack of one", () => {
    expect(walk([pays("100", 2, BOTH)], { rows: [pays("100", 1, BOTH)] })).toEqual(["POLICY_NOT_NEXT"]);
    expect(walk([pays("100", 2, BOTH)], { rows: [pays("100", 1, BOTH)], approvalsSince: 2 })).toEqual([
      "none",
    ]);
    expect(walk([pays("100", 1, BOTH)], { rows: [pays("100", 2, BOTH)] })).toEqual(["none"]);
  });
});

describe("A09: an approved withdrawal is approved once more, for those who can pay now", () => {
  const young = makeHouse({
    policy: { number: 2, previous: HOUSE.policy.digest, custody: HOUSE.custody, approvalsSince: 2 },
  });
  const paid = (born: number) => {
    const intent = withdrawal(young, { label: `born ${born}`, changes: { born } });
    const request = requestOf(young, {
      plans: [planOf(young, [{ intent }], { sets: ["a"] })],
      intents: [intent],
      approvals: [ANN, CARO].map((who) => word(young, intent, who)),
    });
    const signer = new Machine(young, SIGNERS[0], at("09:30:00"));
    const answer = signer.offer(bytesOf(request));
    return answer.type === "refused" ? `${answer.gate} ${answer.rule}` : answer.type;
  };

  test("people's new word does not reach a family of before: its first signers may have paid it", () => {
    expect(paid(1)).toBe("G4 BORN_TOO_EARLY");
    expect(paid(2)).toBe("signed");
  });
});
