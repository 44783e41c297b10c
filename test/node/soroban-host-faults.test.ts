/** The Soroban test node where answers go wrong, and where it is killed, copied, or asked on from a cursor. */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { Keypair } from "@stellar/stellar-base";
import { Asset, Operation, xdr } from "@stellar/stellar-base";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { leavesOutSorobanHost } from "../soroban-host/build.ts";
import { fundedKey, issueAsset } from "../soroban-host/issued.ts";
import { startSorobanNode, type SorobanNode } from "../soroban-host/node.ts";
import { callContract, openSender } from "../soroban-host/sender.ts";

const BUILD_MS_MAX = 900_000;

describe.skipIf(leavesOutSorobanHost())("the Soroban test node, when things go wrong", () => {
  let node: SorobanNode;
  let sender: ReturnType<typeof openSender>;

  beforeAll(async () => {
    node = await startSorobanNode();
    sender = openSender(node);
  }, BUILD_MS_MAX);
  afterAll(() => node?.stop());

  /** A funded account of its own for each test. */
  const funded = (label: string) => fundedKey(node, label);

  const pay = (to: Keypair, amount = "1", asset = Asset.native()) =>
    Operation.payment({ destination: to.publicKey(), asset, amount });

  const codeOf = async (made: Parameters<typeof sender.send>[0], signers: readonly Keypair[] = []) => {
    const { status, code } = await sender.send(made, signers);
    return code === undefined ? status : `${status} ${code}`;
  };

  const issued = (label: string) => issueAsset(node, sender, label);

  describe("answers that go wrong", () => {
    test("a lost answer hides a transaction that was taken: sent again it is a duplicate, then of the past", async () => {
      const [source, payee] = [await funded("lost"), await funded("lost payee")];
      const made = await sender.make(source.publicKey(), [pay(payee)]);
      await node.fault({ loseAnswer: 1 });
      await expect(sender.send(made, [source])).rejects.toThrow("fetch failed");
      expect(await codeOf(made)).toBe("DUPLICATE");
      await node.close();
      expect(await sender.applied(made.hash().toString("hex"))).toMatchObject({ status: "SUCCESS" });
      expect(await codeOf(made)).toBe("ERROR txBadSeq");
    });

    test("TRY_AGAIN_LATER takes nothing; the same bytes are taken later", async () => {
      const [source, payee] = [await funded("later"), await funded("later payee")];
      const made = await sender.make(source.publicKey(), [pay(payee)]);
      await node.fault({ tryAgainLater: 1 });
      expect(await codeOf(made, [source])).toBe("TRY_AGAIN_LATER");
      await node.close();
      await expect(sender.applied(made.hash().toString("hex"))).rejects.toThrow("not in a ledger");
      expect(await codeOf(made)).toBe("PENDING");
      const follower = await sender.make(source.publicKey(), [pay(payee, "2")]);
      expect(await codeOf(follower, [source])).toBe("TRY_AGAIN_LATER");
    });

    test("a node that lags shows an older ledger, and one that forgets refuses old ones", async () => {
      const { sequence } = await node.rpc("getLatestLedger");
      await node.close(3);
      await node.fault({ lag: 3 });
      expect((await node.rpc("getLatestLedger")).sequence).toBe(sequence);
      await node.fault({ lag: 0, retention: 2 });
      expect((await node.rpc("getLatestLedger")).sequence).toBe(sequence + 3);
      await expect(node.rpc("getEvents", { startLedger: sequence })).rejects.toThrow(
        `startLedger must be within the ledger range: ${sequence + 2} - ${sequence + 3}`,
      );
      await node.fault({ retention: 120_960 });
      await expect(node.rpc("getEvents", { startLedger: sequence })).resolves.toBeDefined();
    });
  });

  test("getEvents goes on from its cursor, with neither gap nor repetition", async () => {
    const { holder, issuer, contract } = await issued("events");
    const { sequence: startLedger } = await node.rpc("getLatestLedger");
    for (const units of [1n, 2n, 3n]) {
      const transfer = callContract(contract, "transfer", [holder.publicKey(), issuer.publicKey(), units]);
      await sender.settle(await sender.prepare(holder.publicKey(), transfer), [holder]);
    }
    const topics = [[xdr.ScVal.scvSymbol("burn").toXDR("base64"), "**"]];
    const filters = [{ type: "contract", contractIds: [contract], topics }];
    const first = await node.rpc("getEvents", { startLedger, filters, pagination: { limit: 2 } });
    const { cursor } = first;
    const rest = await node.rpc("getEvents", { filters, pagination: { cursor, limit: 2 } });
    const units = [...first.events, ...rest.events].map(({ value }) =>
      xdr.ScVal.fromXDR(value, "base64").i128().lo().toString(),
    );
    expect(units).toEqual(["1", "2", "3"]);
    const after = await node.rpc("getEvents", { filters, pagination: { cursor: rest.cursor } });
    expect(after.events).toEqual([]);
    const mints = [{ topics: [[xdr.ScVal.scvSymbol("mint").toXDR("base64"), "**"]] }];
    const other = await node.rpc("getEvents", { startLedger, filters: mints });
    expect(other.events).toEqual([]);
  });

  test("a killed node goes on from its last ledger; what waited for the next is gone", async () => {
    const [source, payee] = [await funded("killed"), await funded("killed payee")];
    const made = await sender.make(source.publicKey(), [pay(payee)]);
    await sender.settle(made, [source]);
    const waiting = await sender.make(source.publicKey(), [pay(payee)]);
    await sender.send(waiting, [source]);
    const before = await node.rpc("getLatestLedger");
    await node.kill();
    await expect(node.rpc("getHealth")).rejects.toThrow("fetch failed");
    // As if it had died in the middle of a line.
    appendFileSync(join(node.folder, "snapshot.json"), '{"passphrase": "Cust');
    await node.restart();
    expect(await node.rpc("getLatestLedger")).toEqual(before);
    expect((await sender.applied(made.hash().toString("hex"))).status).toBe("SUCCESS");
    await node.close();
    await expect(sender.applied(waiting.hash().toString("hex"))).rejects.toThrow("not in a ledger");
    expect((await sender.settle(waiting)).code).toBe("txSuccess");
    await node.kill();
    await node.restart();
    expect((await sender.applied(waiting.hash().toString("hex"))).status).toBe("SUCCESS");
  });

  test("a whole node goes to a file and comes back from it", async () => {
    const [source, payee] = [await funded("copied"), await funded("copied payee")];
    const made = await sender.make(source.publicKey(), [pay(payee)]);
    await sender.send(made, [source]);
    const before = await node.rpc("getLatestLedger");
    const path = join(node.folder, "copy.json");
    await node.rpc("test_snapshot", { path });
    await node.close();
    expect((await sender.applied(made.hash().toString("hex"))).status).toBe("SUCCESS");
    await node.rpc("test_restore", { path });
    expect(await node.rpc("getLatestLedger")).toEqual(before);
    expect(await codeOf(made)).toBe("DUPLICATE");
    await node.kill();
    await node.restart();
    await node.close();
    expect((await node.rpc("getLatestLedger")).sequence).toBe(before.sequence + 1);
  });
});
