/**
 * A token's payment that people approved and the signer signed, on a real node, over a contract of another maker: it is made
 * once, in the token, for a fee in the coin; a cancel rung ends it (F3, F5, law 4).
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startAnvil, type Anvil } from "../../demo/anvil.ts";
import { evmCodec } from "../../src/chains/evm/index.ts";
import { splitAccount, type AccountId } from "../../src/core/account.ts";
import type { AssetId } from "../../src/core/asset.ts";
import { toHex } from "../../src/core/hex.ts";
import { TRANSFER_TOPIC } from "../../src/nodes/evm/receipt.ts";
import { followEvm } from "../../src/nodes/evm/followed.ts";
import { parseSigned, signingHash } from "../../src/chains/evm/transaction.ts";
import { clientOf, togetherOf } from "../factory/anvil-client.ts";
import { stateFor, viewOf } from "../factory/custody.ts";
import { ANVIL, evmRequest, ownAccount, stranger } from "../factory/evm-account.ts";
import { tokenCustody, tokenOf, tokenPayout, tokenPlan, TWENTY_FIVE } from "../factory/evm-token.ts";
import { signed } from "../factory/gates.ts";
import { SAFE_ARTIFACTS } from "../factory/safe-artifacts.ts";
import { relayerOf, type Contract } from "../factory/safe-contracts.ts";

const ONE = 10n ** 18n;
const HELD = 4n * TWENTY_FIVE;
let anvil: Anvil;
let token: Contract;
let asset: AssetId;
beforeAll(async () => {
  anvil = await startAnvil();
  await anvil.fund(ownAccount().address, ONE);
  const relayer = await relayerOf(anvil, "token");
  token = await relayer.deploy(SAFE_ARTIFACTS["1.5.0"].token);
  asset = tokenOf("deployed", 6, "USDC", token.address);
  await relayer.send(token.address, token.encode("transfer", [ownAccount().address, HELD]));
});
afterAll(() => anvil.stop());

/** A payment of 25 with `nonce`, signed: the bytes of each attempt, the cancel rung last */
function attemptsOf(nonce: bigint, to: AccountId): readonly Uint8Array[] {
  const custody = tokenCustody(asset);
  const payouts = [tokenPayout(custody, { to, label: `payment ${nonce}` }, asset)];
  const plan = tokenPlan(custody, payouts, { snapshot: { nonce: nonce.toString() } }, asset);
  const { outcome } = signed(evmRequest(custody, payouts, [plan]), stateFor(custody)).receipt.body;
  if (outcome.type !== "signed") throw new TypeError("a good request is signed");
  const { rungs, cancel } = evmCodec.decodePlan(plan.body, [], viewOf(custody));
  const signatures = outcome.plans[0]?.rungs ?? [];
  return [...rungs, ...(cancel === undefined ? [] : [cancel])].map(({ tx }, place) =>
    evmCodec.combine(tx, signatures[place]?.signatures ?? []),
  );
}

const send = (bytes: Uint8Array) => anvil.rpc("eth_sendRawTransaction", [`0x${toHex(bytes)}`]);
const ether = async (address: string) =>
  BigInt((await anvil.rpc("eth_getBalance", [address, "latest"])) as string);
const holds = (address: string) => token.ask("balanceOf", [address]);

test("it is made once: the token reaches the destination, and the account pays the fee in the coin", async () => {
  const { address } = splitAccount(stranger("paid once"));
  const before = await ether(ownAccount().address);
  const [cheapest, middle, dearest, cancel] = attemptsOf(0n, stranger("paid once"));
  for (const attempt of [cheapest, middle, dearest]) await send(attempt as Uint8Array);
  await anvil.mine();
  expect([await holds(address), await holds(ownAccount().address)]).toEqual([
    TWENTY_FIVE,
    HELD - TWENTY_FIVE,
  ]);
  expect(await ether(address)).toBe(0n);
  const paid = before - (await ether(ownAccount().address));
  expect(paid).toBeGreaterThan(0n);
  // No more than the dearest rung states, for the gas that the transfer took is below its limit.
  expect(paid).toBeLessThanOrEqual(45_000_000_000n * 65_000n);
  for (const late of [cheapest, middle, cancel])
    await expect(send(late as Uint8Array)).rejects.toThrow(/nonce too low/i);
});

/** What the watcher is told of an attempt. */
const effectOf = async (attempt: Uint8Array) => {
  const ours = { accounts: [ownAccount().address], tokens: [asset] };
  const name = toHex(signingHash(parseSigned(attempt, ANVIL).transaction));
  return followEvm(togetherOf([clientOf(anvil)], 1), ours).status(name, attempt);
};

test("E12: a token that says no without failing has moved nothing: the payment is without its effect", async () => {
  const [kept] = attemptsOf(1n, stranger("promised"));
  const code = await anvil.rpc("eth_getCode", [token.address, "latest"]);
  // MSTORE 0 at 0, RETURN 32 bytes: false, whatever is asked.
  await anvil.rpc("anvil_setCode", [token.address, "0x600060005260206000f3"]);
  await send(kept as Uint8Array);
  await anvil.mine();
  expect(await effectOf(kept as Uint8Array)).toMatchObject({ state: "included", effect: { failed: true } });
  await anvil.rpc("anvil_setCode", [token.address, code]);
  const [paid] = attemptsOf(2n, stranger("paid"));
  await send(paid as Uint8Array);
  await anvil.mine();
  expect(await effectOf(paid as Uint8Array)).toMatchObject({ state: "included", effect: { failed: false } });
});

/** Logs a transfer of what its call asks for less a hundredth, which it keeps, and returns true. */
const KEEPS_A_HUNDREDTH = [
  "6024358060649004900360005260043533",
  `7f${TRANSFER_TOPIC}`,
  "60206000a3600160005260206000f3",
].join("");

test("E12: a token that keeps a part has paid: the payment is not made again, and what did not arrive is said", async () => {
  const code = await anvil.rpc("eth_getCode", [token.address, "latest"]);
  await anvil.rpc("anvil_setCode", [token.address, `0x${KEEPS_A_HUNDREDTH}`]);
  const payee = stranger("less");
  const [short] = attemptsOf(3n, payee);
  await send(short as Uint8Array);
  await anvil.mine();
  await anvil.rpc("anvil_setCode", [token.address, code]);
  const arrived = (TWENTY_FIVE * 99n) / 100n;
  expect(await effectOf(short as Uint8Array)).toMatchObject({
    state: "included",
    effect: { failed: false, shortfalls: [{ account: payee, sent: { asset, units: TWENTY_FIVE }, arrived }] },
  });
  const [whole] = attemptsOf(4n, payee);
  await send(whole as Uint8Array);
  await anvil.mine();
  expect(await effectOf(whole as Uint8Array)).toMatchObject({ effect: { failed: false, shortfalls: [] } });
});

test("a cancel rung takes the place of every rung: no token moves, and none ever can", async () => {
  const { address } = splitAccount(stranger("paid never"));
  const before = await holds(ownAccount().address);
  const [cheapest, , dearest, cancel] = attemptsOf(5n, stranger("paid never"));
  await send(dearest as Uint8Array);
  await send(cancel as Uint8Array);
  await anvil.mine();
  expect([await holds(address), await holds(ownAccount().address)]).toEqual([0n, before]);
  await expect(send(cheapest as Uint8Array)).rejects.toThrow(/nonce too low/i);
});
