/** What a journal remembers of a plan's intents: what leaves a wallet counts in its row's limits, what stays does not. */
import { expect, test } from "vitest";
import { settledIntents } from "../../../../signer/gates/settled.ts";
import type { JudgedIntent } from "../../../../src/chains/review.ts";
import { intent, row } from "../../../factory/documents.ts";

const { body, digest } = intent({ units: "2000" });
const settled = (type: string) =>
  settledIntents([
    { intent: { body: { ...body, type }, digest }, row: row("small", "0", "100000000", 1) } as JudgedIntent,
  ]).map(({ intent: of, generation, row: name, units }) => ({ of, generation, name, units }));

test.each([
  ["withdrawal", "2000"],
  ["transfer", "2000"],
  ["consolidate", "0"],
  ["cancel", "0"],
  ["attest", "0"],
])("%s of 2000 counts %s", (type, units) => {
  expect(settled(type)).toEqual([{ of: digest, generation: 1, name: "small", units }]);
});

test("a customer's promise is remembered by both of its names", () => {
  const [one] = settledIntents([
    { intent: { body, digest }, row: row("small", "0", "1", 1) } as JudgedIntent,
  ]);
  expect(one?.family).toEqual({ intent: body.id, customer: body.customer, clientKey: body.clientKey });
});
