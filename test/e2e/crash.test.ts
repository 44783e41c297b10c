import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { CUSTOMER, coinsAt, openScene, pass, show, signWithdrawal, useNode, type Scene } from "./scene.ts";
import { readBooks } from "./books.ts";
import { startProgram } from "./process.ts";
import { startProxy, type Proxy } from "./proxy.ts";

let scene: Scene;
let proxy: Proxy;
beforeAll(async () => {
  scene = await openScene({ coins: ["0.2", "0.2", "0.2"] });
  proxy = await startProxy(scene.node.url);
  useNode(scene.cast, { url: proxy.url, cookiePath: scene.node.cookiePath });
});
afterEach(() => {
  proxy.mishap = "none";
});
afterAll(async () => {
  await proxy.close();
  await scene.close();
});

const mempool = () => scene.node.rpc.read("getrawmempool", [], z.array(z.string()));
const since = (count: number) => proxy.sent.slice(count);

/** Mines a block and expects the withdrawal paid, by exactly one transaction. */
async function expectPaidOnce(id: string, amount: string): Promise<void> {
  const { attempts } = await show(scene.cast, id);
  expect(attempts).toHaveLength(1);
  const txid = attempts[0]?.transaction;
  expect(await mempool()).toEqual([txid]);
  await scene.node.mine(1);
  await pass(scene.cast);
  expect((await show(scene.cast, id)).state).toBe("COMPLETED");
  const paid = (await coinsAt(scene.node, scene.destination)).filter((coin) => coin.amount === amount);
  expect(paid).toEqual([{ txid, amount }]);
  readBooks(scene.cast);
}

describe("F02: the watcher is killed between broadcast and record", () => {
  test("the node had taken the transaction: after a restart the same bytes are sent, and it is paid once", async () => {
    const { id } = await signWithdrawal(scene, "0.11", "crash-after");
    await killWatcher("answer withheld");
    expect(await mempool()).toHaveLength(1);
    expect((await show(scene.cast, id)).state).toBe("BROADCASTING");
    expect(readBooks(scene.cast).balances["transit"]).toBe("11000000");

    const before = proxy.sent.length;
    expect(await pass(scene.cast)).toMatchObject([{ event: "broadcast" }]);
    expect(since(before)).toEqual([proxy.sent[before - 1]]);
    expect((await show(scene.cast, id)).state).toBe("BROADCAST");
    await expectPaidOnce(id, "0.11000000");
  });

  test("the node had heard nothing: after a restart the same bytes are sent, and it is paid once", async () => {
    const { id } = await signWithdrawal(scene, "0.12", "crash-before");
    await killWatcher("request lost");
    expect(await mempool()).toEqual([]);
    expect((await show(scene.cast, id)).state).toBe("BROADCASTING");

    const before = proxy.sent.length;
    await pass(scene.cast);
    expect(since(before)).toEqual([proxy.sent[before - 1]]);
    expect((await show(scene.cast, id)).state).toBe("BROADCAST");
    await expectPaidOnce(id, "0.12000000");
  });

  async function killWatcher(mishap: "answer withheld" | "request lost"): Promise<void> {
    proxy.mishap = mishap;
    const struck = proxy.struck();
    const watcher = startProgram(scene.cast, "custody-watcher.js", "online", ["run"]);
    await struck;
    watcher.child.kill("SIGKILL");
    expect(await watcher.ended).toMatchObject({ signal: "SIGKILL" });
    proxy.mishap = "none";
  }
});

test("F04: the connection breaks after the node took it: nothing is sent again, for it is seen there; paid once", async () => {
  const { id } = await signWithdrawal(scene, "0.13", "uncertain");
  proxy.mishap = "connection broken";
  const before = proxy.sent.length;
  expect(await pass(scene.cast)).toMatchObject([
    { event: "outcome unknown", level: "warn" },
    { event: "seen by node" },
  ]);
  expect((await show(scene.cast, id)).state).toBe("BROADCAST");
  expect(await mempool()).toHaveLength(1);

  proxy.mishap = "none";
  expect(await pass(scene.cast)).toEqual([]);
  expect(since(before)).toHaveLength(1);
  await expectPaidOnce(id, "0.13000000");
});

describe("kill -9 of `custody withdraw request` at any moment", () => {
  const TRIES = 15;
  const seed = process.env["CRASH_SEED"] ?? String(Date.now() % 1_000_000);

  test(`leaves the row with its hold, or nothing (CRASH_SEED=${seed})`, async () => {
    const random = generator(Number(seed));
    const startedAt = performance.now();
    await requestOf("rehearsal").ended;
    const usualMs = performance.now() - startedAt;
    const before = readBooks(scene.cast);

    const keys = Array.from({ length: TRIES }, (_, index) => `kill-${index}`);
    for (const key of keys) {
      const program = requestOf(key);
      const timer = setTimeout(() => program.child.kill("SIGKILL"), usualMs * (0.4 + 0.8 * random()));
      await program.ended;
      clearTimeout(timer);
    }

    const after = readBooks(scene.cast);
    const held =
      (BigInt(after.balances["customer:held"] ?? "0") - BigInt(before.balances["customer:held"] ?? "0")) /
      1000n;
    const queue = (await scene.cast.run("custody", "online", "withdraw", "queue", "--limit", "1000")) as {
      id: string;
      state: string;
      units: string;
    }[];
    const stored = queue.filter(({ units, state }) => units === "1000" && state === "PENDING_APPROVAL");
    expect(BigInt(stored.length - 1)).toBe(held);

    const answers = [];
    for (const key of keys)
      answers.push(JSON.parse((await requestOf(key).ended).stdout).data as { created: boolean });
    expect(answers.filter(({ created }) => !created)).toHaveLength(stored.length - 1);
    expect(readBooks(scene.cast).reasons.filter((reason) => reason === "hold")).toHaveLength(
      before.reasons.filter((reason) => reason === "hold").length + TRIES,
    );
  });

  function requestOf(key: string) {
    const flags = [
      "--customer",
      CUSTOMER,
      "--asset",
      "btc",
      "--amount",
      "0.00001",
      "--to",
      scene.destination,
    ];
    return startProgram(scene.cast, "custody.js", "online", ["withdraw", "request", ...flags, "--key", key]);
  }
});

/** Mulberry32: numbers in [0, 1) that a printed seed brings back. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
