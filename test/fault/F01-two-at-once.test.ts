/** Two of everything at the same moment, as processes over one home and one real node: what one does, the other must see. */
import * as z from "zod";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decide, request, signOffline } from "../../demo/ceremony.ts";
import { readBooks } from "../e2e/books.ts";
import { startProxy, type Proxy } from "../e2e/proxy.ts";
import { coinsAt, CUSTOMER, openScene, pass, show, useNode, type Scene } from "../e2e/scene.ts";

let scene: Scene;
let proxy: Proxy;
beforeAll(async () => {
  scene = await openScene({ coins: ["0.2", "0.2", "0.2"] });
  proxy = await startProxy(scene.node.url);
  useNode(scene.cast, { url: proxy.url, cookiePath: scene.node.cookiePath });
});
afterAll(async () => {
  await proxy.close();
  await scene.close();
});

const PAIR = [0, 1] as const;
const mempool = () => scene.node.rpc.read("getrawmempool", [], z.array(z.string()));

/** The same command line in two processes at once. @returns what each has answered */
async function twice(program: "custody" | "custody-watcher", ...args: readonly string[]) {
  return Promise.all(PAIR.map(() => scene.cast.attempt(program, "online", ...args)));
}

describe("F01: two workers both see the same withdrawal", () => {
  let id: string;
  let plan: string;

  test("the same request from two callers is one row with one hold, and both get its id", async () => {
    const flags = ["--customer", CUSTOMER, "--asset", "btc", "--amount", "0.15", "--to", scene.destination];
    const answers = await twice("custody", "withdraw", "request", ...flags, "--key", "race");
    expect(answers.map(({ exit }) => exit)).toEqual([0, 0]);
    expect(answers.filter(({ data }) => data.created === true)).toHaveLength(1);
    expect(new Set(answers.map(({ data }) => data.id)).size).toBe(1);
    expect(readBooks(scene.cast).reasons.filter((reason) => reason === "hold")).toHaveLength(1);
    id = answers[0]?.data.id;
  });

  test("of two builders one has it in its plan, the other finds nothing; its twin, another withdrawal, is built", async () => {
    await decide(scene.cast, id);
    const answers = await twice("custody", "withdraw", "build", "--wallet", "vault");
    const built = answers.filter(({ exit }) => exit === 0);
    expect(built).toHaveLength(1);
    const refused = answers.find(({ exit }) => exit !== 0);
    // It may have met the node's scan for the first, and waited for its own.
    expect(refused?.error?.code).toBe("NOTHING_TO_BUILD");
    plan = built[0]?.data.plan;
    const other = await request(scene.cast, CUSTOMER, "0.1", scene.destination, "twin");
    await decide(scene.cast, other);
    const { plan: second } = await scene.cast.run(
      "custody",
      "online",
      "withdraw",
      "build",
      "--wallet",
      "vault",
    );
    expect(second).not.toBe(plan);
    await scene.cast.run("custody", "online", "withdraw", "drop", second);
    await scene.cast.run("custody", "online", "withdraw", "cancel", other);
  });

  test("two watchers send the same bytes, and one transaction pays", async () => {
    const file = scene.cast.carried("race.request.json");
    await scene.cast.run("custody", "online", "withdraw", "export", plan, "--out", file);
    const receipt = await signOffline(scene.cast, file);
    const imports = await twice("custody", "withdraw", "import", receipt);
    expect(imports.map(({ exit }) => exit)).toEqual([0, 0]);

    await twice("custody-watcher", "once");
    expect(new Set(proxy.sent).size).toBe(1);
    await pass(scene.cast);
    expect((await show(scene.cast, id)).state).toBe("BROADCAST");
    expect(await mempool()).toHaveLength(1);
  });
});

describe("F08: two operators ask for more fee at the same moment", () => {
  test("one rung is wanted, a valid replacement of the first; the payment settles once", async () => {
    const shown = await scene.cast.run("custody", "online", "withdraw", "queue", "--state", "BROADCAST");
    const [{ id }] = shown as [{ id: string }];
    const whole = await scene.cast.run("custody", "online", "withdraw", "show", id);
    const [{ plan }] = whole.plans as [{ plan: string }];
    const before = await mempool();

    const answers = await twice("custody", "withdraw", "bump", plan);
    const wanted = answers.flatMap(({ data }) => (data === undefined ? [] : [data.transaction as string]));
    expect(wanted.length).toBeGreaterThan(0);
    await pass(scene.cast);
    const [now, ...more] = await mempool();
    expect(more).toEqual([]);
    expect(before).not.toContain(now);
    expect(wanted).toContain(now);

    await scene.node.mine(1);
    await pass(scene.cast);
    expect((await show(scene.cast, id)).state).toBe("COMPLETED");
    const paid = (await coinsAt(scene.node, scene.destination)).filter(
      ({ amount }) => amount === "0.15000000",
    );
    expect(paid).toEqual([{ txid: now, amount: "0.15000000" }]);
    expect(readBooks(scene.cast).reasons.filter((reason) => reason === "settle")).toHaveLength(1);
  });
});
