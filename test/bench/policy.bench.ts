/**
 * Row `policy`: one payment judged as at the door: its destination among 10,000, the online rules over a million payments
 * of the last thirty days, and a policy of 100 rows. The floor is the signatures, each verified.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { AccountId } from "../../src/core/account.ts";
import type { BeneficiaryDocument } from "../../src/core/documents/beneficiary.ts";
import type { Id, Name } from "../../src/core/identifier.ts";
import { verify } from "../../src/core/ed25519.ts";
import { fromHex } from "../../src/core/hex.ts";
import { instantOf, seconds, type Instant } from "../../src/core/instant.ts";
import { evaluate } from "../../src/core/policy/evaluate.ts";
import { SCOPES, type OnlineLimit } from "../../src/core/policy/online/section.ts";
import { SPANS, spanStart, type Span } from "../../src/core/policy/online/window.ts";
import { signedBytes, type Signature } from "../../src/core/signature.ts";
import { READS } from "../../src/home/ports.ts";
import { closeStore, openStore, type Store } from "../../src/store/database.ts";
import { insertCustomer } from "../../src/store/customers.ts";
import { findBeneficiaries, saveDocument } from "../../src/store/documents.ts";
import { moveKyc, openKyc } from "../../src/store/kyc.ts";
import { insertRates } from "../../src/store/rates.ts";
import { write } from "../../src/store/transaction.ts";
import { judgeByOnlineRules } from "../../src/withdrawals/deciding/online.ts";
import {
  approval,
  beneficiary,
  BTC,
  genesisPolicy,
  intent,
  onlineLimit,
  onlineRules,
  REGTEST,
  row,
} from "../factory/documents.ts";
import { ANNA, at, BEN, fixtureDigest, fixtureId } from "../factory/identities.ts";
import { ratesOf } from "../factory/rates.ts";
import { median, type Row } from "./row.ts";

const [ROWS, BENEFICIARIES, PAYMENTS, ROUNDS] = [100, 10_000, 1_000_000, 201];
const MONTH = 2_592_000;
const NOW = at("12:00:00");
/** Destinations that are paid, of half as many customers. */
const PAYEES = 200;
const TIER = "basic" as Name;

export async function policy(): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), "custody-bench-"));
  const store = openStore(join(folder, "custody-regtest.db"), { network: "regtest", create: true });
  try {
    return measure(store);
  } finally {
    closeStore(store);
    rmSync(folder, { recursive: true, force: true });
  }
}

function measure(store: Store): Row {
  const active = genesisPolicy({ rows: manyRows(), online: onlineRules({ limits: [...manyLimits()] }) });
  fill(store);
  const destination = destinationOf(47);
  const { customer, account } = destination.body;
  const asked = intent({
    expires: at("23:00:00"),
    customer,
    beneficiary: destination.digest,
    units: "99500000",
  });
  const approvals = [approval(asked, [ANNA]), approval(asked, [BEN])];
  const evidence = { intent: asked, beneficiary: destination, approvals, clearances: [], halts: [] };
  const payment = { id: fixtureId("asked"), customer, account, amount: { asset: BTC, units: 99_500_000n } };
  const signed = [destination, ...approvals, ratesOf()].map(
    ({ digest, signatures }) => [digest, signatures[0] as Signature] as const,
  );
  const works = {
    floor: () =>
      signed.every(([digest, { by, at: when, sig }]) =>
        verify(signedBytes(digest, by, when), fromHex(sig), by),
      ),
    destination: () => findBeneficiaries(store, customer, account).length === 1,
    limits: () =>
      judgeByOnlineRules(READS, store, payment, { policy: active, now: NOW }).standings.length ===
      manyLimits().length,
    rows: () => evaluate(active.body, evidence, NOW).allowed,
  };
  const times = timed(works);
  const ours = times.destination + times.limits + times.rows;
  return {
    name: "policy",
    unit: "ms",
    ours,
    floor: times.floor,
    peers: { destination: times.destination, "online rules": times.limits, "policy rows": times.rows },
    ratio: ours / times.floor,
    goal: "each of the three under 1 ms",
    notes: [
      `${ROWS} rows; ${BENEFICIARIES} destinations; ${manyLimits().length} online limits, one of each scope, over ${PAYMENTS} payments of 30 days`,
      "ours is all three together; the floor is the four signatures that they hang on, verified afresh, which ours remembers",
    ],
  };
}

function timed<Name extends string>(works: Readonly<Record<Name, () => boolean>>): Record<Name, number> {
  const times = Object.fromEntries(Object.keys(works).map((name) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, work] of Object.entries<() => boolean>(works)) {
      const begin = performance.now();
      if (!work()) throw new TypeError(`${name} did not do its work`);
      times[name]?.push(performance.now() - begin);
    }
  return Object.fromEntries(Object.entries(times).map(([name, taken]) => [name, median(taken)])) as Record<
    Name,
    number
  >;
}

