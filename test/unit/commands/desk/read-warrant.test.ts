/** What a desk shows of a warrant before somebody signs it: everything that it binds. */
import { expect, test } from "vitest";
import { makeDocument } from "../../../../src/core/document.ts";
import type { AccountId } from "../../../../src/core/account.ts";
import { WARRANT, type WarrantAct } from "../../../../src/core/documents/warrant.ts";
import { readWarrant } from "../../../../src/commands/desk/read-warrant.ts";
import { BTC, header, policyBody, REGTEST, signedDocument } from "../../../factory/documents.ts";
import { ALICE, ANNA, at, fixtureDigest, fixtureId } from "../../../factory/identities.ts";

const COIN = `${REGTEST}:outpoint:${fixtureDigest("t")}:0`;
const PASSED = `${REGTEST}:bcrt1qpassed` as AccountId;
const CUSTOMER = fixtureId("customer");
const MONEY = { asset: BTC, units: "5000" };

const shown = (act: WarrantAct, signer = ALICE) => {
  const body = { ...header("warrant"), id: fixtureId("warrant"), act, policy: 1, expires: at("12:00:00") };
  const { facts, missing } = readWarrant(
    signedDocument(makeDocument(WARRANT, body), [signer], at("09:00:00")),
    policyBody(),
  );
  return { text: facts.map((fact) => fact.join(" ")).join("\n"), missing };
};

test.each<WarrantAct>([
  { do: "credit", coin: COIN, account: PASSED, customer: CUSTOMER, ...MONEY },
  { do: "uncredit", coin: COIN, customer: CUSTOMER, ...MONEY },
  { do: "paid", withdrawal: fixtureId("w"), transaction: fixtureDigest("t"), account: PASSED, ...MONEY },
])("of $do: its coin or withdrawal, whose it is and how much", (act) => {
  const { text } = shown(act);
  const bound = Object.entries(act).filter(
    ([name]) => !["do", "asset", "units", "transaction"].includes(name),
  );
  for (const [, value] of bound) expect(text).toContain(value);
  expect(text).toContain("0.00005000 BTC");
});

test("a credit waits for a second admin, and an approver is none", () => {
  const act: WarrantAct = { do: "credit", coin: COIN, account: PASSED, customer: CUSTOMER, ...MONEY };
  expect(shown(act).missing).toEqual(["role admin: 1 of 2"]);
  expect(shown(act, ANNA).missing).toEqual(["role admin: 0 of 2"]);
});
