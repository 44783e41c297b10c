/** F03, F09, F10: what the chain did without us is shown, and booked by a warrant of two admins, once. */
import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import type { AccountId } from "../../../src/core/account.ts";
import { documentBytes, parseDocument } from "../../../src/core/document.ts";
import { WARRANT } from "../../../src/core/documents/warrant.ts";
import type { Id } from "../../../src/core/identifier.ts";
import { postDeposit } from "../../../src/core/ledger.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { insertCoin, saveSeenBlock, spendCoin } from "../../../src/store/coins.ts";
import { insertDeposit, moveDeposit } from "../../../src/store/deposits.ts";
import { post } from "../../../src/store/postings.ts";
import { openQuarantine } from "../../../src/store/quarantine.ts";
import { insertForeignPayment, insertSighting } from "../../../src/store/sightings.ts";
import { ask, CUSTOMER, step, type Desk } from "../../attack/online.ts";
import { coinOf } from "../../factory/chain.ts";
import { PAYEE } from "../../factory/custody.ts";
import { BTC, policyBody, REGTEST, signedDocument } from "../../factory/documents.ts";
import { fund, homeDesk } from "../../factory/home-desk.ts";
import { ANNA, at, BEN, fixtureDigest, fixtureId, OSCAR, type Cast } from "../../factory/identities.ts";
import { blocksOf, startEndpoint } from "../../factory/endpoint.ts";
import { beginSession, onlineHome, type OnlineHome } from "../../factory/online-home.ts";

const QUARTER = 25_000_000n;
const TX = fixtureDigest("somebody else's");
const DEPOSIT = coinOf(fixtureDigest("deposit"), 0);
const CUSTOMERS = `${REGTEST}:bcrt1qcustomer` as AccountId;

const CHANGES = {
  identities: policyBody().identities.map((one) =>
    [ANNA.name, BEN.name].includes(one.name) ? { ...one, roles: [...one.roles, "admin" as const] } : one,
  ),
};

let home: OnlineHome;
let id: Id;

/** A transaction of somebody else's has paid what a withdrawal asks for; a deposit has left the chain. */
beforeEach(async () => {
  home = await onlineHome(CHANGES);
  await beginSession(home);
  id = home.inside((store) => {
    const desk = homeDesk(store, CHANGES);
    fund(desk, 10_000_000n);
    credit(desk);
    const asked = ask(desk, "k", QUARTER);
    const { name: wallet } = desk.custody.wallet;
    const amount = (units: bigint) => ({ asset: BTC, units });
    step(desk, (tx) => {
      for (let height = 1; height <= 10; height++)
        saveSeenBlock(tx, REGTEST, { height, hash: fixtureDigest(`block ${height}`) });
      const coin = coinOf(fixtureDigest("ours"), 0);
      const origin = fixtureDigest("ours");
      insertCoin(tx, { coin, wallet, account: undefined, amount: amount(QUARTER + 500n), origin, height: 1 });
      spendCoin(tx, coin, TX, 2);
      const payment = { transaction: TX, account: `${REGTEST}:${PAYEE}` as AccountId, height: 2 };
      const paid = { ...payment, coin: coinOf(TX, 0), amount: amount(QUARTER) };
      insertForeignPayment(tx, paid);
      insertSighting(tx, { withdrawal: asked.id, coin: paid.coin, transaction: TX });
      const opened = {
        id: fixtureId("quarantine"),
        cause: "foreign-spend",
        subject: TX,
        detail: "it",
      } as const;
      openQuarantine(tx, opened);
      moveDeposit(tx, { coin: DEPOSIT, state: "CREDITED", version: 1 }, "left the chain");
    });
    return asked.id;
  });
});

/** A deposit of which the withdrawal spends a part. */
function credit(desk: Desk): void {
  const { name: wallet } = desk.custody.wallet;
  const [asset, units] = [BTC, 90_000_000n];
  step(desk, (tx) => {
    PORTS.insertAddress(tx, { account: CUSTOMERS, wallet, branch: 0, index: 0, customer: CUSTOMER });
    const deposit = { coin: DEPOSIT, account: CUSTOMERS, customer: CUSTOMER, amount: { asset, units } };
    insertDeposit(tx, { ...deposit, blockHash: fixtureDigest("gone"), height: 3 });
    post(tx, postDeposit({ coin: DEPOSIT, wallet, customer: CUSTOMER, asset, units }));
  });
}

/** Has the act of `words` signed by `who`, and done. */
async function signed(
  words: string,
  who: readonly Cast[] = [ANNA, BEN],
  env: Readonly<Record<string, string>> = {},
) {
  const drafted = await home.run(`${words} --out warrant.json --force`, { env });
  if (drafted.exit !== 0) return drafted;
  const draft = parseDocument(WARRANT, new Uint8Array(readFileSync(home.path("warrant.json"))));
  home.write("signed.json", documentBytes(signedDocument(draft, who, at("09:00:00"))));
  return home.run(`${words} --warrant signed.json`, { env });
}

const trust = async () => (await home.run("status")).data as Record<string, unknown[]>;

