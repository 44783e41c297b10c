import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Answer } from "../../demo/cast.ts";
import { signFlags, signOffline } from "../../demo/ceremony.ts";
import { readBooks } from "./books.ts";
import { readLoose, signAsSession, writeLoose, type Loose } from "./owned-host.ts";
import { exportWithdrawal, openScene, show, type Exported, type Scene } from "./scene.ts";
import { TAMPERINGS } from "./tamperings.ts";

let scene: Scene;
let exported: Exported;
let genuine: Loose;
let review: { digest: string };
let head: string;
beforeAll(async () => {
  scene = await openScene({ coins: ["0.6"] });
  exported = await exportWithdrawal(scene, "0.25", "order-77");
  genuine = readLoose(exported.file);
  review = await scene.cast.run("custody-signer", "signer", "review", "--in", exported.file);
  ({ head } = await scene.cast.run("custody-signer", "signer", "journal", "show"));
});
afterAll(() => scene.close());

let count = 0;
/** What the signer answers to `request`, with an officer at hand who would confirm anything. */
async function offer(request: Loose): Promise<Answer & { receipt: string }> {
  const file = scene.cast.carried(`tampered-${++count}.request.json`);
  const receipt = scene.cast.carried(`tampered-${count}.receipt.json`);
  writeLoose(file, request);
  const flags = signFlags(scene.cast, { file, receipt, digest: review.digest, head });
  return { ...(await scene.cast.attempt("custody-signer", "signer", "sign", ...flags)), receipt };
}

/** What the signer's journal says, read as it stands on its disk. */
function entries(): readonly { event: string; outcome?: unknown }[] {
  const lines = readFileSync(join(scene.cast.home("signer"), "journal-regtest.jsonl"), "utf8").split("\n");
  return lines.slice(0, -1).map((line) => {
    const { entry, receipt } = JSON.parse(line);
    return { event: entry.event, ...(receipt === undefined ? {} : { outcome: receipt.outcome }) };
  });
}

describe("F23: a request changed on its way to the signer", () => {
  test.each(TAMPERINGS)("$what: nothing is signed", async ({ edit, exit, gate }) => {
    const before = entries();
    const { receipt, ...answer } = await offer(edit(structuredClone(genuine)));
    // Without the session's key every change breaks the request's own signature, unless it cannot even be read.
    expect(answer.exit).toBe(gate === "G1" ? exit : 4);
    expect(answer.error?.details["gate"]).toBe(gate === "G1" ? "G1" : "G2");
    expect(answer.error?.hint).toBeTruthy();
    expect(existsSync(receipt)).toBe(false);
    expect(entries()).toEqual(before);
  });
});

describe("F23: a request changed by an owned online host, digests fitted and signed by the session key", () => {
  test.each(TAMPERINGS)("$what: refused at $gate, $rule", async ({ edit, gate, rule, exit, answered }) => {
    const before = entries();
    const answer = await offer(signAsSession(scene.cast, edit(structuredClone(genuine))));
    expect({ ...answer.error?.details, exit: answer.exit }).toMatchObject({ gate, rule, exit });
    expect(answer.error?.hint).toBeTruthy();
    const added = entries().slice(before.length);
    if (!answered) {
      expect(added).toEqual([]);
      expect(existsSync(answer.receipt)).toBe(false);
      return;
    }
    expect(added).toMatchObject([{ event: "receipt", outcome: { type: "refused", gate, rule } }]);
    const { outcome, ...receipt } = readLoose(answer.receipt);
    expect(outcome).toEqual({ type: "refused", gate, rule });
    expect(JSON.stringify(receipt)).not.toContain("psbt");
  });
});

