/** What happens when the chain takes another attempt than the one that was wanted last, and when nobody wants it any more. */
import * as z from "zod";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decide, request, signOffline } from "../../demo/ceremony.ts";
import { signAtDesk } from "../../demo/founding.ts";
import { attemptsOf } from "../../src/store/attempts.ts";
import { toHex } from "../../src/core/hex.ts";
import type { Id } from "../../src/core/identifier.ts";
import { readBooks, withBooks } from "../e2e/books.ts";
import {
  coinsAt,
  CUSTOMER,
  exportWithdrawal,
  openScene,
  pass,
  show,
  signWithdrawal,
  type Scene,
} from "../e2e/scene.ts";

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ coins: ["0.2", "0.2", "0.2"] });
});
afterAll(() => scene.close());

const rungs = (plan: string) =>
  withBooks(scene.cast, (store) => attemptsOf(store, plan as Id).map(({ txid, bytes }) => ({ txid, bytes })));
const settles = () => readBooks(scene.cast).reasons.filter((reason) => reason === "settle").length;
const paid = async (amount: string) =>
  (await coinsAt(scene.node, scene.destination)).filter((coin) => coin.amount === amount);

/** Mines a block with `bytes` in it, whatever the mempool holds. */
async function mineWith(bytes: Uint8Array): Promise<void> {
  const to = await scene.node.rpc.write("getnewaddress", [], z.string());
  await scene.node.rpc.write("generateblock", [to, [toHex(bytes)]], z.unknown());
}

describe("F06: the original confirms after its replacements were sent", () => {
  test("the first rung's block settles the withdrawal once, and its replacements are over", async () => {
    const { id, plan } = await signWithdrawal(scene, "0.11", "first-wins");
    const told: unknown[] = [];
    const sent: string[] = [];
    const look = async () => {
      told.push(await pass(scene.cast));
      sent.push(...(await scene.node.rpc.read("getrawmempool", [], z.array(z.string()))));
    };
    // As the watcher does: a node that is too busy for the first pass takes it in a later one.
    for (let tries = 0; sent.length === 0 && tries < 5; tries++) await look();
    for (let more = true; more; ) {
      await look();
      more = (await scene.cast.attempt("custody", "online", "withdraw", "bump", plan)).exit === 0;
    }
    // At least one replacement was in the mempool in its place.
    expect(new Set(sent).size, JSON.stringify(told)).toBeGreaterThan(1);
    const [first] = rungs(plan);
    await mineWith(first?.bytes as Uint8Array);
    await pass(scene.cast);
    expect((await show(scene.cast, id)).state).toBe("COMPLETED");
    expect(await paid("0.11000000")).toEqual([{ txid: first?.txid, amount: "0.11000000" }]);
    expect(settles()).toBe(1);
    expect(await scene.node.rpc.read("getrawmempool", [], z.array(z.string()))).toEqual([]);
  });
});

describe("F07: what was begun and given up leaves nothing behind that blocks the next", () => {
  test("a plan that is dropped gives its coins back; the next one takes them", async () => {
    const id = await request(scene.cast, CUSTOMER, "0.12", scene.destination, "dropped");
    await decide(scene.cast, id);
    const { plan } = await scene.cast.run("custody", "online", "withdraw", "build", "--wallet", "vault");
    await scene.cast.run("custody", "online", "withdraw", "drop", plan);
    expect((await show(scene.cast, id)).state).toBe("READY");
    const again = await scene.cast.run("custody", "online", "withdraw", "build", "--wallet", "vault");
    const file = scene.cast.carried("again.request.json");
    await scene.cast.run("custody", "online", "withdraw", "export", again.plan, "--out", file);
    await scene.cast.run("custody", "online", "withdraw", "import", await signOffline(scene.cast, file));
    await pass(scene.cast);
    await scene.node.mine(1);
    await pass(scene.cast);
    expect((await show(scene.cast, id)).state).toBe("COMPLETED");
    expect(await paid("0.12000000")).toHaveLength(1);
  });
});

describe("F27: somebody calls a payment off that has left", () => {
  test("its hold stays; a rung that a block holds all the same settles it, and nothing is released", async () => {
    const before = settles();
    const { id, plan } = await exportWithdrawal(scene, "0.13", "called-off");
    const file = scene.cast.carried(`${plan}.request.json`);
    const receipt = await signOffline(scene.cast, file);
    const bundle = scene.cast.carried(`${id}.review.json`);
    const no = await signAtDesk(scene.cast, "approver", bundle, "reject", "called-off.json");
    await scene.cast.run("custody", "online", "withdraw", "import", no);
    expect((await show(scene.cast, id)).state).toBe("REVOKING");
    await scene.cast.run("custody", "online", "withdraw", "import", receipt);
    await pass(scene.cast);
    // Nobody sends what is not wanted any more.
    expect(await scene.node.rpc.read("getrawmempool", [], z.array(z.string()))).toEqual([]);
    const { reasons } = readBooks(scene.cast);
    expect(reasons).not.toContain("release");

    const [first] = rungs(plan);
    await mineWith(first?.bytes as Uint8Array);
    await pass(scene.cast);
    expect((await show(scene.cast, id)).state).toBe("COMPLETED");
    expect(settles()).toBe(before + 1);
    expect(readBooks(scene.cast).reasons).not.toContain("release");
    expect(await paid("0.13000000")).toHaveLength(1);
  });

  test("its twin that never left, and that nobody has approved, is released at once", async () => {
    const id = await request(scene.cast, CUSTOMER, "0.01", scene.destination, "never-left");
    await scene.cast.run("custody", "online", "withdraw", "cancel", id);
    expect((await show(scene.cast, id)).state).toBe("CANCELLED");
    expect(readBooks(scene.cast).reasons.filter((reason) => reason === "release")).toHaveLength(1);
  });
});
