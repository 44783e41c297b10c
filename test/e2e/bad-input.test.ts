import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Failure, Role } from "../../demo/cast.ts";
import { addCustomer, request, signFlags } from "../../demo/ceremony.ts";
import { databaseFile } from "../../src/home/online.ts";
import { readBooks, type Books } from "./books.ts";
import { startProgram } from "./process.ts";
import { CUSTOMER, exportWithdrawal, openScene, type Exported, type Scene } from "./scene.ts";

/** A regtest address that nobody has signed for. */
const STRANGER = "bcrt1q6rhpng9evdsfnn833a4f4vej0asu6dk5srld6x";

let scene: Scene;
let exported: Exported;
let pending: string;
let ownAddress: string;
beforeAll(async () => {
  scene = await openScene({ coins: ["0.6", "1"] });
  exported = await exportWithdrawal(scene, "0.25", "exported");
  pending = await request(scene.cast, CUSTOMER, "0.2", scene.destination, "pending");
  ({ address: ownAddress } = await addCustomer(scene.cast, "c-2"));
});
afterAll(() => scene.close());

let books: Books;
beforeEach(() => {
  books = readBooks(scene.cast);
});
// Whatever was refused: ledger and audit tree verify, and not a row has changed.
afterEach(() => expect(readBooks(scene.cast)).toEqual(books));

type Refused = { readonly exit: number; readonly code: string; readonly field?: string };

function expectRefused(answer: { exit: number | null; error: Failure | undefined }, refused: Refused): void {
  const { code, field } = answer.error ?? {};
  expect({ exit: answer.exit, code, field }).toEqual({ field: undefined, ...refused });
  expect(answer.error?.hint, "an error says what to do").toBeTruthy();
  expect(answer.error?.message).not.toBe("");
}

async function refuse(role: Role, args: readonly string[], refused: Refused): Promise<void> {
  expectRefused(await scene.cast.attempt("custody", role, ...args), refused);
}

