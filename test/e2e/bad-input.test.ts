import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Failure, Role } from "../../demo/cast.ts";
import { addCustomer, request, signFlags } from "../../demo/ceremony.ts";
import { databaseFile } from "../../src/home/online.ts";
import { readBooks, type Books } from "./books.ts";
import { CALL_MISTAKES, REQUEST_MISTAKES, type Facts } from "./mistakes.ts";
import { startProgram } from "./process.ts";
import { CUSTOMER, exportWithdrawal, openScene, type Exported, type Scene } from "./scene.ts";

let scene: Scene;
let exported: Exported;
let pending: string;
let facts: Facts;
beforeAll(async () => {
  scene = await openScene({ coins: ["0.6", "1"] });
  exported = await exportWithdrawal(scene, "0.25", "exported");
  pending = await request(scene.cast, CUSTOMER, "0.2", scene.destination, "pending");
  const { address: ownAddress } = await addCustomer(scene.cast, "c-2");
  const { destination, cast } = scene;
  facts = { destination, ownAddress, exported, pending, carried: cast.carried };
});
afterAll(() => scene.close());

let books: Books;
beforeEach(() => {
  books = readBooks(scene.cast);
});
// Whatever was refused: ledger and audit tree verify, and not a row has changed.
afterEach(() => expect(readBooks(scene.cast)).toEqual(books));

type Refused = { readonly exit: number; readonly code: string; readonly field?: string | undefined };

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

  test.each(REQUEST_MISTAKES)("%s", async (_, change, exit, code, field) => {
    const flags = flagsOf({ ...good(), ...change(facts) });
    await refuse("online", ["withdraw", "request", ...flags], { exit, code, field });
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
    expect(answer).toMatchObject({ exit: 2, error: { code: "FLAG_MISSING" } });
    expect(answer.error?.message).toContain("--key");
    expect(answer.error?.hint).toBeTruthy();
  });
});

describe("ids, files and homes", () => {
  test.each(CALL_MISTAKES)("%s", async (_, args, exit, code, field) =>
    refuse("online", args(facts), { exit, code, field }),
  );

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

  test("a locked database is STORE_LOCKED, exit 10, and changes nothing", async () => {
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
