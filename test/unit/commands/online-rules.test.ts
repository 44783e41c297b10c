import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { documentBytes, parseDocument } from "../../../src/core/document.ts";
import { RATES } from "../../../src/core/documents/rates.ts";
import type { Name } from "../../../src/core/identifier.ts";
import type { Instant } from "../../../src/core/instant.ts";
import { postDeposit } from "../../../src/core/ledger.ts";
import { insertCustomer } from "../../../src/store/customers.ts";
import { saveDocument } from "../../../src/store/documents.ts";
import { moveKyc, openKyc } from "../../../src/store/kyc.ts";
import { custodyId } from "../../../src/core/policy/policy.ts";
import { post } from "../../../src/store/postings.ts";
import { write } from "../../../src/store/transaction.ts";
import {
  beneficiary,
  BTC,
  genesisPolicy,
  onlineLimit,
  onlineRules,
  policyBody,
  signedDocument,
} from "../../factory/documents.ts";
import { ALICE, ANNA, at, fixtureId, OSCAR } from "../../factory/identities.ts";
import { beginSession, onlineHome, type OnlineHome } from "../../factory/online-home.ts";

const TO = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
const ASK = `withdraw request --customer c-1 --asset btc --to ${TO}`;
let home: OnlineHome;

/** A home with a customer of tier basic, a destination, a coin, and limits in satoshi and in euro. */
beforeEach(async () => {
  const worth = onlineLimit("worth", { per: "network", window: "week", max: { minorUnits: "3000000" } });
  const each = onlineLimit("each", { max: { asset: BTC, units: "60000000" }, paymentsMax: 5 });
  const identities = policyBody().identities.map((one) =>
    one.name === OSCAR.name ? { ...one, roles: [...one.roles, "requester" as const] } : one,
  );
  const changes = { identities, online: onlineRules({ limits: [each, worth] }) };
  home = await onlineHome(changes);
  await beginSession(home);
  const customer = fixtureId("customer");
  const context = { operation: fixtureId("coin"), command: "test", actor: "oscar", now: at("09:00:00") };
  home.inside((store) =>
    write(store, context, (tx) => {
      insertCustomer(tx, { id: customer, ref: "c-1" });
      openKyc(tx, customer);
      moveKyc(tx, customer, { version: 1, to: "SUBMITTED", event: "submitted" });
      const accepted = { tier: "basic" as Name, expires: "2027-11-22T00:00:00Z" as Instant };
      moveKyc(tx, customer, { version: 2, to: "ACCEPTED", event: "accepted" }, accepted);
      saveDocument(tx, beneficiary({ custody: custodyId(genesisPolicy(changes)) }));
      const deposit = { coin: "coin", wallet: "vault" as Name, customer, asset: BTC, units: 100_000_000n };
      post(tx, postDeposit(deposit));
    }),
  );
});

async function signRates(who = ALICE): Promise<void> {
  expect(await home.run("rates new --rate btc=50000 --out rates.json --force")).toMatchObject({ exit: 0 });
  const draft = parseDocument(RATES, new Uint8Array(readFileSync(home.path("rates.json"))));
  home.write("rates.signed.json", documentBytes(signedDocument(draft, [who], at("09:00:00"))));
}

describe("custody rates", () => {
  test("are written, signed elsewhere, imported and shown", async () => {
    expect(await home.run("rates show")).toMatchObject({ exit: 0, data: { inForce: false, known: [] } });
    await signRates();
    expect(await home.run("rates import rates.signed.json")).toMatchObject({
      exit: 0,
      data: { currency: "EUR" },
    });
    expect(await home.run("rates show")).toMatchObject({
      data: { inForce: true, rates: [{ minorUnits: "5000000", units: "100000000" }] },
    });
    expect(await home.text("rates show")).toContain("50000.00 EUR");
    expect(
      await home.run("rates show", { now: at("09:00:00").replace("22T", "24T") as never }),
    ).toMatchObject({
      data: { inForce: false },
    });
  });

  test("of somebody who may not are refused, and so is a malformed price", async () => {
    await signRates(ANNA);
    expect(await home.run("rates import rates.signed.json")).toMatchObject({
      exit: 7,
      error: { code: "RATES_UNSIGNED" },
    });
    for (const rate of ["btc", "btc=1=2", "btc=0.001", "btc=0", "doge=1"])
      expect((await home.run(`rates new --rate ${rate} --out x.json`)).exit, rate).toBeGreaterThan(0);
  });

  test("a dry run imports nothing", async () => {
    await signRates();
    expect(await home.run("rates import rates.signed.json --dry-run")).toMatchObject({ exit: 0 });
    expect(await home.run("rates show")).toMatchObject({ data: { known: [] } });
  });
});

describe("policy explain and verify", () => {
  test("explain says of a withdrawal which gate lets it pass, and how much of each limit is left", async () => {
    await signRates();
    await home.run("rates import rates.signed.json");
    const first = await home.run(`${ASK} --amount 0.2 --key k-1`);
    expect(first).toMatchObject({ exit: 0 });
    const second = await home.run(`${ASK} --amount 0.25 --key k-2`);
    const explained = await home.run(`policy explain ${second.data.id}`);
    expect(explained).toMatchObject({
      exit: 0,
      data: {
        row: "small",
        online: {
          currency: "EUR",
          tier: "basic",
          value: { minorUnits: "1250000" },
          limits: [
            {
              name: "each",
              used: "20000000",
              asked: "25000000",
              left: "40000000",
              payments: 1,
              verdict: "within",
            },
            {
              name: "worth",
              counts: "EUR",
              used: "1000000",
              asked: "1250000",
              left: "2000000",
              verdict: "within",
            },
          ],
        },
      },
    });
    expect(explained.data.verdict).toMatch(/^QUORUM_NOT_MET/);
    const text = await home.text(`policy explain ${second.data.id}`);
    for (const words of ["accepted, tier basic", "limit each", "20000.00 EUR left of 30000.00 EUR", "0 of 1"])
      expect(text).toContain(words);
  });

  test("a refused request names the limit; explain of a thought says what limits there are", async () => {
    expect(await home.run(`${ASK} --amount 0.2 --key k-1`)).toMatchObject({
      exit: 4,
      error: { code: "ONLINE_RULE_DENIED", hint: expect.stringContaining("custody rates import") },
    });
    expect(await home.text("policy explain --amount 0.25")).toContain(
      "30000.00 EUR in any 7 days per network",
    );
  });

  test("verify warns while nothing can be valued", async () => {
    const warned = async () =>
      JSON.stringify((await home.run("policy verify")).data.problems).includes("valued");
    expect(await warned()).toBe(true);
    await signRates();
    await home.run("rates import rates.signed.json");
    expect(await warned()).toBe(false);
  });

  test("ledger verify recounts what limits have counted", async () => {
    expect(await home.run("ledger verify")).toMatchObject({ exit: 0, data: { limited: 0 } });
    home.inside((store) => {
      store.database.exec(
        "INSERT INTO limit_sum VALUES ('tier', 'x', 60, '2026-11-22T08:00:00Z', 'a', '', '5', '0', 1)",
      );
    });
    expect(await home.run("ledger verify")).toMatchObject({ exit: 7, error: { code: "LIMITS_BROKEN" } });
  });
});
