import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { readBooks } from "./books.ts";
import { parseAmount } from "../../src/core/amount.ts";
import { bitcoinAsset } from "../../src/core/asset.ts";
import { coinsAt, CUSTOMER, openScene, pass, show, transactionOn, type Scene } from "./scene.ts";
import { builtProgram } from "../../demo/cast.ts";
import { buildAndExport, decide, request, signOffline } from "../../demo/ceremony.ts";

let scene: Scene;
beforeAll(async () => {
  // The whole path by the built files, each run a process of its own.
  scene = await openScene({ coins: ["0.6"], runner: builtProgram });
});
afterAll(() => scene.close());

const satoshis = (decimal: string) => parseAmount(decimal, bitcoinAsset("regtest"), "value").units;
const custody = (...args: string[]) => scene.cast.run("custody", "online", ...args);

/** One story: each test is its next station and stands on the one before. */
describe("a withdrawal from request to confirmation", () => {
  let id: string;
  let plan: string;
  let file: string;
  let receipt: string;
  let feeUnits: string;
  let txid: string;

  test("the deposit is credited once, whatever number of passes sees it", async () => {
    await pass(scene.cast);
    expect(readBooks(scene.cast).balances).toEqual({
      "wallet:vault": "60000000",
      "customer:available": "60000000",
    });
    expect(await custody("deposit", "list", "--customer", CUSTOMER)).toMatchObject([{ units: "60000000" }]);
  });

  test("a request holds its amount", async () => {
    id = await request(scene.cast, CUSTOMER, "0.25", scene.destination, "order-77");
    expect((await show(scene.cast, id)).state).toBe("PENDING_APPROVAL");
    expect(readBooks(scene.cast).balances).toMatchObject({
      "customer:available": "35000000",
      "customer:held": "25000000",
    });
  });

  test("F14: the same key with the same body answers with the same withdrawal and holds nothing more", async () => {
    const before = readBooks(scene.cast);
    const flags = ["--customer", CUSTOMER, "--asset", "btc", "--amount", "0.250", "--to", scene.destination];
    const again = await custody("withdraw", "request", ...flags, "--key", "order-77");
    expect(again).toMatchObject({ id, created: false, state: "PENDING_APPROVAL" });
    expect(await custody("withdraw", "queue")).toHaveLength(1);
    expect(readBooks(scene.cast)).toEqual(before);
  });

  test("the approval makes it ready, and importing it again changes nothing", async () => {
    await decide(scene.cast, id);
    expect((await show(scene.cast, id)).state).toBe("READY");
    const before = readBooks(scene.cast);
    const again = await custody("withdraw", "import", scene.cast.carried(`${id}.approve.json`));
    expect(again).toMatchObject([{ effect: "noted", state: "READY" }]);
    expect(readBooks(scene.cast)).toEqual(before);
  });

  test("a bad file among good ones has a result of its own, sets the exit code, and takes nothing from the others", async () => {
    const approved = scene.cast.carried(`${id}.approve.json`);
    const files = [approved, "missing.json", approved];
    const answer = await scene.cast.attempt("custody", "online", "withdraw", "import", ...files);
    expect(answer).toMatchObject({
      exit: 5,
      error: { code: "FILE_MISSING" },
      data: [
        { effect: "noted", state: "READY" },
        { file: "missing.json", error: { code: "FILE_MISSING" } },
        { effect: "noted" },
      ],
    });
  });

  test("the plan is exported, and exporting it again gives the same bytes", async () => {
    ({ plan, file } = await buildAndExport(scene.cast));
    expect((await show(scene.cast, id)).state).toBe("EXPORTED");
    const again = scene.cast.carried("again.request.json");
    await custody("withdraw", "export", plan, "--out", again);
    expect(readFileSync(again)).toEqual(readFileSync(file));
    expect(readBooks(scene.cast).balances).toMatchObject({ "customer:held": "25000000" });
  });

  test("the review says who is paid what, and what comes back", async () => {
    const { review } = await scene.cast.run("custody-signer", "signer", "review", "--in", file);
    const { effects, ...rung } = review.plans[0].rungs[0];
    feeUnits = rung.feeUnits;
    expect(effects).toContainEqual(
      expect.objectContaining({ type: "pay", units: "25000000", intent: id, approvedBy: ["approver"] }),
    );
    const change = 60_000_000n - 25_000_000n - BigInt(feeUnits);
    expect(effects).toContainEqual(expect.objectContaining({ type: "change", units: change.toString() }));
  });

  test("the receipt is imported, and importing it again changes nothing", async () => {
    receipt = await signOffline(scene.cast, file);
    const [first] = await custody("withdraw", "import", receipt);
    expect(first).toMatchObject({ outcome: "signed", plans: [{ plan, state: "SIGNED" }] });
    txid = first.transactions[0];
    const before = readBooks(scene.cast);
    expect(await custody("withdraw", "import", receipt)).toMatchObject([
      { outcome: "signed", transactions: first.transactions },
    ]);
    expect(readBooks(scene.cast)).toEqual(before);
    expect((await show(scene.cast, id)).state).toBe("SIGNED");
  });

  test("law 6: the signer gives the same receipt again for the same request", async () => {
    const second = scene.cast.carried("second.request.json");
    await custody("withdraw", "export", plan, "--out", second);
    expect(readFileSync(await signOffline(scene.cast, second))).toEqual(readFileSync(receipt));
  });

  test("broadcast moves the amount from held to transit", async () => {
    await pass(scene.cast);
    expect((await show(scene.cast, id)).state).toBe("BROADCAST");
    expect(readBooks(scene.cast).balances).toMatchObject({ "customer:held": "0", transit: "25000000" });
  });

  test("confirmation settles: exactly the amount at the destination, change ours, fee within the caps", async () => {
    await scene.node.mine(1);
    await pass(scene.cast);
    const shown = await show(scene.cast, id);
    expect(shown.state).toBe("COMPLETED");
    expect(shown.attempts).toMatchObject([{ transaction: txid, state: "FINAL", confirmations: 1 }]);
    expect(await coinsAt(scene.node, scene.destination)).toEqual([{ txid, amount: "0.25000000" }]);

    const { vin, vout, vsize } = await transactionOn(scene.node, txid);
    expect(vin).toHaveLength(1);
    const [change] = vout.filter(({ scriptPubKey }) => scriptPubKey.address !== scene.destination);
    expect(await ownChangeAddresses()).toContain(change?.scriptPubKey.address);
    const fee = 60_000_000n - vout.reduce((total, { value }) => total + satoshis(value), 0n);
    expect(fee.toString()).toBe(feeUnits);
    expect(fee).toBeLessThanOrEqual(100_000n);
    expect(fee).toBeLessThanOrEqual(200n * BigInt(vsize));
    expect(readBooks(scene.cast).balances).toEqual({
      "wallet:vault": (35_000_000n - fee).toString(),
      "expense:network-fee": feeUnits,
      "customer:available": "35000000",
      "customer:held": "0",
      transit: "0",
    });
  });

  test("the timeline names each step once, and another pass adds nothing", async () => {
    const before = readBooks(scene.cast);
    expect(await pass(scene.cast)).toEqual([]);
    expect(readBooks(scene.cast)).toEqual(before);
    expect(
      (await show(scene.cast, id)).timeline
        .filter(({ subject }) => subject === "withdrawal")
        .map(({ state }) => state),
    ).toEqual([
      "REQUESTED",
      "SCREENING",
      "PENDING_APPROVAL",
      "READY",
      "PLANNED",
      "EXPORTED",
      "SIGNED",
      "BROADCASTING",
      "BROADCAST",
      "CONFIRMING",
      "COMPLETED",
    ]);
    const { rows, root } = before;
    expect(await custody("ledger", "verify")).toMatchObject({ postings: 4 });
    expect(await custody("audit", "verify")).toMatchObject({ rows, root });
    expect(await scene.cast.run("custody-signer", "signer", "journal", "verify")).toMatchObject({
      verified: true,
    });
  });

  // bitcoind's own derivation of the change branch: a second opinion on which addresses are ours.
  async function ownChangeAddresses(): Promise<readonly string[]> {
    const { descriptor } = await custody("wallet", "show", "vault");
    const branch = descriptor.split("#")[0].replaceAll("<0;1>", "1");
    const answer = z.object({ descriptor: z.string() });
    const checked = await scene.node.rpc.read("getdescriptorinfo", [branch], answer);
    return scene.node.rpc.read("deriveaddresses", [checked.descriptor, [0, 5]], z.array(z.string()));
  }
});
