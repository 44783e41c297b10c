/** Ether from an account, by the built programs on a real node: every story ends with exactly one payment. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { builtProgram } from "../../demo/cast.ts";
import { buildAndExport, decide, request, signOffline } from "../../demo/ceremony.ts";
import { readBooks } from "./books.ts";
import {
  balanceOf,
  nonceOf,
  ONE,
  openEvmScene,
  settle,
  signEther,
  supersede,
  type EvmScene,
} from "./evm-scene.ts";
import { CUSTOMER, pass, show, type Signed } from "./scene.ts";

describe("a withdrawal of ether from request to finality", () => {
  let scene: EvmScene;
  let before: bigint;
  beforeAll(async () => {
    // The whole path by the built files, each run a process of its own.
    scene = await openEvmScene({ runner: builtProgram });
    before = await balanceOf(scene, scene.destination);
  });
  afterAll(() => scene.close());
  const custody = (...args: string[]) => scene.cast.run("custody", "online", ...args);

  test("what came to the account is the customer's once two admins have said so", () => {
    expect(readBooks(scene.cast).balances).toEqual({
      "wallet:vault": (10n * ONE).toString(),
      "customer:available": (10n * ONE).toString(),
    });
  });

  test("it is paid once, at the fee that the block asked for, and the books say the same as the chain", async () => {
    const { id } = await signEther(scene, "1.25", "first");
    expect(await custody("ledger", "reconcile")).toMatchObject({ verdict: "even" });
    await pass(scene.cast);
    expect((await show(scene.cast, id)).state).toBe("BROADCAST");
    await scene.node.mine(1);
    await pass(scene.cast);
    // Two confirmations are the policy's depth, and the chain has not called it final yet.
    await scene.node.mine(1);
    expect(await pass(scene.cast)).not.toContainEqual(expect.objectContaining({ event: "final" }));
    expect((await show(scene.cast, id)).state).toBe("CONFIRMING");
    expect(await settle(scene)).toContain("final");
    expect((await show(scene.cast, id)).state).toBe("COMPLETED");
    expect((await balanceOf(scene, scene.destination)) - before).toBe((5n * ONE) / 4n);
    const { balances } = readBooks(scene.cast);
    expect(balances["wallet:vault"]).toBe((await balanceOf(scene, scene.vault)).toString());
    const fee = 10n * ONE - (5n * ONE) / 4n - BigInt(balances["wallet:vault"] ?? "");
    expect(balances["expense:network-fee"]).toBe(fee.toString());
    expect(await custody("ledger", "reconcile")).toMatchObject({ verdict: "even" });
    expect(await settle(scene)).toEqual([]);
    expect(await nonceOf(scene, scene.vault)).toBe(1n);
  });

  test("people are shown the id by which the chain knows it", async () => {
    const [withdrawal] = (await custody("withdraw", "queue")) as { id: string }[];
    const shown = await show(scene.cast, withdrawal?.id ?? "");
    const [attempt] = shown.attempts as readonly { networkId?: string }[];
    expect(attempt?.networkId).toMatch(/^[0-9a-f]{64}$/);
    const receipt = await scene.node.rpc("eth_getTransactionReceipt", [`0x${attempt?.networkId}`]);
    expect(receipt).toMatchObject({ status: "0x1" });
  });

  test("an auditor verifies its papers alone", async () => {
    const [withdrawal] = (await custody("withdraw", "queue")) as { id: string }[];
    const out = scene.cast.carried("evidence.json");
    await custody("evidence", "export", withdrawal?.id ?? "", "--out", out);
    const verified = await scene.cast.attempt("custody", "admin", "evidence", "verify", out);
    expect(verified.exit, JSON.stringify(verified.error)).toBe(0);
  });
});

describe("several at once, fees that rise, and no", () => {
  let scene: EvmScene;
  let cancelled: Signed;
  let failed: Signed;
  let paid: string;
  beforeAll(async () => {
    scene = await openEvmScene();
  });
  afterAll(() => scene.close());
  const custody = (...args: string[]) => scene.cast.run("custody", "online", ...args);

  test("two plans have two nonces, one after the other, and both are paid", async () => {
    const before = await balanceOf(scene, scene.destination);
    const [one, two] = [await signEther(scene, "0.5", "one"), await signEther(scene, "0.75", "two")];
    await pass(scene.cast);
    await settle(scene);
    for (const { id } of [one, two]) expect((await show(scene.cast, id)).state).toBe("COMPLETED");
    expect((await balanceOf(scene, scene.destination)) - before).toBe((5n * ONE) / 4n);
    expect(await nonceOf(scene, scene.vault)).toBe(2n);
    readBooks(scene.cast);
  });

  test("F08: under a fee spike the next rung takes the place of the one before; one of them is mined", async () => {
    const before = await balanceOf(scene, scene.destination);
    const { id, plan } = await signEther(scene, "0.5", "spike");
    await pass(scene.cast);
    const [cheapest] = (await show(scene.cast, id)).attempts as unknown as readonly { feeUnits: string }[];
    // A gwei above the most that the cheapest rung pays for its 21,000 gas.
    const spike = BigInt(cheapest?.feeUnits ?? "0") / 21_000n + 10n ** 9n;
    await scene.node.rpc("anvil_setNextBlockBaseFeePerGas", [`0x${spike.toString(16)}`]);
    await scene.node.mine(1);
    await pass(scene.cast);
    // A pool may keep what is below the base fee, or drop it: either way it is in no block.
    expect(["BROADCAST", "UNCERTAIN"]).toContain((await show(scene.cast, id)).state);
    await custody("withdraw", "bump", plan);
    await pass(scene.cast);
    await settle(scene);
    const shown = await show(scene.cast, id);
    expect(shown.state).toBe("COMPLETED");
    expect(shown.attempts.filter(({ state }) => state === "FINAL")).toHaveLength(1);
    expect((await balanceOf(scene, scene.destination)) - before).toBe(ONE / 2n);
    expect(await custody("ledger", "reconcile")).toMatchObject({ verdict: "even" });
    readBooks(scene.cast);
  });

  test("a cancel rung ends it: nothing is paid, the nonce is used, the amount is held still", async () => {
    const before = await balanceOf(scene, scene.destination);
    cancelled = await signEther(scene, "0.5", "cancelled");
    const { id, plan } = cancelled;
    await pass(scene.cast);
    const { attempts } = (await custody("withdraw", "show", id)) as {
      attempts: { rung: number | string; transaction: string }[];
    };
    const cancel = attempts.find(({ rung }) => rung === "cancel")?.transaction ?? "";
    await custody("withdraw", "bump", plan, "--cancel", "--confirm", cancel);
    await pass(scene.cast);
    await settle(scene);
    expect((await show(scene.cast, id)).state).toBe("EXPIRED");
    expect(await balanceOf(scene, scene.destination)).toBe(before);
    expect(readBooks(scene.cast).balances["customer:held"]).toBe((ONE / 2n).toString());
    expect(await custody("ledger", "reconcile")).toMatchObject({ verdict: "even" });
  });

  test("people who have seen it ended approve it once more, and it is paid once, with the next nonce", async () => {
    const before = await balanceOf(scene, scene.destination);
    await supersede(scene, cancelled);
    const { plan, file } = await buildAndExport(scene.cast);
    paid = plan;
    await custody("withdraw", "import", await signOffline(scene.cast, file));
    await pass(scene.cast);
    await settle(scene);
    expect((await show(scene.cast, cancelled.id)).state).toBe("COMPLETED");
    expect((await balanceOf(scene, scene.destination)) - before).toBe(ONE / 2n);
  });

  test("F18: a destination that would not take it is found out before anything is built", async () => {
    const id = await request(scene.cast, CUSTOMER, "0.1", scene.destination, "refusing", "eth");
    await decide(scene.cast, id);
    // PUSH1 0, PUSH1 0, REVERT.
    await scene.node.rpc("anvil_setCode", [scene.destination, "0x60006000fd"]);
    await scene.node.mine(1);
    const refused = await scene.cast.attempt("custody", "online", "withdraw", "build", "--wallet", "vault");
    expect(refused.error).toMatchObject({ code: "NOTHING_TO_BUILD" });
    expect(JSON.stringify(refused.error?.details)).toContain(`${id}: EVM_DESTINATION_REFUSES`);
    expect((await show(scene.cast, id)).state).toBe("READY");
    await scene.node.rpc("anvil_setCode", [scene.destination, "0x"]);
    await scene.node.mine(1);
    const { file } = await buildAndExport(scene.cast);
    const receipt = await signOffline(scene.cast, file);
    await custody("withdraw", "import", receipt);
    await pass(scene.cast);
    await settle(scene);
    expect((await show(scene.cast, id)).state).toBe("COMPLETED");
  });

  test("F18: one that fails on the chain all the same costs its fee; the amount is held again", async () => {
    const before = await balanceOf(scene, scene.destination);
    failed = await signEther(scene, "0.1", "failing");
    const { id } = failed;
    const held = BigInt(readBooks(scene.cast).balances["customer:held"] ?? "0");
    await scene.node.rpc("anvil_setCode", [scene.destination, "0x60006000fd"]);
    await pass(scene.cast);
    await settle(scene);
    expect((await show(scene.cast, id)).state).toBe("FAILED_ONCHAIN");
    expect(await balanceOf(scene, scene.destination)).toBe(before);
    expect(readBooks(scene.cast).balances["customer:held"]).toBe(held.toString());
    expect(await custody("ledger", "reconcile")).toMatchObject({ verdict: "even" });
    await scene.node.rpc("anvil_setCode", [scene.destination, "0x"]);
    await scene.node.mine(1);
  });

  test("F18: once people have vouched that it failed, it is approved anew and paid exactly once", async () => {
    const before = await balanceOf(scene, scene.destination);
    const spent = scene.cast.carried("not-dead.json");
    const shown = (await custody("withdraw", "show", cancelled.id)) as {
      plans: { plan: string; attempts: { networkId?: string }[] }[];
    };
    const attempts = shown.plans.flatMap(({ plan, attempts: own }) => own.map((one) => ({ ...one, plan })));
    const { networkId = "" } =
      attempts.find(({ plan, networkId: id }) => plan === paid && id !== undefined) ?? {};
    const settled = ["withdraw", "dead", paid, "--spent-by", `0x${networkId}`, "--out", spent];
    expect((await scene.cast.attempt("custody", "online", ...settled)).error).toMatchObject({
      code: "DEAD_UNFOUNDED",
    });
    await supersede(scene, failed);
    const { file } = await buildAndExport(scene.cast);
    await custody("withdraw", "import", await signOffline(scene.cast, file));
    await pass(scene.cast);
    await settle(scene);
    expect((await show(scene.cast, failed.id)).state).toBe("COMPLETED");
    expect((await balanceOf(scene, scene.destination)) - before).toBe(ONE / 10n);
    expect(await custody("ledger", "reconcile")).toMatchObject({ verdict: "even" });
    expect(readBooks(scene.cast).balances["customer:held"]).toBe("0");
  });
});
