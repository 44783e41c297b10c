/**
 * A Stellar account's payments that people approved and the signer signed, over a node whose account is really of two of three
 * keys: each is made once, a cancel rung ends what was not sent, and time ends what was not either (F3, law 4, attack S3).
 */
import { Asset, Keypair, Memo, Operation, TransactionBuilder } from "@stellar/stellar-base";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stellarCodec } from "../../src/chains/stellar/index.ts";
import { passphraseOf } from "../../src/chains/stellar/network-id.ts";
import { allAttempts } from "../../src/chains/attempts.ts";
import { splitAccount } from "../../src/core/account.ts";
import { toBase64 } from "../../src/core/hex.ts";
import { seconds } from "../../src/core/instant.ts";
import { stateFor, viewOf, type Payout } from "../factory/custody.ts";
import { signed } from "../factory/gates.ts";
import { at, fixtureBytes } from "../factory/identities.ts";
import {
  ISTSI,
  LOCAL,
  ONE,
  OTHERS,
  ownStellar,
  signedByStranger,
  stellarCustody,
  stellarPayout,
  stellarPlan,
  stellarRequest,
  strangeKey,
  stranger,
} from "../factory/stellar-account.ts";
import { leavesOutSorobanHost } from "../soroban-host/build.ts";
import { startSorobanNode, type SorobanNode } from "../soroban-host/node.ts";
import { openSender } from "../soroban-host/sender.ts";

const BUILD_MS_MAX = 900_000;
const MASTER = Keypair.fromRawEd25519Seed(Buffer.from(fixtureBytes("stellar vault")));
const ISSUER = strangeKey("issuer").keypair;
const account = ownStellar();
const custody = stellarCustody();
const asset = new Asset("iSTSi", ISSUER.publicKey());

