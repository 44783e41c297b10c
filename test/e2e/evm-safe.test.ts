/**
 * A Safe of three owners, each on a signer of its own: a batch of coins and tokens is signed by two of them, one after the
 * other across the gap, carried by a gas key, and paid once.
 */
import { HDNodeWallet } from "ethers";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Anvil } from "../../demo/anvil.ts";
import type { Cast } from "../../demo/cast.ts";
import { buildAndExport, decide, request, signOffline } from "../../demo/ceremony.ts";
import { DESTINATION } from "../../demo/story-evm.ts";
import type { Contract } from "../factory/safe-contracts.ts";
import { readBooks } from "./books.ts";
import { balanceOf, ONE, settle } from "./evm-scene.ts";
import { openSafeScene } from "./safe-scene.ts";
import { CUSTOMER, pass, show } from "./scene.ts";

let cast: Cast;
let node: Anvil;
let token: Contract;
let safe: Contract;
const custody = (...args: string[]) => cast.run("custody", "online", ...args);

beforeAll(async () => {
  ({ cast, node, token, safe } = await openSafeScene());
});
afterAll(() => node.stop());

const holds = (address: string) => token.ask("balanceOf", [address]) as Promise<bigint>;

describe("a batch of a Safe", () => {
  const ids: string[] = [];
  let file: string;

  test("coins and tokens of several payments are one plan, over one nonce of the Safe", async () => {
    for (const [key, amount, symbol] of [
      ["one", "1.5", "eth"],
      ["two", "100", "usdc"],
      ["three", "0.25", "eth"],
    ] as const) {
      const id = await request(cast, CUSTOMER, amount, DESTINATION, key, symbol);
      await decide(cast, id);
      ids.push(id);
    }
    ({ file } = await buildAndExport(cast));
    for (const id of ids) expect((await show(cast, id)).state).toBe("EXPORTED");
  });

  test("the first owner's receipt completes nothing, the second's does", async () => {
    await custody("withdraw", "import", await signOffline(cast, file, "signer"));
    expect((await show(cast, ids[0] ?? "")).state).toBe("EXPORTED");
    await custody("withdraw", "import", await signOffline(cast, file, "third-signer"));
    for (const id of ids) expect((await show(cast, id)).state).toBe("SIGNED");
  });

  test("it is executed once, and each is paid exactly; the Safe pays no fee", async () => {
    const before = await balanceOf({ node }, DESTINATION);
    await pass(cast);
    await settle({ cast, node });
    for (const id of ids) expect((await show(cast, id)).state).toBe("COMPLETED");
    expect((await balanceOf({ node }, DESTINATION)) - before).toBe((7n * ONE) / 4n);
    expect(await holds(DESTINATION)).toBe(100_000_000n);
    expect(await safe.ask("nonce")).toBe(1n);
    expect(await balanceOf({ node }, safe.address)).toBe((33n * ONE) / 4n);
    expect(await custody("ledger", "reconcile")).toMatchObject({ verdict: "even" });
    expect(await settle({ cast, node })).toEqual([]);
    readBooks(cast);
  });

  test("a cancel rung uses up the Safe's nonce, and pays nobody", async () => {
    const before = await balanceOf({ node }, DESTINATION);
    const id = await request(cast, CUSTOMER, "0.5", DESTINATION, "cancelled", "eth");
    await decide(cast, id);
    const { plan, file: asked } = await buildAndExport(cast);
    for (const role of ["signer", "second-signer"])
      await custody("withdraw", "import", await signOffline(cast, asked, role));
    const { attempts } = (await custody("withdraw", "show", id)) as {
      attempts: { rung: number | string; transaction: string }[];
    };
    const cancel = attempts.find(({ rung }) => rung === "cancel")?.transaction ?? "";
    await custody("withdraw", "bump", plan, "--cancel", "--confirm", cancel);
    await pass(cast);
    await settle({ cast, node });
    expect((await show(cast, id)).state).toBe("EXPIRED");
    expect(await balanceOf({ node }, DESTINATION)).toBe(before);
    expect(await safe.ask("nonce")).toBe(2n);
    expect(await custody("ledger", "reconcile")).toMatchObject({ verdict: "even" });
  });
});

describe("the gas key", () => {
  type Check = {
    readonly check: string;
    readonly ok: boolean;
    readonly result: string;
    readonly fix: string;
  };
  const gasKey = async () => {
    const { stdout } = await cast.attempt("custody", "online", "doctor");
    const checks = (JSON.parse(stdout) as { data: readonly Check[] }).data;
    return checks.find(({ check }) => check.startsWith("gas key 0x"));
  };
  const alerts = async () =>
    ((await custody("status")) as { alerts: { kind: string }[] }).alerts.map(({ kind }) => kind);

  test("holds little, and people are told when it holds more", async () => {
    expect(await gasKey()).toMatchObject({ ok: true });
    await pass(cast);
    expect(await alerts()).not.toContain("gas-key");
    cast.env["CUSTODY_EVM_RELAYER_MAX"] = "0.1";
    expect(await gasKey()).toMatchObject({
      ok: false,
      result: expect.stringContaining("too much") as string,
    });
    await pass(cast);
    expect(await alerts()).toContain("gas-key");
    delete cast.env["CUSTODY_EVM_RELAYER_MAX"];
  });

  test("is none of the custody's own: whoever has the machine has the key", async () => {
    const file = join(cast.folder, "online", "owner.key");
    const words = readFileSync(join(cast.home("signer"), "..", "words"), "utf8").match(/[a-z]{3,8}/gu) ?? [];
    const { privateKey } = HDNodeWallet.fromPhrase(words.join(" "), "", "m/44'/1'/0'/0/0");
    writeFileSync(file, privateKey.slice(2), { mode: 0o600 });
    const kept = cast.env["CUSTODY_EVM_RELAYER_KEY_FILE"] as string;
    cast.env["CUSTODY_EVM_RELAYER_KEY_FILE"] = file;
    const refused = await cast.attempt("custody-watcher", "online", "once");
    expect(refused.stdout + refused.stderr).toContain("RELAYER_KEY_INVALID");
    cast.env["CUSTODY_EVM_RELAYER_KEY_FILE"] = kept;
    expect((await cast.attempt("custody-watcher", "online", "once")).exit).toBe(0);
  });
});
