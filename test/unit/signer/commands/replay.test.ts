import { describe, expect, test } from "vitest";
import { documentBytes, makeDocument, parseDocument } from "../../../../src/core/document.ts";
import { RECEIPT, type Receipt, type ReceiptDocument } from "../../../../src/core/documents/receipt.ts";
import { differenceIn } from "../../../../signer/commands/receipt-difference.ts";
import { builtFor, goodRequest, payout, planFor, requestFor } from "../../../factory/custody.ts";
import { fixtureDigest, MALLORY } from "../../../factory/identities.ts";
import {
  emptyHome,
  makeSigner,
  mustRun,
  pinnedHome,
  signArguments,
  textOf,
  type SignerHome,
} from "../../../factory/signer-home.ts";
import { rejection } from "../../../factory/words.ts";

const PASS = ["--passphrase-file", "pass"];
const REPLAY = ["replay", "--in", "request.json", "--receipt", "receipt.json", ...PASS];

async function signGood(home: Awaited<ReturnType<typeof pinnedHome>>, more: readonly string[] = []) {
  home.write("request.json", documentBytes(goodRequest(home.custody)));
  const digest = textOf(await home.run(["review", "--in", "request.json"]), "digest");
  return mustRun(home, [...signArguments(digest, home.logbook), ...more]);
}

/** Another host with the same seed, an identity of its own and the first one's exported journal. */
async function secondHost(first: SignerHome, words = "words"): Promise<SignerHome> {
  await mustRun(first, ["journal", "export", "--out", "journal.jsonl"]);
  const host = emptyHome(0x77);
  await mustRun(host, ["init", "--network", "regtest", "--name", "replayer", ...PASS]);
  await mustRun(host, ["keys", "restore", "--name", "vault", "--words-file", words, ...PASS]);
  for (const name of ["journal.jsonl", "request.json", "receipt.json", "policy.json"])
    host.write(name, first.read(name));
  return host;
}

const ELSEWHERE = [...REPLAY, "--journal", "journal.jsonl", "--policy", "policy.json"];

