/** F11, F28 on real nodes: endpoints that lag, lie, keep silent or are on a branch of their own. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startAnvil, type Anvil } from "../../demo/anvil.ts";
import { anvilSender, ONE } from "../factory/anvil-sender.ts";
import { clientOf, togetherOf } from "../factory/anvil-client.ts";
import { SILENT, startLiar, type Liar } from "../factory/anvil-liar.ts";

const sender = anvilSender("disagreed");
const rival = anvilSender("rival");
let nonce = 0;
let anvil: Anvil;
let elsewhere: Anvil;
let proxies: readonly [Liar, Liar];
beforeAll(async () => {
  // Of one genesis, so that the two part where they are mined apart.
  const flags = ["--timestamp", "1790000000"];
  [anvil, elsewhere] = await Promise.all([startAnvil({ flags }), startAnvil({ flags })]);
  proxies = [await startLiar(anvil.url), await startLiar(anvil.url)];
  for (const node of [anvil, elsewhere])
    for (const { address } of [sender, rival]) await node.fund(address, 10n * ONE);
  await anvil.mine(5);
});
afterEach(() => {
  for (const proxy of proxies) proxy.lie = undefined;
});
afterAll(async () => {
  for (const proxy of proxies) await proxy.close();
  await Promise.all([anvil.stop(), elsewhere.stop()]);
});

/** The honest node, and two that are told what to say; two must agree. */
const three = () => togetherOf([clientOf(anvil), ...proxies.map((proxy) => clientOf(proxy))]);
const two = () => togetherOf([clientOf(anvil), clientOf(proxies[0])]);

async function mined() {
  const made = await sender.make({ nonce });
  nonce += 1;
  await clientOf(anvil).broadcast(made.bytes);
  await anvil.mine();
  return made;
}

const height = async () => (await clientOf(anvil).block("latest"))?.height ?? 0;
const RECEIPT = "eth_getTransactionReceipt";

describe("F11: one of three lies", () => {
  test("that it failed, or lies in another block: outvoted by the two others, and named", async () => {
    const { attempt } = await mined();
    for (const change of [
      { status: "0x0" },
      { blockHash: `0x${"ab".repeat(32)}`, logs: [] },
      { gasUsed: "0x1" },
    ]) {
      proxies[0].lie = ({ method }, truth) =>
        method === RECEIPT ? { ...(truth as object), ...change } : truth;
      const nodes = three();
      expect(await nodes.status(attempt)).toMatchObject({ state: "included", receipt: { success: true } });
      expect(nodes.events).toMatchObject([{ event: "node is outvoted", node: "two" }]);
    }
  });

  test("that there is a receipt where there is none: the nonce is not gone, and it stays pending", async () => {
    const other = await mined();
    const truth = await anvil.rpc(RECEIPT, [`0x${other.attempt.transaction}`]);
    const { attempt, bytes } = await sender.make({ nonce });
    nonce += 1;
    await clientOf(anvil).broadcast(bytes);
    proxies[1].lie = ({ method, params }, said) =>
      method === RECEIPT && params[0] === `0x${attempt.transaction}`
        ? { ...(truth as object), transactionHash: params[0] }
        : said;
    expect(await three().status(attempt)).toEqual({ state: "pending" });
    expect(await togetherOf([clientOf(anvil), clientOf(proxies[1])]).status(attempt)).toMatchObject({
      state: "undecided",
      seen: true,
    });
    await anvil.mine();
  });

  test("of balances, nonces and code: outvoted; two that contradict each other conclude nothing", async () => {
    proxies[0].lie = ({ method }, truth) =>
      method === "eth_getBalance" || method === "eth_getTransactionCount" || method === "eth_getCode"
        ? "0xff"
        : truth;
    const nodes = three();
    const { latest } = await nodes.tip();
    expect(await nodes.balance(sender.address, latest)).toBeGreaterThan(9n * ONE);
    expect(await nodes.nonce(sender.address, latest)).toBe(BigInt(nonce));
    expect((await nodes.code(sender.address, latest)).size).toBe(0);
    expect(nodes.events.map(({ node }) => node)).toEqual(["two", "two", "two"]);
    await expect(two().balance(sender.address, latest)).rejects.toMatchObject({ code: "NODES_TOO_FEW" });
    // For a hint the highest counts, whoever says it: a nonce too many waits, one too few is a rival to ourselves.
    expect(await nodes.pendingNonce(sender.address)).toBe(255n);
  });
});

describe("F11: one lags", () => {
  test("it knows neither block nor receipt: the others have it; of two nothing is known yet", async () => {
    const behind = await height();
    const { attempt } = await mined();
    await anvil.mine(2);
    proxies[0].lie = ({ method, params }, truth) => {
      if (method === RECEIPT || method === "eth_getTransactionByHash") return null;
      if (method !== "eth_getBlockByNumber" || truth === null) return truth;
      const { number } = truth as { readonly number: string };
      return params[0] !== "latest" && Number(number) > behind ? null : truth;
    };
    expect(await three().status(attempt)).toMatchObject({ state: "included", confirmations: 3 });
    expect(await two().status(attempt)).toMatchObject({ state: "undecided", seen: true });
  });

  test("F28: one alone cannot raise the tip, and one that is silent does not hold the others up", async () => {
    const honest = await height();
    proxies[0].lie = ({ method, params }, truth) =>
      method === "eth_getBlockByNumber" && params[0] === "latest"
        ? { ...(truth as object), number: "0xffffff" }
        : truth;
    expect((await three().tip()).latest.height).toBe(honest);
    proxies[0].lie = () => SILENT;
    expect((await three().tip()).latest.height).toBe(honest);
    await expect(two().tip()).rejects.toMatchObject({ code: "NODES_TOO_FEW" });
  });
});

describe("F10: two nodes on branches of their own", () => {
  test("what only one branch has is in no agreed block; the last common block is the ground", async () => {
    const apart = togetherOf([clientOf(anvil), clientOf(elsewhere)]);
    const genesis = await clientOf(anvil).block({ height: 0 });
    expect(await clientOf(elsewhere).block({ height: 0 })).toEqual(genesis);
    const { attempt, bytes } = await rival.make({ nonce: 0 });
    await clientOf(elsewhere).broadcast(bytes);
    await elsewhere.mine(3);
    expect((await apart.tip()).latest).toEqual(genesis);
    expect(await apart.status(attempt)).toMatchObject({ state: "undecided", seen: true });
    expect(await togetherOf([clientOf(elsewhere)], 1).status(attempt)).toMatchObject({ state: "included" });
  });
});

describe("F04: the same bytes to all", () => {
  test("one that takes them is enough; what has not answered may have them", async () => {
    const { bytes, attempt } = await sender.make({ nonce });
    nonce += 1;
    proxies[0].lie = ({ method }, truth) => (method === "eth_sendRawTransaction" ? SILENT : truth);
    expect(await togetherOf([clientOf(proxies[0])], 1).broadcast(bytes)).toMatchObject({ type: "uncertain" });
    // It was taken all the same: the same bytes again, and nothing else.
    expect(await two().broadcast(bytes)).toEqual({ type: "accepted", already: true });
    const sent = proxies[0].asked.filter(({ method }) => method === "eth_sendRawTransaction");
    expect(new Set(sent.map(({ params }) => params[0])).size).toBe(1);
    await anvil.mine();
    expect(await two().status(attempt)).toMatchObject({ state: "included" });
  });
});
