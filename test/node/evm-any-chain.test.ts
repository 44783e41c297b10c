/** ADR 34: a chain that is named nowhere is paid on as any other; one that charges beside gas is told from it. On real anvils. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startAnvil, type Anvil } from "../../demo/anvil.ts";
import { signRecoverable } from "../../signer/sign/evm-ecdsa.ts";
import { parseAddress } from "../../src/chains/evm/address.ts";
import { encodeSigned, signingHash, type EvmTransaction } from "../../src/chains/evm/transaction.ts";
import { parseChain } from "../../src/core/chain.ts";
import { chargingBesideGas } from "../../src/nodes/evm/rollup.ts";
import { clientOf, togetherOf } from "../factory/anvil-client.ts";
import { ownerCalled } from "../factory/safe-fixture.ts";

const NUMBER = 43114;
const CHAIN = parseChain(`eip155:${NUMBER}`);
const OP_STACK = "0x420000000000000000000000000000000000000F";
const PAYEE = parseAddress("0x52908400098527886E0F7030069857D2E4169EE7");

let node: Anvil;
beforeAll(async () => {
  node = await startAnvil({ chainId: NUMBER });
});
afterAll(() => node.stop());

test("what we sign for it, it mines", async () => {
  const { secret, address } = ownerCalled("payer of another chain");
  await node.fund(address, 10n ** 18n);
  const transaction: EvmTransaction = {
    type: 2,
    chainId: BigInt(NUMBER),
    nonce: 0n,
    gasLimit: 21_000n,
    to: PAYEE,
    value: 12_345n,
    data: new Uint8Array(),
    accessList: [],
    maxFeePerGas: 10n ** 11n,
    maxPriorityFeePerGas: 10n ** 9n,
  };
  const raw = encodeSigned(transaction, signRecoverable(signingHash(transaction), secret));
  const client = clientOf(node, CHAIN);
  expect(await client.broadcast(raw)).toMatchObject({ type: "accepted" });
  await node.mine(1);
  expect(BigInt((await node.rpc("eth_getBalance", [PAYEE, "latest"])) as string)).toBe(12_345n);
});

test("a place where a rollup keeps its prices has code there, and none here", async () => {
  const evm = togetherOf([clientOf(node, CHAIN)], 1);
  const latest = async () => (await evm.tip()).latest;
  expect(await chargingBesideGas(evm, await latest())).toBeUndefined();
  await node.rpc("anvil_setCode", [OP_STACK, "0x00"]);
  await node.mine(1);
  expect(await chargingBesideGas(evm, await latest())).toBe(OP_STACK);
});
