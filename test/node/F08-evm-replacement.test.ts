/** F8 on a real node: of several attempts with one nonce one is mined, and each of the others is known to be replaced. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startAnvil, type Anvil } from "../../demo/anvil.ts";
import { anvilSender, GWEI, ONE } from "../factory/anvil-sender.ts";
import { clientOf, togetherOf } from "../factory/anvil-client.ts";
import { startLiar, type Liar } from "../factory/anvil-liar.ts";

const sender = anvilSender("replaced");
let anvil: Anvil;
let proxy: Liar;
beforeAll(async () => {
  anvil = await startAnvil();
  proxy = await startLiar(anvil.url);
  await anvil.fund(sender.address, 10n * ONE);
  await anvil.mine(5);
});
afterAll(async () => {
  await proxy.close();
  await anvil.stop();
});

const chain = () => togetherOf([clientOf(anvil)], 1);
const behindProxy = () => togetherOf([clientOf(proxy)], 1);

test("F08: the dearer attempt takes the place; found as many blocks later as it takes", async () => {
  const first = await sender.make({ nonce: 0, fee: 10n * GWEI, tip: GWEI });
  const second = await sender.make({ nonce: 0, fee: 20n * GWEI, tip: 2n * GWEI });
  await chain().broadcast(first.bytes);
  await chain().broadcast(second.bytes);
  // The pool has let go of the first one; its nonce is free, so that nothing has happened to it.
  expect(await chain().status(first.attempt)).toEqual({ state: "unknown" });
  expect(await chain().status(second.attempt)).toEqual({ state: "pending" });
  await anvil.mine();
  const place = { confirmations: 1, finalized: false };
  expect(await chain().status(second.attempt)).toMatchObject({ state: "included", ...place });
  expect(await chain().status(first.attempt)).toMatchObject({
    state: "replaced",
    by: second.attempt.transaction,
    ...place,
  });
  expect(await chain().broadcast(first.bytes)).toMatchObject({ type: "rejected", why: "nonce too low" });
  await anvil.mine(20);
  expect(await chain().status(first.attempt)).toMatchObject({
    state: "replaced",
    by: second.attempt.transaction,
    confirmations: 21,
    finalized: true,
  });
});

test("F08: a receipt that an endpoint does not show is no replacement, however far the nonce", async () => {
  const paid = await sender.make({ nonce: 1 });
  await chain().broadcast(paid.bytes);
  await anvil.mine(2);
  const hidden = ["eth_getTransactionReceipt", "eth_getTransactionByHash"];
  proxy.lie = ({ method }, truth) => (hidden.includes(method) ? null : truth);
  expect(await behindProxy().status(paid.attempt)).toEqual({
    state: "undecided",
    seen: false,
    reason: "it is in a block, and too few endpoints have its receipt",
  });
  proxy.lie = undefined;
  expect(await behindProxy().status(paid.attempt)).toMatchObject({ state: "included", confirmations: 2 });
});

test("F08: an endpoint that keeps no old states finds no replacement, and concludes nothing", async () => {
  const [lost, won] = [await sender.make({ nonce: 2 }), await sender.make({ nonce: 2, value: 1n })];
  await chain().broadcast(won.bytes);
  await anvil.mine(10);
  const { latest } = await chain().tip();
  const recent = new Set<string>();
  for (let height = latest.height - 2; height <= latest.height; height += 1)
    recent.add(`0x${(await chain().block(height))?.hash}`);
  proxy.lie = ({ method, params }, truth) => {
    const at = params[1] as { readonly blockHash?: string } | undefined;
    return method === "eth_getTransactionCount" && !recent.has(at?.blockHash ?? "") ? "pruned" : truth;
  };
  expect(await behindProxy().status(lost.attempt)).toMatchObject({ state: "undecided", seen: false });
  proxy.lie = undefined;
  expect(await behindProxy().status(lost.attempt)).toMatchObject({
    state: "replaced",
    by: won.attempt.transaction,
  });
});

test("F08: a nonce that a gap holds back is pending, and is mined once the gap is filled", async () => {
  const [gap, waiting] = [await sender.make({ nonce: 3 }), await sender.make({ nonce: 4 })];
  expect(await chain().broadcast(waiting.bytes)).toMatchObject({ type: "accepted" });
  await anvil.mine(2);
  expect(await chain().status(waiting.attempt)).toEqual({ state: "pending" });
  await chain().broadcast(gap.bytes);
  await anvil.mine(2);
  expect(await chain().status(gap.attempt)).toMatchObject({ state: "included" });
  expect(await chain().status(waiting.attempt)).toMatchObject({ state: "included" });
});