describe("custody withdraw request", () => {
  const good = () => ({
    customer: CUSTOMER,
    asset: "btc",
    amount: "0.1",
    to: scene.destination,
    key: "new",
  });
  const flagsOf = (flags: Readonly<Record<string, string>>) =>
    Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);

  const flipped = (address: string) => address.slice(0, -1) + (address.endsWith("q") ? "p" : "q");
  test.each<[string, () => Partial<ReturnType<typeof good>>, Refused]>([
    [
      "an address that is none",
      () => ({ to: "somewhere" }),
      { exit: 3, code: "ADDRESS_MALFORMED", field: "--to" },
    ],
    ["an empty address", () => ({ to: "" }), { exit: 3, code: "ADDRESS_MALFORMED", field: "--to" }],
    [
      "a typing error in an address",
      () => ({ to: flipped(scene.destination) }),
      { exit: 3, code: "ADDRESS_CHECKSUM", field: "--to" },
    ],
    [
      "an address in mixed case",
      () => ({ to: scene.destination.replace("bcrt1q", "bcrt1Q") }),
      { exit: 3, code: "ADDRESS_MALFORMED", field: "--to" },
    ],
    [
      "an address of another network",
      () => ({ to: "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4" }),
      { exit: 3, code: "ADDRESS_NETWORK", field: "--to" },
    ],
    [
      "a base58 address of another network",
      () => ({ to: "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2" }),
      { exit: 3, code: "ADDRESS_NETWORK", field: "--to" },
    ],
    [
      "nine decimals",
      () => ({ amount: "0.123456789" }),
      { exit: 3, code: "AMOUNT_TOO_PRECISE", field: "--amount" },
    ],
    ["a negative amount", () => ({ amount: "-1" }), { exit: 3, code: "AMOUNT_MALFORMED", field: "--amount" }],
    ["an exponent", () => ({ amount: "1e-1" }), { exit: 3, code: "AMOUNT_MALFORMED", field: "--amount" }],
    ["a decimal comma", () => ({ amount: "0,1" }), { exit: 3, code: "AMOUNT_MALFORMED", field: "--amount" }],
    ["no amount", () => ({ amount: "" }), { exit: 3, code: "AMOUNT_MALFORMED", field: "--amount" }],
    ["zero", () => ({ amount: "0.00000000" }), { exit: 3, code: "AMOUNT_ZERO", field: "--amount" }],
    [
      "more than all coins",
      () => ({ amount: "21000001" }),
      { exit: 3, code: "AMOUNT_TOO_LARGE", field: "--amount" },
    ],
    [
      "a number of 70 digits",
      () => ({ amount: "9".repeat(70) }),
      { exit: 3, code: "AMOUNT_TOO_LARGE", field: "--amount" },
    ],
    [
      "a megabyte of digits",
      () => ({ amount: "9".repeat(100_000) }),
      { exit: 3, code: "AMOUNT_MALFORMED", field: "--amount" },
    ],
    [
      "more than the policy allows",
      () => ({ amount: "1.00000001" }),
      { exit: 4, code: "WITHDRAWAL_DENIED", field: "--amount" },
    ],
    [
      "more than the customer has",
      () => ({ customer: "c-2" }),
      { exit: 4, code: "BENEFICIARY_UNKNOWN", field: "--to" },
    ],
    ["an unknown asset", () => ({ asset: "doge" }), { exit: 3, code: "ASSET_UNKNOWN", field: "--asset" }],
    [
      "another network's asset",
      () => ({ asset: "bip122:000000000019d6689c085ae165831e93/slip44:0" }),
      { exit: 3, code: "ASSET_UNKNOWN", field: "--asset" },
    ],
    [
      "an unknown customer",
      () => ({ customer: "c-404" }),
      { exit: 5, code: "CUSTOMER_UNKNOWN", field: "--customer" },
    ],
    [
      "an unknown beneficiary",
      () => ({ to: STRANGER }),
      { exit: 4, code: "BENEFICIARY_UNKNOWN", field: "--to" },
    ],
    [
      "an address of our own",
      () => ({ to: ownAddress }),
      { exit: 4, code: "DESTINATION_IS_OURS", field: "--to" },
    ],
    [
      "F14: a key used before, another amount",
      () => ({ key: "pending" }),
      { exit: 6, code: "IDEMPOTENCY_CONFLICT", field: "key" },
    ],
    [
      "F14: a key used before, another customer",
      () => ({ key: "pending", amount: "0.2", customer: "c-2" }),
      { exit: 6, code: "IDEMPOTENCY_CONFLICT", field: "key" },
    ],
    ["a key with a line break", () => ({ key: "a\nb" }), { exit: 3, code: "TEXT_UNSAFE", field: "--key" }],
    [
      "a key of 200 characters",
      () => ({ key: "k".repeat(200) }),
      { exit: 3, code: "TEXT_UNSAFE", field: "--key" },
    ],
  ])("%s", async (_, change, refused) => {
    await refuse("online", ["withdraw", "request", ...flagsOf({ ...good(), ...change() })], refused);
  });

  test("more than the customer has left, of what a first request took", async () => {
    await scene.cast.run(
      "custody",
      "online",
      "withdraw",
      "request",
      ...flagsOf({ ...good(), amount: "0.9" }),
    );
    books = readBooks(scene.cast);
    const second = flagsOf({ ...good(), amount: "0.9", key: "newer" });
    const refused = { exit: 4, code: "INSUFFICIENT_BALANCE", field: "amount" };
    await refuse("online", ["withdraw", "request", ...second], refused);
  });

  test("a missing flag is named", async () => {
    const { key: _, ...others } = good();
    const answer = await scene.cast.attempt("custody", "online", "withdraw", "request", ...flagsOf(others));
    expect(answer).toMatchObject({ exit: 2, error: { code: "USAGE" } });
    expect(answer.error?.message).toContain("--key");
    expect(answer.error?.hint).toBeTruthy();
  });
});

