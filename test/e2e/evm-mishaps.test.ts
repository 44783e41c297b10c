/** What goes wrong around a payment of an account: a killed watcher, a reorganisation, an old backup. Each ends with one payment. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readBooks } from "./books.ts";
import {
  balanceOf,
  nonceOf,
  ONE,
  openEvmScene,
  settle,
  signEther,
  useEndpoint,
  type EvmScene,
} from "./evm-scene.ts";
import { startProgram } from "./process.ts";
import { startProxy, type Proxy } from "./proxy.ts";
import { pass, show } from "./scene.ts";

describe("F02: the watcher is killed between broadcast and record", () => {
  let scene: EvmScene;
  let proxy: Proxy;
  beforeAll(async () => {
    scene = await openEvmScene();
    proxy = await startProxy(scene.node.url);
    useEndpoint(scene.cast, proxy.url);
  });
  afterAll(async () => {
    await proxy.close();
    await scene.close();
  });

  test.each(["answer withheld", "request lost"] as const)(
    "%s: after a restart the same bytes are sent, and it is paid once",
    async (mishap) => {
      const before = await balanceOf(scene, scene.destination);
      const nonce = await nonceOf(scene, scene.vault);
      const { id } = await signEther(scene, "0.25", mishap);
      proxy.mishap = mishap;
      const struck = proxy.struck();
      const watcher = startProgram(scene.cast, "custody-watcher.js", "online", ["run"]);
      await struck;
      watcher.child.kill("SIGKILL");
      expect(await watcher.ended).toMatchObject({ signal: "SIGKILL" });
      proxy.mishap = "none";
      expect((await show(scene.cast, id)).state).toBe("BROADCASTING");

      const sent = proxy.sent.length;
      await pass(scene.cast);
      expect(proxy.sent.slice(sent)).toEqual([proxy.sent[sent - 1]]);
      await settle(scene);
      expect((await show(scene.cast, id)).state).toBe("COMPLETED");
      expect((await balanceOf(scene, scene.destination)) - before).toBe(ONE / 4n);
      expect(await nonceOf(scene, scene.vault)).toBe(nonce + 1n);
      readBooks(scene.cast);
    },
  );
});

describe("F10: a payment is reorganised away", () => {
  let scene: EvmScene;
  // One that is deeper than the policy's depth halts the chain: each story has a custody of its own.
  beforeEach(async () => {
    scene = await openEvmScene();
  });
  afterEach(() => scene.close());
  const reconciled = () => scene.cast.run("custody", "online", "ledger", "reconcile");

  test("after three confirmations: it is followed into the other branch, and settled there once", async () => {
    const before = await balanceOf(scene, scene.destination);
    const { id } = await signEther(scene, "0.25", "reorganised");
    await pass(scene.cast);
    const raw = await rawOf(scene);
    await scene.node.mine(3);
    await pass(scene.cast);
    expect((await show(scene.cast, id)).state).not.toBe("BROADCAST");
    // The other branch holds it one block later.
    await scene.node.reorg(4, [[raw, 2]]);
    await pass(scene.cast);
    await settle(scene);
    expect((await show(scene.cast, id)).state).toBe("COMPLETED");
    expect((await balanceOf(scene, scene.destination)) - before).toBe(ONE / 4n);
    await settle(scene);
    expect(await reconciled()).toMatchObject({ verdict: "even" });
    readBooks(scene.cast);
  });

  test("settled, and gone from the other branch: taken back, sent again byte for byte, and settled once", async () => {
    const before = await balanceOf(scene, scene.destination);
    const { id } = await signEther(scene, "0.25", "vanished");
    await pass(scene.cast);
    await settle(scene);
    expect((await show(scene.cast, id)).state).toBe("COMPLETED");
    await scene.node.reorg(5);
    await pass(scene.cast);
    await pass(scene.cast);
    const shown = await show(scene.cast, id);
    expect(shown.timeline.map(({ event }) => event)).toContain("settlement reorganised away");
    expect(shown.state).not.toBe("COMPLETED");
    await settle(scene);
    await settle(scene);
    expect((await show(scene.cast, id)).state).toBe("COMPLETED");
    expect((await balanceOf(scene, scene.destination)) - before).toBe(ONE / 4n);
    expect(await reconciled()).toMatchObject({ verdict: "even" });
    readBooks(scene.cast);
  });
});

describe("F09: an old backup is put back", () => {
  let scene: EvmScene;
  beforeAll(async () => {
    scene = await openEvmScene();
  });
  afterAll(() => scene.close());
  const custody = (...args: string[]) => scene.cast.run("custody", "online", ...args);

  test("the payment of lost hours is seen in its block, and is not made again", async () => {
    const before = await balanceOf(scene, scene.destination);
    const { id } = await signEther(scene, "0.25", "lost");
    const backup = scene.cast.carried("old.db");
    await custody("db", "backup", "--out", backup);
    await pass(scene.cast);
    await settle(scene);
    expect((await show(scene.cast, id)).state).toBe("COMPLETED");
    const home = scene.cast.home("online");
    const [database] = readdirSync(home).filter((name) => name.endsWith(".db"));
    expect(database).toBeDefined();
    const aside = join(home, `${database ?? ""}.lost`);
    await moveAway(home, aside);
    await custody("db", "restore", backup);
    await pass(scene.cast);
    await pass(scene.cast);
    expect((await show(scene.cast, id)).state).toBe("COMPLETED");
    expect((await balanceOf(scene, scene.destination)) - before).toBe(ONE / 4n);
    expect(await nonceOf(scene, scene.vault)).toBe(1n);
    readBooks(scene.cast);
  });

  async function moveAway(home: string, aside: string): Promise<void> {
    const { mkdirSync, renameSync } = await import("node:fs");
    mkdirSync(aside);
    for (const name of readdirSync(home).filter((one) => /[.]db(-wal|-shm)?$/.test(one)))
      renameSync(join(home, name), join(aside, name));
  }
});

/** The only transaction that waits, as it was sent. */
async function rawOf({ node }: EvmScene): Promise<string> {
  const content = (await node.rpc("txpool_content")) as {
    pending: Record<string, Record<string, { hash: string }>>;
  };
  const [waiting] = Object.values(content.pending).flatMap((one) => Object.values(one));
  return (await node.rpc("eth_getRawTransactionByHash", [waiting?.hash])) as string;
}