function manyRows() {
  return Array.from({ length: ROWS }, (_, place) =>
    row(`band-${place}`, String(place * 1_000_000), String((place + 1) * 1_000_000), 2, {
      approvalSecondsMax: 86_400,
    }),
  );
}

/** Every scope and window once, and a month in the currency. */
function manyLimits(): readonly OnlineLimit[] {
  const worth = { minorUnits: "9".repeat(20) };
  return [
    onlineLimit("customer-day"),
    onlineLimit("customer-month", { window: "month", max: worth }),
    onlineLimit("destination-week", { per: "destination", window: "week" }),
    onlineLimit("tier-month", { per: "tier", window: "month" }),
    onlineLimit("network-hour", { per: "network", window: "hour" }),
  ];
}

function fill(store: Store): void {
  const context = { operation: fixtureId("bench"), command: "bench", actor: "bench", now: at("09:00:00") };
  write(store, context, (tx) => {
    insertRates(tx, ratesOf());
    for (let place = 0; place < BENEFICIARIES; place++) saveDocument(tx, destinationOf(place));
    const { customer } = destinationOf(47).body;
    insertCustomer(tx, { id: customer, ref: "c-1" });
    openKyc(tx, customer);
    moveKyc(tx, customer, { version: 1, to: "SUBMITTED", event: "submitted" });
    const changes = { tier: TIER, expires: instantOf(seconds(NOW) + MONTH) };
    moveKyc(tx, customer, { version: 2, to: "ACCEPTED", event: "accepted" }, changes);
  });
  fillPayments(store);
}

/** Two for each customer. */
function destinationOf(place: number) {
  return beneficiary({
    id: fixtureId(`beneficiary ${place}`),
    customer: customerOf(Math.floor(place / 2)),
    account: `${REGTEST}:bcrt1q${fixtureDigest(`account ${place}`).slice(0, 38)}` as AccountId,
  });
}

function customerOf(place: number): Id {
  return fixtureId(`customer ${place}`);
}

// As a host that has been up for a month would have counted them; through the use case it would take an hour. A hundred
// customers with ten thousand payments each are harder on a window than many with few.
function fillPayments({ database }: Store): void {
  const usual = database.pragma("cache_size", { simple: true }) as number;
  database.exec(
    "PRAGMA foreign_keys = OFF; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; DROP TRIGGER limit_use_audited",
  );
  const indexes = database
    .prepare<[], { name: string; sql: string }>(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'limit_use' AND sql IS NOT NULL",
    )
    .all();
  for (const { name } of indexes) database.exec(`DROP INDEX ${name}`);
  const payees = Array.from({ length: PAYEES }, (_, place) => destinationOf(place).body);
  const insert = database.prepare(
    "INSERT INTO limit_use (withdrawal, at, customer, account, tier, chain, asset, units, currency, minor_units, rates) VALUES (?, ?, ?, ?, ?, ?, ?, '20000', 'EUR', '1000', ?)",
  );
  const { digest } = ratesOf();
  const payments = new Map<string, number>();
  database.transaction(() => {
    for (let place = 0; place < PAYMENTS; place++) {
      const when = instantOf(seconds(NOW) - MONTH + Math.floor((place * MONTH) / PAYMENTS));
      const { customer, account } = payees[place % PAYEES] as BeneficiaryDocument["body"];
      const id = place.toString(16).padStart(32, "0");
      insert.run(id, when, customer, account, TIER, REGTEST, BTC, digest);
      const subjects = { customer, destination: account, tier: TIER, network: REGTEST };
      for (const scope of SCOPES)
        for (const span of SPANS[scope]) {
          const key = `${scope} ${subjects[scope]} ${span} ${startOf(span, when)}`;
          payments.set(key, (payments.get(key) ?? 0) + 1);
        }
    }
    const keep = database.prepare("INSERT INTO limit_sum VALUES (?, ?, ?, ?, ?, 'EUR', ?, ?, ?)");
    for (const [key, count] of payments) {
      const [scope, subject, span, start] = key.split(" ");
      keep.run(scope, subject, Number(span), start, BTC, String(20_000 * count), String(1000 * count), count);
    }
    for (const { sql } of indexes) database.exec(sql);
  })();
  database.pragma(`cache_size = ${usual}`);
}

const starts = new Map<string, Instant>();

// A million times the same few thousand minutes.
function startOf(span: Span, when: Instant): Instant {
  const key = `${span} ${when.slice(0, 16)}`;
  const known = starts.get(key) ?? spanStart(span, when);
  starts.set(key, known);
  return known;
}
