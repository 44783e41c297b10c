/**
 * Row `intake`: durable withdrawal requests from 64 concurrent callers in one process. The floor writes the very same rows
 * (every insert and update of ours, caught on the way) by prepared statements of better-sqlite3 into a copy of the same
 * database, in batches of the same sizes. WAL, synchronous=FULL, on the disk that the repository lies on.
 */
import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { addressOfScript } from "../../src/chains/bitcoin/index.ts";
import { scriptOf } from "../../src/chains/bitcoin/script.ts";
import { amount } from "../../src/core/amount.ts";
import { assert } from "../../src/core/errors.ts";
import { idFrom, type Id, type Name } from "../../src/core/identifier.ts";
import type { Instant } from "../../src/core/instant.ts";
import { postDeposit } from "../../src/core/ledger.ts";
import { POLICY, type PolicyDocument } from "../../src/core/policy/policy.ts";
import { PORTS } from "../../src/home/ports.ts";
import { insertCustomer } from "../../src/store/customers.ts";
import { closeStore, openStore, type Store } from "../../src/store/database.ts";
import { groupCommit } from "../../src/store/group-commit.ts";
import { moveKyc, openKyc } from "../../src/store/kyc.ts";
import { activatePolicy, activePolicy } from "../../src/store/policies.ts";
import { write, type Context, type Tx } from "../../src/store/transaction.ts";
import { insertWallet } from "../../src/store/wallets.ts";
import { requestWithdrawal, type WithdrawalRequest } from "../../src/withdrawals/intake/request.ts";
import { beneficiary, BTC, genesisPolicy, policyBody } from "../factory/documents.ts";
import { at, fixtureBytes, fixtureId, RUTH } from "../factory/identities.ts";
import { copyOf, replay, writesOf, type Caught } from "./caught-writes.ts";
import { benchFolder } from "./folder.ts";
import { median, type Row } from "./row.ts";

const CALLERS = 64;
const REQUESTS = 3200;
const ONE_BY_ONE = 200;
/** Asked for by callers who come when they come (ADR 27): so many a second, more than eight million a day. */
const A_SECOND = 100;
const PACED = 300;
const ROUNDS = 5;
const NOW = at("09:10:00");

type Measured =
  | "ours"
  | "p95"
  | "paced"
  | "disk"
  | "floor"
  | "bare"
  | "single"
  | "unkept"
  | "busy"
  | "floorBusy";

export async function intake(): Promise<Row> {
  const folder = benchFolder("intake");
  try {
    const store = openStore(`${folder.path}/custody-regtest.db`, { network: "regtest", create: true });
    const requests = furnish(store);
    const times: Record<Measured, number[]> = {
      ...{
        ours: [],
        p95: [],
        paced: [],
        disk: [],
        floor: [],
        bare: [],
        single: [],
        unkept: [],
        busy: [],
        floorBusy: [],
      },
    };
    await together(store, requests, 640);
    for (let round = 0; round < ROUNDS; round++) {
      const copy = copyOf(store, `${folder.path}/floor-${round}.db`);
      const bare = copyOf(store, `${folder.path}/bare-${round}.db`, { withoutTriggers: true });
      // Caught in a pass that is not timed: watching costs something, too.
      const caught: Caught = writesOf(store);
      await together(store, requests, REQUESTS);
      caught.stop();
      const began = process.cpuUsage();
      const { perRequest, p95 } = await together(store, requests, REQUESTS);
      times.busy.push(busySince(began));
      times.ours.push(perRequest);
      times.p95.push(p95);
      const replayed = process.cpuUsage();
      times.floor.push(replay(copy, caught) / REQUESTS);
      times.floorBusy.push(busySince(replayed));
      times.bare.push(replay(bare, caught) / REQUESTS);
      times.single.push(oneByOne(store, requests));
      store.database.pragma("synchronous = OFF");
      times.unkept.push(oneByOne(store, requests));
      store.database.pragma("synchronous = FULL");
      // What was not to be durable is on its way to the disk still, and is not what the next requests wait for.
      store.database.pragma("wal_checkpoint(TRUNCATE)");
      times.paced.push(await paced(store, requests));
      times.disk.push(await pacedDisk(folder.path));
    }
    closeStore(store);
    return rowOf(times);
  } finally {
    folder.remove();
  }
}

