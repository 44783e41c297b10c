/** The books of a token's payment (I1): the amount in the token, the fee in the coin, and all of it taken back. */
import { expect, test } from "vitest";
import { feeAsset } from "../../../src/core/asset.ts";
import {
  availableAccount,
  heldAccount,
  networkFeeAccount,
  postDeposit,
  postHold,
  transitAccount,
  walletAccount,
} from "../../../src/core/ledger.ts";
import { postingsFor } from "../../../src/core/states/holds.ts";
import type { WithdrawalState } from "../../../src/core/states/withdrawal-states.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { balanceOf, post } from "../../../src/store/postings.ts";
import { write } from "../../../src/store/transaction.ts";
import { insertWithdrawal } from "../../../src/store/withdrawals.ts";
import { USDC } from "../../factory/evm-token.ts";
import { book, force } from "./books.ts";
import { CONTEXT, CUSTOMER, furnish, id, request, scratch, VAULT } from "./scratch.ts";

const ETHER = feeAsset(USDC);
const pay = { withdrawal: id(1), customer: CUSTOMER, asset: USDC, units: 400n };
const fee = { wallet: VAULT, feeUnits: 7n };

function opened() {
  const { store } = scratch();
  furnish(store, 1000n);
  const holding = { wallet: VAULT, customer: CUSTOMER };
  book(store, postDeposit({ coin: "coin-1", asset: USDC, units: 1000n, ...holding }));
  book(store, postDeposit({ coin: "coin-2", asset: ETHER, units: 50n, ...holding }));
  write(store, CONTEXT, (tx) => {
    insertWithdrawal(tx, { ...request(1, 400n), amount: { asset: USDC, units: 400n } });
    post(tx, postHold(pay));
  });
  const balances = () => ({
    token: [
      availableAccount(CUSTOMER),
      heldAccount(CUSTOMER),
      transitAccount(id(1)),
      walletAccount(VAULT),
    ].map((account) => balanceOf(store, account, USDC)),
    ether: [walletAccount(VAULT), networkFeeAccount].map((account) => balanceOf(store, account, ETHER)),
  });
  const move = (from: WithdrawalState, to: WithdrawalState) => {
    for (const posting of postingsFor(pay, from, to, fee)) book(store, posting);
    force(store, id(1), to);
    // As the command that checks the books would: every posting balances in its one asset.
    verifyLedger(store);
    return balances();
  };
  return { balances, move };
}

test("settled, the token has left the wallet and the fee the wallet's coins; a reorganisation takes both back", () => {
  const { balances, move } = opened();
  expect(balances()).toEqual({ token: [600n, 400n, 0n, 1000n], ether: [50n, 0n] });
  const sent = { token: [600n, 0n, 400n, 1000n], ether: [50n, 0n] };
  const settled = { token: [600n, 0n, 0n, 600n], ether: [43n, 7n] };
  expect(move("SIGNED", "BROADCASTING")).toEqual(sent);
  expect(move("CONFIRMING", "COMPLETED")).toEqual(settled);
  expect(move("COMPLETED", "CONFIRMING")).toEqual(sent);
  expect(move("CONFIRMING", "COMPLETED")).toEqual(settled);
});

test("failed on chain, the amount is held again and the fee alone is gone", () => {
  const { move } = opened();
  move("SIGNED", "BROADCASTING");
  const failed = { token: [600n, 400n, 0n, 1000n], ether: [43n, 7n] };
  expect(move("CONFIRMING", "FAILED_ONCHAIN")).toEqual(failed);
  expect(move("FAILED_ONCHAIN", "CONFIRMING")).toEqual({ token: [600n, 0n, 400n, 1000n], ether: [50n, 0n] });
});