/** The other direction, after the twin that nobody touched. Each test stands on the one before. */
describe("receipts", () => {
  let receipt: string;
  const importing = (file: string) => scene.cast.attempt("custody", "online", "withdraw", "import", file);

  test("a foreign receipt, of a request that was not made here, is RECEIPT_FOREIGN, exit 5", async () => {
    const { receipt: foreign } = await offer(signAsSession(scene.cast, { ...genuine, policy: 2 }));
    expect(await importing(foreign)).toMatchObject({
      exit: 5,
      error: { code: "RECEIPT_FOREIGN", field: "receipt.request" },
    });
  });

  test("a refusal of the genuine request is imported, says gate and rule, exits 4, and moves nothing", async () => {
    const file = scene.cast.carried("refused.receipt.json");
    const flags = signFlags(scene.cast, {
      file: exported.file,
      receipt: file,
      digest: "00".repeat(32),
      head,
    });
    expect(await scene.cast.attempt("custody-signer", "signer", "sign", ...flags)).toMatchObject({
      exit: 4,
      error: { code: "G11_DIGEST_NOT_CONFIRMED" },
    });
    expect(await importing(file)).toMatchObject({
      exit: 4,
      data: [
        { outcome: "refused", gate: "G11", rule: "DIGEST_NOT_CONFIRMED", plans: [{ state: "EXPORTED" }] },
      ],
    });
    expect((await show(scene.cast, exported.id)).state).toBe("EXPORTED");
  });

  test("the untouched request is signed", async () => {
    receipt = await signOffline(scene.cast, exported.file);
    expect(entries().at(-1)).toMatchObject({ event: "receipt", outcome: { type: "signed" } });
  });

  test.each<[string, (receipt: Loose) => void, number, string]>([
    [
      "a chain signature",
      (r) => void (r.outcome.plans[0].rungs[0].signatures[0].signature = "30".repeat(71)),
      7,
      "RECEIPT_UNSIGNED",
    ],
    [
      "the transaction id",
      (r) => void (r.outcome.plans[0].rungs[0].transaction = "ab".repeat(32)),
      7,
      "RECEIPT_UNSIGNED",
    ],
    ["the signer's epoch", (r) => void (r.epoch = 2), 7, "RECEIPT_UNSIGNED"],
    ["the signer's signature, taken out", (r) => void delete r.signatures, 7, "RECEIPT_UNSIGNED"],
    ["its request", (r) => void (r.request = "ab".repeat(32)), 5, "RECEIPT_FOREIGN"],
    ["an unknown field", (r) => void (r.outcome.plans[0].note = "x"), 3, "DOCUMENT_MALFORMED"],
  ])("a receipt with %s changed is refused, and nothing moves", async (_, edit, exit, code) => {
    const books = readBooks(scene.cast);
    const tampered = readLoose(receipt);
    edit(tampered);
    const file = scene.cast.carried("tampered.receipt.json");
    writeLoose(file, tampered);
    expect(await importing(file)).toMatchObject({ exit, error: { code } });
    expect(readBooks(scene.cast)).toEqual(books);
  });

  test.each([
    ["truncated", (text: string) => text.slice(0, -40), "CANONICAL_MALFORMED"],
    ["spelled in another way", (text: string) => text.replace("{", "{ "), "CANONICAL_MALFORMED"],
    ["empty", () => "", "CANONICAL_MALFORMED"],
    ["no document at all", () => "[]", "DOCUMENT_WRONG_KIND"],
  ])("a receipt file that is %s is refused with exit 3, and nothing moves", async (_, corrupt, code) => {
    const books = readBooks(scene.cast);
    const file = scene.cast.carried("corrupt.receipt.json");
    writeFileSync(file, corrupt(readFileSync(receipt, "utf8")));
    expect(await importing(file)).toMatchObject({ exit: 3, error: { code } });
    expect(readBooks(scene.cast)).toEqual(books);
  });

  test("the receipt as the signer wrote it is imported", async () => {
    expect(await importing(receipt)).toMatchObject({ exit: 0, data: [{ outcome: "signed" }] });
    expect((await show(scene.cast, exported.id)).state).toBe("SIGNED");
  });
});
