/** F18 on a real node: a payment that had no effect is in a block like any other, its fee paid and its nonce used. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startAnvil, type Anvil } from "../../demo/anvil.ts";
import { anvilSender, endlessContract, ONE, refusingContract, somebody } from "../factory/anvil-sender.ts";
import { clientOf, togetherOf } from "../factory/anvil-client.ts";

const sender = anvilSender("failing");
let anvil: Anvil;
beforeAll(async () => {
  anvil = await startAnvil();
  await anvil.fund(sender.address, 10n * ONE);
});
afterAll(() => anvil.stop());

const chain = () => togetherOf([clientOf(anvil)], 1);

test.each([
  ["it ran out of gas", 0, () => endlessContract(anvil, "endless"), false],
  ["the contract refused it", 1, () => refusingContract(anvil, "refusing", "no"), false],
  ["a plain account took it", 2, () => Promise.resolve(somebody("plain")), true],
])("F18: %s", async (_, nonce, destination, success) => {
  const to = await destination();
  const before = (await chain().tip()).latest;
  const paid = await sender.make({ nonce, to, value: ONE, gasLimit: 60_000n });
  await chain().broadcast(paid.bytes);
  await anvil.mine();
  const status = await chain().status(paid.attempt);
  expect(status).toMatchObject({ state: "included", confirmations: 1, receipt: { success } });
  if (status.state !== "included") throw new TypeError("it is in a block");
  const { gasUsed, gasPrice } = status.receipt;
  const now = (await chain().tip()).latest;
  expect(await chain().nonce(sender.address, now)).toBe(BigInt(nonce) + 1n);
  const spent =
    (await chain().balance(sender.address, before)) - (await chain().balance(sender.address, now));
  expect(spent).toBe(gasUsed * gasPrice + (success ? ONE : 0n));
  expect(await chain().balance(to, now)).toBe(success ? ONE : 0n);
});

test("F18: simulated before, the two that fail are told apart from the one that does not", async () => {
  const { latest } = await chain().tip();
  const call = (to: typeof sender.address) => ({ from: sender.address, to, value: 1n, gasLimit: 60_000n });
  const refusing = await refusingContract(anvil, "refusing", "no");
  expect(await chain().simulate(call(refusing), latest)).toEqual({
    type: "failed",
    reason: 'reverted: "no"',
  });
  expect(await chain().estimateGas(call(refusing), latest)).toMatchObject({ type: "failed" });
  const endless = await endlessContract(anvil, "endless");
  expect(await chain().simulate(call(endless), latest)).toMatchObject({ type: "failed" });
  expect(await chain().simulate(call(somebody("plain")), latest)).toMatchObject({ type: "done" });
});
