import { Chalk } from "chalk";
import { describe, expect, test } from "vitest";
import type { ReviewDocument } from "../../../src/core/documents/review.ts";
import { makeDocument } from "../../../src/core/document.ts";
import { REVIEW } from "../../../src/core/documents/review.ts";
import type { Name } from "../../../src/core/identifier.ts";
import { checkWords } from "../../../src/core/words.ts";
import { drawReview } from "../../../src/terminal/review-text.ts";
import { grouped } from "../../../src/terminal/table.ts";
import { goodRequest, makeCustody, PAYEE, payout, stateFor } from "../../factory/custody.ts";
import { reviewed } from "../../factory/gates.ts";
import {
  ask,
  COLD,
  ownPayment,
  planned,
  plannedOwn,
  THREE_RUNGS,
  treasury,
  wish,
} from "../../factory/requests.ts";

const custody = makeCustody();
const { review } = reviewed(goodRequest(custody), stateFor(custody));
const plain = new Chalk({ level: 0 });
const draw = (changes: Partial<ReviewDocument["body"]> = {}) =>
  drawReview(makeDocument(REVIEW, { ...review.body, ...changes }), plain);

/** Drawn without colours, within 80 columns. */
function drawn(document: ReviewDocument): string {
  const text = drawReview(document, plain);
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  return text;
}

/** Text without its line breaks and labels' spaces, to find what was wrapped. */
const joined = (text: string) => text.replace(/\s+/g, "");

