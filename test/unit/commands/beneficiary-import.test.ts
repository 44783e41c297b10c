/** F22: a signed destination comes in as requests will look for it, or not at all. */
import { expect, test } from "vitest";
import type { AccountId } from "../../../src/core/account.ts";
import { documentBytes } from "../../../src/core/document.ts";
import { insertAddress } from "../../../src/store/wallets.ts";
import { step } from "../../attack/online.ts";
import { beneficiary, REGTEST } from "../../factory/documents.ts";
import { fund, homeDesk } from "../../factory/home-desk.ts";
import { beginSession, onlineHome } from "../../factory/online-home.ts";

const ACCOUNT = beneficiary().body.account;
const [, , ADDRESS = ""] = ACCOUNT.split(":");

async function importOf(account: AccountId, isOurs = false) {
  const home = await onlineHome();
  const custody = home.inside((store) => {
    const desk = homeDesk(store);
    fund(desk);
    const wallet = desk.custody.wallet.name;
    if (isOurs) step(desk, (tx) => insertAddress(tx, { account, wallet, branch: 0, index: 0 }));
    return desk.custody.id;
  });
  await beginSession(home);
  home.write("beneficiary.json", documentBytes(beneficiary({ custody, account })));
  return home.run("beneficiary import beneficiary.json");
}

test("in the spelling of requests it is kept", async () => {
  const { exit, data } = await importOf(ACCOUNT);
  expect([exit, data[0].account]).toEqual([0, ACCOUNT]);
});

test("in upper case, which BIP-173 allows, it is refused", async () => {
  const { exit, error } = await importOf(`${REGTEST}:${ADDRESS.toUpperCase()}` as AccountId);
  expect([exit, error.code]).toEqual([3, "ACCOUNT_MALFORMED"]);
  expect(error.field).toBe("beneficiary.account");
});

test("at an address of our own it is refused", async () => {
  const { error } = await importOf(ACCOUNT, true);
  expect(error.code).toBe("DESTINATION_IS_OURS");
});
