/** What the officer retypes: what each plan pays of each asset, and the review's six words. */
import { describe, expect, test } from "vitest";
import { askConfirmation } from "../../../../signer/commands/confirmation.ts";
import { signerProgram } from "../../../../signer/main.ts";
import { documentBytes } from "../../../../src/core/document.ts";
import type { RequestDocument } from "../../../../src/core/documents/request.ts";
import { checkWords } from "../../../../src/core/words.ts";
import type { Call } from "../../../../src/terminal/command.ts";
import { goodRequest, makeCustody, stateFor, type Custody } from "../../../factory/custody.ts";
import { evmPayout, evmRequest } from "../../../factory/evm-account.ts";
import { safeCustody, safePlan } from "../../../factory/evm-safe.ts";
import { tokenCustody, tokenPayout, tokenPlan } from "../../../factory/evm-token.ts";
import { reviewed } from "../../../factory/gates.ts";
import { fakeIo } from "../../../factory/io.ts";
import { emptyHome } from "../../../factory/signer-home.ts";
import { codeOf } from "../../../factory/thrown.ts";

const HEAD = "0".repeat(64);

/** What the officer is asked who types `totals` and the right words, and what came of it. */
async function confirmed(custody: Custody, request: RequestDocument, totals: readonly string[]) {
  const { review } = reviewed(request, stateFor(custody));
  const typed = [HEAD, ...totals, checkWords(review.digest)].map((line) => `${line}\r`);
  const fake = fakeIo({ typed, tty: { stdin: true, stdout: true, stderr: true } });
  const call: Call = {
    io: fake.io,
    program: signerProgram,
    args: [],
    flags: {},
    home: "",
    json: false,
    dryRun: false,
  };
  const code = await askConfirmation(call, review).then(
    () => "none",
    (error: unknown) =>
      codeOf(() => {
        throw error;
      }),
  );
  return { code, asked: fake.stderr().match(/Total that wallet .*?:/g) };
}

function coinsAndTokens() {
  const custody = safeCustody();
  const payouts = [
    tokenPayout(custody, { label: "tokens" }),
    evmPayout(custody, { label: "coins" }),
    tokenPayout(custody, { label: "more" }),
  ];
  return { custody, request: evmRequest(custody, payouts, [safePlan(custody, payouts)]) };
}

describe("what an officer retypes", () => {
  test("the total of a plan in its chain's coin", async () => {
    const custody = makeCustody();
    const { code, asked } = await confirmed(custody, goodRequest(custody), ["0.25"]);
    expect([code, asked]).toEqual(["none", ["Total that wallet vault pays out, in regtest BTC:"]]);
    expect((await confirmed(custody, goodRequest(custody), ["0.26"])).code).toBe("RETYPED_WRONG");
  });

  test("of a token its own units", async () => {
    const custody = tokenCustody();
    const payouts = [tokenPayout(custody)];
    const request = evmRequest(custody, payouts, [tokenPlan(custody, payouts)]);
    const { code, asked } = await confirmed(custody, request, ["25"]);
    expect(code).toBe("none");
    expect(asked).toEqual(["Total that wallet vault pays out, in regtest USDC:"]);
    expect((await confirmed(custody, request, ["0.000000000025"])).code).toBe("AMOUNT_TOO_PRECISE");
  });

  test("of a batch in two assets each its own total: never a sum of wei and units", async () => {
    const { custody, request } = coinsAndTokens();
    const { code, asked } = await confirmed(custody, request, ["50", "1"]);
    expect(code).toBe("none");
    expect(asked?.map((text) => text.split(" regtest ")[1])).toEqual(["USDC:", "ETH:"]);
    for (const wrong of [
      ["25", "1"],
      ["50", "1.00000000005"],
    ]) {
      expect((await confirmed(custody, request, wrong)).code).toBe("RETYPED_WRONG");
    }
  });

  test("a rehearsal asks for the same", async () => {
    const { request } = coinsAndTokens();
    const echo = (totals: readonly string[]) => {
      const home = emptyHome();
      home.write("request.json", documentBytes(request));
      const typed = [...totals, checkWords(request.digest)];
      return home.terminal(["echo", "--in", "request.json", "--out", "answer.json"], typed);
    };
    expect(await echo(["50", "1"])).toMatchObject({ exit: 0 });
    expect(await echo(["51", "1"])).toMatchObject({ exit: 4 });
  });
});
