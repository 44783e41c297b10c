import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { joinNodes, splitNodes, startBitcoind, waitUntilSynced, type Regtest } from "../../demo/regtest.ts";
import { readBooks } from "./books.ts";
import { coinsAt, openScene, pass, show, signWithdrawal, useNode, type Scene, type Signed } from "./scene.ts";

let ours: Regtest;
let theirs: Regtest;
beforeAll(async () => {
  [ours, theirs] = await Promise.all([startBitcoind(), startBitcoind({ listen: true })]);
  await joinNodes(ours, theirs);
  await ours.mine(101);
  await waitUntilSynced(ours, theirs);
});
afterAll(() => Promise.all([ours.stop(), theirs.stop()]));

/** An address that no one here watches. */
const STRANGER = "bcrt1q6rhpng9evdsfnn833a4f4vej0asu6dk5srld6x";

/** The other node's branch, longer than ours by `by` blocks, replaces it. */
async function reorganise(by: number): Promise<void> {
  await theirs.mine(by, STRANGER);
  await joinNodes(ours, theirs);
  await waitUntilSynced(ours, theirs);
}

async function events(scene: Scene): Promise<readonly string[]> {
  // Alerts tell people of it; they have tests of their own.
  return (await pass(scene.cast)).map(({ event }) => event).filter((event) => !event.startsWith("alert"));
}

async function stateOf(scene: Scene, { id }: Signed): Promise<string> {
  return (await show(scene.cast, id)).state;
}

describe("F10: a payment that the policy calls final after one block is reorganised away", () => {
  let scene: Scene;
  let signed: Signed;
  let settled: ReturnType<typeof readBooks>["balances"];
  beforeAll(async () => {
    scene = await openScene({ node: ours });
    await waitUntilSynced(ours, theirs);
    signed = await signWithdrawal(scene, "0.25", "deep");
    await splitNodes(ours, theirs);
  });
  afterAll(() => scene.close());

  test("it is settled on our branch", async () => {
    await pass(scene.cast);
    await ours.mine(1);
    expect(await events(scene)).toEqual(["included", "final"]);
    expect(await stateOf(scene, signed)).toBe("COMPLETED");
    const { reasons, balances } = readBooks(scene.cast);
    expect(reasons).toEqual(["deposit", "hold", "send", "settle"]);
    settled = balances;
    expect(settled["transit"]).toBe("0");
  });

  test("a longer branch takes it back: BROADCAST again, the ledger unsettled, the amount in transit", async () => {
    await reorganise(3);
    expect(await events(scene)).toEqual(["settlement reorganised away", "blocks reorganised away"]);
    const shown = await show(scene.cast, signed.id);
    expect(shown).toMatchObject({ state: "BROADCAST", attempts: [{ state: "BROADCAST", confirmations: 0 }] });
    expect(shown.attempts[0]?.blockHash).toBeUndefined();
    const { reasons, balances } = readBooks(scene.cast);
    expect(reasons).toEqual(["deposit", "hold", "send", "settle", "unsettle"]);
    expect(balances).toMatchObject({
      "wallet:vault": "60000000",
      "expense:network-fee": "0",
      transit: "25000000",
    });
    expect(await coinsAt(ours, scene.destination)).toEqual([]);
  });

  test("another pass without news changes nothing: the cursor stepped back, since no deposit was taken back", async () => {
    const before = readBooks(scene.cast);
    expect(await events(scene)).toEqual([]);
    expect(readBooks(scene.cast)).toEqual(before);
  });

  test("it is included again in another block and settled again, paid exactly once", async () => {
    await ours.mine(1);
    expect(await events(scene)).toEqual(["included", "final"]);
    expect(await stateOf(scene, signed)).toBe("COMPLETED");
    const { reasons, balances } = readBooks(scene.cast);
    expect(reasons).toEqual(["deposit", "hold", "send", "settle", "unsettle", "settle"]);
    expect(balances).toEqual(settled);
    const { attempts } = await show(scene.cast, signed.id);
    expect(await coinsAt(ours, scene.destination)).toEqual([
      { txid: attempts[0]?.transaction, amount: "0.25000000" },
    ]);
  });

  test("F11: a node that has fallen behind what was read proves nothing; once it is back, all goes on", async () => {
    const [block] = await ours.mine(1);
    expect(await events(scene)).toEqual([]);
    await ours.rpc.write("invalidateblock", [block], z.unknown());
    expect(await events(scene)).toEqual([]);
    await ours.rpc.write("reconsiderblock", [block], z.unknown());
    expect(await events(scene)).toEqual([]);
  });

  test("a deposit whose block is gone is taken back, and credited again once a block holds it again", async () => {
    await waitUntilSynced(ours, theirs);
    await splitNodes(ours, theirs);
    const { address } = (await scene.cast.run(
      "custody",
      "online",
      "wallet",
      "address",
      "vault",
      "--customer",
      "c-1001",
    )) as {
      address: string;
    };
    await ours.fund(address, "0.1");
    expect(await events(scene)).toEqual(["deposit credited"]);
    const books = readBooks(scene.cast);
    await reorganise(2);
    expect(await events(scene)).toContain("deposit gone");
    const taken = [...books.reasons, "undeposit"];
    expect(readBooks(scene.cast).reasons).toEqual(taken);
    await ours.mine(1);
    expect(await events(scene)).toContain("deposit credited");
    expect(readBooks(scene.cast)).toMatchObject({
      reasons: [...taken, "deposit"],
      balances: books.balances,
    });
  });
});

