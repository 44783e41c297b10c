/**
 * The client of a Stellar endpoint, over a node: ledgers proven by their headers, attempts by the name that was signed, and
 * what an answer to a sending means (F4, F11). A proxy in between changes one answer, and is found out.
 */
import { Asset, Operation, TransactionBuilder } from "@stellar/stellar-base";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAddress } from "../../src/chains/stellar/address.ts";
import { passphraseOf } from "../../src/chains/stellar/network-id.ts";
import { accountId } from "../../src/core/account.ts";
import { amount } from "../../src/core/amount.ts";
import { issuedAsset } from "../../src/core/asset.ts";
import { fromBase64, toBase64 } from "../../src/core/hex.ts";
import { NODE_TIMEOUT } from "../../src/nodes/failure.ts";
import { openJsonRpc } from "../../src/nodes/json-rpc.ts";
import type { StellarRpc } from "../../src/nodes/stellar/header.ts";
import { stellarNode } from "../../src/nodes/stellar/node.ts";
import { viewOf } from "../factory/custody.ts";
import { LOCAL, ONE, stellarCustody, XLM } from "../factory/stellar-account.ts";
import { leavesOutSorobanHost } from "../soroban-host/build.ts";
import { startSorobanNode, type SorobanNode } from "../soroban-host/node.ts";
import { keypair, openSender } from "../soroban-host/sender.ts";

const BUILD_MS_MAX = 900_000;
const [ours, payee, issuer] = [keypair("client ours"), keypair("client payee"), keypair("client issuer")];
const OWN = parseAddress(ours.publicKey());
const TOKEN = new Asset("iSTSi", issuer.publicKey());
const ISTSI = issuedAsset(LOCAL, "iSTSi", issuer.publicKey());
const BOOKS = { chain: LOCAL, accounts: [OWN], tokens: [ISTSI] };

