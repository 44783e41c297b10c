import { existsSync, readFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { verifyAudit } from "../../../src/store/audit.ts";
import { stateFigures } from "../../../src/store/figures.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { step } from "../../attack/online.ts";
import { PAYEE } from "../../factory/custody.ts";
import { beneficiary, policyBody } from "../../factory/documents.ts";
import { fund, homeDesk } from "../../factory/home-desk.ts";
import { OSCAR } from "../../factory/identities.ts";
import { beginSession, onlineHome, type OnlineHome } from "../../factory/online-home.ts";

// Whose session it is asks for the payments as well.
const CHANGES = {
  identities: policyBody().identities.map((one) =>
    one.name === OSCAR.name ? { ...one, roles: [...one.roles, "requester" as const] } : one,
  ),
};

let home: OnlineHome;
beforeEach(async () => {
  home = await onlineHome(CHANGES);
  home.inside((store) => {
    const desk = homeDesk(store, CHANGES);
    fund(desk);
    step(desk, (tx) => PORTS.saveDocument(tx, beneficiary({ custody: desk.custody.id })));
  });
  await beginSession(home);
});

const HEAD = "customer,asset,amount,to,key";
const good = (key: string, amount = "0.001") => `c-1,btc,${amount},${PAYEE},${key}`;
const stored = () => home.inside((store) => stateFigures(store).reduce((sum, { count }) => sum + count, 0));
const give = async (name: string, text: string, flags = "") => {
  home.write(name, text);
  return home.run(`withdraw request --file ${name}${flags}`);
};
const outcomes = (data: { rows: readonly { line: number; outcome: string; code?: string }[] }) =>
  data.rows.map(({ line, outcome, code }) => [line, outcome, ...(code === undefined ? [] : [code])]);

describe("a file of requests", () => {
  test("is taken row by row: a bad one fails no other, and its code is the file's exit", async () => {
    const rows = [HEAD, good("a"), good("b", "0.0000000001"), good("c"), good("d", "1e-3"), good("e")];
    const { exit, data, error } = await give("many.csv", `${rows.join("\r\n")}\r\n`);
    expect(outcomes(data)).toEqual([
      [2, "stored"],
      [3, "refused", "AMOUNT_TOO_PRECISE"],
      [4, "stored"],
      [5, "refused", "AMOUNT_MALFORMED"],
      [6, "stored"],
    ]);
    expect([exit, error.code, error.field]).toEqual([3, "AMOUNT_TOO_PRECISE", "amount"]);
    expect(stored()).toBe(3);
    home.inside(verifyAudit);
  });

  test("F14: given again it changes nothing: every row is known, with the id that it got first", async () => {
    const text = [HEAD, good("a"), good("b")].join("\n");
    const first = await give("many.csv", text);
    const again = await home.run("withdraw request --file many.csv");
    expect([first.exit, again.exit]).toEqual([0, 0]);
    expect([again.data.stored, again.data.known]).toEqual([0, 2]);
    const ids = (data: { rows: { id: string }[] }) => data.rows.map(({ id }) => id);
    expect(ids(again.data)).toEqual(ids(first.data));
    expect(stored()).toBe(2);
  });

  test("F14: a key twice in one file is one request, or a conflict when it asks for something else", async () => {
    const { exit, data } = await give(
      "twice.csv",
      [HEAD, good("a"), good("a"), good("a", "0.002"), good("b")].join("\n"),
    );
    expect(outcomes(data)).toEqual([
      [2, "stored"],
      [3, "known"],
      [4, "refused", "IDEMPOTENCY_CONFLICT"],
      [5, "stored"],
    ]);
    expect(exit).toBe(6);
  });

  test("of JSON Lines is the same as of CSV", async () => {
    const row = (key: string, more: object = {}) =>
      JSON.stringify({ customer: "c-1", asset: "btc", amount: "0.001", to: PAYEE, key, ...more });
    const lines = [row("a"), "", row("b", { fee: "0" }), "{", row("c").replace("{", '{"key":"x",'), row("d")];
    const { exit, data } = await give("many.jsonl", lines.join("\n"));
    expect(outcomes(data)).toEqual([
      [1, "stored"],
      [3, "refused", "REQUEST_ROW_MALFORMED"],
      [4, "refused", "REQUEST_ROW_MALFORMED"],
      [5, "refused", "REQUEST_ROW_MALFORMED"],
      [6, "stored"],
    ]);
    expect([exit, stored()]).toEqual([3, 2]);
  });

  test("a dry run judges all of it, each row with those before it, and stores nothing", async () => {
    const rows = [HEAD, good("a", "6"), good("b", "6"), good("c", "3"), good("a", "6"), good("d", "0")];
    const { exit, data, warnings } = await give("many.csv", rows.join("\n"), " --dry-run");
    expect(outcomes(data)).toEqual([
      [2, "stored"],
      [3, "refused", "INSUFFICIENT_BALANCE"],
      [4, "stored"],
      [5, "known"],
      [6, "refused", "AMOUNT_ZERO"],
    ]);
    expect([exit, stored()]).toEqual([4, 0]);
    expect(warnings).toEqual(["dry run: nothing was changed"]);
  });

  test("leaves a report by row, which must not be there yet", async () => {
    const text = [HEAD, good("a"), good("b", "x")].join("\n");
    await give("many.csv", text, " --report report.jsonl");
    const report = readFileSync(home.path("report.jsonl"), "utf8").trim().split("\n");
    expect(report.map((line) => JSON.parse(line) as object)).toMatchObject([
      { line: 2, key: "a", outcome: "stored", state: "PENDING_APPROVAL" },
      { line: 3, key: "b", outcome: "refused", code: "AMOUNT_MALFORMED", field: "amount" },
    ]);
    const again = await give("more.csv", [HEAD, good("c")].join("\n"), " --report report.jsonl");
    expect([again.exit, again.error.code, stored()]).toEqual([6, "FILE_EXISTS", 1]);
    const forced = await home.run("withdraw request --file more.csv --report report.jsonl --force");
    expect([forced.exit, stored()]).toEqual([0, 2]);
  });

  test("from a quotation mark in a wrong place on, nothing is read: a text cannot smuggle a row in", async () => {
    const smuggled = `c-1,btc,0.001,${PAYEE},"order\n${good("smuggled", "5")}\n`;
    const { exit, data, error } = await give("many.csv", [HEAD, good("a"), smuggled].join("\n"));
    expect(outcomes(data)).toEqual([
      [2, "stored"],
      [3, "refused", "REQUEST_FILE_MALFORMED"],
    ]);
    expect([exit, error.code]).toEqual([3, "REQUEST_FILE_MALFORMED"]);
    const closed = await give("closed.csv", `${HEAD}\n${smuggled.trimEnd()}"\n`);
    expect(outcomes(closed.data)).toEqual([[2, "refused", "TEXT_UNSAFE"]]);
    expect(stored()).toBe(1);
  });

  test.each([
    ["no header", good("a"), "REQUEST_FILE_MALFORMED", 3],
    ["nothing", "", "REQUEST_FILE_MALFORMED", 3],
    ["a column that is missing", "customer,asset,amount,to\nc-1,btc,1,x", "REQUEST_FILE_MALFORMED", 3],
    ["a column that is not known", `${HEAD},fee\n${good("a")},1`, "REQUEST_FILE_MALFORMED", 3],
    ["a column twice", `${HEAD},to\n${good("a")},x`, "REQUEST_FILE_MALFORMED", 3],
  ])("with %s is refused as a whole", async (_what, text, code, exit) => {
    const answer = await give("bad.csv", text);
    expect([answer.exit, answer.error.code, stored()]).toEqual([exit, code, 0]);
  });

  test("that is not UTF-8 is refused as a whole: two keys must not become one", async () => {
    const bytes = Buffer.concat([Buffer.from(`${HEAD}\n${good("a")}`), Buffer.from([0xff])]);
    home.write("bad.csv", bytes);
    const answer = await home.run("withdraw request --file bad.csv");
    expect([answer.error.code, stored()]).toEqual(["REQUEST_FILE_MALFORMED", 0]);
    expect((await give("bom.csv", `\ufeff${HEAD},memo\n${good("a")},\n`)).exit).toBe(0);
  });

  test("needs a format that is known, and no flags of a single request beside it", async () => {
    const unknown = await give("many.txt", [HEAD, good("a")].join("\n"));
    expect([unknown.exit, unknown.error.code]).toEqual([2, "REQUEST_FORMAT_UNKNOWN"]);
    const both = await home.run("withdraw request --file many.txt --format csv --key a");
    expect([both.exit, both.error.field]).toEqual([2, "--key"]);
    expect((await home.run("withdraw request --file many.txt --format csv")).exit).toBe(0);
  });

  test("of three hundred rows and one is taken in groups; without a session nothing of it is", async () => {
    const rows = Array.from({ length: 301 }, (_, index) => good(`order-${index}`, "0.00001"));
    const { exit, data } = await give("long.csv", [HEAD, ...rows].join("\n"));
    expect([exit, data.stored, stored()]).toEqual([0, 301, 301]);
    const summary = home.inside(verifyAudit);
    expect(summary.heads).toBeLessThan(30);
    await home.run("session end");
    const ended = await home.run("withdraw request --file long.csv");
    expect([ended.exit, ended.error.code]).toEqual([4, "SESSION_MISSING"]);
  });

  test("as text: a line a row and a sum", async () => {
    home.write("many.csv", [HEAD, good("a"), good("b", "x")].join("\n"));
    const text = await home.text("withdraw request --file many.csv");
    const [first, second, sum] = text.trimEnd().split("\n");
    expect(first).toMatch(/^2\tstored\ta\t[0-9a-f]{32}$/);
    expect(second).toMatch(/^3\trefused\tb\tAMOUNT_MALFORMED: /);
    expect(sum).toBe("stored 1, known 0, refused 1");
    expect(existsSync(home.path("report.jsonl"))).toBe(false);
  });

  test("to a person the refused rows come last, in a table of their own, with their reasons", async () => {
    home.write("many.csv", [HEAD, good("a"), good("b", "x"), good("c")].join("\n"));
    const text = await home.text("withdraw request --file many.csv", { tty: { stdout: true } });
    const [taken = "", refused = "", ...rest] = text.split("\n\n");
    const lines = taken.split("\n");
    expect(lines.map((line) => line.trim().split(/ +/))).toEqual([
      ["LINE", "OUTCOME", "KEY", "WITHDRAWAL"],
      ["2", "stored", "a", expect.stringMatching(/^[0-9a-f]{32}$/)],
      ["4", "stored", "c", expect.stringMatching(/^[0-9a-f]{32}$/)],
    ]);
    expect(refused).toMatch(/^LINE +OUTCOME +KEY +WHY\n +3 +refused +b +AMOUNT_MALFORMED: /);
    expect(refused).not.toContain("stored ");
    expect(rest).toEqual(["stored 2, known 0, refused 1\n"]);
  });

  test("to a person, of taken rows alone or of refused ones alone, there is no empty table", async () => {
    const person = { tty: { stdout: true } };
    home.write("good.csv", [HEAD, good("a")].join("\n"));
    expect(await home.text("withdraw request --file good.csv", person)).not.toMatch(/WHY|\(none\)/);
    home.write("bad.csv", [HEAD, good("b", "x")].join("\n"));
    expect(await home.text("withdraw request --file bad.csv", person)).not.toMatch(/WITHDRAWAL|\(none\)/);
  });

  test("a rehearsed row is shown no id: it is never given again, and whoever noted it would look in vain", async () => {
    home.write("many.csv", [HEAD, good("a")].join("\n"));
    expect(await home.text("withdraw request --file many.csv --dry-run")).toContain(
      "2\tstored\ta\tnone yet: dry run\n",
    );
    const { data } = await home.run("withdraw request --file many.csv");
    expect(await home.text("withdraw request --file many.csv --dry-run")).toContain(
      `2\tknown\ta\t${data.rows[0].id}\n`,
    );
  });
});
