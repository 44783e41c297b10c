/** docs/runbooks/lying-node.md and node-down.md, as they are followed: two real nodes, and a third that lies. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { builtProgram } from "../../demo/cast.ts";
import { joinNodes, splitNodes, startBitcoind, waitUntilSynced, type Regtest } from "../../demo/regtest.ts";
import * as z from "zod";
import { startLyingNode, type LyingNode } from "./lying-node.ts";
import { openScene, pass, show, signWithdrawal, type Scene, type Signed } from "./scene.ts";

const HOURS = 3600;
const now = () => Math.floor(Date.now() / 1000);

let ours: Regtest;
let theirs: Regtest;
let liar: LyingNode;
let scene: Scene;
let signed: Signed;

beforeAll(async () => {
  [ours, theirs] = await Promise.all([startBitcoind(), startBitcoind({ listen: true })]);
  liar = await startLyingNode(theirs.url, now);
  // Everything that all nodes share was made three hours ago.
  await setClocks(now() - 3 * HOURS);
  await joinNodes(ours, theirs);
  await ours.mine(101);
  // What a process remembers of a node (its breaker) ends with it.
  scene = await openScene({ node: ours, coins: ["0.3", "0.3"], runner: builtProgram });
  signed = await signWithdrawal(scene, "0.1", "k-1");
  scene.cast.env["CUSTODY_NODE_TIP_AGE_MINUTES"] = "60";
  // A leap of the clock ends connections by itself, now or a minute later.
  await splitNodes(ours, theirs);
  await setClocks(now());
  await joinNodes(ours, theirs);
});
afterAll(async () => {
  await liar.close();
  await Promise.all([scene.close(), ours.stop(), theirs.stop()]);
});

async function setClocks(seconds: number): Promise<void> {
  for (const { rpc } of [ours, theirs]) await rpc.write("setmocktime", [seconds], z.null());
}

/** Names these nodes in the settings. */
function ask(...nodes: readonly { readonly url: string; readonly cookiePath: string }[]): void {
  scene.cast.env["CUSTODY_BITCOIND_URL"] = nodes.map(({ url }) => url).join();
  scene.cast.env["CUSTODY_BITCOIND_COOKIE"] = nodes.map(({ cookiePath }) => cookiePath).join();
}

/** What doctor says of the nodes. */
async function doctor() {
  const { exit, data } = await scene.cast.attempt("custody", "online", "doctor");
  const checks = data as readonly {
    check: string;
    ok: boolean;
    result: string;
    code?: string;
    node?: { standing: string };
  }[];
  return {
    exit,
    standings: checks.flatMap(({ node }) => (node === undefined ? [] : [node.standing])),
    nodes: checks.find(({ check }) => check === "bitcoin nodes"),
  };
}

test("F11, F28: a node that shows blocks of its own: nothing is sent on what is agreed; without it all goes on", async () => {
  await ours.mine(1);
  await waitUntilSynced(ours, theirs);
  const third = { url: liar.url, cookiePath: theirs.cookiePath };
  ask(ours, theirs, third);
  expect(await doctor()).toMatchObject({ exit: 0, standings: ["ok", "ok", "ok"], nodes: { ok: true } });

  const { blocks } = await ours.rpc.read("getblockchaininfo", [], z.object({ blocks: z.number() }));
  liar.from = blocks;
  await ours.mine(1);
  await waitUntilSynced(ours, theirs);
  expect(await doctor()).toMatchObject({
    exit: 7,
    standings: ["apart", "apart", "apart"],
    nodes: { ok: false, code: "TIP_STALE", result: expect.stringContaining(`${blocks - 1}`) as string },
  });
  const held = await pass(scene.cast);
  expect(held).toContainEqual(
    expect.objectContaining({
      event: "not sent",
      reason: expect.stringContaining("the newest block that the nodes agree on") as string,
    }),
  );
  expect(held).toContainEqual(expect.objectContaining({ event: "alert", kind: "stale-tip", level: "error" }));
  expect((await show(scene.cast, signed.id)).state).toBe("SIGNED");

  ask(ours, theirs);
  expect(await doctor()).toMatchObject({ exit: 0, standings: ["ok", "ok"], nodes: { ok: true } });
  const events = await pass(scene.cast);
  expect(events).toContainEqual(expect.objectContaining({ event: "alert over", kind: "stale-tip" }));
  expect((await show(scene.cast, signed.id)).state).toBe("BROADCAST");
});

test("F28: one node of two is down: it is named, nothing new is sent, and all goes on when it is back", async () => {
  const { id } = await signWithdrawal(scene, "0.1", "k-2");
  await theirs.kill9();
  expect(await doctor()).toMatchObject({
    exit: 7,
    standings: ["ok", "failing"],
    nodes: { ok: false, code: "TIP_STALE", result: "the nodes agree on no block" },
  });
  const status = await scene.cast.run("custody-watcher", "online", "status");
  expect(status).toMatchObject({
    chains: [{ nodes: [{ standing: "ok" }, { standing: "failing", breaker: "open" }] }],
  });
  const held = await pass(scene.cast);
  expect(held).toContainEqual(
    expect.objectContaining({ event: "not sent", reason: "the nodes agree on no block" }),
  );
  expect((await show(scene.cast, id)).state).toBe("SIGNED");

  await theirs.restart();
  await joinNodes(ours, theirs);
  await waitUntilSynced(ours, theirs);
  expect(await doctor()).toMatchObject({ exit: 0, standings: ["ok", "ok"] });
  await pass(scene.cast);
  expect((await show(scene.cast, id)).state).toBe("BROADCAST");
});
