/** E12: whether a payment of tokens moved any, by what tokens logged alone. */
import { expect, test } from "vitest";
import { encodeTransfer } from "../../../src/chains/evm/erc20.ts";
import { encodeMultiSend, type Call } from "../../../src/chains/evm/multi-send.ts";
import { makeSafeTx } from "../../../src/chains/evm/safe.ts";
import { callsOf, movedNothing, shortfallsOf } from "../../../src/nodes/evm/moved.ts";
import { accountId } from "../../../src/core/account.ts";
import { ANVIL } from "../../factory/evm-account.ts";
import { tokenOf } from "../../factory/evm-token.ts";
import { stranger } from "../../factory/safe-fixture.ts";

const [us, payee, token, other] = ["us", "payee", "token", "other"].map(stranger) as [
  Call["to"],
  Call["to"],
  Call["to"],
  Call["to"],
];
const coins = (value: bigint): Call => ({ to: payee, value, data: new Uint8Array() });
const tokens: Call = { to: token, value: 0n, data: encodeTransfer({ token, to: payee, units: 5n }) };
const log = (of = token, from = us) => ({ token: of, from });

test("a token's payment moved nothing where the token has logged no transfer of ours", () => {
  expect(movedNothing([tokens], us, [])).toBe(true);
  expect(movedNothing([tokens], us, [log(other), log(token, payee)])).toBe(true);
  expect(movedNothing([tokens], us, [log()])).toBe(false);
});

test("coins move by themselves, and a cancel rung is to move nothing", () => {
  expect(movedNothing([coins(1n)], us, [])).toBe(false);
  expect(movedNothing([coins(0n)], us, [])).toBe(false);
  expect(movedNothing([], us, [])).toBe(false);
  // A Safe that changes who commands it logs no transfer.
  expect(movedNothing([{ ...tokens, to: us }], us, [])).toBe(false);
});

test("of a batch nothing moved only where none of it did", () => {
  const calls = [tokens, { ...tokens, to: other }];
  const data = encodeMultiSend(calls);
  const batch = makeSafeTx({ to: payee, value: 0n, data, operation: 1, nonce: 0n });
  expect(callsOf(batch)).toEqual(calls);
  expect(movedNothing(callsOf(batch), us, [])).toBe(true);
  expect(movedNothing(callsOf(batch), us, [log(other)])).toBe(false);
  expect(movedNothing([...calls, coins(1n)], us, [])).toBe(false);
  expect(callsOf(makeSafeTx({ ...tokens, operation: 0, nonce: 0n }))).toEqual([tokens]);
});

const about = { chain: ANVIL, assets: new Map([[token, tokenOf("five", 6, "USDC", token)]]) };
const arrived = (units: bigint, to = payee) => ({ token, from: us, to, units });
const shortOf = (calls: readonly Call[], logs: readonly ReturnType<typeof arrived>[]) =>
  shortfallsOf(calls, us, logs, about).map(({ sent, arrived }) => [sent.units, arrived]);

test("who got less than they were sent is told, and of what", () => {
  expect(shortOf([tokens], [arrived(4n), arrived(1n, other)])).toEqual([[5n, 4n]]);
  expect(shortfallsOf([tokens], us, [arrived(4n)], about)).toMatchObject([
    { account: accountId(ANVIL, payee), sent: { asset: about.assets.get(token) } },
  ]);
  expect(shortOf([tokens], [arrived(5n)])).toEqual([]);
  // A token that gives more, or in several logs, has given it.
  expect(shortOf([tokens], [arrived(3n), arrived(3n)])).toEqual([]);
});

test("of a batch each payee is told apart, and two payments to one are one", () => {
  const theirs = { ...tokens, data: encodeTransfer({ token, to: other, units: 7n }) };
  expect(shortOf([tokens, theirs], [arrived(5n)])).toEqual([[7n, 0n]]);
  expect(shortOf([tokens, tokens], [arrived(5n), arrived(4n)])).toEqual([[10n, 9n]]);
  // What others log, and what is no token of the policy's, is nothing to go by.
  expect(shortOf([tokens], [{ ...arrived(5n), from: other }])).toEqual([[5n, 0n]]);
  expect(shortOf([{ ...tokens, to: other }, coins(1n)], [])).toEqual([]);
});
