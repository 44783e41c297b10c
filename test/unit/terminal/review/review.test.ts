import { Chalk } from "chalk";
import { describe, expect, test } from "vitest";
import { makeDocument } from "../../../../src/core/document.ts";
import { REVIEW, type ReviewDocument } from "../../../../src/core/documents/review.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import { checkWords } from "../../../../src/core/words.ts";
import { drawReview } from "../../../../src/terminal/review/text.ts";
import { grouped } from "../../../../src/terminal/table.ts";
import { goodRequest, makeCustody, PAYEE, payout, stateFor } from "../../../factory/custody.ts";
import { reviewed } from "../../../factory/gates.ts";
import { fixtureDigest, fixtureId } from "../../../factory/identities.ts";
import {
  ask,
  COLD,
  ownPayment,
  planned,
  plannedOwn,
  THREE_RUNGS,
  treasury,
  wish,
} from "../../../factory/requests.ts";

const custody = makeCustody();
const { review } = reviewed(goodRequest(custody), stateFor(custody));
const [plan] = review.body.plans as [ReviewDocument["body"]["plans"][number]];
const plain = new Chalk({ level: 0 });
const draw = (changes: Partial<ReviewDocument["body"]> = {}) =>
  drawn(makeDocument(REVIEW, { ...review.body, ...changes }));

/** Drawn without colours, within 80 columns. */
function drawn(document: ReviewDocument): string {
  const text = drawReview(document, plain);
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  return text;
}

/** Text without its line breaks and labels' spaces, to find what was wrapped. */
const joined = (text: string) => text.replace(/\s+/g, "");

