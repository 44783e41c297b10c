/**
 * An account's seed in a device of another maker: it is asked by `ur:eth-sign-request` (ERC-4527), and its answer pays once.
 * The device here is ethers and Keystone's own registry library; neither knows anything of ours.
 */
import { Transaction, type BytesLike } from "ethers";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readPng } from "../../src/airgap/png-read.ts";
import { readQrCodes } from "../../src/airgap/qr-read.ts";
import { answerFile, keyOf, scanned } from "./device.ts";
import { balanceOf, exportEther, nonceOf, ONE, openEvmScene, settle, type EvmScene } from "./evm-scene.ts";
import { readBooks } from "./books.ts";
import { pass, show, type Exported } from "./scene.ts";

describe("an account's payment signed by a device of another maker", () => {
  let scene: EvmScene;
  let exported: Exported;
  let files: readonly string[];
  beforeAll(async () => {
    scene = await openEvmScene();
    exported = await exportEther(scene, "1.5", "device");
  });
  afterAll(() => scene.close());
  const custody = (...args: string[]) => scene.cast.run("custody", "online", ...args);
  const attempt = (...args: string[]) => scene.cast.attempt("custody", "online", ...args);

  const textAt = (place: number) => files.filter((name) => name.endsWith(".txt"))[place] as string;

  /** The device's answer in a file, as text. */
  function answered(place: number, over?: BytesLike): string {
    const asked = scanned(textAt(place));
    const { unsignedHash } = Transaction.from(`0x${asked.getSignData().toString("hex")}`);
    const key = keyOf(scene.cast, "signer", asked);
    return answerFile(scene.cast, `answer-${place}`, { asked, key, hash: over ?? unsignedHash });
  }

  test("each attempt is written as text, and as a picture of the same", async () => {
    const again = ["--out", exported.file, "--force", "--psbt", scene.cast.carried("device")];
    files = (await custody("withdraw", "export", exported.plan, ...again))["psbts"] as string[];
    const texts = files.filter((name) => name.endsWith(".eth-sign-request.txt"));
    expect(files).toHaveLength(2 * texts.length);
    expect(texts.length).toBeGreaterThan(2);
    for (const name of texts) {
      const [code] = await readQrCodes(readPng(new Uint8Array(readFileSync(name.replace(/txt$/u, "png")))));
      expect(code?.toLowerCase()).toBe(readFileSync(name, "utf8").trim());
    }
  });

  test("it names account, chain and amount, and lies in no file of another attempt", () => {
    const asked = scanned(textAt(0));
    expect(asked.getChainId()).toBe(31337);
    expect(`0x${asked.getSignRequestAddress()?.toString("hex")}`).toBe(scene.vault.toLowerCase());
    const read = Transaction.from(`0x${asked.getSignData().toString("hex")}`);
    expect([read.to, read.value]).toEqual([scene.destination, (3n * ONE) / 2n]);
  });

  test("an answer over something else is refused, and changes nothing", async () => {
    const refused = await attempt("withdraw", "import", answered(0, new Uint8Array(32).fill(7)));
    expect(refused.error?.code).toBe("EVM_ANSWERS_OTHERWISE");
    expect((await show(scene.cast, exported.id)).state).toBe("EXPORTED");
  });

  test("twin: the answer over what was asked pays, once", async () => {
    const before = await balanceOf(scene, scene.destination);
    const taken = { outcome: "cosigned", plan: exported.plan, rung: 1, complete: true, signatures: 1 };
    expect(await custody("withdraw", "import", answered(0))).toMatchObject([taken]);
    await pass(scene.cast);
    await settle(scene);
    expect((await show(scene.cast, exported.id)).state).toBe("COMPLETED");
    expect((await balanceOf(scene, scene.destination)) - before).toBe((3n * ONE) / 2n);
    expect(await nonceOf(scene, scene.vault)).toBe(1n);
    expect(await custody("ledger", "reconcile")).toMatchObject({ verdict: "even" });
    readBooks(scene.cast);
  });
});
