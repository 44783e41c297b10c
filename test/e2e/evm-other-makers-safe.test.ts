/**
 * A Safe of whose owners one signs here, and another with a device of another maker, which is asked for the Safe's transaction
 * as typed data (ERC-4527, kind 2); it is executed once.
 */
import { computeAddress, TypedDataEncoder, type TypedDataDomain, type TypedDataField } from "ethers";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readPng } from "../../src/airgap/png-read.ts";
import { readQrCodes } from "../../src/airgap/qr-read.ts";
import { buildAndExport, decide, request, signOffline } from "../../demo/ceremony.ts";
import { DESTINATION } from "../../demo/story-evm.ts";
import { answerFile, keyOf, scanned } from "./device.ts";
import { balanceOf, ONE, settle } from "./evm-scene.ts";
import { readBooks } from "./books.ts";
import { openSafeScene, type SafeScene } from "./safe-scene.ts";
import { CUSTOMER, pass, show, type Exported } from "./scene.ts";

type Typed = {
  readonly types: Record<string, TypedDataField[]>;
  readonly domain: TypedDataDomain;
  readonly message: Record<string, unknown>;
  readonly primaryType: string;
};

function digestOf({ types: { EIP712Domain: _, ...types }, domain, message }: Typed): string {
  return TypedDataEncoder.hash(domain, types, message);
}

describe("a Safe's payments, with one owner on a device of another maker", () => {
  let scene: SafeScene;
  let exported: Exported;
  let files: readonly string[];
  const ids: string[] = [];
  beforeAll(async () => {
    scene = await openSafeScene();
    for (const [key, amount] of [
      ["one", "1.25"],
      ["two", "0.5"],
    ] as const) {
      const id = await request(scene.cast, CUSTOMER, amount, DESTINATION, key, "eth");
      await decide(scene.cast, id);
      ids.push(id);
    }
    exported = { id: ids[0] ?? "", ...(await buildAndExport(scene.cast)) };
  });
  afterAll(() => scene.node.stop());
  const custody = (...args: string[]) => scene.cast.run("custody", "online", ...args);

  /** The text for the owner whose seed `role` has; of the first rung. */
  const textFor = (role: string) => {
    const texts = files.filter((name) => /rung-1\.0x[0-9a-f]{8}\.eth-sign-request\.txt$/u.test(name));
    const found = texts.find((name) => {
      const asked = scanned(name);
      return computed(keyOf(scene.cast, role, asked)) === asked.getSignRequestAddress()?.toString("hex");
    });
    return found ?? "";
  };

  test("each owner is asked for each attempt, in codes that say the same as the text", async () => {
    const again = ["--out", exported.file, "--force", "--psbt", scene.cast.carried("device")];
    files = (await custody("withdraw", "export", exported.plan, ...again))["psbts"] as string[];
    const texts = files.filter((name) => name.endsWith(".txt"));
    expect(texts).toHaveLength(2 * 3);
    for (const name of texts) {
      const lines = readFileSync(name, "utf8").trim().split("\n");
      const stem = name.slice(0, -".txt".length);
      const pictures =
        lines.length === 1 ? [`${stem}.png`] : lines.map((_, place) => `${stem}-${place + 1}.png`);
      const codes: (string | undefined)[] = [];
      for (const picture of pictures)
        codes.push((await readQrCodes(readPng(new Uint8Array(readFileSync(picture)))))[0]?.toLowerCase());
      expect(codes).toEqual(lines);
    }
  });

  test("it is asked for the SafeTx of this Safe, whose hash the contract itself gives", async () => {
    const asked = scanned(textFor("second-signer"));
    expect([asked.getDataType(), asked.getChainId()]).toEqual([2, 31337]);
    const typed = JSON.parse(asked.getSignData().toString("utf8")) as Typed;
    expect(typed).toMatchObject({ primaryType: "SafeTx", domain: { verifyingContract: scene.safe.address } });
    const { message: m } = typed;
    const names = [
      "to",
      "value",
      "data",
      "operation",
      "safeTxGas",
      "baseGas",
      "gasPrice",
      "gasToken",
      "refundReceiver",
      "nonce",
    ];
    expect(
      await scene.safe.ask(
        "getTransactionHash",
        names.map((name) => m[name]),
      ),
    ).toBe(digestOf(typed));
  });

  test("an answer by another owner's key than the one that was asked is refused", async () => {
    const asked = scanned(textFor("second-signer"));
    const hash = digestOf(JSON.parse(asked.getSignData().toString("utf8")) as Typed);
    const key = keyOf(scene.cast, "third-signer", asked);
    const file = answerFile(scene.cast, "another", { asked, key, hash });
    const refused = await scene.cast.attempt("custody", "online", "withdraw", "import", file);
    expect(refused.error?.code).toBe("EVM_ANSWERS_OTHERWISE");
  });

  test("twin: with our signer's receipt the owner's own answer makes it whole, and it is executed once", async () => {
    const before = await balanceOf(scene, DESTINATION);
    await custody("withdraw", "import", await signOffline(scene.cast, exported.file, "signer"));
    const asked = scanned(textFor("second-signer"));
    const hash = digestOf(JSON.parse(asked.getSignData().toString("utf8")) as Typed);
    const key = keyOf(scene.cast, "second-signer", asked);
    const taken = await custody("withdraw", "import", answerFile(scene.cast, "own", { asked, key, hash }));
    expect(taken).toMatchObject([{ outcome: "cosigned", plan: exported.plan, complete: true }]);
    await pass(scene.cast);
    await settle(scene);
    for (const id of ids) expect((await show(scene.cast, id)).state).toBe("COMPLETED");
    expect((await balanceOf(scene, DESTINATION)) - before).toBe((7n * ONE) / 4n);
    expect(await scene.safe.ask("nonce")).toBe(1n);
    expect(await custody("ledger", "reconcile")).toMatchObject({ verdict: "even" });
    readBooks(scene.cast);
  });
});

const computed = (key: ReturnType<typeof keyOf>) => computeAddress(key.publicKey).slice(2).toLowerCase();