describe.skipIf(leavesOutSorobanHost())("an account of two of three keys", () => {
  let node: SorobanNode;
  let sender: ReturnType<typeof openSender>;

  beforeAll(async () => {
    const started = await startSorobanNode({ passphrase: passphraseOf(LOCAL) });
    // Ledgers by the fixtures' clock: papers that they have signed are good at it alone.
    node = { ...started, close: (count = 1, step = 5) => started.close(count, step) };
    sender = openSender(node);
    await node.rpc("test_clock", { closeTime: seconds(at("09:00:00")) });
    await node.close();
    for (const id of [MASTER, ISSUER, strangeKey("payee").keypair])
      await node.fund(id.publicKey(), 10_000n * ONE);
    await foundVault();
  }, BUILD_MS_MAX);
  afterAll(() => node?.stop());

  /** The account as the descriptor has it: its own key weighs nothing, and iSTSi may be held and is. */
  async function foundVault(): Promise<void> {
    const id = MASTER.publicKey();
    const weighed = account.keys.map(({ address, weight }) =>
      Operation.setOptions({ signer: { ed25519PublicKey: address, weight } }),
    );
    const thresholds = { lowThreshold: 1, medThreshold: 2, highThreshold: 3 };
    const all = [
      Operation.changeTrust({ asset }),
      ...weighed,
      Operation.setOptions({ masterWeight: 0, ...thresholds }),
    ];
    const founded = await sender.settle(await sender.make(id, all), [MASTER]);
    expect(founded.code).toBe("txSuccess");
    await trust(strangeKey("payee").keypair);
    const issue = Operation.payment({ destination: id, asset, amount: "5000" });
    expect((await sender.settle(await sender.make(ISSUER.publicKey(), [issue]), [ISSUER])).code).toBe(
      "txSuccess",
    );
  }

  async function trust(key: Keypair): Promise<void> {
    const made = await sender.make(key.publicKey(), [Operation.changeTrust({ asset })]);
    expect((await sender.settle(made, [key])).code).toBe("txSuccess");
  }

  const look = async (id: string) => (await node.horizon(`/accounts/${id}`)).body;
  const sequence = async () => BigInt((await look(account.address)).sequence);
  const held = async (id: string, code?: string) => {
    const { balances } = await look(id);
    const found = balances.find((one: { asset_code?: string }) => one.asset_code === code);
    return found?.balance as string | undefined;
  };

  /** The plan's attempts, signed by our signer and by one key of a stranger's: bytes to send. */
  async function attempts(payouts: readonly Payout[], changes: Parameters<typeof stellarPlan>[2] = {}) {
    const next = (await sequence()) + 1n;
    const plan = stellarPlan(custody, payouts, {
      ...changes,
      snapshot: { sequence: next.toString(), ...changes.snapshot },
    });
    const { outcome } = signed(stellarRequest(custody, payouts, [plan]), stateFor(custody)).receipt.body;
    if (outcome.type !== "signed") throw new TypeError("a good request is signed");
    const ours = outcome.plans[0]?.rungs ?? [];
    return allAttempts(stellarCodec.decodePlan(plan.body, [], viewOf(custody))).map(
      ({ tx, transaction }, place) => {
        const signatures = [...(ours[place]?.signatures ?? []), signedByStranger(tx.hash, OTHERS[1])];
        stellarCodec.verifySignatures(tx, signatures);
        return { name: transaction, bytes: stellarCodec.combine(tx, signatures) };
      },
    );
  }

  const send = async ({ bytes }: { readonly bytes: Uint8Array }) =>
    node.rpc("sendTransaction", { transaction: toBase64(bytes) });
  const codeOf = async (attempt: { readonly bytes: Uint8Array }) =>
    (await sender.send(TransactionBuilder.fromXDR(toBase64(attempt.bytes), node.passphrase))).code;

  test("lumens reach their payee once, whatever is sent again; the name that people signed is the ledger's", async () => {
    const payee = splitAccount(stranger()).address;
    const [rung, cancel] = await attempts([stellarPayout(custody, { label: "once" })]);
    if (rung === undefined || cancel === undefined) throw new TypeError("a plan that pays has both");
    expect(await send(rung)).toMatchObject({ status: "PENDING", hash: rung.name });
    expect(await send(rung)).toMatchObject({ status: "DUPLICATE", hash: rung.name });
    await node.close();
    expect(await sender.applied(rung.name)).toMatchObject({ status: "SUCCESS", code: "txSuccess" });
    expect(await held(payee)).toBe("10024.9999900");
    expect(await codeOf(rung)).toBe("txBadSeq");
    expect(await codeOf(cancel)).toBe("txBadSeq");
  });

  test("an issued asset with its memo, two payments together, and an account that is made", async () => {
    const payee = splitAccount(stranger()).address;
    const memo = [
      stellarPayout(custody, { asset: ISTSI, label: "memo", beneficiary: { memo: "text:invoice 7" } }),
    ];
    const [wrapped] = await attempts(memo);
    if (wrapped === undefined) throw new TypeError("a plan has a rung");
    await send(wrapped);
    await node.close();
    expect(await sender.applied(wrapped.name)).toMatchObject({ code: "txSuccess" });
    expect(await held(payee, "iSTSi")).toBe("25.0000000");
    const told = await node.rpc("getTransaction", { hash: wrapped.name });
    const read = TransactionBuilder.fromXDR(told.envelopeXdr, node.passphrase);
    expect("memo" in read && read.memo.value?.toString()).toBe(Memo.text("invoice 7").value);
    const fresh = stranger("fresh");
    const both = [
      stellarPayout(custody, { label: "fresh", to: fresh }),
      stellarPayout(custody, { label: "wrapped", asset: ISTSI }),
    ];
    const [batch] = await attempts(both, { snapshot: { missing: [fresh] } });
    if (batch === undefined) throw new TypeError("a plan has a rung");
    await send(batch);
    await node.close();
    expect(await sender.applied(batch.name)).toMatchObject({
      operations: ["createAccountSuccess", "paymentSuccess"],
    });
    expect(await held(splitAccount(fresh).address)).toBe("25.0000000");
    expect(await held(payee, "iSTSi")).toBe("50.0000000");
  });

  test("a cancel rung uses up the number and moves nothing: the payment can never be made", async () => {
    const payee = splitAccount(stranger()).address;
    const before = [await held(payee), await held(account.address)];
    const [rung, cancel] = await attempts([stellarPayout(custody, { label: "never" })]);
    if (rung === undefined || cancel === undefined) throw new TypeError("a plan that pays has both");
    await send(cancel);
    await node.close();
    expect(await sender.applied(cancel.name)).toMatchObject({ code: "txSuccess", fee: 100n });
    expect(await codeOf(rung)).toBe("txBadSeq");
    expect(await held(payee)).toBe(before[0]);
    expect(Number(before[1]) - Number(await held(account.address))).toBeCloseTo(0.00001, 7);
  });

  test("S3: once its time is over no ledger takes it; on the same number it is built again, approved as it was", async () => {
    const payouts = [stellarPayout(custody, { label: "late" })];
    const short = { snapshot: { until: at("10:00:00") } };
    const [late] = await attempts(payouts, short);
    const [again] = await attempts(payouts);
    if (late === undefined || again === undefined) throw new TypeError("a plan has a rung");
    const { closeTime } = await node.rpc("getLatestLedger");
    await node.close(1, seconds(at("10:00:01")) - Number(closeTime));
    expect(await codeOf(late)).toBe("txTooLate");
    expect(await send(again)).toMatchObject({ status: "PENDING" });
    await node.close();
    expect(await sender.applied(again.name)).toMatchObject({ code: "txSuccess" });
  });
});
