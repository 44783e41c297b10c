import { expect, test } from "vitest";
import { makeDocument } from "../../../src/core/document.ts";
import { DEAD } from "../../../src/core/documents/dead.ts";
import type { IntentDocument } from "../../../src/core/documents/intent.ts";
import type { Digest } from "../../../src/core/digest.ts";
import type { Name } from "../../../src/core/identifier.ts";
import type { Instant } from "../../../src/core/instant.ts";
import { postDeposit } from "../../../src/core/ledger.ts";
import { rowFor } from "../../../src/core/policy/evaluate.ts";
import { custodyId } from "../../../src/core/policy/policy.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { insertCustomer } from "../../../src/store/customers.ts";
import type { Store } from "../../../src/store/database.ts";
import { moveKyc, openKyc } from "../../../src/store/kyc.ts";
import { insertWallet } from "../../../src/store/wallets.ts";
import { ask, CUSTOMER, step, type Desk } from "../../attack/online.ts";
import { BTC, genesisPolicy, header, journal, signedDocument } from "../../factory/documents.ts";
import { ANNA, at, BEN, fixtureDigest, fixtureId, OSCAR } from "../../factory/identities.ts";
import { voided } from "../../factory/online-words.ts";
import { plan } from "../../factory/plan.ts";
import { beginSession, onlineHome } from "../../factory/online-home.ts";

const UNITS = 25_000_000n;
const PLAN = fixtureId("plan of the command");
const BUILT = plan();
const RUNG = fixtureDigest("rung");
const [COIN = ""] = BUILT.body.conflictKeys;

/** A withdrawal in the home's own database whose only plan was exported and is dead; nobody has signed that yet. */
function expire(store: Store) {
  const policy = genesisPolicy();
  const [wallet] = policy.body.wallets as [(typeof policy.body.wallets)[number]];
  const desk: Desk = {
    store,
    custody: { policy, id: custodyId(policy), wallet, journal: journal() as never },
  };
  step(desk, (tx) => {
    insertWallet(tx, wallet);
    insertCustomer(tx, { id: CUSTOMER, ref: "c-1" });
    openKyc(tx, CUSTOMER);
    moveKyc(tx, CUSTOMER, { version: 1, to: "SUBMITTED", event: "submitted" });
    const changes = { tier: "basic" as Name, expires: "2027-11-22T00:00:00Z" as Instant };
    moveKyc(tx, CUSTOMER, { version: 2, to: "ACCEPTED", event: "accepted" }, changes);
    const deposit = { coin: "coin", wallet: wallet.name, customer: CUSTOMER, asset: BTC, units: 4n * UNITS };
    PORTS.post(tx, postDeposit(deposit));
  });
  const { id, intent } = ask(desk, "k", UNITS);
  const row = rowFor(policy.body, "withdrawal", BTC, UNITS)?.name as Name;
  const bytes = Uint8Array.of(1);
  step(desk, (tx) => {
    const move = (version: number, to: "READY" | "PLANNED" | "EXPORTED" | "EXPIRED") =>
      PORTS.moveWithdrawal(tx, id, { version, to, event: "test" }, to === "PLANNED" ? { plan: PLAN } : {});
    const own = { id: PLAN, wallet: wallet.name, digest: BUILT.digest, replaces: undefined };
    const intents = [{ intent: intent.digest, withdrawal: id, row, units: UNITS }];
    move(3, "READY");
    PORTS.saveDocument(tx, BUILT);
    PORTS.insertPlan(
      tx,
      { ...own, intents, snapshot: bytes, build: bytes, previous: bytes, changeIndex: 0, feeUnits: 1n },
      ["coin"],
    );
    move(4, "PLANNED");
    move(5, "EXPORTED");
    PORTS.movePlan(tx, PLAN, { version: 1, to: "EXPORTED", event: "test" });
    PORTS.movePlan(tx, PLAN, { version: 2, to: "DEAD", event: "test" });
    move(6, "EXPIRED");
  });
  return { desk, id, intent };
}

/** The quorum vouches; and a signer has said who led the plan out, of which no request is stored here. */
function prove(desk: Desk, intent: IntentDocument): void {
  const listed = {
    plan: BUILT.digest,
    generation: 1,
    row: "small" as Name,
    conflictKeys: [COIN],
    transactions: [RUNG],
    operators: [OSCAR.person],
  };
  const dead = makeDocument(DEAD, {
    ...header("dead"),
    custody: desk.custody.id,
    plan: BUILT.digest,
    transactions: [RUNG],
    conflictKey: COIN,
    spentBy: fixtureDigest("stranger"),
    block: { hash: fixtureDigest("block"), height: 200 },
    evidence: fixtureDigest("evidence"),
    policy: 1,
  });
  step(desk, (tx) => {
    PORTS.saveDocument(tx, signedDocument(dead, [ANNA, BEN], at("09:00:00")));
    PORTS.saveDocument(tx, voided(desk, intent, [listed]));
  });
}

test("withdraw supersede names the plan without proof, tries dry, and asks for approvals anew", async () => {
  const home = await onlineHome();
  await beginSession(home);
  const { id, intent } = home.inside(expire);
  const command = `withdraw supersede ${id}`;
  const stateOf = async () =>
    (await home.run(`withdraw show ${id}`)).data as { state: string; intent: Digest };

  const refused = await home.run(command);
  expect(refused).toMatchObject({ exit: 4, error: { code: "SUPERSEDE_UNPROVEN" } });
  expect(refused.error.hint).toContain(`custody withdraw dead ${PLAN}`);

  const unnamed = await home.run(`withdraw dead ${PLAN} --out dead.json`);
  expect(unnamed).toMatchObject({ error: { code: "FLAG_MISSING", field: "--spent-by" } });

  home.inside((store) => prove({ store, custody: { id: custodyId(genesisPolicy()) } } as Desk, intent));
  const dry = await home.run(`${command} --dry-run`);
  expect(dry).toMatchObject({ exit: 0, data: { generation: 2, supersedes: [intent.digest] } });
  expect(await stateOf()).toMatchObject({ state: "EXPIRED", intent: intent.digest });

  const done = await home.run(command);
  expect(done).toMatchObject({ exit: 0, data: { generation: 2, state: "PENDING_APPROVAL" } });
  expect(await stateOf()).toMatchObject({
    state: "PENDING_APPROVAL",
    intent: (done.data as { intent: Digest }).intent,
  });

  const again = await home.run(command);
  expect(again).toMatchObject({
    exit: 6,
    error: { code: "SUPERSEDE_NOT_EXPIRED", hint: `custody withdraw show ${id}` },
  });
  expect(await home.text(`${command} --help`)).toContain("new generation");
});