describe("a review in the terminal", () => {
  test("fits 80 columns", () => {
    expect(
      Math.max(
        ...draw()
          .split("\n")
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(80);
  });

  test("shows the address whole, in groups of four (failure F22)", () => {
    expect(draw()).toContain(grouped(PAYEE));
  });

  test("shows what is paid, what is change and why it is ours, fee absolute, by size and as a share", () => {
    const text = draw();
    expect(text).toContain("PAY    0.25000000 BTC (25,000,000 sat)");
    expect(text).toMatch(/CHANGE 0\.\d+ BTC \([\d,]+ sat\), proven ours at m\/84h\/1h\/0h\/1\/3/);
    expect(text).toMatch(/FEE {4}0\.0000\d+ BTC/);
    expect(text).toMatch(/\d+\.\d{3} sat per virtual byte, at most \d+\.\d % of what is paid/);
    expect(text).toContain("approved by anna");
    expect(text).not.toContain("cleared by");
    expect(text).toContain("asked for by operator oscar");
  });

  test("names who cleared, where somebody had to", () => {
    const plans = review.body.plans.map((plan) => ({
      ...plan,
      rungs: plan.rungs.map((rung) => ({
        ...rung,
        effects: rung.effects.map((effect) =>
          effect.type === "pay" ? { ...effect, clearedBy: ["carla" as Name, "clea" as Name] } : effect,
        ),
      })),
    }));
    expect(draw({ plans })).toMatch(/approved by anna\n +cleared by carla, clea/);
  });

  test("shows the whole digest with its check words", () => {
    expect(joined(draw())).toContain(review.digest);
    expect(draw()).toContain(checkWords(review.digest));
  });

  test("draws a red banner on mainnet alone", () => {
    const colours = new Chalk({ level: 1 });
    const red = colours.bgRed.white.bold("x").split("x")[0] as string;
    const mainnet = drawReview(makeDocument(REVIEW, { ...review.body, network: "mainnet" }), colours);
    expect(mainnet.startsWith(red)).toBe(true);
    expect(mainnet).toContain("MAINNET");
    expect(drawReview(review, colours).startsWith(red)).toBe(false);
    expect(drawReview(review, colours)).toContain("REGTEST");
  });

  test("names locks and warnings, and says when there are no locks", () => {
    const [plan] = review.body.plans as [ReviewDocument["body"]["plans"][number]];
    const marked = draw({
      plans: [{ ...plan, locks: ["lock time: block 900,000"], warnings: ["the fee is high"] }],
    });
    expect(marked).toContain("LOCK   lock time: block 900,000");
    expect(marked).toContain("WARNING  the fee is high");
    expect(draw({ plans: [{ ...plan, locks: [] }] })).toContain("LOCKS  none");
  });

  test("no text can move the cursor (attack T5)", () => {
    const [plan] = review.body.plans as [ReviewDocument["body"]["plans"][number]];
    const text = drawReview(
      { ...review, body: { ...review.body, plans: [{ ...plan, warnings: ["\u001b[2Jgone"] }] } },
      plain,
    );
    expect(text).not.toContain("\u001b");
    expect(text).toContain("⟨U+001B⟩");
  });

  test("shows each rung with its place, the cancel rung apart, and what the row's limits leave", () => {
    const world = treasury();
    const ladder = planned(world, [payout(world)], { options: THREE_RUNGS });
    const text = drawn(reviewed(ask(world, [ladder]), stateFor(world)).review);
    expect(text).toContain("Rung 1 of 3: at most one of them settles");
    expect(text).toContain("Rung 3 of 3");
    expect(text).toContain("Cancel rung: pays nobody else, ends the plan");
    expect(text.slice(text.indexOf("Cancel rung"))).not.toContain("PAY");
    expect(text).toContain("LEFT   of row small to this signer after this plan");
    expect(text).toMatch(/24 hours {2}[\d.]+ BTC/);
  });

  test("shows a transfer with the wallet of ours that is paid, and why it is ours", () => {
    const world = treasury();
    const transfer = wish(world, "transfer", { destination: COLD, units: "10000000" });
    const task = { type: "pay", payments: [ownPayment(world.cold, 10_000_000n, 3)] } as const;
    const request = ask(world, [plannedOwn(world, [transfer], task)]);
    const text = drawn(reviewed(request, stateFor(world)).review);
    expect(text).toContain("OWN    0.10000000 BTC (10,000,000 sat)");
    expect(text).toContain("to our wallet cold, proven at m/84h/1h/0h/0/3");
  });

  test("says what a consolidation is and who approved it, though nobody is paid", () => {
    const world = treasury();
    const coins = [1, 2].map((index) => ({ units: 1_000_000n, index }));
    const task = { type: "consolidate", unitsMax: 2_000_000n } as const;
    const plan = plannedOwn(world, [wish(world, "consolidate", { units: "2000000" })], task, { coins });
    const text = drawn(reviewed(ask(world, [plan]), stateFor(world)).review);
    expect(text).toContain("CONSOLIDATE  the coins above become one of the same wallet");
    expect(text).toContain("approved by anna");
    expect(text).toContain("% of what is moved");
    expect(text).not.toContain("Cancel rung");
  });

  describe("of a message", () => {
    const world = treasury();
    const message = `${"reserves ".repeat(36)}end`;
    const shown = (coins: boolean) => {
      const asked = wish(world, "attest", { message, coins, units: "0" });
      const held = [1, 2].map((index) => ({ units: 1_000_000n, index }));
      const plan = plannedOwn(world, [asked], { type: "attest", message, coins }, { coins: held });
      return drawn(reviewed(ask(world, [plan]), stateFor(world)).review);
    };

    test("says that nothing moves, and shows every character of it", () => {
      const text = shown(false);
      expect(text).toContain("SIGNS A MESSAGE  nothing moves, nothing can be sent");
      const lines = text.split("\n").filter((line) => line.startsWith("  | "));
      expect(lines.map((line) => line.slice(4)).join("")).toBe(message);
      expect(text).toContain("our address at m/84h/1h/0h/0/0");
      expect(text).toContain("approved by anna");
      expect(text).toContain("SHOWS  no coins");
      expect(text).not.toMatch(/SPENDS|PAY|FEE|LOCKS/);
    });

    test("counts the coins that are shown, and says what that does not prove", () => {
      const text = shown(true);
      expect(text).toContain("SHOWS  2 coins, 0.02000000 BTC (2,000,000 sat)");
      expect(text).toContain("This does not prove that they are unspent, or not also somebody else's.");
      expect(text).toContain("0.01000000 BTC (1,000,000 sat) at m/84h/1h/0h/0/2");
    });
  });
});
