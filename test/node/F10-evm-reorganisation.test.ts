/** F10 on an EVM chain: a payment is in a block three deep, and the chain goes another way. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startAnvil, type Anvil } from "../../demo/anvil.ts";
import { anvilSender, ONE } from "../factory/anvil-sender.ts";
import { clientOf, togetherOf } from "../factory/anvil-client.ts";

const sender = anvilSender("reorganised");
let anvil: Anvil;
beforeAll(async () => {
  anvil = await startAnvil();
  await anvil.fund(sender.address, 10n * ONE);
  await anvil.mine(2);
});
afterAll(() => anvil.stop());

const chain = () => togetherOf([clientOf(anvil)], 1);

test("F10: out of the chain it is unknown, never dropped; the same bytes bring it back into another block", async () => {
  const { bytes, attempt } = await sender.make({ nonce: 0, value: ONE });
  expect(await chain().status(attempt)).toEqual({ state: "unknown" });
  expect(await chain().broadcast(bytes)).toMatchObject({ type: "accepted" });
  expect(await chain().status(attempt)).toEqual({ state: "pending" });
  await anvil.mine(3);
  const before = await chain().status(attempt);
  expect(before).toMatchObject({
    state: "included",
    confirmations: 3,
    finalized: true,
    receipt: { success: true },
  });
  await anvil.reorg(3);
  expect(await chain().status(attempt)).toEqual({ state: "unknown" });
  expect(await chain().broadcast(bytes)).toEqual({ type: "accepted", already: false });
  await anvil.mine();
  const after = await chain().status(attempt);
  expect(after).toMatchObject({ state: "included", confirmations: 1, finalized: false });
  if (before.state !== "included" || after.state !== "included") throw new TypeError("both are in a block");
  expect(after.blockHash).not.toBe(before.blockHash);
});

test("F10: the other branch holds it too: another block, counted from there", async () => {
  const { bytes, raw, attempt } = await sender.make({ nonce: 1, value: ONE });
  await chain().broadcast(bytes);
  await anvil.mine(3);
  const before = await chain().status(attempt);
  await anvil.reorg(3, [[raw, 1]]);
  const after = await chain().status(attempt);
  if (before.state !== "included" || after.state !== "included") throw new TypeError("both are in a block");
  expect(before.confirmations).toBe(3);
  expect(after.confirmations).toBe(2);
  expect(after.blockHash).not.toBe(before.blockHash);
});

test("F10: the other branch holds another transaction with its nonce: replaced, by that one", async () => {
  const first = await sender.make({ nonce: 2, value: ONE });
  const second = await sender.make({ nonce: 2, value: 0n, to: sender.address });
  await chain().broadcast(first.bytes);
  await anvil.mine(3);
  expect(await chain().status(first.attempt)).toMatchObject({ state: "included", confirmations: 3 });
  await anvil.reorg(3, [[second.raw, 0]]);
  expect(await chain().status(first.attempt)).toMatchObject({
    state: "replaced",
    by: second.attempt.transaction,
    confirmations: 3,
  });
  expect(await chain().status(second.attempt)).toMatchObject({ state: "included", confirmations: 3 });
});
