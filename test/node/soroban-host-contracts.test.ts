/** Asset contracts and the lifetimes of entries in the Soroban test node: rules of the real host. */
import {
  AuthClawbackEnabledFlag,
  AuthRevocableFlag,
  type Keypair,
  Operation,
  SorobanDataBuilder,
  type Transaction,
  TransactionBuilder,
  xdr,
} from "@stellar/stellar-base";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { leavesOutSorobanHost } from "../soroban-host/build.ts";
import { balanceIn, fundedKey, issueAsset } from "../soroban-host/issued.ts";
import { startSorobanNode, type SorobanNode } from "../soroban-host/node.ts";
import { callContract, LUMEN, openSender, withResources } from "../soroban-host/sender.ts";

const BUILD_MS_MAX = 900_000;
/** CAP-46-11 and CAP-71: how credentials begin. */
const [ADDRESS, ADDRESS_V2] = [1, 2];

describe.skipIf(leavesOutSorobanHost())("asset contracts and lifetimes", () => {
  let node: SorobanNode;
  let sender: ReturnType<typeof openSender>;

  beforeAll(async () => {
    node = await startSorobanNode();
    sender = openSender(node);
  }, BUILD_MS_MAX);
  afterAll(() => node?.stop());

  async function calls(
    source: Keypair,
    contract: string,
    name: string,
    args: readonly (string | bigint)[],
    authorizers: readonly Keypair[] = [],
  ): Promise<string> {
    const made = await sender.prepare(source.publicKey(), callContract(contract, name, args), authorizers);
    return (await sender.settle(made, [source])).operations.join(" ");
  }

  test("mint and clawback are the administrator's, and whoever it names is the next one", async () => {
    const flags = AuthRevocableFlag | AuthClawbackEnabledFlag;
    const { issuer, holder, contract } = await issueAsset(node, sender, "administered", flags);
    const next = await fundedKey(node, "next administrator");
    const to = holder.publicKey();
    expect(await calls(issuer, contract, "mint", [to, 5n])).toBe("invokeHostFunctionSuccess");
    expect(await calls(issuer, contract, "clawback", [to, 2n])).toBe("invokeHostFunctionSuccess");
    expect(await calls(holder, contract, "burn", [to, 1n])).toBe("invokeHostFunctionSuccess");
    expect(await balanceIn(sender, contract, holder)).toBe(100n * LUMEN + 2n);
    expect(await calls(issuer, contract, "set_admin", [next.publicKey()])).toBe("invokeHostFunctionSuccess");
    expect(await calls(next, contract, "mint", [to, 1n])).toBe("invokeHostFunctionSuccess");

    // The old one's word is simulated as the new one's, whose signature it then lacks.
    const mint = callContract(contract, "mint", [to, 1n]);
    const stale = await sender.prepare(next.publicKey(), mint);
    const auth = (stale.operations[0] as unknown as { auth: xdr.SorobanAuthorizationEntry[] }).auth;
    const bare = await sender.make(issuer.publicKey(), [Operation.invokeHostFunction({ func: mint, auth })]);
    const data = stale.toEnvelope().v1().tx().ext().sorobanData();
    const made = withResources(bare, data.toXDR("base64"), data.resourceFee().toString());
    const { operations, words } = await sender.settle(made, [issuer]);
    expect([...operations, words]).toEqual([
      "invokeHostFunctionTrapped",
      expect.stringContaining("Unauthorized function call for address"),
    ]);
  });

  test("what is asked with useUpgradedAuth is recorded with credentials of CAP-71", async () => {
    const { holder, issuer, contract } = await issueAsset(node, sender, "upgraded");
    const relay = await fundedKey(node, "upgraded relay");
    const call = callContract(contract, "transfer", [holder.publicKey(), issuer.publicKey(), 1n]);
    const bare = await sender.make(relay.publicKey(), [
      Operation.invokeHostFunction({ func: call, auth: [] }),
    ]);
    const kind = async (useUpgradedAuth: boolean) => {
      const params = { transaction: bare.toXDR(), useUpgradedAuth };
      const { results } = await node.rpc("simulateTransaction", params);
      return Buffer.from(results[0].auth[0], "base64").readInt32BE(0);
    };
    expect(await kind(false)).toBe(ADDRESS);
    expect(await kind(true)).toBe(ADDRESS_V2);
  });

  /** A transaction of one operation on a footprint, with the resources that simulation finds. */
  async function overFootprint(source: Keypair, operation: xdr.Operation, build: SorobanDataBuilder) {
    const bare: Transaction = await sender.make(source.publicKey(), [operation]);
    const asked = withResources(bare, build.build().toXDR("base64"), "0");
    const { transactionData, minResourceFee } = await sender.simulate(asked);
    return sender.settle(withResources(bare, transactionData, minResourceFee), [source]);
  }

  test("an entry lives longer when that is paid for, and once archived not before it is restored", async () => {
    await node.rpc("test_lifetimes", { persistent: 20, temporary: 16, max: 1000 });
    const { holder, issuer, contract } = await issueAsset(node, sender, "lifetime");
    const transfer = callContract(contract, "transfer", [holder.publicKey(), issuer.publicKey(), 1n]);
    const first = await sender.prepare(holder.publicKey(), transfer);
    const footprint = first.toEnvelope().v1().tx().ext().sorobanData().resources().footprint();
    const instance = footprint.readOnly().filter((key) => key.switch().name === "contractData");
    const liveUntil = async () => {
      const keys = instance.map((key) => key.toXDR("base64"));
      const { entries, latestLedger } = await node.rpc("getLedgerEntries", { keys });
      return entries[0].liveUntilLedgerSeq - latestLedger;
    };
    expect(await liveUntil()).toBeLessThan(20);
    const extend = Operation.extendFootprintTtl({ extendTo: 40 });
    const longer = await overFootprint(holder, extend, new SorobanDataBuilder().setReadOnly(instance));
    expect(longer.operations).toEqual(["extendFootprintTtlSuccess"]);
    expect(await liveUntil()).toBe(40);

    const early = await sender.prepare(holder.publicKey(), transfer);
    await node.close(41);
    expect(await liveUntil()).toBe(-1);
    expect((await sender.settle(early, [holder])).operations).toEqual(["invokeHostFunctionEntryArchived"]);
    const build = new SorobanDataBuilder().setReadWrite(instance);
    const restored = await overFootprint(holder, Operation.restoreFootprint({}), build);
    expect(restored.operations).toEqual(["restoreFootprintSuccess"]);
    expect(await liveUntil()).toBe(19);
    expect(await calls(holder, contract, "transfer", [holder.publicKey(), issuer.publicKey(), 1n])).toBe(
      "invokeHostFunctionSuccess",
    );
  });

  test("less than the resources cost is refused before a ledger, less than its instructions in one", async () => {
    const { holder, issuer, contract } = await issueAsset(node, sender, "poor");
    const transfer = callContract(contract, "transfer", [holder.publicKey(), issuer.publicKey(), 1n]);
    const good = await sender.prepare(holder.publicKey(), transfer);
    const data = good.toEnvelope().v1().tx().ext().sorobanData();
    const auth = (good.operations[0] as unknown as { auth: xdr.SorobanAuthorizationEntry[] }).auth;
    const make = async (change: (copy: xdr.SorobanTransactionData) => void) => {
      const copy = xdr.SorobanTransactionData.fromXDR(data.toXDR());
      change(copy);
      const bare = await sender.make(holder.publicKey(), [
        Operation.invokeHostFunction({ func: transfer, auth }),
      ]);
      return withResources(bare, copy.toXDR("base64"), copy.resourceFee().toString());
    };
    const unpaid = await make((copy) => copy.resourceFee(new xdr.Int64(10)));
    expect(await sender.send(unpaid, [holder])).toMatchObject({ status: "ERROR", code: "txSorobanInvalid" });
    const short = await make((copy) => copy.resources().instructions(1000));
    expect((await sender.settle(short, [holder])).operations).toEqual([
      "invokeHostFunctionResourceLimitExceeded",
    ]);
    expect((await sender.settle(await make(() => undefined), [holder])).code).toBe("txSuccess");
  });

  test("a fee bump pays for a contract call, and the refund is its payer's (CAP-15)", async () => {
    const { holder, issuer, contract } = await issueAsset(node, sender, "bumped call");
    const payer = await fundedKey(node, "bumped call payer");
    const transfer = callContract(contract, "transfer", [holder.publicKey(), issuer.publicKey(), 1n]);
    const inner = await sender.prepare(holder.publicKey(), transfer);
    inner.sign(holder);
    const lumens = async (key: Keypair) => {
      const { body } = await node.horizon(`/accounts/${key.publicKey()}`);
      return BigInt(body.balances.at(-1).balance.replace(".", ""));
    };
    const [held, paid] = [await lumens(holder), await lumens(payer)];
    const bump = TransactionBuilder.buildFeeBumpTransaction(payer, inner.fee, inner, node.passphrase);
    const applied = await sender.settle(bump, [payer]);
    expect(applied.code).toBe("txFeeBumpInnerSuccess txSuccess");
    const data = inner.toEnvelope().v1().tx().ext().sorobanData();
    expect(applied.fee).toBeLessThan(200n + data.resourceFee().toBigInt());
    expect(await lumens(holder)).toBe(held);
    expect(await lumens(payer)).toBe(paid - applied.fee);
  });

  test("a node that closes ledgers by itself goes on without being told", async () => {
    const quick = await startSorobanNode({ closeEveryMs: 30 });
    try {
      const { sequence } = await quick.rpc("getLatestLedger");
      await expect
        .poll(async () => (await quick.rpc("getLatestLedger")).sequence, { timeout: 5000 })
        .toBeGreaterThan(sequence + 3);
    } finally {
      await quick.stop();
    }
  });
});