describe("F10: under a policy of three confirmations", () => {
  let scene: Scene;
  let signed: Signed;
  beforeAll(async () => {
    await waitUntilSynced(ours, theirs);
    scene = await openScene({ node: ours, confirmations: 3 });
    await waitUntilSynced(ours, theirs);
    signed = await signWithdrawal(scene, "0.25", "shallow");
    await splitNodes(ours, theirs);
  });
  afterAll(() => scene.close());

  test("a shallow reorganisation moves it back before anything was settled", async () => {
    await pass(scene.cast);
    await ours.mine(1);
    expect(await events(scene)).toEqual(["included"]);
    expect(await stateOf(scene, signed)).toBe("CONFIRMING");
    await reorganise(2);
    expect(await events(scene)).toEqual(["blocks reorganised away", "reorganised away"]);
    expect(await stateOf(scene, signed)).toBe("BROADCAST");
    expect(readBooks(scene.cast).reasons).toEqual(["deposit", "hold", "send"]);
  });

  test("F11: a node that does not know it does not make it dead: UNCERTAIN, and the same bytes are sent to that node", async () => {
    await splitNodes(ours, theirs);
    useNode(scene.cast, theirs);
    expect(await theirs.rpc.read("getrawmempool", [], z.array(z.string()))).toEqual([]);
    expect(await events(scene)).toEqual(["not seen by node"]);
    expect(await stateOf(scene, signed)).toBe("UNCERTAIN");
    expect(await events(scene)).toEqual(["broadcast"]);
    expect(await stateOf(scene, signed)).toBe("BROADCAST");
    useNode(scene.cast, ours);
  });

  test("it is final at the third confirmation, settled once, paid once", async () => {
    await ours.mine(1);
    expect(await events(scene)).toEqual(["included"]);
    await ours.mine(1);
    await pass(scene.cast);
    expect(await show(scene.cast, signed.id)).toMatchObject({
      state: "CONFIRMING",
      attempts: [{ confirmations: 2 }],
    });
    await ours.mine(1);
    expect(await events(scene)).toEqual(["final"]);
    expect(await stateOf(scene, signed)).toBe("COMPLETED");
    expect(readBooks(scene.cast).reasons).toEqual(["deposit", "hold", "send", "settle"]);
    expect(await coinsAt(ours, scene.destination)).toHaveLength(1);
  });
});
