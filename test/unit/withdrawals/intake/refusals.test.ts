import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { addressOfScript } from "../../../../src/chains/bitcoin/index.ts";
import { scriptOf } from "../../../../src/chains/bitcoin/script.ts";
import { toBech32 } from "bitcoinjs-lib/src/address";
import { accountId } from "../../../../src/core/account.ts";
import { BITCOIN_CHAINS } from "../../../../src/core/chain.ts";
import { declaredErrors, EXIT } from "../../../../src/core/errors.ts";
import { insertDeposit, moveDeposit } from "../../../../src/store/deposits.ts";
import { insertCustomer } from "../../../../src/store/customers.ts";
import { insertAddress } from "../../../../src/store/wallets.ts";
import { moveKyc, openKyc } from "../../../../src/store/kyc.ts";
import type { Instant } from "../../../../src/core/instant.ts";
import { amount } from "../../../../src/core/amount.ts";
import type { Id, Name } from "../../../../src/core/identifier.ts";
import type { Tx } from "../../../../src/store/transaction.ts";
import { PORTS } from "../../../../src/home/ports.ts";
import { CUSTOMER, step, type Desk } from "../../../attack/online.ts";
import { OTHER_PAYEE, PAYEE } from "../../../factory/custody.ts";
import { beneficiary, BTC, onlineLimit, onlineRules, policyBody } from "../../../factory/documents.ts";
import { contract, tokenCustody, tokenOf, USDC } from "../../../factory/evm-token.ts";
import { fund, homeDesk } from "../../../factory/home-desk.ts";
import { fixtureBytes, fixtureDigest, fixtureId, OSCAR } from "../../../factory/identities.ts";
import { beginSession, onlineHome, type Answer, type OnlineHome } from "../../../factory/online-home.ts";

const CHANGES = {
  // A chain beside bitcoin's, with a token.
  chains: [...policyBody().chains, ...tokenCustody().policy.body.chains],
  tokens: [USDC],
  identities: policyBody().identities.map((one) =>
    one.name === OSCAR.name ? { ...one, roles: [...one.roles, "requester" as const] } : one,
  ),
  online: onlineRules({ limits: [onlineLimit("each", { paymentsMax: 3 })] }),
};
const addressOf = (hash: Uint8Array) =>
  addressOfScript(scriptOf("p2wpkh", hash), "regtest")?.address as string;
const accountOf = (address: string) => accountId(BITCOIN_CHAINS.regtest, address);

/** The fixtures' payee with other characters in the middle; its last four are a checksum, and are searched for. */
const [POISON, POISONED] = (() => {
  const byEnds = new Map<string, string>();
  const hash = Uint8Array.from(fixtureBytes("poison").subarray(0, 20));
  for (let number = 0; ; number++) {
    hash.set([number >> 16, (number >> 8) & 255, number & 255], 10);
    const address = toBech32(hash, 0, "bcrt");
    const twin = byEnds.get(address.slice(-4));
    if (twin !== undefined) return [addressOf(hash), twin] as const;
    byEnds.set(address.slice(-4), address);
  }
})();
const OURS = addressOf(fixtureBytes("own").subarray(0, 20));

let home: OnlineHome;
beforeAll(async () => {
  home = await onlineHome(CHANGES);
  home.inside((store) => {
    const desk = homeDesk(store, CHANGES);
    fund(desk);
    people(desk);
  });
  await beginSession(home);
});

