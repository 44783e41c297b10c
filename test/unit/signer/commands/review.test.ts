import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { unjudgedPage } from "../../../../signer/commands/unjudged.ts";
import { readContainer } from "../../../../signer/gates/g1-container.ts";
import { documentBytes } from "../../../../src/core/document.ts";
import { checkWords } from "../../../../src/core/words.ts";
import { section } from "../../../../src/terminal/review/page.ts";
import { goodRequest, PAYEE, payout, planFor, requestFor } from "../../../factory/custody.ts";
import { evmCustody, evmPayout, evmPlan, evmRequest } from "../../../factory/evm-account.ts";
import { lettersOf } from "../../../factory/drawings.ts";
import { fixtureDigest, MALLORY } from "../../../factory/identities.ts";
import { ask, plannedOwn, treasury, wish } from "../../../factory/requests.ts";
import { pinnedHome, signArguments, textOf } from "../../../factory/signer-home.ts";

let home: Awaited<ReturnType<typeof pinnedHome>>;
const file = (name: string) => readFileSync(home.path(name), "utf8");

beforeAll(async () => {
  home = await pinnedHome();
  const { custody } = home;
  home.write("good.json", documentBytes(goodRequest(custody)));
  const denied = [payout(custody, { approvers: [MALLORY] })];
  home.write("denied.json", documentBytes(requestFor(custody, denied, [planFor(custody, denied)])));
  const own = [payout(custody)];
  const odd = planFor(custody, own, { plan: { base: Buffer.from("no psbt").toString("base64") } });
  home.write("odd.json", documentBytes(requestFor(custody, own, [odd])));
});

describe("custody-signer review", () => {
  test("draws the same review in the terminal, as a page and as a picture", async () => {
    const args = ["review", "--in", "good.json", "--html", "review.html", "--svg", "review.svg"];
    const { exit, stdout } = await home.terminal(args, []);
    expect(exit).toBe(0);
    const terminal = lettersOf(stdout.replace(/\u001b\[[0-9;]*m/g, ""));
    expect(terminal).toContain(PAYEE);
    for (const name of ["review.html", "review.svg"]) expect(lettersOf(file(name)), name).toBe(terminal);
    expect((await home.run(args)).error.code).toBe("FILE_EXISTS");
    const { data } = await home.run([...args, "--force"]);
    expect(data).toMatchObject({ files: ["review.html", "review.svg"] });
  });

  test("of a refused request names gate, rule and field, and what was read until then", async () => {
    const refused = await home.run(["review", "--in", "denied.json", "--html", "no.html"]);
    expect(refused).toMatchObject({
      exit: 4,
      error: { code: "G4_QUORUM_NOT_MET" },
      data: { refused: { gate: "G4", rule: "QUORUM_NOT_MET", field: "intents" } },
    });
    const letters = lettersOf(file("no.html"));
    for (const part of [
      "at gate G4 by rule QUORUM_NOT_MET",
      "proven by nobody",
      "withdrawal of 0.25000000 BTC",
    ])
      expect(letters).toContain(part.replace(/\s/g, ""));
    expect(letters).toContain(PAYEE);
    expect(file("no.html")).not.toMatch(/<dt>(PAY|CHANGE)</);
  });

  test("of a request whose bytes cannot be decoded says so beside the gate's no", async () => {
    const refused = await home.run(["review", "--in", "odd.json", "--svg", "no.svg"]);
    expect(refused).toMatchObject({ exit: 3, data: { refused: { gate: "G5" } } });
    expect(lettersOf(file("no.svg"))).toContain("itsbytescannotberead");
  });
});

test("a request that is not judged shows a message as asked and as its bytes say it, with every space", () => {
  const world = treasury();
  const message = "two  spaces";
  const asked = wish(world, "attest", { message, coins: false, units: "0" });
  const held = [{ units: 1_000_000n, index: 1 }];
  const own = plannedOwn(world, [asked], { type: "attest", message, coins: false }, { coins: held });
  const container = readContainer(documentBytes(ask(world, [own])), "regtest");
  const { sections } = unjudgedPage(container, section("above", []));
  const said = sections.flatMap(({ rows }) => rows).filter(({ verbatim }) => verbatim);
  expect(said.map(({ text }) => text)).toEqual([message, message]);
});

test("a request of an account shows what it pays, its nonce and its fees, though nobody has judged it", () => {
  const account = evmCustody();
  const paid = [evmPayout(account)];
  const container = readContainer(
    documentBytes(evmRequest(account, paid, [evmPlan(account, paid)])),
    "regtest",
  );
  const { sections } = unjudgedPage(container, section("above", []));
  const told = sections.flatMap(({ heading, rows }) => [
    heading,
    ...rows.map(({ label, text }) => `${label} ${text}`),
  ]);
  expect(told).toContainEqual(expect.stringMatching(/^OUT 1\.0+ ETH/));
  expect(told).toContainEqual(expect.stringMatching(/^FEE .* ETH .* at most on rung 1$/));
  expect(told).toContain("Plan 1 of 1 uses a nonce");
  expect(told).toContain("1 nonce 7");
  expect(told.join()).not.toContain("cannot be read");
});

describe("custody-signer inspect", () => {
  test("draws the review in a receipt, and says that nobody has judged the file", async () => {
    const digest = textOf(await home.run(["review", "--in", "good.json"]), "digest");
    home.write("request.json", documentBytes(goodRequest(home.custody)));
    await home.run(signArguments(digest, home.logbook));
    const { exit, stdout } = await home.terminal(["inspect", "--in", "receipt.json", "--html", "r.html"], []);
    expect(exit).toBe(0);
    expect(stdout).toContain("whose signatures count was not looked at");
    expect(stdout).toContain(checkWords(digest as never));
    expect(lettersOf(file("r.html"))).toContain(PAYEE);
  });

  test("names gate and rule of a receipt that refuses, and has no picture of what holds no review", async () => {
    const sign = signArguments(fixtureDigest("any"), home.logbook, "refused.json");
    await home.run(sign.map((word) => (word === "request.json" ? "denied.json" : word)));
    const { stdout } = await home.terminal(["inspect", "--in", "refused.json"], []);
    expect(stdout).toMatch(/refused +gate G4, rule QUORUM_NOT_MET/);
    const none = await home.run(["inspect", "--in", "refused.json", "--html", "none.html"]);
    expect(none).toMatchObject({ exit: 2, error: { code: "NOTHING_TO_DRAW", field: "--html" } });
  });
});
