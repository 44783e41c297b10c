/** F09: a backup of an hour ago is put back and the queue is played again: nobody is paid a second time. */
import { join } from "node:path";
import { expect, test } from "vitest";
import type { AccountId } from "../../../src/core/account.ts";
import type { IntentDocument } from "../../../src/core/documents/intent.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { reconcileNow } from "../../../src/home/trust.ts";
import { attemptsOf } from "../../../src/store/attempts.ts";
import { backupStore, restoreStore } from "../../../src/store/backup.ts";
import { insertDeposit } from "../../../src/store/deposits.ts";
import { QUARANTINED } from "../../../src/store/failure.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { endQuarantine, openQuarantines } from "../../../src/store/quarantine.ts";
import { NOTHING_TO_BUILD } from "../../../src/withdrawals/planning/batch.ts";
import { broadcastAll } from "../../../watcher/broadcast.ts";
import { compareWithChain } from "../../../watcher/reconcile.ts";
import { trackAll } from "../../../watcher/track.ts";
import {
  ask,
  build,
  CUSTOMER,
  decide,
  exported,
  makeDesk,
  receive,
  step,
  type Desk,
} from "../../attack/online.ts";
import { coinOf, mined, onlineOf, transaction, watcherOf, writtenChain } from "../../factory/chain.ts";
import { stateFor, vaultSnapshot } from "../../factory/custody.ts";
import { approval, BTC, REGTEST } from "../../factory/documents.ts";
import { after, signed } from "../../factory/gates.ts";
import { ANNA, fixtureDigest, fixtureId } from "../../factory/identities.ts";
import { temporaryFolder } from "../../factory/folder.ts";
import { another, CONTEXT } from "../store/scratch.ts";

const QUARTER = 25_000_000n;
/** The wallet's one coin: all that the books say of it. */
const COINS = [{ units: 100_000_000n, index: 1 }];
const CUSTOMERS = `${REGTEST}:bcrt1qcustomer` as AccountId;

/** The vault's coin is a customer's deposit, and the chain holds it. */
async function hourAgo() {
  const desk = makeDesk();
  const chain = writtenChain();
  const [{ txid, vout }] = vaultSnapshot(desk.custody, COINS).coins as unknown as [
    { txid: string; vout: number },
  ];
  const coin = coinOf(txid, vout);
  const amount = { asset: BTC, units: 100_000_000n };
  step(desk, (tx) => {
    const wallet = desk.custody.wallet.name;
    PORTS.insertAddress(tx, { account: CUSTOMERS, wallet, branch: 0, index: 0, customer: CUSTOMER });
    insertDeposit(tx, { coin, account: CUSTOMERS, customer: CUSTOMER, amount, blockHash: "b", height: 1 });
  });
  const filler = Array.from({ length: vout }, () => ({ account: "x:y" as AccountId, units: 1n }));
  chain.mine(transaction("deposit", [], [...filler, { account: CUSTOMERS, units: amount.units }], txid));
  await reconcileNow(onlineOf(desk), desk.custody.policy, chain.node);
  return { desk, chain };
}

/** Builds, signs, sends and mines what waits. */
async function pay(desk: Desk, chain: ReturnType<typeof writtenChain>, signer = stateFor(desk.custody)) {
  const { plan } = build(desk, { coins: COINS });
  const written = signed(exported(desk, plan.id).request, signer);
  receive(desk, written.receipt);
  const { world } = watcherOf(desk, chain.node);
  expect(await compareWithChain(world, undefined)).toBeUndefined();
  await broadcastAll(world);
  chain.mine(mined(chain.sent.at(-1) as Uint8Array));
  await trackAll(world);
  return { signer: after(signer, written), txid: attemptsOf(desk.store, plan.id)[0]?.txid ?? "" };
}

const paidTo = (chain: ReturnType<typeof writtenChain>) =>
  new Set(chain.sent.map((bytes) => mined(bytes).id)).size;