function rowOf(times: Readonly<Record<Measured, readonly number[]>>): Row {
  const [ours, floor] = [median(times.ours), median(times.floor)];
  const [single, unkept] = [median(times.single), median(times.unkept)];
  const perSecond = (milliseconds: number) => Math.round(1000 / milliseconds);
  return {
    name: "intake",
    unit: "ms",
    ours,
    floor,
    peers: {
      "one commit each": single,
      "one commit each, not durable": unkept,
      "floor without triggers": median(times.bare),
    },
    ratio: ours / floor,
    goal: `at most 2x the same rows written raw; at most 1.25x of what is not made durable; p95 under 10 ms at ${A_SECOND} requests a second`,
    notes: [
      `${perSecond(ours)} durable requests a second, raw ${perSecond(floor)}, one commit each ${perSecond(single)} (${(single / ours).toFixed(1)}x)`,
      `processor ${median(times.busy).toFixed(2)} ms a request, raw ${median(times.floorBusy).toFixed(2)} (${(median(times.busy) / median(times.floorBusy)).toFixed(2)}x)`,
      `durability costs ${(ours / unkept).toFixed(2)}x of the same requests without it, each in a commit of its own`,
      `p95 ${median(times.paced).toFixed(1)} ms from asking to durable at ${A_SECOND} requests a second, ${median(times.disk).toFixed(1)} ms for the disk alone; ${median(times.p95).toFixed(0)} ms for ${CALLERS} callers who never pause; WAL, synchronous=FULL`,
      // Little's law: who always waits for an answer before asking again waits as long as all the others take.
      `so many callers who never pause would wait ${(CALLERS * floor).toFixed(0)} ms for the raw writes alone`,
    ],
  };
}

/** Milliseconds of processor a request, which other programs on the machine change less than the time that passes. */
function busySince(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000 / REQUESTS;
}

type Asking = (number: number) => WithdrawalRequest;
let asked = 0;

/** Every caller asks, waits until its request is durable, and asks again. */
async function together(store: Store, requests: Asking, count: number) {
  const commits = groupCommit(store, policyOf);
  const waits: number[] = [];
  let left = count;
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      while (left > 0) {
        left -= 1;
        const request = requests((asked += 1));
        const began = performance.now();
        const { created } = await commits.write(contextOf(), (tx, policy) => ask(tx, request, policy));
        assert(created, "a new key is a new request");
        waits.push(performance.now() - began);
      }
    }),
  );
  const perRequest = (performance.now() - begin) / count;
  await commits.close();
  return { perRequest, p95: p95Of(waits) };
}

/**
 * Callers who know nothing of each other: exponential gaps, whether or not the ones before have been answered.
 * @returns the 95th percentile of milliseconds from the moment a request was due until it was durable
 */
async function paced(store: Store, requests: Asking): Promise<number> {
  const commits = groupCommit(store, policyOf);
  const waits: number[] = [];
  const begin = performance.now();
  let due = 0;
  const answers = Array.from({ length: PACED }, async () => {
    const fraction = (randomBytes(4).readUInt32BE() + 1) / 2 ** 32;
    const at = (due += (-Math.log(fraction) * 1000) / A_SECOND);
    await sleep(at - (performance.now() - begin));
    const request = requests((asked += 1));
    await commits.write(contextOf(), (tx, policy) => ask(tx, request, policy));
    waits.push(performance.now() - begin - at);
  });
  await Promise.all(answers);
  await commits.close();
  return p95Of(waits);
}