// Its customer may be paid to all of them; what is refused is refused for its own reason alone.
function people(desk: Desk): void {
  const signed = (customer: typeof CUSTOMER, address: string) =>
    beneficiary({
      custody: desk.custody.id,
      id: fixtureId(`${customer} ${address}`),
      customer,
      account: accountOf(address),
    });
  const other = (name: string) => fixtureId(`refusals ${name}`);
  step(desk, (tx) => {
    for (const address of [PAYEE, OTHER_PAYEE, OURS, POISON])
      PORTS.saveDocument(tx, signed(CUSTOMER, address));
    insertAddress(tx, {
      account: accountOf(OURS),
      wallet: desk.custody.wallet.name,
      branch: 0,
      index: 0,
      customer: CUSTOMER,
    });
    for (const name of ["closed", "unchecked", "busy", "undecided"])
      insertCustomer(tx, { id: other(name), ref: name });
    PORTS.saveDocument(tx, signed(other("closed"), POISONED));
    openKyc(tx, other("busy"));
    moveKyc(tx, other("busy"), { version: 1, to: "SUBMITTED", event: "submitted" });
    const until = { tier: "platinum" as Name, expires: "2027-11-22T00:00:00Z" as Instant };
    moveKyc(tx, other("busy"), { version: 2, to: "ACCEPTED", event: "accepted" }, until);
    PORTS.saveDocument(tx, signed(other("busy"), PAYEE));
    undecided(tx, other("undecided"), desk);
    tx.audit({ entity: "customer", entityId: other("closed"), version: 2, event: "closed" });
    tx.database.prepare("UPDATE customer SET state = 'CLOSED', version = 2 WHERE ref = 'closed'").run();
  });
}

// Credited, and then in no block any more.
function undecided(tx: Tx, customer: Id, desk: Desk): void {
  const account = accountOf(addressOf(fixtureBytes("undecided").subarray(0, 20)));
  const coin = `${BITCOIN_CHAINS.regtest}:outpoint:${fixtureDigest("gone")}:0`;
  insertAddress(tx, { account, wallet: desk.custody.wallet.name, branch: 0, index: 1, customer });
  insertDeposit(tx, {
    coin,
    account,
    customer,
    amount: amount(BTC, 1_000_000n),
    blockHash: fixtureDigest("block"),
    height: 102,
  });
  moveDeposit(tx, { coin, state: "CREDITED", version: 1 }, "left the chain");
}

const GOOD = { customer: "c-1", asset: "btc", amount: "0.001", to: PAYEE, key: "new" };
type Fields = Partial<typeof GOOD> & Record<string, string>;

const REFUSALS: readonly (readonly [code: string, fields: Fields, field: string])[] = [
  ["REQUEST_ROW_MALFORMED", { fee: "1" }, "row"],
  ["ASSET_UNKNOWN", { asset: "doge" }, "asset"],
  ["ASSET_NOT_LISTED", { asset: tokenOf("usdc", 18) }, "asset"],
  ["AMOUNT_MALFORMED", { amount: "+1" }, "amount"],
  ["AMOUNT_TOO_PRECISE", { amount: "0.123456789" }, "amount"],
  ["AMOUNT_TOO_LARGE", { amount: "21000001" }, "amount"],
  ["AMOUNT_ZERO", { amount: "0" }, "amount"],
  ["ADDRESS_MALFORMED", { to: "somewhere" }, "to"],
  ["ADDRESS_CHECKSUM", { to: PAYEE.replace(/.$/, (last) => (last === "q" ? "p" : "q")) }, "to"],
  ["ADDRESS_NETWORK", { to: "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4" }, "to"],
  ["ADDRESS_KIND", { to: toBech32(fixtureBytes("future").subarray(0, 32), 2, "bcrt") }, "to"],
  ["PAYMENT_DUST", { amount: "0.00000293" }, "amount"],
  ["DESTINATION_IS_TOKEN", { asset: "usdc", to: contract() }, "to"],
  ["MEMO_NOT_CARRIED", { memo: "invoice 7" }, "memo"],
  ["TEXT_UNSAFE", { key: "order\u202e77" }, "key"],
  ["CUSTOMER_UNKNOWN", { customer: "c-404" }, "customer"],
  ["CUSTOMER_CLOSED", { customer: "closed" }, "customer"],
  ["DEPOSIT_UNDECIDED", { customer: "undecided" }, "customer"],
  ["KYC_DENIED", { customer: "unchecked" }, "customer"],
  ["DESTINATION_IS_OURS", { to: OURS }, "to"],
  ["ADDRESS_LOOKS_ALIKE", { to: POISON }, "to"],
  ["BENEFICIARY_UNKNOWN", { to: addressOf(fixtureBytes("stranger").subarray(0, 20)) }, "to"],
  ["IDEMPOTENCY_CONFLICT", { key: "taken", amount: "0.002" }, "key"],
  ["WITHDRAWAL_DENIED", { amount: "11" }, "amount"],
  ["ONLINE_RULE_DENIED", { customer: "busy" }, "customer"],
  ["INSUFFICIENT_BALANCE", { amount: "9.9999" }, "amount"],
];

