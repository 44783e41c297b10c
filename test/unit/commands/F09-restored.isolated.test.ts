/** F09, F26: a database that was restored, copied back or robbed of its witness lets nothing new out, until two admins sign. */
import { copyFileSync, readFileSync, rmSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { documentBytes, makeDocument, parseDocument } from "../../../src/core/document.ts";
import { WARRANT } from "../../../src/core/documents/warrant.ts";
import type { BitcoinNodes } from "../../../src/home/node.ts";
import { openQuarantines } from "../../../src/store/quarantine.ts";
import { writtenChain } from "../../factory/chain.ts";
import { policyBody, signedDocument } from "../../factory/documents.ts";
import { ALICE, ANNA, at, BEN, type Cast } from "../../factory/identities.ts";
import { beginSession, onlineHome, type OnlineHome } from "../../factory/online-home.ts";

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
  expect(await quarantined(home)).toBe("RECONCILE_FIRST");
  expect((await home.run("ledger reconcile")).data).toMatchObject({ verdict: "even" });
  expect(causes(home)).toEqual([]);
  expect(await quarantined(home)).not.toMatch(/QUARANTINED|RECONCILE_FIRST/);
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