/** Bytes of the write-ahead log that a request takes, about. */
const REQUEST_BYTES = 60 * 1024;

/** The same for the disk alone: as many bytes, appended and made durable so often. @returns the 95th percentile in milliseconds */
async function pacedDisk(folder: string): Promise<number> {
  const file = openSync(`${folder}/disk-alone`, "w");
  const waits: number[] = [];
  for (let count = 0; count < PACED; count++) {
    await sleep(1000 / A_SECOND);
    const began = performance.now();
    writeSync(file, randomBytes(REQUEST_BYTES));
    fsyncSync(file);
    waits.push(performance.now() - began);
  }
  closeSync(file);
  return p95Of(waits);
}

function p95Of(waits: readonly number[]): number {
  return [...waits].sort((a, b) => a - b)[Math.floor(waits.length * 0.95)] as number;
}

function oneByOne(store: Store, requests: Asking): number {
  const begin = performance.now();
  for (let number = 0; number < ONE_BY_ONE; number++) {
    const request = requests((asked += 1));
    write(store, contextOf(), (tx) => ask(tx, request, policyOf(tx)));
  }
  return (performance.now() - begin) / ONE_BY_ONE;
}

function contextOf(): Context {
  return { operation: randomId(), command: "withdraw request", actor: RUTH.name, now: NOW };
}

function ask(tx: Tx, request: WithdrawalRequest, policy: PolicyDocument) {
  const about = { policy, requester: RUTH.name, now: tx.now, operation: tx.operation, id: randomId() };
  return requestWithdrawal(PORTS, tx, request, about);
}

function policyOf(tx: Tx): PolicyDocument {
  const active = activePolicy(tx);
  const policy = active === undefined ? undefined : PORTS.findDocument(tx, POLICY, active.digest);
  assert(policy !== undefined, "the bench's policy is in force");
  return policy;
}

function randomId(): Id {
  return idFrom(new Uint8Array(randomBytes(16)));
}

/** A customer a caller, each with money, KYC and a signed destination. */
function furnish(store: Store): Asking {
  const policy = genesisPolicy();
  const destinations = Array.from({ length: CALLERS }, (_, number) => {
    const script = scriptOf("p2wpkh", fixtureBytes(`bench payee ${number}`).subarray(0, 20));
    const account = addressOfScript(script, "regtest")?.account;
    assert(account !== undefined, "a P2WPKH script has an address");
    return account;
  });
  write(store, contextOf(), (tx) => {
    PORTS.saveDocument(tx, policy);
    activatePolicy(tx, { number: 1, digest: policy.digest });
    for (const { name, chain, descriptor } of policyBody().wallets)
      insertWallet(tx, { name, chain, descriptor });
    destinations.forEach((account, number) => admit(tx, number, account));
  });
  return (number) => ({
    customerRef: `c-${number % CALLERS}`,
    amount: amount(BTC, 10_000n),
    account: destinations[number % CALLERS] as (typeof destinations)[number],
    clientKey: `order-${number}`,
  });
}

function admit(tx: Tx, number: number, account: WithdrawalRequest["account"]): void {
  const customer = fixtureId(`bench customer ${number}`);
  insertCustomer(tx, { id: customer, ref: `c-${number}` });
  openKyc(tx, customer);
  moveKyc(tx, customer, { version: 1, to: "SUBMITTED", event: "submitted" });
  const changes = { tier: "basic" as Name, expires: "2027-11-22T00:00:00Z" as Instant };
  moveKyc(tx, customer, { version: 2, to: "ACCEPTED", event: "accepted" }, changes);
  const wallet = "vault" as Name;
  PORTS.post(
    tx,
    postDeposit({ coin: `coin-${number}`, wallet, customer, asset: BTC, units: 1_000_000_000_000n }),
  );
  PORTS.saveDocument(tx, beneficiary({ id: fixtureId(`bench destination ${number}`), customer, account }));
}