async function restored(desk: Desk, backup: string): Promise<Desk> {
  const path = join(temporaryFolder("restored"), "custody-regtest.db");
  const instance = fixtureId("restored");
  restoreStore(backup, path, { network: "regtest", instance, detail: "an hour old", context: CONTEXT });
  return { ...desk, store: another(path) };
}

const signOff = (desk: Desk) =>
  step(desk, (tx) => {
    for (const { id } of openQuarantines(tx)) endQuarantine(tx, id, fixtureDigest("warrant"));
  });

test.each([
  ["was READY in the backup", true],
  ["came after the backup, and its client asks again with the same key", false],
])("a payment that %s is not made again", async (_, known) => {
  const { desk, chain } = await hourAgo();
  const request = (on: Desk) => ask(on, "k", QUARTER);
  const say = (on: Desk, intent: IntentDocument) =>
    decide(on, approval(intent, [ANNA], { custody: on.custody.id }));
  const before = known ? request(desk) : undefined;
  if (before !== undefined) say(desk, before.intent);
  const backup = join(temporaryFolder("backup"), "backup.db");
  await backupStore(desk.store, backup);
  if (before === undefined) say(desk, request(desk).intent);
  const { txid } = await pay(desk, chain);

  const back = await restored(desk, backup);
  expect(() => build(back)).toThrow(
    expect.objectContaining({ code: known ? QUARANTINED.code : NOTHING_TO_BUILD.code }),
  );
  if (!known) expect(() => request(back)).toThrow(expect.objectContaining({ code: QUARANTINED.code }));
  const { world, events } = watcherOf(back, chain.node);
  expect(await compareWithChain(world, undefined)).toContain("quarantine");
  expect(events.map(({ event }) => event)).toEqual([
    "foreign spend",
    ...(known ? ["paid by a stranger"] : []),
  ]);
  await broadcastAll(world);
  expect(openQuarantines(back.store).map(({ cause }) => cause)).toEqual(["restored", "foreign-spend"]);

  signOff(back);
  // Matched at once with the block that was read before it was asked for again.
  const again = before ?? request(back);
  if (!known) say(back, again.intent);
  expect(() => build(back)).toThrow(expect.objectContaining({ code: NOTHING_TO_BUILD.code }));
  await broadcastAll(world);
  expect(paidTo(chain)).toBe(1);
  expect(step(back, (tx) => PORTS.findSighting(tx, again.id))).toMatchObject({ transaction: txid });
  verifyLedger(back.store);
});

test("the signer refuses the family on other coins, were the online host to ask for it all the same", async () => {
  const { desk, chain } = await hourAgo();
  const asked = ask(desk, "k", QUARTER);
  decide(desk, approval(asked.intent, [ANNA], { custody: desk.custody.id }));
  const backup = join(temporaryFolder("backup"), "backup.db");
  await backupStore(desk.store, backup);
  const { signer } = await pay(desk, chain);
  const back = await restored(desk, backup);
  signOff(back);
  const { plan } = build(back, { coins: [{ units: 70_000_000n, index: 1 }] });
  const { request } = exported(back, plan.id);
  expect(() => signed(request, signer)).toThrow();
  // Its own past alone is in the way: a signer that knows nothing of the payment would sign.
  signed(request, stateFor(back.custody));
});

test("twin: what was never paid goes out after the restore, once people have signed it off", async () => {
  const { desk, chain } = await hourAgo();
  const asked = ask(desk, "k", QUARTER);
  decide(desk, approval(asked.intent, [ANNA], { custody: desk.custody.id }));
  const backup = join(temporaryFolder("backup"), "backup.db");
  await backupStore(desk.store, backup);
  const back = await restored(desk, backup);
  signOff(back);
  await pay(back, chain);
  expect(paidTo(chain)).toBe(1);
  expect(step(back, (tx) => PORTS.getWithdrawal(tx, asked.id).state)).toBe("CONFIRMING");
});
