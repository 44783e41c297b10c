import { describe, expect, test } from "vitest";
import type { AccountId } from "../../../../src/core/account.ts";
import { makeDocument } from "../../../../src/core/document.ts";
import { WARRANT, type Warrant, type WarrantAct } from "../../../../src/core/documents/warrant.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import { WATCHER_CODES } from "../../../../src/core/policy/halts.ts";
import { assertWarranted, warrantedBy, warrantRole } from "../../../../src/core/policy/warrants.ts";
import { BTC, header, policyBody, REGTEST, signedDocument } from "../../../factory/documents.ts";
import {
  ALICE,
  ANNA,
  at,
  BEN,
  castMember,
  fixtureDigest,
  fixtureId,
  MALLORY,
  type Cast,
} from "../../../factory/identities.ts";
import { named } from "../../../factory/policies.ts";
import { codeOf } from "../../../factory/thrown.ts";

const twin = castMember("anna-2", ANNA.person);
const second = castMember("adam", "Adam");
const policy = {
  ...policyBody(),
  approvalsSince: 1,
  identities: [...policyBody().identities, named(twin, "approver"), named(second, "admin")],
};
const ACT: WarrantAct = { do: "requeue", letter: fixtureId("letter"), attempts: 3 };
const NOW = at("10:00:00");

function warrant(signers: readonly Cast[], changes: Partial<Warrant> = {}) {
  const body: Warrant = {
    ...header("warrant"),
    id: fixtureId("warrant"),
    act: ACT,
    policy: 1,
    expires: at("12:00:00"),
    ...changes,
  };
  return signedDocument(makeDocument(WARRANT, body), signers, at("09:00:00"));
}

const judged = (document: ReturnType<typeof warrant>, act: WarrantAct = ACT, now = NOW) =>
  codeOf(() => assertWarranted(policy, document, act, now));

test("two persons of the act's role allow it, for its very last second too", () => {
  expect(assertWarranted(policy, warrant([ANNA, BEN]), ACT, at("12:00:00"))).toHaveLength(2);
});

describe("refused", () => {
  test.each([
    ["nobody", []],
    ["one person", [ANNA]],
    ["one person with two keys", [ANNA, twin]],
    ["one of them a stranger", [ANNA, MALLORY]],
    ["one of them with another role", [ANNA, ALICE]],
  ])("signed by %s", (_, signers) => {
    expect(judged(warrant(signers))).toBe("WARRANT_UNSIGNED");
  });

  test.each<[string, WarrantAct]>([
    ["another letter", { ...ACT, letter: fixtureId("another") }],
    ["the same letter, once more", { ...ACT, attempts: 4 }],
    ["another act on it", { ...ACT, do: "drop" }],
  ])("for %s", (_, act) => {
    expect(judged(warrant([ANNA, BEN]), act)).toBe("WARRANT_OTHER_ACT");
  });

  test("a second too late, or under a policy that counts no more, or not yet", () => {
    expect(judged(warrant([ANNA, BEN]), ACT, at("12:00:01"))).toBe("WARRANT_EXPIRED");
    expect(judged(warrant([ANNA, BEN], { policy: 2 }))).toBe("WARRANT_EXPIRED");
    const later = { ...policy, number: 3, approvalsSince: 2 };
    expect(codeOf(() => assertWarranted(later, warrant([ANNA, BEN]), ACT, NOW))).toBe("WARRANT_EXPIRED");
  });

  test("with a signature over another warrant", () => {
    const other = warrant([BEN], { id: fixtureId("other") });
    const mixed = { ...warrant([ANNA]), signatures: [...warrant([ANNA]).signatures, ...other.signatures] };
    expect(warrantedBy(policy, mixed)).toHaveLength(1);
    expect(judged(mixed)).toBe("WARRANT_UNSIGNED");
  });
});

test("a credit is good for its coin, address, customer and amount alone, and lies with admins", () => {
  const credit: WarrantAct = {
    do: "credit",
    coin: `${REGTEST}:outpoint:${fixtureDigest("t")}:0`,
    account: `${REGTEST}:bcrt1qpassed` as AccountId,
    customer: fixtureId("customer"),
    asset: BTC,
    units: "5000",
  };
  expect(warrantRole(credit)).toBe("admin");
  const allowed = warrant([ALICE, second], { act: credit });
  expect(assertWarranted(policy, allowed, credit, NOW)).toHaveLength(2);
  expect(judged(warrant([ANNA, BEN], { act: credit }), credit)).toBe("WARRANT_UNSIGNED");
  for (const change of [
    { coin: `${credit.coin}1` },
    { account: `${credit.account}x` as AccountId },
    { customer: fixtureId("another") },
    { units: "5001" },
  ])
    expect(judged(allowed, { ...credit, ...change })).toBe("WARRANT_OTHER_ACT");
});

test("a halt is ended by approvers, and by admins where the watcher has raised it", () => {
  const lift = (code: string): WarrantAct => ({
    do: "lift",
    flag: fixtureId("flag"),
    code: code as Name,
    version: 1,
  });
  const by = (signers: readonly Cast[], act: WarrantAct) => judged(warrant(signers, { act }), act);
  for (const code of WATCHER_CODES) {
    expect(warrantRole(lift(code))).toBe("admin");
    expect(by([ANNA, BEN], lift(code))).toBe("WARRANT_UNSIGNED");
    expect(by([ALICE, second], lift(code))).toBe("none");
  }
  expect(warrantRole(lift("theft"))).toBe("approver");
  expect(by([ALICE, second], lift("theft"))).toBe("WARRANT_UNSIGNED");
  expect(by([ANNA, BEN], lift("theft"))).toBe("none");
});

test("each act lies with one role", () => {
  const withdrawal = fixtureId("withdrawal");
  for (const act of ["block", "unblock", "unhold"] as const)
    expect(warrantRole({ do: act, withdrawal, code: "hit" as never })).toBe("compliance");
  for (const act of ["requeue", "drop"] as const)
    expect(warrantRole({ do: act, letter: fixtureId("letter"), attempts: 3 })).toBe("approver");
  expect(
    warrantRole({
      do: "reconcile",
      size: 1,
      root: fixtureDigest("r"),
      report: fixtureDigest("p"),
      addresses: 0,
    }),
  ).toBe("admin");
});
