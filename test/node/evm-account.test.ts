/**
 * What people approved and the signer signed, on a real node: a payment from an account is made once, whichever of its
 * attempts is mined, and a cancel rung ends it (F3, F5, law 4).
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startAnvil, type Anvil } from "../../demo/anvil.ts";
import { evmCodec } from "../../src/chains/evm/index.ts";
import { transactionHash } from "../../src/chains/evm/transaction.ts";
import { splitAccount, type AccountId } from "../../src/core/account.ts";
import { toHex } from "../../src/core/hex.ts";
import { stateFor, viewOf } from "../factory/custody.ts";
import { signed } from "../factory/gates.ts";
import { evmCustody, evmPayout, evmPlan, evmRequest, ownAccount, stranger } from "../factory/evm-account.ts";

const ONE = 10n ** 18n;
const custody = evmCustody();
let anvil: Anvil;
beforeAll(async () => {
  anvil = await startAnvil();
  await anvil.fund(ownAccount().address, 50n * ONE);
});
afterAll(() => anvil.stop());

/** A payment of one ether with `nonce`, signed: the bytes of each attempt, the cancel rung last. */
function attemptsOf(nonce: bigint, to: AccountId): readonly Uint8Array[] {
  const payouts = [evmPayout(custody, { to, label: `payment ${nonce}` })];
  const plan = evmPlan(custody, payouts, { snapshot: { nonce: nonce.toString() } });
  const { outcome } = signed(evmRequest(custody, payouts, [plan]), stateFor(custody)).receipt.body;
  if (outcome.type !== "signed") throw new TypeError("a good request is signed");
  const { rungs, cancel } = evmCodec.decodePlan(plan.body, [], viewOf(custody));
  const signatures = outcome.plans[0]?.rungs ?? [];
  return [...rungs, ...(cancel === undefined ? [] : [cancel])].map(({ tx }, place) =>
    evmCodec.combine(tx, signatures[place]?.signatures ?? []),
  );
}

const send = (bytes: Uint8Array) => anvil.rpc("eth_sendRawTransaction", [`0x${toHex(bytes)}`]);
const holds = async (account: AccountId) =>
  BigInt((await anvil.rpc("eth_getBalance", [splitAccount(account).address, "latest"])) as string);

test("each rung takes the place of the one before; mined once, nothing else of the plan can be", async () => {
  const to = stranger("paid once");
  const [cheapest, middle, dearest, cancel] = attemptsOf(0n, to) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  expect(await send(cheapest)).toBe(`0x${toHex(transactionHash(cheapest))}`);
  await send(middle);
  await send(dearest);
  await anvil.mine();
  expect(await holds(to)).toBe(ONE);
  for (const late of [cheapest, middle, cancel]) await expect(send(late)).rejects.toThrow(/nonce too low/i);
  await anvil.mine();
  expect(await holds(to)).toBe(ONE);
});

test("a cancel rung takes the place of every rung, and the payment can never be made", async () => {
  const to = stranger("paid never");
  const [cheapest, , dearest, cancel] = attemptsOf(1n, to) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  await send(dearest);
  await send(cancel);
  await anvil.mine();
  expect(await holds(to)).toBe(0n);
  for (const late of [cheapest, dearest]) await expect(send(late)).rejects.toThrow(/nonce too low/i);
  expect(
    BigInt((await anvil.rpc("eth_getTransactionCount", [ownAccount().address, "latest"])) as string),
  ).toBe(2n);
});
