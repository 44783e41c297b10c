/** A wasm contract in the real host: what is authorised is a tree, and all of it is signed for. */
import { readFileSync } from "node:fs";
import { Address, Asset, authorizeEntry, Operation, xdr } from "@stellar/stellar-base";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { builtContract, leavesOutSorobanHost } from "../soroban-host/build.ts";
import { startSorobanNode, type SorobanNode } from "../soroban-host/node.ts";
import {
  callContract,
  contractOf,
  deployAsset,
  deployCode,
  keypair,
  LUMEN,
  openSender,
  uploadCode,
  withResources,
} from "../soroban-host/sender.ts";

const BUILD_MS_MAX = 900_000;

describe.skipIf(leavesOutSorobanHost())("a wasm contract in the Soroban test node", () => {
  let node: SorobanNode;
  let sender: ReturnType<typeof openSender>;
  let wasm: Uint8Array;

  beforeAll(async () => {
    wasm = readFileSync(builtContract("router"));
    node = await startSorobanNode();
    sender = openSender(node);
  }, BUILD_MS_MAX);
  afterAll(() => node?.stop());

  test("pays by a tree of two calls; without the lower one it may not touch the token", async () => {
    const [owner, holder, payee] = [keypair("owner"), keypair("holder"), keypair("payee")];
    for (const key of [owner, holder, payee]) await node.fund(key.publicKey(), 1000n * LUMEN);
    const token = contractOf(Asset.native(), node.passphrase);
    await sender.settle(await sender.prepare(owner.publicKey(), deployAsset(Asset.native())), [owner]);
    await sender.settle(await sender.prepare(owner.publicKey(), uploadCode(wasm)), [owner]);
    const deployed = await sender.settle(
      await sender.prepare(owner.publicKey(), deployCode(wasm, owner.publicKey())),
      [owner],
    );
    const made = deployed.meta.sorobanMeta()?.returnValue();
    const router = Address.fromScVal(made as xdr.ScVal).toString();

    const args = [token, holder.publicKey(), payee.publicKey(), 5n * LUMEN];
    const forward = callContract(router, "forward", args);
    const good = await sender.prepare(owner.publicKey(), forward, [holder]);
    const [entry] = (good.operations[0] as unknown as { auth: xdr.SorobanAuthorizationEntry[] }).auth;
    const lower = entry?.rootInvocation().subInvocations() ?? [];
    expect(lower.map((call) => call.function().contractFn().functionName().toString())).toEqual(["transfer"]);

    const data = good.toEnvelope().v1().tx().ext().sorobanData();
    const authorised = async (change: (root: xdr.SorobanAuthorizedInvocation) => void, signs: boolean) => {
      const changed = xdr.SorobanAuthorizationEntry.fromXDR((entry as xdr.SorobanAuthorizationEntry).toXDR());
      change(changed.rootInvocation());
      const { sequence } = await node.rpc("getLatestLedger");
      const until = sequence + 100;
      const auth = [signs ? await authorizeEntry(changed, holder, until, node.passphrase) : changed];
      const bare = await sender.make(owner.publicKey(), [
        Operation.invokeHostFunction({ func: forward, auth }),
      ]);
      const sent = withResources(bare, data.toXDR("base64"), data.resourceFee().toString());
      const { operations, words } = await sender.settle(sent, [owner]);
      return [...operations, words].join(": ");
    };
    const cut = (root: xdr.SorobanAuthorizedInvocation) => root.subInvocations([]);
    expect(await authorised(cut, true)).toContain("Unauthorized function call for address");
    expect(await authorised(cut, false)).toContain("failed ED25519 verification");
    expect(await authorised(() => undefined, true)).toBe("invokeHostFunctionSuccess: ");
    const { body } = await node.horizon(`/accounts/${payee.publicKey()}`);
    expect(body.balances[0].balance).toBe("1005.0000000");
  });
});
