import { describe, expect, test } from "vitest";
import { payout } from "../../../factory/custody.ts";
import { bundleOf, custodyOf, deskPolicy, makeDesk, signAs, type DeskAnswer } from "../../../factory/desk.ts";
import { ANNA, at } from "../../../factory/identities.ts";

const policy = deskPolicy();
const review = ["desk", "review", "file.json"];

const factsOf = ({ data }: DeskAnswer) =>
  new Map((data["facts"] as { label: string; value: string }[]).map(({ label, value }) => [label, value]));

describe("desk review and earlier payments", () => {
  const first = payout(custodyOf(policy), { label: "first" });
  // The same destination document, customer and amount; another order.
  const second = {
    ...first,
    intent: payout(custodyOf(policy), {
      label: "second",
      intent: { beneficiary: first.beneficiary.digest },
    }).intent,
    approvals: [],
  };
  const WARNING = /the same destination and amount within 7 days: 0\.25000000 BTC/;

  /** A desk that has approved the first payment. */
  async function experienced() {
    const desk = makeDesk(policy);
    desk.keyOf(ANNA);
    desk.write("first.json", bundleOf(policy, { ...first, approvals: [] }));
    const signed = await desk.run(signAs("approve", ["first.json"], ANNA, "--confirm", first.intent.digest));
    expect(signed.exit).toBe(0);
    desk.write("file.json", bundleOf(policy, second));
    return desk;
  }

  test("what this desk has signed is told from what the online host says", async () => {
    const desk = await experienced();
    const said = {
      at: at("07:00:00"),
      units: "1",
      account: first.beneficiary.body.account,
      state: "COMPLETED" as const,
    };
    desk.write("file.json", bundleOf(policy, second, { similar: [said] }));
    const { data } = await desk.run(review);
    expect(data["similar"]).toMatchObject([
      { source: "seen here", what: "approved", twin: true, at: at("09:30:00") },
      { source: "says the online host", what: "COMPLETED", twin: false },
    ]);
    const same = await desk.run(["desk", "review", "first.json"]);
    expect(factsOf(same).get("signed here")).toBe(`approve at ${at("09:30:00")}`);
  });

  test("the same customer, destination and amount within 7 days is a warning in colour, later it is none", async () => {
    const desk = await experienced();
    expect((await desk.run(review)).data["warnings"]).toEqual([expect.stringMatching(WARNING)]);
    const coloured = await desk.terminal(review, [], { env: { FORCE_COLOR: "1" } });
    expect(coloured.stdout).toMatch(/\u001b\[33mWARNING .*the same destination/);
    const eighthDay = { now: "2026-11-29T09:30:01Z" as never };
    const late = await desk.run(review, eighthDay);
    expect(late.data["warnings"]).toEqual([]);
    expect(late.data["similar"]).toMatchObject([{ source: "seen here", twin: false }]);
  });

  test("another amount is no warning", async () => {
    const desk = await experienced();
    const other = payout(custodyOf(policy), {
      label: "third",
      units: "30000000",
      intent: { beneficiary: first.beneficiary.digest },
    });
    desk.write("file.json", bundleOf(policy, { ...second, intent: other.intent }));
    expect((await desk.run(review)).data["warnings"]).toEqual([]);
  });

  test("a log that somebody changed is an error", async () => {
    const desk = await experienced();
    const text = Buffer.from(desk.read("desk-seen.jsonl")).toString("utf8");
    desk.write("desk-seen.jsonl", text.replace('"25000000"', '"025000000"'));
    expect(await desk.run(review)).toMatchObject({ exit: 7, error: { code: "DESK_FILE_BROKEN" } });
    desk.write("desk-seen.jsonl", text.slice(0, -1));
    expect(await desk.run(review)).toMatchObject({ exit: 7, error: { code: "DESK_FILE_BROKEN" } });
    desk.write("desk-seen.jsonl", text);
    expect(await desk.run(review)).toMatchObject({ exit: 0 });
  });
});
