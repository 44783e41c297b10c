/** The Soroban test node over real connections, its transactions made and signed by stellar-base. */
import type { Keypair } from "@stellar/stellar-base";
import { Asset, authorizeEntry, Operation, TransactionBuilder, xdr } from "@stellar/stellar-base";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { leavesOutSorobanHost } from "../soroban-host/build.ts";
import { balanceIn, fundedKey, issueAsset } from "../soroban-host/issued.ts";
import { startSorobanNode, type SorobanNode } from "../soroban-host/node.ts";
import {
  callContract,
  deployAsset,
  keypair,
  LUMEN,
  openSender,
  withResources,
} from "../soroban-host/sender.ts";

const BUILD_MS_MAX = 900_000;

describe.skipIf(leavesOutSorobanHost())("the Soroban test node", () => {
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
  const balanceOf = (contract: string, of: Keypair) => balanceIn(sender, contract, of);

  describe("classic transactions", () => {
    test("an account is created, and not a second time", async () => {
      const [source, fresh] = [await funded("creator"), keypair("created")];
      const create = () =>
        sender.make(source.publicKey(), [
          Operation.createAccount({ destination: fresh.publicKey(), startingBalance: "20" }),
        ]);
      expect(await sender.settle(await create(), [source])).toMatchObject({
        status: "SUCCESS",
        code: "txSuccess",
        operations: ["createAccountSuccess"],
        fee: 100n,
      });
      const { body } = await node.horizon(`/accounts/${fresh.publicKey()}`);
      expect(body).toMatchObject({ balances: [{ balance: "20.0000000", asset_type: "native" }] });
      expect(await sender.settle(await create(), [source])).toMatchObject({
        status: "FAILED",
        code: "txFailed",
        operations: ["createAccountAlreadyExist"],
        fee: 100n,
      });
    });

    test("two of three keys pay; one does not, and a third is one too many", async () => {
      const [vault, second, third, payee] = [
        await funded("vault"),
        keypair("vault 2"),
        keypair("vault 3"),
        await funded("vault payee"),
      ];
      const weighed = (key: Keypair) => ({ ed25519PublicKey: key.publicKey(), weight: 1 });
      const options = [
        Operation.setOptions({ signer: weighed(second) }),
        Operation.setOptions({ signer: weighed(third) }),
        Operation.setOptions({ masterWeight: 1, lowThreshold: 2, medThreshold: 2, highThreshold: 3 }),
      ];
      const set = await sender.settle(await sender.make(vault.publicKey(), options), [vault]);
      expect(set.code).toBe("txSuccess");

      const make = () => sender.make(vault.publicKey(), [pay(payee)]);
      expect(await codeOf(await make(), [vault])).toBe("ERROR txBadAuth");
      expect(await codeOf(await make(), [vault, second, third])).toBe("ERROR txBadAuthExtra");
      expect(await codeOf(await make(), [vault, keypair("stranger")])).toBe("ERROR txBadAuth");
      const lower = [Operation.setOptions({ highThreshold: 2 })];
      expect(await codeOf(await sender.make(vault.publicKey(), lower), [vault, third])).toBe(
        "ERROR txFailed opBadAuth",
      );
      expect((await sender.settle(await make(), [third, second])).code).toBe("txSuccess");
    });

    test("a sequence number other than the next is refused", async () => {
      const [source, payee] = [await funded("counter"), await funded("counter payee")];
      const { body } = await node.horizon(`/accounts/${source.publicKey()}`);
      const skipped = String(BigInt(body.sequence) + 1n);
      const make = (sequence: string) => sender.make(source.publicKey(), [pay(payee)], { sequence });
      expect(await codeOf(await make(skipped), [source])).toBe("ERROR txBadSeq");
      const next = await make(body.sequence);
      expect((await sender.settle(next, [source])).code).toBe("txSuccess");
      expect(await codeOf(next)).toBe("ERROR txBadSeq");
    });

    test("time bounds are held when it is sent and again when its ledger closes", async () => {
      const [source, payee] = [await funded("timed"), await funded("timed payee")];
      const now = Number((await node.rpc("getLatestLedger")).closeTime);
      const make = (minTime: number, maxTime: number) =>
        sender.make(source.publicKey(), [pay(payee)], { times: { minTime, maxTime } });
      expect(await codeOf(await make(0, now - 1), [source])).toBe("ERROR txTooLate");
      expect(await codeOf(await make(now + 1000, 0), [source])).toBe("ERROR txTooEarly");

      const late = await sender.send(await make(0, now + 10), [source]);
      await node.close(1, 60);
      expect(await sender.applied(late.hash)).toMatchObject({ status: "FAILED", code: "txTooLate" });
      expect((await sender.settle(await make(0, now + 1000), [source])).code).toBe("txSuccess");
    });

    test("another account pays the fee of a fee bump, ten times the old bid when it replaces", async () => {
      const [source, payer, payee] = [
        await funded("bumped"),
        await funded("payer"),
        await funded("bump payee"),
      ];
      const inner = await sender.make(source.publicKey(), [pay(payee)], { fee: "200" });
      inner.sign(source);
      expect((await sender.send(inner)).status).toBe("PENDING");
      const bump = (fee: string) =>
        TransactionBuilder.buildFeeBumpTransaction(payer, fee, inner, node.passphrase);
      expect(await codeOf(bump("1000"), [payer])).toBe("ERROR txInsufficientFee");
      expect(await codeOf(bump("2000"), [source])).toContain("ERROR txBadAuth");
      const applied = await sender.settle(bump("2000"), [payer]);
      expect(applied).toMatchObject({ code: "txFeeBumpInnerSuccess txSuccess", fee: 200n });
      const { body } = await node.horizon(`/accounts/${payer.publicKey()}`);
      expect(body.balances[0].balance).toBe("9999.9999800");
    });

    test("an issued asset reaches a trust line, and nobody without one", async () => {
      const [issuer, holder] = [await funded("mint"), await funded("mint holder")];
      const asset = new Asset("ISTSI", issuer.publicKey());
      const make = () => sender.make(issuer.publicKey(), [pay(holder, "5", asset)]);
      expect((await sender.settle(await make(), [issuer])).operations).toEqual(["paymentNoTrust"]);
      const trust = await sender.make(holder.publicKey(), [Operation.changeTrust({ asset, limit: "7" })]);
      await sender.settle(trust, [holder]);
      expect((await sender.settle(await make(), [issuer])).operations).toEqual(["paymentSuccess"]);
      expect((await sender.settle(await make(), [issuer])).operations).toEqual(["paymentLineFull"]);
      const { body } = await node.horizon(`/accounts/${holder.publicKey()}`);
      expect(body.balances[0]).toMatchObject({
        balance: "5.0000000",
        asset_code: "ISTSI",
        is_authorized: true,
      });
    });
  });

  describe("the asset contract", () => {
    test("is made by the host under the address that stellar-base computes, once", async () => {
      const { deployed, asset, contract, holder } = await issued("deployed");
      expect(deployed).toMatchObject({ status: "SUCCESS", operations: ["invokeHostFunctionSuccess"] });
      expect(await balanceOf(contract, holder)).toBe(100n * LUMEN);
      await expect(sender.prepare(holder.publicKey(), deployAsset(asset))).rejects.toThrow("ExistingValue");
    });

    test("a holder transfers by a transaction that another account sends and pays for", async () => {
      const { issuer, holder, contract } = await issued("delegated");
      const [relay] = [await funded("delegated relay")];
      const transfer = callContract(contract, "transfer", [holder.publicKey(), issuer.publicKey(), 7n]);
      const made = await sender.prepare(relay.publicKey(), transfer, [holder]);
      const applied = await sender.settle(made, [relay]);
      expect(applied.operations).toEqual(["invokeHostFunctionSuccess"]);
      expect(await balanceOf(contract, holder)).toBe(100n * LUMEN - 7n);
      // To the issuer it is a burn (CAP-46-6).
      const events = applied.meta.operations()[0]?.events() ?? [];
      expect(events.map((event) => event.body().v0().topics()[0]?.sym().toString())).toEqual(["burn"]);
    });

    test("a nonce counts once, a flipped bit never, and no longer than it says", async () => {
      const { holder, contract } = await issued("nonce");
      const [relay, payee] = [await funded("nonce relay"), keypair("nonce issuer")];
      const transfer = callContract(contract, "transfer", [holder.publicKey(), payee.publicKey(), 1n]);
      const first = await sender.prepare(relay.publicKey(), transfer, [holder]);
      const operation = first.operations[0] as {
        func: xdr.HostFunction;
        auth: xdr.SorobanAuthorizationEntry[];
      };
      const data = first.toEnvelope().v1().tx().ext().sorobanData();
      const again = async (auth: xdr.SorobanAuthorizationEntry[]) => {
        const bare = await sender.make(relay.publicKey(), [
          Operation.invokeHostFunction({ func: operation.func, auth }),
        ]);
        const made = withResources(bare, data.toXDR("base64"), data.resourceFee().toString());
        const { operations, words } = await sender.settle(made, [relay]);
        return [...operations, words].join(": ");
      };
      const entry = operation.auth[0] as xdr.SorobanAuthorizationEntry;
      expect(await again([flipped(entry)])).toBe(
        "invokeHostFunctionTrapped: failed ED25519 verification; failed account authentication with error",
      );
      const { sequence } = await node.rpc("getLatestLedger");
      const late = await authorizeEntry(entry, holder, sequence, node.passphrase);
      expect(await again([late])).toBe("invokeHostFunctionTrapped: signature has expired");
      expect(await again([entry])).toBe("invokeHostFunctionSuccess: ");
      expect(await again([entry])).toBe("invokeHostFunctionTrapped: nonce already exists for address");
      expect(await balanceOf(contract, holder)).toBe(100n * LUMEN - 1n);
    });

    test("what the refundable fee does not need comes back, and a call above its footprint fails", async () => {
      const { holder, issuer, contract } = await issued("resources");
      const transfer = callContract(contract, "transfer", [holder.publicKey(), issuer.publicKey(), 1n]);
      const good = await sender.prepare(holder.publicKey(), transfer);
      const data = good.toEnvelope().v1().tx().ext().sorobanData();
      const applied = await sender.settle(good, [holder]);
      expect(applied.operations).toEqual(["invokeHostFunctionSuccess"]);
      // The base fee of one operation, and less than all of the resource fee.
      expect(applied.fee).toBeLessThan(100n + data.resourceFee().toBigInt());

      data.resources().footprint().readWrite([]);
      const bare = await sender.make(holder.publicKey(), [
        Operation.invokeHostFunction({
          func: transfer,
          auth: (good.operations[0] as unknown as { auth: [] }).auth,
        }),
      ]);
      const small = withResources(bare, data.toXDR("base64"), data.resourceFee().toString());
      expect((await sender.settle(small, [holder])).operations).toEqual(["invokeHostFunctionTrapped"]);
    });

    test("an entry that is archived must be restored, and comes back by itself when the call says so", async () => {
      await node.rpc("test_lifetimes", { persistent: 20, temporary: 16, max: 1000 });
      const { holder, issuer, contract } = await issued("archived");
      const transfer = callContract(contract, "transfer", [holder.publicKey(), issuer.publicKey(), 1n]);
      const early = await sender.prepare(holder.publicKey(), transfer);
      await node.close(30);
      expect((await sender.settle(early, [holder])).operations).toEqual(["invokeHostFunctionEntryArchived"]);
      const bare = await sender.make(holder.publicKey(), [
        Operation.invokeHostFunction({ func: transfer, auth: [] }),
      ]);
      const simulated = await sender.simulate(bare);
      expect(simulated.restorePreamble.transactionData).toBeTypeOf("string");
      const late = await sender.prepare(holder.publicKey(), transfer);
      expect((await sender.settle(late, [holder])).operations).toEqual(["invokeHostFunctionSuccess"]);
      await node.rpc("test_lifetimes", { persistent: 120_960, temporary: 17_280, max: 3_110_400 });
    });
  });
});

/** The same authorisation with one bit of its signature turned. */
function flipped(entry: xdr.SorobanAuthorizationEntry): xdr.SorobanAuthorizationEntry {
  const copy = xdr.SorobanAuthorizationEntry.fromXDR(entry.toXDR());
  const signature = copy.credentials().address().signature().vec()?.[0]?.map()?.[1]?.val().bytes();
  if (signature === undefined) throw new Error("no signature to turn a bit of");
  signature[10] = (signature[10] ?? 0) ^ 1;
  return copy;
}