describe.skipIf(leavesOutSorobanHost())("an endpoint of a Stellar network", () => {
  let server: SorobanNode;
  let sender: ReturnType<typeof openSender>;
  let rpc: StellarRpc;
  let node: ReturnType<typeof stellarNode>;

  beforeAll(async () => {
    server = await startSorobanNode({ passphrase: passphraseOf(LOCAL) });
    sender = openSender(server);
    rpc = openJsonRpc({ url: server.url, random: () => 0.5, attemptsMax: 1 });
    node = stellarNode({ rpc, ours: BOOKS });
    for (const id of [ours, payee, issuer]) await server.fund(id.publicKey(), 1000n * ONE);
    await server.close();
  }, BUILD_MS_MAX);
  afterAll(async () => {
    rpc?.close();
    await server?.stop();
  });

  /** Signed by ours, and not sent. */
  async function made(...operations: Parameters<typeof sender.make>[1]) {
    const transaction = await sender.make(ours.publicKey(), operations);
    transaction.sign(ours);
    const name = transaction.hash().toString("hex");
    return { name, bytes: fromBase64(transaction.toEnvelope().toXDR("base64")) };
  }

  const lumens = (units: string) =>
    Operation.payment({ destination: payee.publicKey(), asset: Asset.native(), amount: units });

  test("a payment: taken, found under its name, told in its ledger, and no different when it is sent again", async () => {
    const { name, bytes } = await made(lumens("7"));
    expect(await node.status(name)).toEqual({ state: "unknown" });
    expect(await node.broadcast(bytes)).toEqual({ type: "accepted" });
    expect(await node.broadcast(bytes)).toEqual({ type: "accepted" });
    await server.close();
    const tip = await node.tip();
    expect(await node.status(name)).toEqual({
      state: "included",
      blockHash: tip.hash,
      height: tip.height,
      confirmations: 1,
      finalized: true,
      effect: { failed: false, feeUnits: 100n, shortfalls: [], id: name },
    });
    // A ledger has it: what the node calls a wrong number is no refusal of what was paid.
    expect(await node.broadcast(bytes)).toEqual({ type: "accepted" });
    const block = await node.block(tip.height);
    const account = accountId(LOCAL, OWN);
    expect(block).toMatchObject({ height: tip.height, hash: tip.hash });
    expect(block?.parent).toBe(await node.blockHash(tip.height - 1));
    const [sequence] = await node.spends(name);
    expect(block?.transactions).toEqual([
      {
        id: name,
        signed: name,
        bytes,
        spends: [sequence],
        pays: [],
        takes: [
          { account, amount: amount(XLM, 100n) },
          { account, amount: amount(XLM, 7n * ONE) },
        ],
      },
    ]);
    expect(await node.holdings?.(tip)).toContainEqual({ account, amount: amount(XLM, 993n * ONE - 100n) });
    expect(await node.blockHash(tip.height + 1)).toBeUndefined();
    expect(await node.blockTime(tip.hash)).toBe(tip.time);
  });

  test("what arrives is credited by operation: lumens and a listed asset, and of another asset nothing", async () => {
    const trust = await made(Operation.changeTrust({ asset: TOKEN }));
    await node.broadcast(trust.bytes);
    await server.close();
    const pay = (asset: Asset, units: string) =>
      Operation.payment({ destination: ours.publicKey(), asset, amount: units });
    const sent = await sender.make(issuer.publicKey(), [pay(Asset.native(), "3"), pay(TOKEN, "5")]);
    const { code } = await sender.settle(sent, [issuer]);
    expect(code).toBe("txSuccess");
    const tip = await node.tip();
    const block = await node.block(tip.height);
    expect(block?.transactions.flatMap(({ pays }) => pays.map((one) => one.amount))).toEqual([
      amount(XLM, 3n * ONE),
      amount(ISTSI, 5n * ONE),
    ]);
    const blind = stellarNode({ rpc, ours: { ...BOOKS, tokens: [] } });
    const seen = await blind.block(tip.height);
    expect(seen?.transactions.flatMap(({ pays }) => pays.map((one) => one.amount))).toEqual([
      amount(XLM, 3n * ONE),
    ]);
    expect(await node.holdings?.(tip)).toContainEqual({
      account: accountId(LOCAL, OWN),
      amount: amount(ISTSI, 5n * ONE),
    });
    // What has changed since cannot be told of what was.
    expect(await node.holdings?.({ height: tip.height - 1, hash: "" })).toBeUndefined();
  });

  test("F18: a payment that fails in its ledger has paid its fee, and moved nothing", async () => {
    const { name, bytes } = await made(lumens("7"), lumens("100000"));
    await node.broadcast(bytes);
    await server.close();
    expect(await node.status(name)).toMatchObject({
      state: "included",
      effect: { failed: true, feeUnits: 200n },
    });
    const block = await node.block((await node.tip()).height);
    expect(block?.transactions.map(({ takes }) => takes?.map((one) => one.amount))).toEqual([
      [amount(XLM, 200n)],
    ]);
  });

  test("a fee bump is another's: the name that was signed stays, and whoever bumps pays", async () => {
    const inner = await made(lumens("1"));
    const transaction = TransactionBuilder.fromXDR(toBase64(inner.bytes), server.passphrase);
    if ("innerTransaction" in transaction) throw new TypeError("what was made is no fee bump");
    const bump = TransactionBuilder.buildFeeBumpTransaction(payee, "1000", transaction, server.passphrase);
    await sender.send(bump, [payee]);
    await server.close();
    expect(await node.status(inner.name)).toMatchObject({
      state: "included",
      effect: { failed: false, feeUnits: 0n, id: bump.hash().toString("hex") },
    });
    const block = await node.block((await node.tip()).height);
    expect(block?.transactions).toMatchObject([
      { signed: inner.name, takes: [{ amount: amount(XLM, ONE) }] },
    ]);
  });

  test("TRY_AGAIN_LATER and a lost answer say nothing of it; a refusal says why, and is none of what a ledger has", async () => {
    const { name, bytes } = await made(lumens("2"));
    await server.fault({ tryAgainLater: 1 });
    expect(await node.broadcast(bytes)).toMatchObject({ type: "uncertain" });
    await server.fault({ loseAnswer: 1 });
    expect(await node.broadcast(bytes)).toMatchObject({ type: "uncertain" });
    await server.close();
    expect(await node.status(name)).toMatchObject({ state: "included", effect: { failed: false } });
    const unsigned = await sender.make(ours.publicKey(), [lumens("2")]);
    const refused = fromBase64(unsigned.toEnvelope().toXDR("base64"));
    expect(await node.broadcast(refused)).toEqual({
      type: "rejected",
      reason: "the endpoint refused it: txBAD_AUTH",
    });
  });

  test("F11: an endpoint that leaves a transaction out, changes a result or an envelope is found out", async () => {
    const { bytes } = await made(lumens("4"));
    await node.broadcast(bytes);
    await server.close();
    const { height } = await node.tip();
    type Row = Record<string, unknown>;
    const lying = (change: (rows: readonly Row[]) => readonly Row[]) =>
      stellarNode({
        ours: BOOKS,
        rpc: {
          ...rpc,
          read: async (method, params, answer, options) => {
            if (method !== "getTransactions") return rpc.read(method, params, answer, options);
            const told = await server.rpc(method, params);
            return answer.parse({ ...told, transactions: change(told.transactions) });
          },
        },
      });
    expect((await lying((rows) => rows).block(height))?.transactions).toHaveLength(1);
    const malformed = { code: "NODE_ANSWER_MALFORMED" };
    await expect(lying(() => []).block(height)).rejects.toMatchObject(malformed);
    const other = await sender.make(ours.publicKey(), [
      Operation.payment({ destination: payee.publicKey(), asset: Asset.native(), amount: "9" }),
    ]);
    const swapped = other.toEnvelope().toXDR("base64");
    const withEnvelope = lying((rows) => rows.map((row) => ({ ...row, envelopeXdr: swapped })));
    await expect(withEnvelope.block(height)).rejects.toMatchObject(malformed);
    const failed = toBase64(Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 100, 255, 255, 255, 255, 0, 0, 0, 0]));
    const withResult = lying((rows) => rows.map((row) => ({ ...row, resultXdr: failed })));
    await expect(withResult.block(height)).rejects.toMatchObject(malformed);
  });

  test("S1: an endpoint of another network gives nothing away, and is sent nothing", async () => {
    const { name, bytes } = await made(lumens("5"));
    const public_ = stellarNode({
      ours: BOOKS,
      rpc: {
        ...rpc,
        read: (method, params, answer, options) =>
          method === "getNetwork"
            ? Promise.resolve(answer.parse({ passphrase: "Public Global Stellar Network ; September 2015" }))
            : rpc.read(method, params, answer, options),
      },
    });
    const wrong = { code: "STELLAR_NODE_WRONG_NETWORK" };
    await expect(public_.tip()).rejects.toMatchObject(wrong);
    await expect(public_.status(name)).rejects.toMatchObject(wrong);
    await expect(public_.broadcast(bytes)).rejects.toMatchObject(wrong);
    await server.close();
    expect(await node.status(name)).toEqual({ state: "unknown" });
  });

  test("S1: an endpoint that does not say which network it is of is sent nothing", async () => {
    const { name, bytes } = await made(lumens("5"));
    const silent = stellarNode({
      ours: BOOKS,
      rpc: {
        ...rpc,
        read: (method, params, answer, options) =>
          method === "getNetwork"
            ? Promise.reject(NODE_TIMEOUT("no answer"))
            : rpc.read(method, params, answer, options),
      },
    });
    expect(await silent.broadcast(bytes)).toMatchObject({ type: "uncertain" });
    await server.close();
    expect(await node.status(name)).toEqual({ state: "unknown" });
    expect(await node.broadcast(bytes)).toEqual({ type: "accepted" });
    await server.close();
    expect(await node.status(name)).toMatchObject({ state: "included" });
  });

  test("F11: what the endpoint no longer keeps is no answer, and never an absence", async () => {
    await server.fault({ retention: 2 });
    await expect(node.block(1)).rejects.toMatchObject({ code: "STELLAR_LEDGER_GONE" });
    await server.fault({ retention: 1000 });
    expect(await node.block(1)).toMatchObject({ height: 1, parent: undefined });
  });

  test("an account that no ledger has pays nothing", async () => {
    await expect(node.snapshot(viewOf(stellarCustody()))).rejects.toMatchObject({
      code: "STELLAR_ACCOUNT_MISSING",
    });
  });

  test("a destination says whether it asks for a memo (SEP-29)", async () => {
    expect((await node.account(OWN, [ISTSI])).asksForMemo).toBe(false);
    const asks = await made(Operation.manageData({ name: "config.memo_required", value: "1" }));
    await node.broadcast(asks.bytes);
    await server.close();
    const { asksForMemo, account, lines } = await node.account(OWN, [ISTSI]);
    expect([asksForMemo, account?.subEntries, lines[0]?.line?.balance]).toEqual([true, 2, 5n * ONE]);
  });
});