describe("custody-signer replay", () => {
  test("B22: a second host with the same seed gives the same receipt, byte for byte", async () => {
    const home = await pinnedHome();
    await signGood(home);
    expect(await home.run(REPLAY)).toMatchObject({ exit: 0, data: { same: true, outcome: "signed" } });
    const host = await secondHost(home);
    const before = host.read("home/journal-regtest.jsonl");
    expect(await host.run(ELSEWHERE)).toMatchObject({ exit: 0, data: { same: true } });
    expect(host.read("home/journal-regtest.jsonl")).toEqual(before);
  });

  test("what came after the receipt does not matter; what came before it does", async () => {
    const home = await pinnedHome();
    home.write("no.json", documentBytes(rejection(payout(home.custody, { label: "other" }).intent)));
    await mustRun(home, ["import", "no.json", "--logbook", home.logbook, ...PASS]);
    await signGood(home);
    home.write("no-2.json", documentBytes(rejection(payout(home.custody).intent)));
    await mustRun(home, ["import", "no-2.json", "--logbook", home.logbook, ...PASS]);
    expect(await home.run(REPLAY)).toMatchObject({ exit: 0 });
  });

  test("a refusal is replayed too, with what was imported on its way", async () => {
    const home = await pinnedHome();
    const paid = payout(home.custody);
    const rejected = { ...paid, approvals: [...paid.approvals, rejection(paid.intent)] };
    const request = requestFor(home.custody, [rejected], [planFor(home.custody, [paid])]);
    home.write("request.json", documentBytes(request));
    expect((await home.run(signArguments(fixtureDigest("any"), home.logbook))).exit).toBe(4);
    expect(await home.run(REPLAY)).toMatchObject({ exit: 0, data: { same: true, outcome: "refused" } });
  });

  test("only some rungs were signed: the same ones are signed again", async () => {
    const home = await pinnedHome();
    const paid = [payout(home.custody)];
    const options = { feeRatesMilli: [2000n, 4000n, 6000n] };
    const request = requestFor(home.custody, paid, [planFor(home.custody, paid, { options })], {
      previous: [...builtFor(home.custody, paid, { options }).previous].map((bytes) =>
        Buffer.from(bytes).toString("base64"),
      ),
    });
    home.write("request.json", documentBytes(request));
    const digest = textOf(await home.run(["review", "--in", "request.json"]), "digest");
    const sign = (rungs: string, out: string) =>
      home.run([...signArguments(digest, home.logbook, out), "--rungs", rungs]);
    expect(await sign("3-2", "1.json")).toMatchObject({ exit: 2, error: { code: "FLAG_MALFORMED" } });
    expect(await sign("0", "1.json")).toMatchObject({ exit: 2 });
    expect(await sign("2-3", "receipt.json")).toMatchObject({ exit: 0 });
    const { outcome } = parseDocument(RECEIPT, home.read("receipt.json")).body;
    const signed = outcome.type === "signed" ? outcome.plans.flatMap(({ rungs }) => rungs) : [];
    expect(signed.map(({ rung }) => rung)).toEqual([1, 2, "cancel"]);
    expect(await home.run(REPLAY)).toMatchObject({ exit: 0 });
  });

  test("another seed, another request, a receipt that was never journalled", async () => {
    const home = await pinnedHome();
    await signGood(home);
    const host = await secondHost(home);
    const stranger = emptyHome(0x11);
    await makeSigner(stranger, 1);
    for (const name of ["journal.jsonl", "request.json", "receipt.json"])
      stranger.write(name, host.read(name));
    expect(await stranger.run([...REPLAY, "--journal", "journal.jsonl"])).toMatchObject({
      exit: 7,
      error: { code: "PINNED_POLICY_LOST" },
    });
    host.write("request.json", documentBytes(goodRequest(home.custody, { label: "other" })));
    expect(await host.run(ELSEWHERE)).toMatchObject({ exit: 5, error: { code: "RECEIPT_NOT_JOURNALLED" } });
    const changed = changedReceipt(home.read("receipt.json"), (body) => ({ ...body, policy: 2 }));
    home.write("receipt.json", documentBytes(changed));
    expect(await home.run(REPLAY)).toMatchObject({ exit: 5, error: { code: "RECEIPT_NOT_JOURNALLED" } });
  });

  test("a host without the seed signs otherwise, and the difference is named", async () => {
    const home = await pinnedHome();
    await signGood(home);
    await mustRun(home, ["journal", "export", "--out", "journal.jsonl"]);
    const host = emptyHome(0x22);
    await mustRun(host, ["init", "--network", "regtest", "--name", "replayer", ...PASS]);
    for (const name of ["journal.jsonl", "request.json", "receipt.json", "policy.json"])
      host.write(name, home.read(name));
    const answer = await host.run(ELSEWHERE);
    expect(answer).toMatchObject({ exit: 7, error: { code: "REPLAY_DIFFERS" } });
    expect(answer.error.message).toContain("SEED_NOT_HERE");
  });

  test("a clock that was another refuses what passed then: --at says what it was", async () => {
    const home = await pinnedHome();
    await signGood(home);
    const replay = (at: string) => home.run([...REPLAY, "--at", at]);
    expect(await replay("2026-11-22T09:30:00Z")).toMatchObject({ exit: 0 });
    expect(await replay("2026-11-23T09:30:00Z")).toMatchObject({
      exit: 7,
      error: { code: "REPLAY_DIFFERS" },
    });
    expect(await replay("yesterday")).toMatchObject({ exit: 3 });
  });
});

describe("difference of receipts", () => {
  test("identity signatures aside, every field counts", async () => {
    const home = await pinnedHome();
    await signGood(home);
    const bytes = home.read("receipt.json");
    const receipt = parseDocument(RECEIPT, bytes);
    const [own] = receipt.signatures as [ReceiptDocument["signatures"][0]];
    expect(differenceIn(receipt, { ...receipt, signatures: [{ ...own, by: MALLORY.key }] })).toBeUndefined();
    expect(
      differenceIn(receipt, {
        ...receipt,
        signatures: [{ ...own, at: "2027-01-01T00:00:00Z" as typeof own.at }],
      }),
    ).toBe("receipt.signatures[0].at");
    const flipped = changedReceipt(bytes, (body) => {
      const text = JSON.stringify(body).replace(/"signature":"30/, '"signature":"31');
      return JSON.parse(text) as Receipt;
    });
    expect(differenceIn(receipt, flipped)).toMatch(
      /^receipt\.outcome\.plans\[0\]\.rungs\[0\]\.signatures\[0\]\.signature$/,
    );
    const shorter = changedReceipt(bytes, (body) => ({ ...body, journal: body.journal.slice(1) }));
    expect(differenceIn(receipt, shorter)).toMatch(/^receipt\.journal\[/);
  });
});

function changedReceipt(bytes: Uint8Array, change: (body: Receipt) => Receipt): ReceiptDocument {
  const { body, signatures } = parseDocument(RECEIPT, bytes);
  return { ...makeDocument(RECEIPT, change(body)), signatures };
}
