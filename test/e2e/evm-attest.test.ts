/** What an account's key says: asked for by an intent, approved in its own words, signed offline, and verified by anybody. */
import { verifyTypedData } from "ethers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startAnvil, type Anvil } from "../../demo/anvil.ts";
import type { Cast } from "../../demo/cast.ts";
import { signOffline } from "../../demo/ceremony.ts";
import { signAtDesk } from "../../demo/founding.ts";
import { vaultAddress } from "../../demo/story-evm.ts";
import { nonceOf, useEndpoint } from "./evm-scene.ts";
import { foundedTokens } from "./founded.ts";
import { pass } from "./scene.ts";

const SAID = "custody of example: this account is ours, 2026-11-23";

const says = (policy: Readonly<Record<string, unknown>>) => {
  const [payments] = policy["rows"] as readonly Record<string, unknown>[];
  const row = { ...payments, name: "says", type: "attest", aboveUnits: "0", upToUnits: "1" };
  return { ...policy, rows: [...(policy["rows"] as readonly unknown[]), row] };
};

let cast: Cast & { remove(): void };
let node: Anvil;
beforeAll(async () => {
  [cast, node] = await Promise.all([foundedTokens(says, "says"), startAnvil()]);
  useEndpoint(cast, node.url);
  await node.mine(1);
  await pass(cast);
});
afterAll(async () => {
  await node.stop();
  cast.remove();
});
const custody = (...args: readonly string[]) => cast.run("custody", "online", ...args);

test("people approve the text, the signer signs it, nothing is sent, and anybody verifies it", async () => {
  const flags = ["--type", "attest", "--wallet", "vault", "--message", SAID];
  const coins = await cast.attempt("custody", "online", "intent", "new", ...flags, "--coins");
  expect(coins.error?.code).toBe("FLAG_MALFORMED");
  const { id } = (await custody("intent", "new", ...flags)) as { id: string };
  const bundle = cast.carried("says.bundle.json");
  await custody("intent", "bundle", id, "--out", bundle);
  await custody(
    "withdraw",
    "import",
    await signAtDesk(cast, "approver", bundle, "approve", "says.approve.json"),
  );
  const { plan } = (await custody("intent", "build", id)) as { plan: string };
  const file = cast.carried("says.request.json");
  await custody("withdraw", "export", plan, "--out", file);
  await custody("withdraw", "import", await signOffline(cast, file));
  const shown = (await custody("intent", "show", id)) as { state: string; signature: string };
  expect(shown).toMatchObject({ state: "COMPLETED", message: SAID });

  const vault = await vaultAddress(cast);
  const domain = { name: "Custody attestation", version: "1", chainId: 31337 };
  const fields = [
    { name: "account", type: "address" },
    { name: "message", type: "string" },
  ];
  const value = { account: vault, message: SAID };
  expect(verifyTypedData(domain, { Attestation: fields }, value, shown.signature)).toBe(vault);
  const verify = (message: string) =>
    cast.attempt(
      "custody",
      "admin",
      ...["message", "verify", "--address", vault, "--message", message],
      ...["--signature", shown.signature, "--chain", "eip155:31337"],
    );
  expect((await verify(SAID)).exit).toBe(0);
  expect((await verify(`${SAID}!`)).exit).toBe(7);

  await pass(cast);
  await node.mine(1);
  expect(await nonceOf({ node }, vault)).toBe(0n);
});