describe("a review in the terminal", () => {
  test("shows the address whole, in groups of four (failure F22)", () => {
    expect(draw()).toContain(grouped(PAYEE));
  });

  test("shows what is paid, what is change and why it is ours, fee absolute, by size and as a share", () => {
    const text = draw();
    expect(text).toContain("PAY    0.25000000 BTC (25,000,000 sat)");
    expect(text).toMatch(/CHANGE 0\.\d+ BTC \([\d,]+ sat\), proven ours at m\/84h\/1h\/0h\/1\/3/);
    expect(text).toMatch(/FEE {4}at most 0\.0000\d+ BTC \([\d,]+ sat\), \d+\.\d % of what is paid/);
    expect(text).toMatch(/[1-9]\d*(\.\d{1,3})? sat\/vB/);
    expect(text).toContain("approved by anna");
    expect(text).not.toContain("cleared by");
    expect(text).toContain("asked for by  operator oscar");
  });

  test("names the intent, its row, and the signed destination by id and check words (law 11)", () => {
    const [{ beneficiary, intent }] = plan.intents as [(typeof plan.intents)[number]];
    const text = draw();
    expect(text).toContain(`intent ${intent}, policy row small`);
    expect(text).toContain(`beneficiary ${beneficiary?.id}`);
    expect(text).toContain(`its check words ${checkWords(beneficiary?.digest as never)}`);
  });

  test("names who cleared, where somebody had to", () => {
    const plans = review.body.plans.map((each) => ({
      ...each,
      rungs: each.rungs.map((rung) => ({
        ...rung,
        effects: rung.effects.map((effect) =>
          effect.type === "pay" ? { ...effect, clearedBy: ["carla" as Name, "clea" as Name] } : effect,
        ),
      })),
    }));
    expect(draw({ plans })).toMatch(/approved by anna\n +cleared by carla, clea/);
  });

  test("shows the whole digest with its check words, last", () => {
    expect(joined(draw())).toContain(review.digest);
    expect(
      draw()
        .trimEnd()
        .endsWith(`check words  ${checkWords(review.digest)}`),
    ).toBe(true);
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
    const marked = draw({
      plans: [{ ...plan, locks: ["lock time: block 900,000"], warnings: ["the fee is high"] }],
    });
    expect(marked).toContain("LOCK   lock time: block 900,000");
    expect(marked).toContain("WARNING  the fee is high");
    expect(draw({ plans: [{ ...plan, locks: [] }] })).toContain("LOCKS  none");
  });

  test("two hundred coins stand below the payment, and the totals again below the coins", () => {
    const [coin] = plan.inputs as [(typeof plan.inputs)[number]];
    const inputs = Array.from({ length: 200 }, () => coin);
    const text = draw({ plans: [{ ...plan, inputs }] });
    expect(text).toContain("spends 200 coins");
    const places = ["  PAY ", "  FEE ", "spends 200 coins", "\n  200 ", "plan 1 wallet vault pays 0.25"].map(
      (part) => text.indexOf(part),
    );
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  test("a later generation is said to be one, and who declared the plans before it dead", () => {
    const later = { ...plan, intents: plan.intents.map((intent) => ({ ...intent, generation: 2 })) };
    const dead = [{ plan: fixtureDigest("dead"), spentBy: fixtureDigest("killer"), by: ["anna" as Name] }];
    const text = draw({ plans: [later], dead });
    expect(text).toContain("generation 2 of this payment");
    expect(text).toContain("Earlier plans that are declared dead");
    expect(text).toContain("declared dead by  anna");
    expect(draw({ dead: [{ ...dead[0]!, by: [] }] })).toContain("nobody whose signature counts");
    expect(draw()).not.toMatch(/generation|declared dead/);
  });

  test("shows the dearest rung's fee first, each rung with its place, the cancel rung apart, and what limits leave", () => {
    const world = treasury();
    const ladder = planned(world, [payout(world)], { options: THREE_RUNGS });
    const text = drawn(reviewed(ask(world, [ladder]), stateFor(world)).review);
    expect(text).toMatch(
      /FEE {4}at most 0\.00001692 BTC \(1,692 sat\), 0\.1 % of what is paid \(rung 3 of 3\)/,
    );
    expect(text).toContain("RUNG   1 of 3: at most one of them settles");
    expect(text).toContain("RUNG   3 of 3");
    expect(text).toContain("CANCEL rung: pays nobody else, ends the plan");
    expect(text.match(/ PAY /g)).toHaveLength(1);
    expect(text).toContain("LEFT   of row small to this signer after this plan");
    expect(text).toMatch(/24 hours [\d.]+ BTC/);
  });

  test("the share that stands first is that of the dearest rung, wherever it stands", () => {
    const [rung] = plan.rungs as [(typeof plan.rungs)[number]];
    const of = (feeUnits: string, feeSharePermille: string) => ({ ...rung, feeUnits, feeSharePermille });
    const rungs = [of("100", "1"), of("900", "75"), of("500", "40")];
    expect(draw({ plans: [{ ...plan, rungs }] })).toMatch(
      /FEE .*\(900 sat\), 7\.5 % of what is paid \(rung\s+2 of 3\)/,
    );
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
    const own = plannedOwn(world, [wish(world, "consolidate", { units: "2000000" })], task, { coins });
    const text = drawn(reviewed(ask(world, [own]), stateFor(world)).review);
    expect(text).toContain("CONSOLIDATE  the coins below become one of the same wallet");
    expect(text).toContain("approved by anna");
    expect(text).toContain("% of what is moved");
    expect(text).toContain("plan 1 wallet vault pays nobody");
    expect(text).not.toContain("CANCEL");
  });
});

describe("a review that our gates did not make hides nothing behind what it says first", () => {
  const [rung] = plan.rungs as [(typeof plan.rungs)[number]];
  const payment = rung.effects.find(({ type }) => type === "pay") as (typeof rung.effects)[number];
  const other = { ...payment, units: "77000000" } as typeof payment;

  test("a rung that pays something else", () => {
    const text = draw({ plans: [{ ...plan, rungs: [rung, { ...rung, effects: [other] }] }] });
    expect(text).toContain("its rungs do not pay the same");
    expect(text).toContain("0.77000000 BTC");
    expect(draw()).not.toContain("its rungs do not pay the same");
  });

  test("a cancel rung that pays", () => {
    const text = draw({ plans: [{ ...plan, cancel: { ...rung, effects: [other] } }] });
    expect(text).toContain("the cancel rung pays somebody");
    expect(text).toContain("0.77000000 BTC");
  });

  test("a message beside a payment, and an intent that nothing settles", () => {
    const said = { type: "attest", account: payment.account, message: "I owe you" } as const;
    const people = { intent: plan.intents[0]!.intent, approvedBy: ["anna" as Name] };
    const effects = [...rung.effects, { ...said, ...people }];
    expect(draw({ plans: [{ ...plan, rungs: [{ ...rung, effects }] }] })).toContain("I owe you");
    const twice = { ...plan.intents[0]!, row: "large" as Name, approvedBy: ["mallory" as Name] };
    const doubled = draw({ plans: [{ ...plan, intents: [...plan.intents, twice] }] });
    expect(joined(doubled)).toContain(joined("is in the plan twice, the other one under row large"));
    expect(doubled).toContain("approved by mallory");
    const unpaid = { ...plan.intents[0]!, intent: fixtureId("unpaid") };
    const text = draw({ plans: [{ ...plan, intents: [...plan.intents, unpaid] }] });
    expect(joined(text)).toContain(joined(`withdrawal ${unpaid.intent} is in the plan and not done by it`));
  });
});

test("fifteen thousand places for change, or payments that differ, are drawn in time that grows with their number", () => {
  const [rung] = plan.rungs as [(typeof plan.rungs)[number]];
  const [change, pay] = ["change", "pay"].map((type) => rung.effects.find((one) => one.type === type)!);
  const cost = (count: number) => {
    const changes = Array.from({ length: count }, (_, place) => ({ ...change, path: `m/${place}` }) as never);
    const intents = Array.from({ length: count / 8 }, (_, place) => ({
      ...plan.intents[0]!,
      intent: fixtureId(`intent ${place}`),
    }));
    const pays = (units: string) => Array.from({ length: count / 8 }, () => ({ ...pay, units }) as never);
    const begin = process.cpuUsage();
    drawReview(
      { ...review, body: { ...review.body, plans: [{ ...plan, rungs: [{ ...rung, effects: changes }] }] } },
      plain,
    );
    const rungs = ["1", "2"].map((units) => ({ ...rung, effects: pays(units) }));
    drawReview({ ...review, body: { ...review.body, plans: [{ ...plan, intents, rungs }] } }, plain);
    return process.cpuUsage(begin).user;
  };
  cost(400);
  // Eight times as many: eight times as long, or sixty-four.
  expect(cost(6400) / cost(800)).toBeLessThan(30);
});

describe("a review in a file that calls itself a message", () => {
  const [rung] = plan.rungs as [(typeof plan.rungs)[number]];
  const [payment] = rung.effects.flatMap((effect) => (effect.type === "pay" ? [effect] : []));
  const { account, intent: id, approvedBy } = payment!;
  const said = { type: "attest", account, message: "I owe you", intent: id, approvedBy } as const;
  const message = {
    ...plan,
    cancel: undefined,
    intents: plan.intents.map((intent) => ({ ...intent, type: "attest" as const })),
    rungs: [{ ...rung, effects: [said], feeUnits: "0" }],
  };

  test("is drawn as one when nothing stands beside the message", () => {
    expect(draw({ plans: [message] })).toContain("nothing moves, nothing can be sent");
  });

  test("hides no payment in a cancel rung", () => {
    const text = draw({ plans: [{ ...message, cancel: rung }] });
    expect(text).not.toContain("nothing moves");
    expect(text).toContain("the cancel rung pays somebody");
    expect(text).toContain("it signs a message as well");
  });

  test("hides no message in a cancel rung", () => {
    const text = draw({ plans: [{ ...plan, cancel: { ...rung, effects: [said] } }] });
    expect(text).toContain("it signs a message as well");
    expect(text).toContain("I owe you");
  });

  test("hides no second intent", () => {
    const other = { ...plan.intents[0]!, intent: fixtureId("other") };
    const text = draw({ plans: [{ ...message, intents: [...message.intents, other] }] });
    expect(text).not.toContain("nothing moves");
    expect(joined(text)).toContain(other.intent);
  });
});

describe("a review of a message", () => {
  const world = treasury();
  const message = `${"reserves ".repeat(36)}end`;
  const shown = (coins: boolean) => {
    const asked = wish(world, "attest", { message, coins, units: "0" });
    const held = [1, 2].map((index) => ({ units: 1_000_000n, index }));
    const own = plannedOwn(world, [asked], { type: "attest", message, coins }, { coins: held });
    return drawn(reviewed(ask(world, [own]), stateFor(world)).review);
  };

  test("says that nothing moves, and shows every character of it", () => {
    const text = shown(false);
    expect(text).toContain("SIGNS A MESSAGE  nothing moves, nothing can be sent");
    const lines = text.split("\n").filter((line) => line.startsWith("  | "));
    expect(lines.map((line) => line.slice(4)).join("")).toBe(message);
    expect(text).toContain("our address at m/84h/1h/0h/0/0");
    expect(text).toContain("approved by anna");
    expect(text).toContain("SHOWS  no coins");
    expect(text).not.toMatch(/spends|PAY|FEE|LOCKS|LEFT/);
  });

  test("counts the coins that are shown, and says what that does not prove", () => {
    const text = shown(true);
    expect(text).toContain("SHOWS  2 coins, 0.02000000 BTC (2,000,000 sat)");
    expect(text).toContain("This does not prove that they are unspent, or not also somebody else's.");
    expect(text).toContain("0.01000000 BTC (1,000,000 sat) at m/84h/1h/0h/0/2");
  });
});
