/** Our client of one endpoint against a real node: facts, simulation, what it says of what it is sent, and tokens. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { AbiCoder, Interface, getCreateAddress, keccak256 } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startAnvil, type Anvil } from "../../demo/anvil.ts";
import { parseAddress } from "../../src/chains/evm/address.ts";
import type { ChainId } from "../../src/core/chain.ts";
import type { Digest } from "../../src/core/digest.ts";
import { seconds } from "../../src/core/instant.ts";
import type { EvmNode } from "../../src/nodes/evm/node.ts";
import { transfersOf } from "../../src/nodes/evm/receipt.ts";
import {
  anvilSender,
  endlessContract,
  GWEI,
  ONE,
  refusingContract,
  somebody,
} from "../factory/anvil-sender.ts";
import { clientOf } from "../factory/anvil-client.ts";

const sender = anvilSender("endpoint");
const poor = anvilSender("poor");
let anvil: Anvil;
let node: EvmNode;
let nonce = 0;
beforeAll(async () => {
  anvil = await startAnvil();
  await anvil.fund(sender.address, 100n * ONE);
  await anvil.mine(3);
  node = clientOf(anvil);
});
afterAll(() => anvil.stop());

const latest = async () => {
  const block = await node.block("latest");
  if (block === undefined) throw new TypeError("a node has a newest block");
  return block;
};

describe("facts", () => {
  test("blocks by tag, height and hash are the same; above the newest there is none", async () => {
    const block = await latest();
    expect(await node.block({ height: block.height })).toEqual(block);
    expect(await node.block({ hash: block.hash })).toEqual(block);
    const parent = await node.block({ hash: block.parent });
    expect(parent?.height).toBe(block.height - 1);
    expect(seconds(block.time)).toBeGreaterThanOrEqual(seconds(parent?.time ?? block.time));
    expect(await node.block({ height: block.height + 1 })).toBeUndefined();
    expect((await node.block("finalized"))?.height).toBe(block.height - 2);
    expect((await node.block("safe"))?.height).toBe(block.height - 1);
  });

  test("state is asked of one block, by its hash; a block that the node has not is no answer", async () => {
    const before = await latest();
    const account = somebody("state");
    const { bytes } = await sender.make({ nonce, to: account, value: 7n, tip: 3n * GWEI });
    nonce += 1;
    await node.broadcast(bytes);
    await anvil.mine();
    const now = await latest();
    expect(await node.balance(account, { hash: now.hash })).toBe(7n);
    expect(await node.balance(account, { hash: before.hash })).toBe(0n);
    expect(await node.nonce(sender.address, { hash: now.hash })).toBe(1n);
    expect(await node.nonce(sender.address, { hash: before.hash })).toBe(0n);
    const nowhere = "ab".repeat(32) as Digest;
    await expect(node.balance(account, { hash: nowhere })).rejects.toMatchObject({ code: "NODE_REFUSED" });
  });

  test("code is hashed here; an account has none", async () => {
    const contract = await endlessContract(anvil, "code");
    expect(await node.code(contract, "latest")).toEqual({ size: 4, hash: keccak256("0x5b600056").slice(2) });
    expect(await node.code(somebody("no code"), "latest")).toEqual({
      size: 0,
      hash: keccak256("0x").slice(2),
    });
  });

  test("fees: the newest block's base fee, and what was paid above it lately", async () => {
    const { bytes } = await sender.make({ nonce, tip: 3n * GWEI });
    nonce += 1;
    await node.broadcast(bytes);
    await anvil.mine();
    const fees = await node.fees();
    expect(fees.baseFee).toBe((await latest()).baseFee);
    expect(fees.rewards).toEqual([25, 50, 75].map((percentile) => ({ percentile, wei: 3n * GWEI })));
    expect(fees.tip).toBeGreaterThan(0n);
    expect(fees.gasPrice).toBeGreaterThan(0n);
  });

  test("an endpoint of another chain is refused, whatever it is asked", async () => {
    const other = clientOf(anvil, "eip155:1" as ChainId);
    const refusal = { code: "EVM_NODE_WRONG_CHAIN", exit: "conflict" };
    await expect(other.block("latest")).rejects.toMatchObject(refusal);
    await expect(other.balance(sender.address, "latest")).rejects.toMatchObject(refusal);
    await expect(other.broadcast((await sender.make({ nonce })).bytes)).rejects.toMatchObject(refusal);
  });
});

describe("simulation", () => {
  test("a contract that takes it, one that reverts with words, one that eats all gas, an empty purse", async () => {
    const from = sender.address;
    const at = "latest";
    const done = { from, to: somebody("payee"), value: ONE };
    expect(await node.simulate(done, at)).toEqual({ type: "done", output: "" });
    expect(await node.estimateGas(done, at)).toEqual({ type: "done", gas: 21_000n });
    const refusing = { from, to: await refusingContract(anvil, "refusing", "closed on Sundays"), value: 1n };
    const words = { type: "failed", reason: 'reverted: "closed on Sundays"' };
    expect(await node.simulate(refusing, at)).toEqual(words);
    expect(await node.estimateGas(refusing, at)).toEqual(words);
    const endless = { from, to: await endlessContract(anvil, "endless"), gasLimit: 100_000n };
    expect(await node.simulate(endless, at)).toMatchObject({ type: "failed" });
    const tooMuch = { from: poor.address, to: somebody("payee"), value: ONE };
    expect(await node.simulate(tooMuch, at)).toMatchObject({ type: "failed" });
  });
});

describe("what it says of what it is sent", () => {
  test("new, known, mined: accepted", async () => {
    const { bytes, attempt } = await sender.make({ nonce });
    nonce += 1;
    expect(await node.broadcast(bytes)).toEqual({ type: "accepted", already: false });
    expect(await node.broadcast(bytes)).toEqual({ type: "accepted", already: true });
    expect(await node.nonce(sender.address, "pending")).toBe(attempt.nonce + 1n);
    expect(await node.transaction(attempt.transaction)).toMatchObject({
      nonce: attempt.nonce,
      blockHash: undefined,
    });
    await anvil.mine();
    // geth and anvil say "nonce too low" of it now.
    expect(await node.broadcast(bytes)).toEqual({ type: "accepted", already: true });
  });

  test("replacements: too cheap is named, dear enough is taken; the loser's nonce is too low afterwards", async () => {
    const at = nonce;
    nonce += 1;
    const first = await sender.make({ nonce: at, fee: 10n * GWEI, tip: GWEI });
    const cheap = await sender.make({ nonce: at, fee: 10n * GWEI, tip: GWEI, value: 1n });
    const dear = await sender.make({ nonce: at, fee: 11n * GWEI, tip: (GWEI * 11n) / 10n });
    expect(await node.broadcast(first.bytes)).toMatchObject({ type: "accepted" });
    expect(await node.broadcast(cheap.bytes)).toMatchObject({
      type: "rejected",
      why: "replacement underpriced",
    });
    expect(await node.broadcast(dear.bytes)).toMatchObject({ type: "accepted" });
    await anvil.mine();
    expect(await node.broadcast(first.bytes)).toMatchObject({ type: "rejected", why: "nonce too low" });
  });

  test("an empty purse, and bytes that are no transaction", async () => {
    const { bytes } = await poor.make({ nonce: 0, value: ONE });
    expect(await node.broadcast(bytes)).toMatchObject({ type: "rejected", why: "insufficient funds" });
    expect(await node.broadcast(Uint8Array.of(0xde, 0xad))).toMatchObject({ type: "uncertain" });
  });

  test("of another chain: refused by the node", async () => {
    const { bytes } = await sender.make({ nonce, chainId: 1 });
    const said = await node.broadcast(bytes);
    expect(said.type).not.toBe("accepted");
  });
});

describe("tokens", () => {
  const artifact = createRequire(import.meta.url).resolve(
    "@gnosis.pm/safe-contracts/build/artifacts/contracts/test/ERC20Token.sol/ERC20Token.json",
  );
  const { abi, bytecode } = JSON.parse(readFileSync(artifact, "utf8")) as { abi: string; bytecode: string };

  test("what moved is read from the logs, what is held from the contract", async () => {
    const created = await sender.make({ nonce, to: null, data: bytecode, gasLimit: 2_000_000n });
    const token = parseAddress(getCreateAddress({ from: sender.address, nonce }));
    nonce += 1;
    const to = somebody("token payee");
    const data = new Interface(abi).encodeFunctionData("transfer", [to, 12_345n]);
    const paid = await sender.make({ nonce, to: token, data, gasLimit: 100_000n });
    nonce += 1;
    await node.broadcast(created.bytes);
    await node.broadcast(paid.bytes);
    await anvil.mine();
    const receipt = await node.receipt(paid.attempt.transaction);
    expect(receipt).toMatchObject({ success: true, to: token, from: sender.address });
    expect(transfersOf({ logs: receipt?.logs ?? [] })).toEqual([
      { token, from: sender.address, to, units: 12_345n, logIndex: receipt?.logs[0]?.index },
    ]);
    const at = { hash: receipt?.blockHash as Digest };
    expect(await node.tokenBalance({ token, holder: to }, at)).toBe(12_345n);
    const [all] = AbiCoder.defaultAbiCoder().decode(
      ["uint256"],
      (await anvil.rpc("eth_call", [{ to: token, data: "0x18160ddd" }, "latest"])) as string,
    ) as unknown as [bigint];
    expect(await node.tokenBalance({ token, holder: sender.address }, at)).toBe(all - 12_345n);
    await expect(node.tokenBalance({ token: somebody("no token"), holder: to }, at)).rejects.toMatchObject({
      code: "EVM_TOKEN_SILENT",
    });
  });
});
