/** F07: a nonce that nobody uses holds up all that come after it; people use it up, by an intent of its own. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startAnvil, type Anvil } from "../../demo/anvil.ts";
import type { Cast } from "../../demo/cast.ts";
import { addBeneficiary, knowCustomer, signOffline } from "../../demo/ceremony.ts";
import { signAtDesk } from "../../demo/founding.ts";
import { DESTINATION, payIn, vaultAddress } from "../../demo/story-evm.ts";
import { readBooks } from "./books.ts";
import { balanceOf, exportEther, ONE, settle, signEther, useEndpoint } from "./evm-scene.ts";
import { foundedTokens } from "./founded.ts";
import { CUSTOMER, pass, show } from "./scene.ts";

/** A house whose policy lets people take back what has left. */
const cancels = (policy: Readonly<Record<string, unknown>>) => {
  const [payments] = policy["rows"] as readonly Record<string, unknown>[];
  const row = { ...payments, name: "cancels", type: "cancel", aboveUnits: "0", upToUnits: "1" };
  return { ...policy, rows: [...(policy["rows"] as readonly unknown[]), row] };
};

let cast: Cast & { remove(): void };
let node: Anvil;
let vault: string;
beforeAll(async () => {
  [cast, node] = await Promise.all([foundedTokens(cancels, "cancels"), startAnvil()]);
  useEndpoint(cast, node.url);
  await knowCustomer(cast, CUSTOMER);
  await payIn(cast, node, 10n * ONE);
  await addBeneficiary(cast, CUSTOMER, DESTINATION);
  vault = await vaultAddress(cast);
});
afterAll(async () => {
  await node.stop();
  cast.remove();
});

const custody = (...args: readonly string[]) => cast.run("custody", "online", ...args);
const scene = () => ({ cast, node, vault, destination: DESTINATION, close: async () => undefined });

test("F07: what waits behind a plan that nobody signs is mined once its nonce is used up, and nothing else is paid", async () => {
  const before = await balanceOf({ node }, DESTINATION);
  const kept = await exportEther(scene(), "0.5", "never-signed");
  const { id: behind } = await signEther(scene(), "0.25", "behind");
  await pass(cast);
  await settle({ cast, node });
  expect((await show(cast, behind)).state).toBe("BROADCAST");

  const asked = (await custody("intent", "new", "--type", "cancel", "--plan", kept.plan)) as { id: string };
  const bundle = cast.carried("cancel.bundle.json");
  await custody("intent", "bundle", asked.id, "--out", bundle);
  const approval = await signAtDesk(cast, "approver", bundle, "approve", "cancel.approve.json");
  await custody("withdraw", "import", approval);
  const { plan } = (await custody("intent", "build", asked.id)) as { plan: string };
  const file = cast.carried("cancel.request.json");
  await custody("withdraw", "export", plan, "--out", file);
  await custody("withdraw", "import", await signOffline(cast, file));
  await pass(cast);
  await node.mine(1);
  await settle({ cast, node });

  expect(await custody("intent", "show", asked.id)).toMatchObject({ state: "COMPLETED" });
  expect((await show(cast, behind)).state).toBe("COMPLETED");
  expect((await show(cast, kept.id)).state).toBe("EXPIRED");
  expect((await balanceOf({ node }, DESTINATION)) - before).toBe(ONE / 4n);
  expect(readBooks(cast).balances["customer:held"]).toBe((ONE / 2n).toString());
  expect(await custody("ledger", "reconcile")).toMatchObject({ verdict: "even" });
});
