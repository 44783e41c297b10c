/** F09, F26: a database that was restored, copied back or robbed of its witness lets nothing new out, until two admins sign. */
import { copyFileSync, readFileSync, rmSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import type { AccountId } from "../../../src/core/account.ts";
import { documentBytes, makeDocument, parseDocument } from "../../../src/core/document.ts";
import { WARRANT } from "../../../src/core/documents/warrant.ts";
import type { Id } from "../../../src/core/identifier.ts";
import type { BitcoinNodes } from "../../../src/home/node.ts";
import { verifyAudit } from "../../../src/store/audit.ts";
import { findCoin } from "../../../src/store/coins.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { openQuarantine, openQuarantines } from "../../../src/store/quarantine.ts";
import { findAddress } from "../../../src/store/wallets.ts";
import { getWithdrawal } from "../../../src/store/withdrawals.ts";
import { ask, step } from "../../attack/online.ts";
import { coinOf, transaction, writtenChain } from "../../factory/chain.ts";
import { makeCustody } from "../../factory/custody.ts";
import { policyBody, signedDocument } from "../../factory/documents.ts";
import { fund, homeDesk } from "../../factory/home-desk.ts";
import { ALICE, ANNA, at, BEN, fixtureId, type Cast } from "../../factory/identities.ts";
import { beginSession, onlineHome, type OnlineHome } from "../../factory/online-home.ts";
import { voided } from "../../factory/online-words.ts";

const chain = writtenChain();
vi.mock("../../../src/home/node.ts", () => ({
  withNode: (_call: unknown, _policy: unknown, work: (node: BitcoinNodes) => Promise<unknown>) =>
    work(chain.node as BitcoinNodes),
}));

const ADMINS = policyBody().identities.map((one) =>
  [ANNA.name, BEN.name].includes(one.name) ? { ...one, roles: ["admin" as const] } : one,
);
const DATABASE = "home/custody-regtest.db";
const WITNESS = "home/instance-regtest.json";

async function begun(): Promise<OnlineHome> {
  const home = await onlineHome({ identities: ADMINS, conflicts: [] });
  await beginSession(home);
  await home.run("customer add --ref c-1");
  return home;
}

const causes = (home: OnlineHome) => home.inside((store) => openQuarantines(store).map(({ cause }) => cause));
const quarantined = async (home: OnlineHome) =>
  (await home.run(`withdraw export ${"ab".repeat(16)} --out request.json`)).error?.code;

function sign(home: OnlineHome, file: string, signers: readonly Cast[]): void {
  const draft = parseDocument(WARRANT, new Uint8Array(readFileSync(home.path(file))));
  home.write("signed.json", documentBytes(signedDocument(draft, signers, at("09:10:00"))));
}

test("restored: in quarantine until two admins have signed the report that people were shown", async () => {
  const home = await begun();
  expect((await home.run("db backup --out backup.db")).exit).toBe(0);
  await home.run("customer add --ref c-2");
  expect((await home.run("db restore backup.db")).error.code).toBe("STORE_EXISTS");
  for (const suffix of ["", "-wal", "-shm"]) rmSync(home.path(`${DATABASE}${suffix}`), { force: true });
  const dry = await home.run("db restore backup.db --dry-run");
  expect([dry.exit, home.files().includes("custody-regtest.db")]).toEqual([0, false]);
  const restored = await home.run("db restore backup.db");
  expect(restored.data).toMatchObject({ lost: 1, network: "regtest" });
  expect(causes(home)).toEqual(["restored"]);
  expect(await quarantined(home)).toBe("QUARANTINED");

  const shown = await home.run("db reconcile");
  expect(shown.exit).toBe(0);
  expect(shown.data).toMatchObject({ verdict: "even", quarantine: [{ cause: "restored" }] });
  expect((await home.run("db reconcile --out warrant.json")).exit).toBe(0);

  home.write("signed.json", readFileSync(home.path("warrant.json")));
  expect((await home.run("db reconcile --warrant signed.json")).error.code).toBe("WARRANT_UNSIGNED");
  sign(home, "warrant.json", [ANNA]);
  expect((await home.run("db reconcile --warrant signed.json")).error.code).toBe("WARRANT_UNSIGNED");
  sign(home, "warrant.json", [ANNA, ALICE]);
  const dryEnd = await home.run("db reconcile --warrant signed.json --dry-run");
  expect([dryEnd.exit, causes(home)]).toEqual([0, ["restored"]]);
  const ended = await home.run("db reconcile --warrant signed.json");
  expect(ended.data).toMatchObject({ ended: [{ cause: "restored" }], audit: { epoch: 2 } });
  expect(causes(home)).toEqual([]);
  expect(await quarantined(home)).not.toBe("QUARANTINED");
  expect((await home.run("db reconcile --out again.json")).error.code).toBe("NOTHING_TO_RECONCILE");
});

test("what is found after people have looked is not covered by what they have signed", async () => {
  const home = await begun();
  rmSync(home.path(WITNESS));
  await home.run("customer add --ref c-2");
  await home.run("db reconcile --out warrant.json");
  sign(home, "warrant.json", [ANNA, BEN]);
  rmSync(home.path(WITNESS));
  expect((await home.run("db reconcile --warrant signed.json")).error.code).toBe("REPORT_STALE");
  expect(causes(home)).toEqual(["witness-missing", "witness-missing"]);
  await home.run("db reconcile --out second.json");
  sign(home, "second.json", [ANNA, BEN]);
  expect((await home.run("db reconcile --warrant signed.json")).exit).toBe(0);
  expect(causes(home)).toEqual([]);
});

test("copied back: the witness has seen more, and says so again until it is in the database", async () => {
  const home = await begun();
  copyFileSync(home.path(DATABASE), home.path("older.db"));
  await home.run("customer add --ref c-2");
  copyFileSync(home.path("older.db"), home.path(DATABASE));
  expect(causes(home)).toEqual([]);
  expect(await quarantined(home)).toBe("QUARANTINED");
  expect(await quarantined(home)).toBe("QUARANTINED");
  await home.run("customer add --ref c-3");
  expect(causes(home)).toEqual(["set-back"]);
  await home.run("customer add --ref c-4");
  expect(causes(home)).toEqual(["set-back"]);
});

test("another history of the same length is noticed too", async () => {
  const home = await begun();
  copyFileSync(home.path(DATABASE), home.path("older.db"));
  await home.run("customer add --ref c-2");
  const witness = readFileSync(home.path(WITNESS));
  copyFileSync(home.path("older.db"), home.path(DATABASE));
  copyFileSync(home.path(WITNESS), home.path("other.json"));
  rmSync(home.path(WITNESS));
  await home.run("customer add --ref c-3");
  home.write(WITNESS, witness);
  await home.run("customer add --ref c-4");
  expect(causes(home)).toEqual(["witness-missing", "set-back"]);
});

test("twin: a home that nobody has touched is trusted, after a crash before the witness as well", async () => {
  const home = await begun();
  const witness = readFileSync(home.path(WITNESS));
  await home.run("customer add --ref c-2");
  home.write(WITNESS, witness);
  expect(await quarantined(home)).toBe("PLAN_UNKNOWN");
  expect((await home.run("ledger reconcile")).data).toMatchObject({ verdict: "even" });
  expect(causes(home)).toEqual([]);
  expect(await quarantined(home)).toBe("PLAN_UNKNOWN");
});

test("the warrant is judged under the lock: what was opened after it was drafted is not ended by it, nor by it twice", async () => {
  const home = await begun();
  rmSync(home.path(WITNESS));
  await home.run("customer add --ref c-2");
  await home.run("db reconcile --out warrant.json");
  sign(home, "warrant.json", [ANNA, BEN]);
  const later = { cause: "signer-ahead", subject: "receipt", detail: "a signer is ahead" } as const;
  home.inside((store) =>
    step(homeDesk(store), (tx) => openQuarantine(tx, { id: fixtureId("later"), ...later })),
  );
  // The database was written by no command: its witness is behind, which is no reason to doubt.
  const stale = await home.run("db reconcile --warrant signed.json");
  expect(stale.error).toMatchObject({ code: "REPORT_STALE" });
  expect(causes(home)).toEqual(["witness-missing", "signer-ahead"]);
  await home.run("db reconcile --out second.json");
  sign(home, "second.json", [ANNA, BEN]);
  expect((await home.run("db reconcile --warrant signed.json")).exit).toBe(0);
  home.inside((store) =>
    step(homeDesk(store), (tx) => openQuarantine(tx, { id: fixtureId("again"), ...later })),
  );
  expect((await home.run("db reconcile --warrant signed.json")).error.code).toBe("WARRANT_USED");
  expect(causes(home)).toEqual(["signer-ahead"]);
});

describe("receive addresses", () => {
  const GAP = 20;
  const address = async (home: OnlineHome, words = "--customer c-1") =>
    home.run(`wallet address vault ${words}`);

  /** A home whose vault can be derived, with one address given out, a backup, and two more in the lost hours. */
  async function lost() {
    const wallets = [{ ...makeCustody().wallet, indexGap: GAP }];
    const home = await onlineHome({ identities: ADMINS, conflicts: [], wallets });
    await beginSession(home);
    home.inside((store) => fund(homeDesk(store, { wallets })));
    await address(home);
    await home.run("db backup --out backup.db");
    const given = [await address(home), await address(home)].map(({ data }) => data.account as AccountId);
    for (const suffix of ["", "-wal", "-shm"]) rmSync(home.path(`${DATABASE}${suffix}`), { force: true });
    await home.run("db restore backup.db");
    return { home, given };
  }

  async function signOff(home: OnlineHome, words = "") {
    await home.run(`db reconcile --out warrant.json --force${words}`);
    sign(home, "warrant.json", [ANNA, BEN]);
    return home.run(`db reconcile --warrant signed.json${words}`);
  }

  test("none is given out in quarantine; after it none that the lost hours gave out, within the gap", async () => {
    const { home, given } = await lost();
    expect(await address(home)).toMatchObject({ exit: 8, error: { code: "QUARANTINED" } });
    const ended = await signOff(home);
    expect(ended.data.passedOver).toEqual([{ wallet: "vault", from: 1, to: GAP - 1 }]);
    const next = await address(home);
    expect(next.data.index).toBe(GAP);
    expect(given).not.toContain(next.data.account);
    home.inside(verifyAudit);
  });

  test("what the lost hours gave out is ours still, and credited to nobody", async () => {
    const { home, given } = await lost();
    // A block that was read in quarantine, before anybody knew the address.
    const paid = transaction("late", [], [{ account: given[0] as AccountId, units: 5000n }]);
    chain.mine(paid);
    await home.run("db reconcile");
    expect(home.inside((store) => findCoin(store, coinOf(paid.id, 0)))).toBeUndefined();
    expect((await signOff(home)).exit).toBe(0);
    expect((await home.run("ledger reconcile")).data).toMatchObject({ verdict: "even" });
    expect(home.inside((store) => findCoin(store, coinOf(paid.id, 0)))).toMatchObject({ wallet: "vault" });
    expect(home.inside((store) => findAddress(store, given[0] as AccountId))).toMatchObject({
      customer: undefined,
      index: 1,
    });
    expect((await home.run("deposit list --customer c-1")).data).toEqual([]);
  });

  test("more are passed over where people know that there were more, never fewer", async () => {
    const [more, fewer] = [(await lost()).home, (await lost()).home];
    expect((await signOff(more, " --addresses 30")).data.passedOver).toMatchObject([{ from: 1, to: 30 }]);
    await fewer.run("db reconcile --out warrant.json");
    sign(fewer, "warrant.json", [ANNA, BEN]);
    const another = await fewer.run("db reconcile --warrant signed.json --addresses 30");
    expect(another.error.code).toBe("WARRANT_OTHER_ACT");
    expect((await signOff(fewer, " --addresses 1")).data.passedOver).toMatchObject([{ to: GAP - 1 }]);
  });

  test("twin: a quarantine that is about no lost rows passes over none", async () => {
    const { home } = await lost();
    await signOff(home);
    const { index } = (await address(home)).data;
    const spend = { cause: "foreign-spend", subject: "t", detail: "a coin went" } as const;
    home.inside((store) =>
      step(homeDesk(store), (tx) => openQuarantine(tx, { id: fixtureId("spend"), ...spend })),
    );
    expect((await signOff(home)).data).toMatchObject({ ended: [spend], passedOver: [] });
    expect((await address(home)).data.index).toBe(index + 1);
  });
});

test("F27: a no and a void that came in quarantine are kept, and give the hold back as it ends", async () => {
  const identities = policyBody().identities.map((one) =>
    [ANNA.name, BEN.name].includes(one.name) ? { ...one, roles: [...one.roles, "admin" as const] } : one,
  );
  const changes = { identities, conflicts: [] };
  const home = await onlineHome(changes);
  await beginSession(home);
  const standing = (id: Id) => home.inside((store) => getWithdrawal(store, id).state);
  const [closed, open] = home.inside((store) => {
    const desk = homeDesk(store, changes);
    fund(desk);
    return [ask(desk, "closed", 20_000n), ask(desk, "open", 20_000n)] as const;
  });
  rmSync(home.path(WITNESS));
  for (const { id } of [closed, open])
    expect((await home.run(`withdraw cancel ${id}`)).data.state).toBe("REVOKING");
  const desk = home.inside((store) => homeDesk(store, changes));
  home.write("void.json", documentBytes(voided(desk, closed.intent)));
  const kept = await home.run("withdraw import void.json");
  expect(kept.data[0]).toMatchObject({ state: "REVOKING" });
  await home.run("db reconcile --out warrant.json");
  sign(home, "warrant.json", [ANNA, BEN]);
  expect((await home.run("db reconcile --warrant signed.json")).exit).toBe(0);
  expect([standing(closed.id), standing(open.id)]).toEqual(["CANCELLED", "REVOKING"]);
  home.inside(verifyLedger);
});

test("a warrant for another report, or for another act, ends nothing", async () => {
  const home = await begun();
  rmSync(home.path(WITNESS));
  await home.run("db reconcile --out warrant.json");
  const draft = parseDocument(WARRANT, new Uint8Array(readFileSync(home.path("warrant.json"))));
  const other = { ...draft.body, act: { do: "drop", letter: draft.body.id, attempts: 1 } as const };
  const made = signedDocument(makeDocument(WARRANT, other), [ANNA, BEN], at("09:10:00"));
  home.write("signed.json", documentBytes(made));
  expect((await home.run("db reconcile --warrant signed.json")).error.code).toBe("WARRANT_OTHER_ACT");
  expect(causes(home)).toEqual(["witness-missing"]);
});