describe("what the chain did without us", () => {
  test("stands in status with what to type, and ledger verify warns of it", async () => {
    const units = String(QUARTER + 500n);
    expect(await trust()).toMatchObject({
      sightings: [{ withdrawal: id, transaction: TX }],
      unbooked: [{ transaction: TX, wallet: "vault", units }],
      gone: [{ coin: DEPOSIT }],
    });
    const text = await home.text("status");
    expect(text.replace(/\s+/g, " ")).toContain("custody ledger book-loss");
    const verified = await home.run("ledger verify");
    expect(verified).toMatchObject({ exit: 0, data: { unbooked: [{ transaction: TX }] } });
    expect(verified.warnings.join()).toContain("less than its account says");
  });

  test("a loss is booked by two admins, once, and by nobody less", async () => {
    const words = `ledger book-loss ${TX}`;
    expect(await signed(words, [ANNA])).toMatchObject({ exit: 4, error: { code: "WARRANT_UNSIGNED" } });
    expect(await signed(words, [ANNA, OSCAR])).toMatchObject({
      exit: 4,
      error: { code: "WARRANT_UNSIGNED" },
    });
    expect(await home.run(`${words} --out dry.json --dry-run`)).toMatchObject({ exit: 0 });
    expect(await signed(words)).toMatchObject({ exit: 0, data: { booked: true } });
    expect(await home.run(`${words} --warrant signed.json`)).toMatchObject({
      error: { code: "WARRANT_USED" },
    });
    expect(await signed(words)).toMatchObject({ exit: 6, error: { code: "FOREIGN_BOOKED" } });
    expect((await trust())["unbooked"]).toEqual([]);
    expect((await home.run("ledger entries --account expense:loss")).data).toMatchObject([
      { reason: "loss" },
    ]);
    for (const check of ["ledger verify", "audit verify", "db check"])
      expect(await home.run(check)).toMatchObject({ exit: 0 });
  });

  test("a withdrawal that it paid is COMPLETED; another transaction's word is refused before anybody signs", async () => {
    const other = fixtureDigest("another");
    expect(await signed(`withdraw paid ${id} --by ${other}`)).toMatchObject({
      exit: 5,
      error: { code: "FOREIGN_UNKNOWN" },
    });
    const words = `withdraw paid ${id} --by ${TX}`;
    expect(await signed(words)).toMatchObject({ exit: 0, data: { state: "COMPLETED", by: TX } });
    expect(await trust()).toMatchObject({ sightings: [], unbooked: [] });
    expect(await signed(words)).toMatchObject({ exit: 4, error: { code: "NOT_PAID_BY" } });
    expect(await home.run("ledger verify")).toMatchObject({ exit: 0 });
  });

  test("F10: one that it paid, and that a reorganisation has taken back, is held again by two admins", async () => {
    expect(await signed(`withdraw paid ${id} --by ${TX}`)).toMatchObject({ exit: 0 });
    const words = `withdraw unpaid ${id} --by ${TX}`;
    // Eleven other blocks, with nothing of ours.
    const node = await startEndpoint(0, blocksOf(11));
    const env = { CUSTODY_BITCOIND_URL: node.url, CUSTODY_BITCOIND_COOKIE: node.cookiePath };
    const unsigned = await signed(words, [ANNA, OSCAR], env);
    expect(unsigned).toMatchObject({ exit: 4, error: { code: "WARRANT_UNSIGNED" } });
    expect((await home.run(`withdraw show ${id}`)).data).toMatchObject({ state: "COMPLETED" });
    expect(await signed(words, [ANNA, BEN], env)).toMatchObject({ exit: 0, data: { notBy: TX } });
    expect((await home.run(`withdraw show ${id}`)).data).toMatchObject({ state: "ON_HOLD" });
    // The sighting stays: a later block may hold the transaction again.
    expect(await trust()).toMatchObject({ sightings: [{ withdrawal: id, transaction: TX }] });
    expect(await home.run("audit verify")).toMatchObject({ exit: 0 });
    await node.close();
  });

  test("one that it did not pay goes on", async () => {
    const words = `withdraw unpaid ${id} --by ${TX}`;
    const [warning] = (await home.run(`${words} --out unsigned.json`)).warnings;
    expect(warning).toContain(`${coinOf(TX, 0)} pays exactly what it asks for`);
    expect(await signed(words)).toMatchObject({ exit: 0, data: { notBy: TX, coins: [coinOf(TX, 0)] } });
    expect((await trust())["sightings"]).toEqual([]);
    expect(await signed(words)).toMatchObject({ exit: 5, error: { code: "SIGHTING_UNKNOWN" } });
  });

  test("a deposit that is gone is taken back, and what was spent of it is owed", async () => {
    const words = `deposit uncredit ${DEPOSIT}`;
    const done = await signed(words);
    expect(done).toMatchObject({ exit: 0, data: { state: "UNCREDITED", shortUnits: "15000000" } });
    expect((await home.run("ledger balances --account receivable:")).data).toMatchObject([
      { units: "15000000" },
    ]);
    expect(await signed(words)).toMatchObject({ exit: 6, error: { code: "DEPOSIT_IN_CHAIN" } });
    expect((await trust())["gone"]).toEqual([]);
    expect(await home.run("ledger verify")).toMatchObject({ exit: 0 });
  });
});
