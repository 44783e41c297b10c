/** F09: money that came to an address of the lost hours is listed, and credited by a warrant of two admins, once. */
import { readFileSync, rmSync } from "node:fs";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { AccountId } from "../../../src/core/account.ts";
import { documentBytes, parseDocument } from "../../../src/core/document.ts";
import { WARRANT } from "../../../src/core/documents/warrant.ts";
import type { BitcoinNodes } from "../../../src/home/node.ts";
import { insertCustomer } from "../../../src/store/customers.ts";
import { saveCursor } from "../../../src/store/deposits.ts";
import { openQuarantine } from "../../../src/store/quarantine.ts";
import { CUSTOMER, step } from "../../attack/online.ts";
import { coinOf, transaction, writtenChain } from "../../factory/chain.ts";
import { makeCustody } from "../../factory/custody.ts";
import { policyBody, REGTEST, signedDocument } from "../../factory/documents.ts";
import { fund, homeDesk } from "../../factory/home-desk.ts";
import { ANNA, at, BEN, fixtureDigest, fixtureId, OSCAR, type Cast } from "../../factory/identities.ts";
import { beginSession, onlineHome, type OnlineHome } from "../../factory/online-home.ts";

let chain = writtenChain();
vi.mock("../../../src/home/node.ts", () => ({
  withNode: (_call: unknown, _policy: unknown, work: (node: BitcoinNodes) => Promise<unknown>) =>
    work(chain.node as BitcoinNodes),
}));

const CHANGES = {
  identities: policyBody().identities.map((one) =>
    [ANNA.name, BEN.name].includes(one.name) ? { ...one, roles: ["admin" as const] } : one,
  ),
  conflicts: [],
  wallets: [makeCustody().wallet],
};

let home: OnlineHome;
let coin: string;
let given: AccountId;

/** Has the act of `words` signed by `who`. */
async function draft(words: string, who: readonly Cast[] = [ANNA, BEN]) {
  const drafted = await home.run(`${words} --out warrant.json --force`);
  if (drafted.exit !== 0) return drafted;
  const warrant = parseDocument(WARRANT, new Uint8Array(readFileSync(home.path("warrant.json"))));
  home.write("signed.json", documentBytes(signedDocument(warrant, who, at("09:10:00"))));
  return drafted;
}

async function signed(words: string, who?: readonly Cast[]) {
  const drafted = await draft(words, who);
  return drafted.exit === 0 ? home.run(`${words} --warrant signed.json`) : drafted;
}

/** What the watcher has read for deposits: up to `height`. */
const readUpTo = (height: number) =>
  home.inside((store) =>
    step(homeDesk(store, CHANGES), (tx) =>
      saveCursor(tx, { chain: REGTEST, height, hash: fixtureDigest("cursor") }),
    ),
  );

/** An address is given out after the backup, and paid before it is restored; the admins have signed the quarantine off. */
beforeEach(async () => {
  chain = writtenChain();
  home = await onlineHome(CHANGES);
  await beginSession(home);
  home.inside((store) => {
    const desk = homeDesk(store, CHANGES);
    fund(desk);
    step(desk, (tx) => insertCustomer(tx, { id: fixtureId("another"), ref: "c-2" }));
  });
  await home.run("db backup --out backup.db");
  given = (await home.run("wallet address vault --customer c-1")).data.account as AccountId;
  const paid = transaction("late", [], [{ account: given, units: 5000n }]);
  coin = coinOf(paid.id, 0);
  chain.mine(paid);
  chain.mine();
  chain.mine();
  for (const suffix of ["", "-wal", "-shm"])
    rmSync(home.path(`home/custody-regtest.db${suffix}`), { force: true });
  await home.run("db restore backup.db");
  expect((await signed("db reconcile")).exit).toBe(0);
  await home.run("ledger reconcile");
  readUpTo(1);
});

const words = (customer = "c-1") => `deposit credit ${coin} --customer ${customer}`;

describe("money at an address that was passed over", () => {
  test("is listed, and credited by two admins to whom they name, once, with nothing left to explain", async () => {
    expect((await home.run("deposit unclaimed")).data).toMatchObject([
      { coin, account: given, wallet: "vault", units: "5000", height: 1 },
    ]);
    expect(await home.text("deposit unclaimed")).toContain(coin);
    expect((await draft(words())).data).toMatchObject({ credited: false, customer: CUSTOMER });
    expect((await home.run("deposit list --customer c-1")).data).toEqual([]);
    const dry = await home.run(`${words()} --warrant signed.json --dry-run`);
    expect([dry.exit, (await home.run("deposit list --customer c-1")).data]).toEqual([0, []]);
    const done = await home.run(`${words()} --warrant signed.json`);
    expect(done).toMatchObject({ exit: 0, data: { credited: true, units: "5000", account: given } });
    expect((await home.run("deposit list --customer c-1")).data).toMatchObject([
      { coin, state: "CREDITED", units: "5000" },
    ]);
    expect((await home.run("deposit unclaimed")).data).toEqual([]);
    expect(await signed(words())).toMatchObject({ exit: 6, error: { code: "COIN_NOT_OPEN" } });
    for (const check of ["ledger verify", "audit verify", "db check"])
      expect(await home.run(check)).toMatchObject({ exit: 0 });
  });

  test("by nobody less than two admins, to nobody else than they have named, and not another coin", async () => {
    const unsigned = { exit: 4, error: { code: "WARRANT_UNSIGNED" } };
    expect(await signed(words(), [ANNA])).toMatchObject(unsigned);
    expect(await signed(words(), [ANNA, OSCAR])).toMatchObject(unsigned);
    await draft(words());
    expect(await home.run(`${words("c-2")} --warrant signed.json`)).toMatchObject({
      exit: 4,
      error: { code: "WARRANT_OTHER_ACT" },
    });
    expect(await home.run(`${words("nobody")} --warrant signed.json`)).toMatchObject({
      error: { code: "CUSTOMER_UNKNOWN" },
    });
    expect((await home.run("deposit unclaimed")).data).toHaveLength(1);
    expect((await home.run(`${words()} --warrant signed.json`)).exit).toBe(0);
  });

  test("not above where the watcher has read for deposits: it would not see it go (F10)", async () => {
    readUpTo(0);
    expect(await draft(words())).toMatchObject({ exit: 8, error: { code: "COIN_SHALLOW" } });
    readUpTo(1);
    expect((await draft(words())).exit).toBe(0);
  });

  test("not in quarantine, and not by a warrant from before it", async () => {
    await draft(words());
    const lost = { cause: "restored", subject: "again", detail: "restored again" } as const;
    home.inside((store) =>
      step(homeDesk(store, CHANGES), (tx) => openQuarantine(tx, { id: fixtureId("again"), ...lost })),
    );
    const refused = { exit: 8, error: { code: "QUARANTINED" } };
    expect(await home.run(`${words()} --warrant signed.json`)).toMatchObject(refused);
    expect(await home.run(`${words()} --out other.json`)).toMatchObject(refused);
    expect((await home.run("deposit list --customer c-1")).data).toEqual([]);
  });
});
