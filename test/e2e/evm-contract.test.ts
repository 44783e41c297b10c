/** A destination that is a contract: signed with its code, paid with the gas that it takes, and not once its code is another (E13). */
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildAndExport, decide, request, signOffline } from "../../demo/ceremony.ts";
import { signAtDesk } from "../../demo/founding.ts";
import { balanceOf, ONE, openEvmScene, settle, type EvmScene } from "./evm-scene.ts";
import { CUSTOMER, pass, show } from "./scene.ts";

/** A wallet's contract, and one of an exchange's: of nobody's. FOR REGTEST ONLY. */
const CONTRACT = "0x8617E340B3D01FA5F11F306F4090FD50E238070D";
/** SSTORE(0, CALLVALUE), STOP: it takes coins, and more gas than a plain account. */
const TAKES = "0x3460005500";
const TAKES_OTHERWISE = "0x346001550000";

describe("coins to a contract", () => {
  let scene: EvmScene;
  const custody = (...args: string[]) => scene.cast.run("custody", "online", ...args);
  beforeAll(async () => {
    scene = await openEvmScene();
  });
  afterAll(() => scene.close());

  const signedAs = async (name: string, ...flags: readonly string[]) => {
    const draft = scene.cast.carried(`${name}.json`);
    const add = ["beneficiary", "add", "--customer", CUSTOMER, "--to", CONTRACT, "--out", draft];
    await custody(...add, ...flags);
    const signed = await signAtDesk(scene.cast, "approver", draft, "beneficiary", `${name}.signed.json`);
    await custody("beneficiary", "import", signed);
  };
  const ask = async (key: string) => {
    const id = await request(scene.cast, CUSTOMER, "0.25", CONTRACT, key, "eth");
    await decide(scene.cast, id);
    return id;
  };
  const whyNot = async () => {
    const refused = await scene.cast.attempt("custody", "online", "withdraw", "build", "--wallet", "vault");
    expect(refused.error).toMatchObject({ code: "NOTHING_TO_BUILD" });
    return JSON.stringify(refused.error?.details);
  };

  test("what has no code is nobody's to sign as a contract", async () => {
    const add = ["beneficiary", "add", "--customer", CUSTOMER, "--to", CONTRACT, "--contract"];
    const refused = await scene.cast.attempt(
      ...(["custody", "online", ...add, "--out", scene.cast.carried("none.json")] as const),
    );
    expect(refused.error).toMatchObject({ code: "NO_CONTRACT" });
  });

  test("what is signed as an account, and has got code since, is not paid", async () => {
    await signedAs("as-account");
    const id = await ask("as-account");
    await scene.node.rpc("anvil_setCode", [CONTRACT, TAKES]);
    await scene.node.mine(1);
    expect(await whyNot()).toContain("it is a contract, and signed as an account");
    await custody("withdraw", "cancel", id);
  });

  test("signed with its code, it is paid with the gas that it takes, once", async () => {
    // Times are of whole seconds, and people's newest word counts.
    await pause(1000);
    await signedAs("as-contract", "--contract", "--gas-limit", "90000");
    const id = await ask("as-contract");
    const before = await balanceOf(scene, CONTRACT);
    const { file } = await buildAndExport(scene.cast);
    await custody("withdraw", "import", await signOffline(scene.cast, file));
    await pass(scene.cast);
    await settle(scene);
    expect((await show(scene.cast, id)).state).toBe("COMPLETED");
    expect((await balanceOf(scene, CONTRACT)) - before).toBe(ONE / 4n);
  });

  test("E13: with other code it is another destination, whoever has signed the first", async () => {
    await ask("other-code");
    await scene.node.rpc("anvil_setCode", [CONTRACT, TAKES_OTHERWISE]);
    await scene.node.mine(1);
    expect(await whyNot()).toContain("and not what was signed");
    await scene.node.rpc("anvil_setCode", [CONTRACT, TAKES]);
    await scene.node.mine(1);
    const { plan } = await buildAndExport(scene.cast);
    expect(plan).not.toBe("");
  });
});
