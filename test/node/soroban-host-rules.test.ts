/** The classic rules of the Soroban test node, which are our own: each refusal beside what is accepted. */
import {
  Asset,
  AuthClawbackEnabledFlag,
  AuthRequiredFlag,
  AuthRevocableFlag,
  type Keypair,
  MuxedAccount,
  Operation,
  scValToNative,
  TransactionBuilder,
  Account,
  Memo,
  xdr,
} from "@stellar/stellar-base";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { leavesOutSorobanHost } from "../soroban-host/build.ts";
import { startSorobanNode, type SorobanNode } from "../soroban-host/node.ts";
import { keypair, LUMEN, openSender } from "../soroban-host/sender.ts";

const BUILD_MS_MAX = 900_000;

describe.skipIf(leavesOutSorobanHost())("the Soroban test node's own rules", () => {
  let node: SorobanNode;
  let sender: ReturnType<typeof openSender>;

  beforeAll(async () => {
    node = await startSorobanNode();
    sender = openSender(node);
  }, BUILD_MS_MAX);
  afterAll(() => node?.stop());

  async function funded(label: string, lumens = 1000n): Promise<Keypair> {
    const key = keypair(label);
    await node.fund(key.publicKey(), lumens * LUMEN);
    return key;
  }

  /** Settled by its source alone: the codes of its operations, or of itself. */
  async function does(source: Keypair, ...operations: xdr.Operation[]): Promise<string> {
    const applied = await sender.settle(await sender.make(source.publicKey(), operations), [source]);
    return applied.operations.length > 0 ? applied.operations.join(" ") : applied.code;
  }

  const refusal = async (source: Keypair, ...operations: xdr.Operation[]) => {
    const { status, code } = await sender.send(await sender.make(source.publicKey(), operations), [source]);
    return `${status} ${code ?? ""}`;
  };

  const shown = async (key: Keypair) => (await node.horizon(`/accounts/${key.publicKey()}`)).body;

  test("a payment keeps the reserve: two of them, and one for each sub-entry", async () => {
    const [source, payee] = [await funded("reserve", 10n), await funded("reserve payee")];
    const pay = (amount: string) =>
      Operation.payment({ destination: payee.publicKey(), asset: Asset.native(), amount });
    expect(await does(source, Operation.manageData({ name: "a", value: "b" }))).toBe("manageDataSuccess");
    // Ten lumens, less 1.5 of reserve and two fees; then one fee more.
    expect(await does(source, pay("8.4999801"))).toBe("paymentUnderfunded");
    expect(await does(source, pay("8.4999700"))).toBe("paymentSuccess");
    expect((await shown(source)).balances[0].balance).toBe("1.5000000");
  });

  test("one operation that fails undoes all, and the fee of all is paid", async () => {
    const [source, payee] = [await funded("undone"), await funded("undone payee")];
    const pay = (amount: string) =>
      Operation.payment({ destination: payee.publicKey(), asset: Asset.native(), amount });
    expect(await does(source, pay("1"), pay("5000"), pay("2"))).toBe(
      "paymentSuccess paymentUnderfunded paymentSuccess",
    );
    expect((await shown(payee)).balances[0].balance).toBe("1000.0000000");
    expect((await shown(source)).balances[0].balance).toBe("999.9999700");
    expect(await does(source, pay("1"), pay("2"))).toBe("paymentSuccess paymentSuccess");
  });

  test("an issuer allows, freezes and claws back, when its flags say that it may", async () => {
    const [issuer, holder] = [await funded("flags"), await funded("flags holder")];
    const asset = new Asset("ISTSIBACKED", issuer.publicKey());
    const trustor = holder.publicKey();
    const pay = Operation.payment({ destination: trustor, asset, amount: "9" });
    const claw = Operation.clawback({ asset, from: trustor, amount: "4" });
    const allow = (authorized: boolean) =>
      Operation.setTrustLineFlags({ trustor, asset, flags: { authorized } });

    const all = (AuthRequiredFlag | AuthRevocableFlag | AuthClawbackEnabledFlag) as 1;
    expect(await does(issuer, Operation.setOptions({ setFlags: AuthClawbackEnabledFlag }))).toBe(
      "setOptionsAuthRevocableRequired",
    );
    expect(await does(issuer, Operation.setOptions({ setFlags: all }))).toBe("setOptionsSuccess");
    expect(await does(holder, Operation.changeTrust({ asset }))).toBe("changeTrustSuccess");
    expect(await does(issuer, pay)).toBe("paymentNotAuthorized");
    expect(await does(issuer, allow(true), pay)).toBe("setTrustLineFlagsSuccess paymentSuccess");
    expect(await does(issuer, allow(false))).toBe("setTrustLineFlagsSuccess");
    const back = Operation.payment({ destination: issuer.publicKey(), asset, amount: "1" });
    expect(await does(holder, back)).toBe("paymentSrcNotAuthorized");
    expect(await does(issuer, claw)).toBe("clawbackSuccess");
    expect(await does(issuer, Operation.clawback({ asset, from: trustor, amount: "6" }))).toBe(
      "clawbackUnderfunded",
    );
    expect((await shown(holder)).balances[0]).toMatchObject({
      balance: "5.0000000",
      is_authorized: false,
      is_clawback_enabled: true,
      asset_type: "credit_alphanum12",
    });
  });

  test("an account merges when nothing hangs on it, and is gone", async () => {
    const [source, heir] = [await funded("merged"), await funded("heir")];
    await node.close();
    const merge = Operation.accountMerge({ destination: heir.publicKey() });
    await does(source, Operation.manageData({ name: "a", value: "b" }));
    expect(await does(source, merge)).toBe("accountMergeHasSubEntries");
    expect(await refusal(source, Operation.accountMerge({ destination: source.publicKey() }))).toBe(
      "ERROR txFailed accountMergeMalformed",
    );
    const last = await sender.make(source.publicKey(), [
      Operation.manageData({ name: "a", value: null }),
      merge,
    ]);
    const { operations } = await sender.settle(last, [source]);
    expect(operations).toEqual(["manageDataSuccess", "accountMergeSuccess"]);
    expect((await node.horizon(`/accounts/${source.publicKey()}`)).status).toBe(404);
    expect(await codeOfGhost(source, heir)).toBe("ERROR txNoAccount");
  });

  async function codeOfGhost(source: Keypair, payee: Keypair): Promise<string> {
    const pay = Operation.payment({ destination: payee.publicKey(), asset: Asset.native(), amount: "1" });
    const made = await sender.make(source.publicKey(), [pay], { sequence: "1" });
    const { status, code } = await sender.send(made, [source]);
    return `${status} ${code ?? ""}`;
  }

  test("an operation of another account wants that account's signature", async () => {
    const [source, other] = [await funded("two sources"), await funded("other source")];
    const pay = Operation.payment({
      source: other.publicKey(),
      destination: source.publicKey(),
      asset: Asset.native(),
      amount: "3",
    });
    expect(await refusal(source, pay)).toBe("ERROR txFailed opBadAuth");
    const made = await sender.make(source.publicKey(), [pay]);
    expect((await sender.settle(made, [source, other])).code).toBe("txSuccess");
  });

  test("a signature for another network, bytes behind the envelope and an unknown operation are refused", async () => {
    const [source, payee] = [await funded("foreign"), await funded("foreign payee")];
    const pay = Operation.payment({ destination: payee.publicKey(), asset: Asset.native(), amount: "1" });
    const made = await sender.make(source.publicKey(), [pay]);
    const foreign = TransactionBuilder.fromXDR(made.toXDR(), "Another Network");
    foreign.sign(source);
    expect(await sender.send(foreign)).toMatchObject({ status: "ERROR", code: "txBadAuth" });
    made.sign(source);
    const longer = Buffer.concat([made.toEnvelope().toXDR(), Buffer.alloc(4)]).toString("base64");
    await expect(node.rpc("sendTransaction", { transaction: longer })).rejects.toThrow("invalid_xdr");
    const offer = Operation.manageSellOffer({
      selling: Asset.native(),
      buying: new Asset("USD", payee.publicKey()),
      amount: "1",
      price: "1",
    });
    expect(await refusal(source, offer)).toBe("ERROR txFailed opNotSupported");
    expect((await sender.settle(made)).code).toBe("txSuccess");
  });

  test("sequence numbers jump when they are told to, and ledger bounds hold", async () => {
    const source = await funded("jumper");
    const { sequence } = await shown(source);
    const bumpTo = String(BigInt(sequence) + 1000n);
    expect(await does(source, Operation.bumpSequence({ bumpTo }))).toBe("bumpSequenceSuccess");
    expect((await shown(source)).sequence).toBe(bumpTo);
    const { sequence: latest } = await node.rpc("getLatestLedger");
    const bounded = (minLedger: number, maxLedger: number) =>
      new TransactionBuilder(new Account(source.publicKey(), bumpTo), {
        fee: "100",
        networkPassphrase: node.passphrase,
        timebounds: { minTime: 0, maxTime: 0 },
        ledgerbounds: { minLedger, maxLedger },
      })
        .addOperation(Operation.manageData({ name: "n", value: "v" }))
        .build();
    expect(await sender.send(bounded(latest + 2, 0), [source])).toMatchObject({ code: "txTooEarly" });
    expect(await sender.send(bounded(0, latest + 1), [source])).toMatchObject({ code: "txTooLate" });
    expect((await sender.settle(bounded(latest + 1, latest + 2), [source])).code).toBe("txSuccess");
  });

  test("payments to muxed accounts and with memos name them in their events (CAP-67)", async () => {
    const [source, payee] = [await funded("muxed"), await funded("muxed payee")];
    const startLedger = Number((await node.rpc("getLatestLedger")).sequence) + 1;
    const shared = new MuxedAccount(new Account(payee.publicKey(), "0"), "77");
    const destination = shared.accountId();
    expect(await does(source, Operation.payment({ destination, asset: Asset.native(), amount: "2" }))).toBe(
      "paymentSuccess",
    );
    const { sequence } = await shown(source);
    const noted = new TransactionBuilder(new Account(source.publicKey(), sequence), {
      fee: "100",
      networkPassphrase: node.passphrase,
      memo: Memo.text("invoice 9"),
      timebounds: { minTime: 0, maxTime: 0 },
    })
      .addOperation(Operation.payment({ destination: payee.publicKey(), asset: Asset.native(), amount: "1" }))
      .build();
    expect((await sender.settle(noted, [source])).code).toBe("txSuccess");

    const filters = [{ contractIds: [Asset.native().contractId(node.passphrase)] }];
    const { events } = await node.rpc("getEvents", { startLedger, filters });
    const said = (events as { topic: string[]; value: string }[]).map(({ topic, value }) => {
      const data = xdr.ScVal.fromXDR(value, "base64");
      const mark = data.switch().name === "scvMap" ? data.map()?.[1]?.val() : undefined;
      const name = xdr.ScVal.fromXDR(topic[0] ?? "", "base64")
        .sym()
        .toString();
      return [name, mark === undefined ? undefined : String(scValToNative(mark))];
    });
    expect(said).toEqual([
      ["fee", undefined],
      ["transfer", "77"],
      ["fee", undefined],
      ["transfer", "invoice 9"],
    ]);
  });

  test("an account's transactions come page by page, and none that is not its own", async () => {
    const [source, payee] = [await funded("paged"), await funded("paged payee")];
    for (const amount of ["1", "2", "3"]) {
      await does(
        source,
        Operation.payment({ destination: payee.publicKey(), asset: Asset.native(), amount }),
      );
    }
    const page = async (query: string) => {
      const { body } = await node.horizon(`/accounts/${payee.publicKey()}/transactions?${query}`);
      return body._embedded.records as { hash: string; paging_token: string; ledger: number }[];
    };
    const [first, second] = await page("limit=2&order=asc");
    const rest = await page(`limit=2&order=asc&cursor=${second?.paging_token}`);
    expect(rest).toHaveLength(1);
    expect((await page("order=desc")).map(({ hash }) => hash)).toEqual(
      [first, second, ...rest].reverse().map((record) => record?.hash),
    );
    const { body } = await node.horizon(`/transactions/${first?.hash}`);
    expect(body).toMatchObject({ successful: true, source_account: source.publicKey(), fee_charged: "100" });
    const { body: ledger } = await node.horizon(`/ledgers/${first?.ledger}`);
    expect(ledger).toMatchObject({ sequence: first?.ledger, successful_transaction_count: 1 });
    const header = (await node.horizon(`/ledgers/${Number(first?.ledger) + 1}`)).body;
    expect(header.prev_hash).toBe(ledger.hash);
  });
});
