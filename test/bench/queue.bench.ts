/** Row `queue`: the first page of `custody withdraw queue --json` over 1,000,000 withdrawals, against `node -e 0`. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { projectRoot } from "../../demo/cast.ts";
import { assert } from "../../src/core/errors.ts";
import { closeStore, openStore, type Store } from "../../src/store/database.ts";
import { beneficiary, BTC, genesisPolicy } from "../factory/documents.ts";
import { fixtureDigest, fixtureId, at } from "../factory/identities.ts";
import { benchFolder } from "./folder.ts";
import { median, type Row } from "./row.ts";

const WITHDRAWALS = 1_000_000;
const CUSTOMERS = 10_000;
const ROUNDS = 15;
const PAGE = 50;

export async function queue(): Promise<Row> {
  const folder = benchFolder("queue");
  try {
    const store = openStore(`${folder.path}/custody-regtest.db`, { network: "regtest", create: true });
    fill(store);
    closeStore(store);
    const custody = [join(projectRoot(), "dist", "custody.js"), "withdraw", "queue"];
    const words = {
      floor: ["-e", "0"],
      ours: [...custody, "--json", "--home", folder.path],
      ready: [...custody, "--state", "READY", "--json", "--home", folder.path],
    };
    const times: Record<keyof typeof words, number[]> = { floor: [], ours: [], ready: [] };
    for (let round = 0; round < ROUNDS; round++)
      for (const name of Object.keys(words) as (keyof typeof words)[])
        times[name].push(timed(words[name], name));
    const [floor, ours] = [median(times.floor), Math.max(median(times.ours), median(times.ready))];
    return {
      name: "queue",
      unit: "ms",
      ours,
      floor,
      peers: { "all states": median(times.ours), "--state READY": median(times.ready) },
      ratio: ours / floor,
      goal: "at most 2.5x node -e 0",
      notes: [`${WITHDRAWALS} withdrawals; ours is the slower of the two pages`],
    };
  } finally {
    folder.remove();
  }
}

function timed(words: readonly string[], name: string): number {
  const begin = performance.now();
  const { stdout, status } = spawnSync(process.execPath, words, { encoding: "utf8" });
  const took = performance.now() - begin;
  assert(status === 0, `${name} exits 0`);
  if (name !== "floor")
    assert((JSON.parse(stdout) as { data: unknown[] }).data.length === PAGE, `${name} answers with a page`);
  return took;
}

/**
 * Withdrawals as the years leave them: nearly all ended, a few under way. Written past the guards, which are put back when
 * the store is opened again: only the queue is read here.
 */
function fill({ database }: Store): void {
  const guards = database
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
    .pluck()
    .all();
  for (const name of guards) database.exec(`DROP TRIGGER "${name}"`);
  database.pragma("synchronous = OFF");
  const customer = database.prepare(
    "INSERT INTO customer (id, ref, state, version, created) VALUES (?, ?, 'OPEN', 1, ?)",
  );
  const withdrawal = database.prepare(
    "INSERT INTO withdrawal (id, customer, asset, units, account, beneficiary, client_key, body_hash, intent, state, version, created, updated)" +
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 4, ?, ?)",
  );
  const idOf = (number: number) => number.toString(16).padStart(32, "0");
  const [time, { account }] = [at("09:00:00"), beneficiary().body];
  const [signed, body] = [fixtureDigest("beneficiary"), genesisPolicy().digest];
  database.transaction(() => {
    for (let number = 0; number < CUSTOMERS; number++) customer.run(idOf(number), `c-${number}`, time);
    for (let number = 1; number <= WITHDRAWALS; number++) {
      const state = number % 1000 === 0 ? "READY" : number % 997 === 0 ? "PENDING_APPROVAL" : "COMPLETED";
      const intent = (BigInt(`0x${fixtureId("intent")}`) + BigInt(number)).toString(16).padStart(64, "0");
      withdrawal.run(
        ...[idOf(number), idOf(number % CUSTOMERS), BTC, String(10_000 + (number % 5000)), account],
        ...[signed, `order-${number}`, body, intent, state, time, time],
      );
    }
  })();
}