/** What ends or refuses a whole file, and the test that shows it. */
const WHOLE: Readonly<Record<string, string>> = {
  REQUEST_FORMAT_UNKNOWN: "test/unit/commands/request-file.test.ts",
  FILE_TOO_LARGE: "test/unit/terminal/files.isolated.test.ts",
  REQUEST_FILE_TOO_LONG: "test/unit/withdrawals/intake/json-lines.test.ts",
  REQUEST_FILE_MALFORMED: "test/unit/commands/request-file.test.ts",
  FILE_EXISTS: "test/unit/commands/request-file.test.ts",
  QUARANTINED: "test/unit/store/F09-quarantine.test.ts",
};

/** Where a request can be refused: what these say that they throw, and what they declare. */
const SOURCES = [
  "src/withdrawals/intake/request.ts",
  "src/withdrawals/deciding/online.ts",
  ...readdirSync("src/withdrawals/intake").map((name) => `src/withdrawals/intake/${name}`),
  "src/commands/withdraw/request-file.ts",
];

describe("why a request is refused", () => {
  let answer: Answer;
  beforeAll(async () => {
    const rows = [{ ...GOOD, key: "taken" }, ...REFUSALS.map(([, fields]) => ({ ...GOOD, ...fields })), GOOD];
    home.write("rows.jsonl", rows.map((row) => JSON.stringify(row)).join("\n"));
    answer = await home.run("withdraw request --file rows.jsonl");
  });

  test.each(REFUSALS.map(([code, , field], index) => [code, field, index] as const))(
    "%s, at %s",
    (code, field, index) => {
      expect(answer.data.rows[index + 1]).toMatchObject({ outcome: "refused", code, field });
    },
  );

  test("between them, what is in order is stored", () => {
    expect([answer.data.rows[0].outcome, answer.data.rows[REFUSALS.length + 1].outcome]).toEqual([
      "stored",
      "stored",
    ]);
    expect(answer.data).toMatchObject({ stored: 2, known: 0, refused: REFUSALS.length });
  });

  test("the document names each code with its exit, in the order above, and then what ends a file", () => {
    const table = [...readFileSync("docs/intake.md", "utf8").matchAll(/^\| ([A-Z_]+) \| (\d+) \|/gm)];
    const exits = new Map(declaredErrors().map(({ code, exit }) => [code, String(EXIT[exit])]));
    expect(table.map(([, code, exit]) => [code, exit])).toEqual(
      [...REFUSALS.map(([code]) => code), ...Object.keys(WHOLE)].map((code) => [code, exits.get(code)]),
    );
  });

  test("the code says that it throws these and no others", () => {
    const said = SOURCES.flatMap((path) =>
      [...readFileSync(path, "utf8").matchAll(/@(?:throws|returns) ([A-Z][A-Z_, \n*;]*[A-Z])/g)].flatMap(
        ([, codes = ""]) => codes.match(/[A-Z]+(?:_[A-Z]+)+|QUARANTINED/g) ?? [],
      ),
    );
    const declared = SOURCES.flatMap((path) =>
      [...readFileSync(path, "utf8").matchAll(/declareError\(\s*"([A-Z_]+)"/g)].map(
        ([, code]) => code as string,
      ),
    );
    const listed = [...REFUSALS.map(([code]) => code), ...Object.keys(WHOLE)].sort();
    expect([...new Set([...said, ...declared])].sort()).toEqual(listed);
  });

  test.each(Object.entries(WHOLE))("%s is shown by %s", (code, path) => {
    expect(readFileSync(path, "utf8")).toContain(code);
  });

  test("by flags the same is refused at the flag", async () => {
    const words = Object.entries({ ...GOOD, amount: "0.123456789" }).map(
      ([name, value]) => `--${name} ${value}`,
    );
    const one = await home.run(`withdraw request ${words.join(" ")}`);
    expect([one.exit, one.error.code, one.error.field]).toEqual([3, "AMOUNT_TOO_PRECISE", "--amount"]);
  });
});