describe("ids, files and homes", () => {
  test.each<[string, () => readonly string[], Refused]>([
    ["an id that is none", () => ["withdraw", "show", "77"], { exit: 3, code: "ID_MALFORMED", field: "id" }],
    [
      "an unknown withdrawal",
      () => ["withdraw", "show", "ab".repeat(16)],
      { exit: 5, code: "WITHDRAWAL_UNKNOWN", field: "id" },
    ],
    [
      "an unknown plan",
      () => ["withdraw", "export", "ab".repeat(16), "--out", "x.json"],
      { exit: 5, code: "PLAN_UNKNOWN", field: "plan" },
    ],
    [
      "an unknown wallet",
      () => ["withdraw", "build", "--wallet", "attic"],
      { exit: 4, code: "WALLET_NOT_IN_POLICY", field: "--wallet" },
    ],
    [
      "nothing to build",
      () => ["withdraw", "build", "--wallet", "vault"],
      { exit: 5, code: "NOTHING_TO_BUILD" },
    ],
    [
      "cancelling what is exported",
      () => ["withdraw", "cancel", exported.id],
      { exit: 6, code: "STATE_CONFLICT", field: "withdrawal.state" },
    ],
    [
      "dropping a plan that is exported",
      () => ["withdraw", "drop", exported.plan],
      { exit: 6, code: "STATE_CONFLICT", field: "plan.state" },
    ],
    [
      "a file that does not exist",
      () => ["withdraw", "import", "missing.json"],
      { exit: 5, code: "FILE_MISSING", field: "file" },
    ],
    [
      "a folder in place of a file",
      () => ["withdraw", "import", "."],
      { exit: 10, code: "FILE_UNUSABLE", field: "file" },
    ],
    [
      "a document that is not imported there",
      () => ["withdraw", "import", scene.cast.carried("policy.json")],
      { exit: 3, code: "IMPORT_KIND_UNKNOWN", field: "kind" },
    ],
    [
      "an output file that exists",
      () => ["withdraw", "bundle", pending, "--out", scene.cast.carried("policy.json")],
      { exit: 6, code: "FILE_EXISTS", field: "out" },
    ],
    [
      "an output folder that does not exist",
      () => ["withdraw", "bundle", pending, "--out", "no/where.json"],
      { exit: 5, code: "FILE_MISSING", field: "out" },
    ],
    [
      "an unknown state",
      () => ["withdraw", "queue", "--state", "DONE"],
      { exit: 2, code: "STATE_UNKNOWN", field: "--state" },
    ],
    [
      "a page of no rows",
      () => ["withdraw", "queue", "--limit", "0"],
      { exit: 2, code: "FLAG_MALFORMED", field: "--limit" },
    ],
    [
      "a customer who is here already",
      () => ["customer", "add", "--ref", CUSTOMER],
      { exit: 6, code: "CUSTOMER_EXISTS", field: "ref" },
    ],
  ])("%s", async (_, args, refused) => refuse("online", args(), refused));

  test("a home without a database", () =>
    refuse("operator", ["withdraw", "queue"], { exit: 5, code: "HOME_MISSING", field: "--home" }));

  test("a node that is not there, and one without its cookie: exit 9", async () => {
    const away = ["--bitcoind-url", "http://127.0.0.1:1", "--bitcoind-cookie"];
    const build = ["withdraw", "build", "--wallet", "vault", ...away];
    const missing = await scene.cast.attempt("custody", "online", ...build, "no-cookie");
    expectRefused(missing, { exit: 9, code: "NODE_UNREACHABLE", field: "cookie" });
    const down = await scene.cast.attempt("custody", "online", ...build, scene.node.cookiePath);
    expectRefused(down, { exit: 9, code: "NODE_UNREACHABLE" });
  });

  test("a request that could not be written after it was committed is exported again, the same", async () => {
    const args = ["withdraw", "export", exported.plan, "--out"];
    await refuse("online", [...args, "no/where.json"], { exit: 5, code: "FILE_MISSING", field: "out" });
    const again = scene.cast.carried("again.json");
    await scene.cast.run("custody", "online", ...args, again);
    expect(readFileSync(again)).toEqual(readFileSync(exported.file));
  });
});

describe("passphrases", () => {
  const wrong = () => {
    const file = scene.cast.carried("wrong-passphrase");
    writeFileSync(file, "not the passphrase\n");
    return file;
  };
  const PASSPHRASE_WRONG = { exit: 7, code: "PASSPHRASE_WRONG", field: "passphrase" };

  test("a wrong one at a desk signs nothing", async () => {
    const bundle = scene.cast.carried("pending.review.json");
    await scene.cast.run("custody", "online", "withdraw", "bundle", pending, "--out", bundle);
    const { digest } = await scene.cast.run("custody", "approver", "desk", "review", bundle);
    const flags = [
      "--as",
      "approve",
      "--identity",
      "approver.key",
      "--confirm",
      digest,
      "--out",
      "approval.json",
    ];
    await refuse(
      "approver",
      ["desk", "sign", bundle, ...flags, "--passphrase-file", wrong()],
      PASSPHRASE_WRONG,
    );
    expect(existsSync(join(scene.cast.folder, "approver", "approval.json"))).toBe(false);
  });

  test.each([
    ["the signer's", "--passphrase-file"],
    ["the officer's", "--officer-passphrase-file"],
  ])("%s, wrong, signs nothing and is no answer to the request", async (_, flag) => {
    const { digest } = await scene.cast.run("custody-signer", "signer", "review", "--in", exported.file);
    const { head } = await scene.cast.run("custody-signer", "signer", "journal", "show");
    const receipt = scene.cast.carried("none.receipt.json");
    const flags = signFlags(scene.cast, { file: exported.file, receipt, digest, head });
    const changed = flags.map((value, index) => (flags[index - 1] === flag ? wrong() : value));
    expectRefused(await scene.cast.attempt("custody-signer", "signer", "sign", ...changed), PASSPHRASE_WRONG);
    expect(existsSync(receipt)).toBe(false);
    expect((await scene.cast.run("custody-signer", "signer", "journal", "show")).head).toBe(head);
  });

  test("too short for a new key makes no file", async () => {
    const short = scene.cast.carried("short-passphrase");
    writeFileSync(short, "short\n");
    const flags = ["--network", "regtest", "--person", "Eve", "--out", "eve.key", "--passphrase-file", short];
    await refuse("admin", ["identity", "new", "eve", ...flags], {
      exit: 2,
      code: "PASSPHRASE_UNUSABLE",
      field: "passphrase",
    });
    expect(existsSync(join(scene.cast.folder, "admin", "eve.key"))).toBe(false);
  });
});

