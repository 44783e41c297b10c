import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseDigest } from "../../../../src/core/digest.ts";
import { documentBytes, parseDocument } from "../../../../src/core/document.ts";
import { RECEIPT } from "../../../../src/core/documents/receipt.ts";
import { parsePublicKey } from "../../../../src/core/ed25519.ts";
import { verifyEntries } from "../../../../src/core/journal-entry.ts";
import { checkWords } from "../../../../src/core/words.ts";
import { goodRequest, payout, planFor, requestFor } from "../../../factory/custody.ts";
import { signedDocument } from "../../../factory/documents.ts";
import { at, fixtureDigest, MALLORY } from "../../../factory/identities.ts";
import {
  OFFICER_PASSPHRASE,
  pinnedHome,
  SIGNER_PASSPHRASE,
  signArguments,
  textOf,
} from "../../../factory/signer-home.ts";

describe("custody-signer review and sign", () => {
  test("review shows what sign confirms; the receipt continues the journal", async () => {
    const home = await pinnedHome();
    home.write("request.json", documentBytes(goodRequest(home.custody)));
    const review = await home.run(["review", "--in", "request.json"]);
    expect(review).toMatchObject({
      exit: 0,
      data: { checkWords: checkWords(parseDigest(textOf(review, "digest"))) },
    });
    expect(await home.run(["journal", "verify"])).toMatchObject({ data: { entries: 2 } });

    const signed = await home.run(signArguments(textOf(review, "digest"), home.logbook));
    expect(signed).toMatchObject({ exit: 0, data: { signed: true } });
    const receipt = parseDocument(RECEIPT, home.read("receipt.json"));
    expect(receipt.body.outcome).toMatchObject({ type: "signed" });
    const key = parsePublicKey(textOf(await home.run(["keys", "list"]), "key"));
    expect(verifyEntries(receipt.body.journal, key)).toBe(home.logbook);
    expect(await home.run(["journal", "verify"])).toMatchObject({
      data: { entries: 3, head: signed.data["head"] },
    });
  });

  test("law 6: the same request gets the same bytes, without officer or keys", async () => {
    const home = await pinnedHome();
    home.write("request.json", documentBytes(goodRequest(home.custody)));
    const review = await home.run(["review", "--in", "request.json"]);
    const first = await home.run(signArguments(textOf(review, "digest"), home.logbook));
    expect(textOf(first, "head")).toHaveLength(64);
    const again = await home.run(
      ["sign", "--in", "request.json", "--out", "again.json", "--officer", "nowhere.key"],
      { now: at("23:00:00") },
    );
    expect(again.exit).toBe(0);
    expect(home.read("again.json")).toEqual(home.read("receipt.json"));
    // Law 7: the logbook was not asked, so that nothing goes into it.
    expect(again.data["head"]).toBeUndefined();
    expect(await home.run(["journal", "verify"])).toMatchObject({ data: { entries: 3 } });
  });

  test("a gate's no is journalled and exported as a signed receipt; it is judged again", async () => {
    const home = await pinnedHome();
    const payouts = [payout(home.custody, { approvers: [MALLORY] })];
    const request = requestFor(home.custody, payouts, [planFor(home.custody, payouts)]);
    home.write("request.json", documentBytes(request));
    const sign = (out: string) => home.run(signArguments(fixtureDigest("any"), home.logbook, out));
    expect(await sign("no.json")).toMatchObject({ exit: 4, error: { code: "G4_QUORUM_NOT_MET" } });
    const receipt = parseDocument(RECEIPT, home.read("no.json"));
    expect(receipt.body.outcome).toEqual({ type: "refused", gate: "G4", rule: "QUORUM_NOT_MET" });
    const second = await sign("no-2.json");
    expect(second.exit).toBe(4);
    expect(await home.run(["journal", "verify"])).toMatchObject({ data: { entries: 4 } });
    // Law 7: nothing before G11 was compared with the logbook, so that nothing is written into it.
    expect(second.stderr).not.toContain("for the logbook");
  });

  test("what is not a request of an operator is no answer's worth: nothing is journalled or written", async () => {
    const home = await pinnedHome();
    const forged = signedDocument(goodRequest(home.custody), [MALLORY], at("09:20:00"));
    home.write("request.json", documentBytes(forged));
    const answer = await home.run(signArguments(fixtureDigest("any"), home.logbook));
    expect(answer).toMatchObject({ exit: 4, error: { code: "G2_REQUEST_UNSIGNED" } });
    home.write("request.json", "{}");
    expect((await home.run(signArguments(fixtureDigest("any"), home.logbook))).exit).toBe(3);
    expect(existsSync(home.path("receipt.json"))).toBe(false);
    expect(await home.run(["journal", "verify"])).toMatchObject({ data: { entries: 2 } });
  });

  test("scripts: another digest or logbook head is refused; a missing one is asked for by its flag", async () => {
    const home = await pinnedHome();
    home.write("request.json", documentBytes(goodRequest(home.custody)));
    const digest = textOf(await home.run(["review", "--in", "request.json"]), "digest");
    expect(await home.run(signArguments(fixtureDigest("other"), home.logbook, "1.json"))).toMatchObject({
      exit: 4,
      error: { code: "G11_DIGEST_NOT_CONFIRMED" },
    });
    expect(await home.run(signArguments(digest, fixtureDigest("head"), "2.json"))).toMatchObject({
      exit: 4,
      error: { code: "G11_LOGBOOK_HEAD_UNKNOWN" },
    });
    const without = (flag: string) => {
      const args = [...signArguments(digest, home.logbook, "3.json")];
      args.splice(args.indexOf(flag), 2);
      return home.run(args);
    };
    expect(await without("--logbook")).toMatchObject({ exit: 2, error: { code: "ANSWER_MISSING" } });
    expect(await without("--confirm")).toMatchObject({ exit: 2, error: { code: "ANSWER_MISSING" } });
    expect(existsSync(home.path("3.json"))).toBe(false);
  });

  test("an output that is in the way is found out before the officer's work", async () => {
    const home = await pinnedHome();
    home.write("request.json", documentBytes(goodRequest(home.custody)));
    home.write("receipt.json", "old");
    expect(await home.run(signArguments(fixtureDigest("any"), home.logbook))).toMatchObject({
      exit: 6,
      error: { code: "FILE_EXISTS" },
    });
    expect(await home.run(["journal", "verify"])).toMatchObject({ data: { entries: 2 } });
  });

  test("the officer at the terminal: logbook, amount, check words", async () => {
    const home = await pinnedHome();
    home.write("request.json", documentBytes(goodRequest(home.custody)));
    const review = await home.run(["review", "--in", "request.json"]);
    const words = checkWords(parseDigest(textOf(review, "digest")));
    const sign = ["sign", "--in", "request.json", "--out", "receipt.json", "--officer", "olga.key"];
    const typed = (amount: string, check: string) => [
      OFFICER_PASSPHRASE,
      home.logbook,
      amount,
      check,
      SIGNER_PASSPHRASE,
    ];
    expect(await home.terminal(sign, typed("0.26", words))).toMatchObject({ exit: 4 });
    expect(await home.terminal(sign, typed("0.25", "six words that are not right"))).toMatchObject({
      exit: 4,
    });
    expect(existsSync(home.path("receipt.json"))).toBe(false);
    const signed = await home.terminal(sign, typed("0.25", words.toUpperCase()));
    expect(signed.exit).toBe(0);
    expect(signed.stderr).toContain("PAY");
    expect(signed.stderr).toContain("0.25000000 BTC");
  });

  test("a dry run judges and signs nothing", async () => {
    const home = await pinnedHome();
    home.write("request.json", documentBytes(goodRequest(home.custody)));
    const dry = await home.run([...signArguments(fixtureDigest("any"), home.logbook), "--dry-run"]);
    expect(dry).toMatchObject({ exit: 0, data: { signed: false } });
    expect(existsSync(home.path("receipt.json"))).toBe(false);
    expect(await home.run(["journal", "verify"])).toMatchObject({ data: { entries: 2 } });
  });

  test("a torn journal line is named and dropped; a changed one stops everything", async () => {
    const home = await pinnedHome();
    home.write("request.json", documentBytes(goodRequest(home.custody)));
    const file = home.path("home/journal-regtest.jsonl");
    const whole = readFileSync(file, "utf8");
    writeFileSync(file, `${whole}{"entry":{"at":"20`);
    const digest = textOf(await home.run(["review", "--in", "request.json"]), "digest");
    expect((await home.run(signArguments(digest, home.logbook))).exit).toBe(0);
    expect(await home.run(["journal", "verify"])).toMatchObject({ exit: 0, data: { entries: 3 } });
    writeFileSync(file, whole.replace('"event":"pin"', '"event":"pim"'));
    expect(await home.run(["journal", "verify"])).toMatchObject({
      exit: 7,
      error: { code: "JOURNAL_BROKEN" },
    });
    expect((await home.run(["doctor"])).exit).toBe(7);
  });
});
