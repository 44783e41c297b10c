/**
 * Who commands a Safe is changed by an intent of its own. People approve the words, its owners sign, and from
 * then on the Safe answers to others: nothing is built before the policy says the same, and after that it pays as before.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Cast } from "../../demo/cast.ts";
import { buildAndExport, decide, request, signOffline } from "../../demo/ceremony.ts";
import { signAtDesk, type PolicyDraft } from "../../demo/founding.ts";
import { DESTINATION } from "../../demo/story-evm.ts";
import { descriptorChecksum } from "../../src/chains/descriptor-checksum.ts";
import { readBooks } from "./books.ts";
import { balanceOf, ONE, settle } from "./evm-scene.ts";
import { openSafeScene, SIGNERS, type SafeScene } from "./safe-scene.ts";
import { CUSTOMER, pass, show } from "./scene.ts";

/** A house whose policy lets people change who commands its Safe. */
const controls = (policy: PolicyDraft): PolicyDraft => {
  const rows = policy["rows"] as readonly Record<string, unknown>[];
  return { ...policy, rows: [...rows, { ...rows[0], name: "controls", type: "control", upToUnits: "1" }] };
};

let scene: SafeScene;
let cast: Cast;
beforeAll(async () => {
  scene = await openSafeScene(controls);
  ({ cast } = scene);
});
afterAll(() => scene.node.stop());
const custody = (...args: readonly string[]) => cast.run("custody", "online", ...args);
const attempt = (...args: readonly string[]) => cast.attempt("custody", "online", ...args);
const ask = (...change: readonly string[]) =>
  attempt("intent", "new", "--type", "control", "--wallet", "vault", "--change", ...change);

/** A payment of a quarter of an ether, up to its export. */
async function exportPayment(key: string) {
  const id = await request(cast, CUSTOMER, "0.25", DESTINATION, key, "eth");
  await decide(cast, id);
  return { id, ...(await buildAndExport(cast)) };
}

describe("two of three become three of three", () => {
  let intent: string;
  let plan: string;

  test("what is no change of a Safe is refused before anybody is asked", async () => {
    for (const words of ["threshold 0", "enable module 0x52908400098527886E0F7030069857D2E4169EE7", "pay me"])
      expect((await ask(words)).error?.code).toBe("SAFE_CHANGE_MALFORMED");
  });

  test("people approve its words, and its owners sign the Safe's call to itself", async () => {
    ({ id: intent } = (await ask("threshold 3")).data as { id: string });
    const bundle = cast.carried("control.bundle.json");
    await custody("intent", "bundle", intent, "--out", bundle);
    const read = await cast.run("custody", "approver", "desk", "review", bundle);
    expect(JSON.stringify(read)).toContain("threshold 3");
    const approval = await signAtDesk(cast, "approver", bundle, "approve", "control.approve.json");
    await custody("withdraw", "import", approval);
    ({ plan } = (await custody("intent", "build", intent)) as { plan: string });
    const file = cast.carried("control.request.json");
    await custody("withdraw", "export", plan, "--out", file);
    for (const role of ["signer", "third-signer"])
      await custody("withdraw", "import", await signOffline(cast, file, role));
    expect(await custody("intent", "show", intent)).toMatchObject({ state: "SIGNED", change: "threshold 3" });
  });

  test("it is executed once, moves nothing, and the books say so", async () => {
    const before = await balanceOf(scene, scene.safe.address);
    await pass(cast);
    await settle(scene);
    expect(await custody("intent", "show", intent)).toMatchObject({ state: "COMPLETED" });
    expect(await scene.safe.ask("getThreshold")).toBe(3n);
    expect(await scene.safe.ask("nonce")).toBe(1n);
    expect(await balanceOf(scene, scene.safe.address)).toBe(before);
    expect(await custody("ledger", "reconcile")).toMatchObject({ verdict: "even" });
    readBooks(cast);
  });

  test("nothing is built while the policy says two of three", async () => {
    const id = await request(cast, CUSTOMER, "0.25", DESTINATION, "between", "eth");
    await decide(cast, id);
    const refused = await attempt("withdraw", "build", "--wallet", "vault");
    expect(refused.error).toMatchObject({ code: "SAFE_DIFFERS" });
    expect(refused.error?.message).toContain("threshold");
    await custody("withdraw", "cancel", id);
  });

  test("the next policy says the same, under the same name and address", async () => {
    const edited = cast.carried("policy-2.edit.json");
    await custody("policy", "show", "--indent", "--out", edited);
    const body = JSON.parse(readFileSync(edited, "utf8")) as {
      wallets: { threshold: number; descriptor: string }[];
      approvalsSince: number;
    };
    const [vault] = body.wallets as [{ threshold: number; descriptor: string }];
    vault.threshold = 3;
    const text = vault.descriptor.replace(/#.*$/u, "").replace(/,2,\[/u, ",3,[");
    vault.descriptor = `${text}#${descriptorChecksum(text)}`;
    body.approvalsSince = 2;
    writeFileSync(edited, JSON.stringify(body));
    const draft = cast.carried("policy-2.draft.json");
    await custody("policy", "draft", "--from", edited, "--out", draft);
    const signed = [
      await signAtDesk(cast, "admin", draft, "policy", "policy-2.admin.json"),
      await signAtDesk(cast, "second", draft, "policy", "policy-2.second.json"),
    ];
    await custody("policy", "import", ...signed);
    await custody("policy", "activate");
    const file = cast.carried("policy-2.json");
    const { digest } = (await custody("policy", "show", "--out", file)) as { digest: string };
    for (const { role } of SIGNERS) {
      const { head } = (await cast.run("custody-signer", role, "journal", "show")) as { head: string };
      const flags = ["--in", file, "--confirm", digest, "--logbook", head];
      await cast.run(
        "custody-signer",
        role,
        "policy",
        "pin",
        ...flags,
        "--passphrase-file",
        cast.passphrase(role),
      );
    }
    for (const person of ["operator", "approver"])
      await cast.run("custody", person, "desk", "init", "--policy", file, "--confirm", digest);
  });

  test("from then on three sign, and a payment is made once", async () => {
    const before = await balanceOf(scene, DESTINATION);
    const { id, file } = await exportPayment("after");
    for (const { role } of SIGNERS) {
      expect((await show(cast, id)).state).toBe("EXPORTED");
      await custody("withdraw", "import", await signOffline(cast, file, role));
    }
    await pass(cast);
    await settle(scene);
    expect((await show(cast, id)).state).toBe("COMPLETED");
    expect((await balanceOf(scene, DESTINATION)) - before).toBe(ONE / 4n);
    expect(await custody("ledger", "reconcile")).toMatchObject({ verdict: "even" });
    readBooks(cast);
  });
});