describe("requests that the signer cannot read", () => {
  test.each([
    ["truncated", (text: string) => text.slice(0, 1000), "G1_CANONICAL_MALFORMED"],
    ["empty", () => "", "G1_CANONICAL_MALFORMED"],
    ["binary", () => "\u0000\u0001", "G1_CANONICAL_MALFORMED"],
    ["a policy", () => readFileSync(scene.cast.carried("policy.json"), "utf8"), "G1_DOCUMENT_WRONG_KIND"],
  ])("%s: exit 3, nothing written", async (_, corrupt, code) => {
    const file = scene.cast.carried("corrupt.request.json");
    writeFileSync(file, corrupt(readFileSync(exported.file, "utf8")));
    const answer = await scene.cast.attempt("custody-signer", "signer", "review", "--in", file);
    expect(answer).toMatchObject({ exit: 3, error: { code } });
    expect(answer.error?.hint).toBeTruthy();
  });
});

describe("local trouble", () => {
  const request = () => ["withdraw", "request", "--customer", CUSTOMER, "--asset", "btc", "--amount", "0.01"];
  const small = () => [...request(), "--to", scene.destination, "--key", "local"];

  test("F16: a locked database is STORE_LOCKED, exit 10, and changes nothing", async () => {
    const other = new BetterSqlite3(databaseFile(scene.cast.home("online"), "regtest"));
    try {
      other.exec("BEGIN IMMEDIATE");
      await refuse("online", small(), { exit: 10, code: "STORE_LOCKED", field: "database" });
      expect((await scene.cast.attempt("custody", "online", "withdraw", "queue")).exit).toBe(0);
    } finally {
      other.close();
    }
  });

  // A limit on file size fails the same writes as a full disk does, and needs no rights.
  test.each([0, 8, 64, 72])(
    "no room for more than %i blocks of 512 bytes: exit 10, and nothing half done",
    async (blocks) => {
      const program = startProgram(scene.cast, "custody.js", "online", small(), `ulimit -f ${blocks};`);
      const { exit, stdout } = await program.ended;
      expectRefused(
        { exit, error: JSON.parse(stdout).error },
        { exit: 10, code: "STORE_UNREADABLE", field: "database" },
      );
    },
  );

  test("no room for a database: exit 10, and no file is left", async () => {
    const home = scene.cast.home("officer");
    const program = startProgram(
      scene.cast,
      "custody.js",
      "officer",
      ["init", "--network", "regtest"],
      "ulimit -f 8;",
    );
    const { exit, stdout } = await program.ended;
    expectRefused(
      { exit, error: JSON.parse(stdout).error },
      { exit: 10, code: "STORE_UNREADABLE", field: "database" },
    );
    expect(readdirSync(home)).toEqual([]);
  });

  test("no room for a key: exit 10, and no file is left", async () => {
    const folder = join(scene.cast.folder, "full");
    mkdirSync(folder);
    const flags = ["--network", "regtest", "--person", "Eve", "--out", join(folder, "eve.key")];
    const secret = ["--passphrase-file", scene.cast.passphrase("admin")];
    const program = startProgram(
      scene.cast,
      "custody.js",
      "admin",
      ["identity", "new", "eve", ...flags, ...secret],
      "ulimit -f 0;",
    );
    const { exit, stdout } = await program.ended;
    expectRefused(
      { exit, error: JSON.parse(stdout).error },
      { exit: 10, code: "FILE_UNUSABLE", field: "out" },
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  test("an answer that cannot be written is exit 10, not success", async () => {
    const { exit } = await startProgram(scene.cast, "custody.js", "online", ["status"], "exec > /dev/full;")
      .ended;
    expect(exit).toBe(10);
  });

  test("once there is room again the same command does its work, once", async () => {
    const { created } = await scene.cast.run("custody", "online", ...small());
    expect(created).toBe(true);
    expect((await scene.cast.run("custody", "online", ...small())).created).toBe(false);
    books = readBooks(scene.cast);
    expect(await scene.cast.run("custody", "online", "ledger", "verify")).toMatchObject({
      postings: books.reasons.length,
    });
    expect(await scene.cast.run("custody", "online", "audit", "verify")).toMatchObject({ root: books.root });
  });
});
