/** A customer's bitcoin that a written chain holds, for tests of what blocks show of our coins. */
import type { AccountId } from "../../src/core/account.ts";
import type { Policy } from "../../src/core/policy/policy.ts";
import { readBlocks } from "../../src/home/blocks.ts";
import { PORTS } from "../../src/home/ports.ts";
import { reconcileNow } from "../../src/home/trust.ts";
import { insertDeposit } from "../../src/store/deposits.ts";
import { CUSTOMER, makeDesk, step } from "../attack/online.ts";
import { coinOf, onlineOf, transaction, writtenChain } from "./chain.ts";
import { BTC, REGTEST } from "./documents.ts";
import { fixtureDigest } from "./identities.ts";

export const WHOLE = 100_000_000n;
export const CUSTOMERS = `${REGTEST}:bcrt1qcustomer` as AccountId;

/** A customer's bitcoin that a block holds and the books have, and blocks read up to it. */
export async function funded(changes: Partial<Policy> = {}) {
  const desk = makeDesk(changes);
  const chain = writtenChain();
  const deposit = transaction("deposit", [], [{ account: CUSTOMERS, units: WHOLE }]);
  step(desk, (tx) => {
    const { wallet } = desk.custody;
    PORTS.insertAddress(tx, {
      account: CUSTOMERS,
      wallet: wallet.name,
      branch: 0,
      index: 0,
      customer: CUSTOMER,
    });
    const coin = coinOf(deposit.id, 0);
    const amount = { asset: BTC, units: WHOLE };
    insertDeposit(tx, {
      coin,
      account: CUSTOMERS,
      customer: CUSTOMER,
      amount,
      blockHash: fixtureDigest("b"),
      height: 1,
    });
  });
  chain.mine(deposit);
  const compare = async () => (await reconcileNow(onlineOf(desk), desk.custody.policy, chain.node)).compared;
  const read = () => readBlocks(onlineOf(desk), desk.custody.policy, chain.node, undefined);
  await read();
  return { desk, chain, compare, read, theirs: coinOf(deposit.id, 0) };
}
