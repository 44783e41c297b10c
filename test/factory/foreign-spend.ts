/** A transaction that is no attempt of ours takes coins of ours, and two admins say what it was: the desks of those tests. */
import type { AccountId } from "../../src/core/account.ts";
import type { Digest } from "../../src/core/digest.ts";
import type { Id } from "../../src/core/identifier.ts";
import { heldAccount, lossAccount, networkFeeAccount, walletAccount } from "../../src/core/ledger.ts";
import { readBlocks } from "../../src/home/blocks.ts";
import { FOREIGN_PORTS, UNPAID_PORTS } from "../../src/home/chain-ports.ts";
import { PORTS } from "../../src/home/ports.ts";
import { reconcileNow } from "../../src/home/trust.ts";
import { verifyAudit } from "../../src/store/audit.ts";
import { insertDeposit } from "../../src/store/deposits.ts";
import { verifyLedger } from "../../src/store/integrity.ts";
import { balanceOf } from "../../src/store/postings.ts";
import { endQuarantine, openQuarantines } from "../../src/store/quarantine.ts";
import { findForeignSettlement } from "../../src/store/foreign.ts";
import { cancelWithdrawal } from "../../src/withdrawals/deciding/decide.ts";
import { bookLoss, settleByForeign, takenFrom } from "../../src/withdrawals/following/foreign.ts";
import { releaseIfClosed } from "../../src/withdrawals/ending/revoke.ts";
import { coinsSighted, dismissSightings, unsettleForeign } from "../../src/withdrawals/settling/unpaid.ts";
import { ask, CUSTOMER, decide, makeDesk, step, type Desk } from "../attack/online.ts";
import { coinOf, onlineOf, transaction, writtenChain } from "./chain.ts";
import { PAYEE } from "./custody.ts";
import { approval, BTC, REGTEST } from "./documents.ts";
import { ANNA, fixtureDigest } from "./identities.ts";

export const QUARTER = 25_000_000n;
export const WHOLE = 100_000_000n;
export const FEE = 700n;
const CUSTOMERS = `${REGTEST}:bcrt1qcustomer` as AccountId;
export const CHANGE = `${REGTEST}:bcrt1qchange` as AccountId;
export const DESTINATION = `${REGTEST}:${PAYEE}` as AccountId;
export const TX = fixtureDigest("somebody else's");
export const DEEP = { deep: 1_000 };

/** A customer's bitcoin in a block, then a transaction of nobody here that pays `outputs` from it, and the rest as change. */
export async function taken(outputs: readonly bigint[]) {
  const desk = makeDesk();
  const chain = writtenChain();
  const deposit = transaction("deposit", [], [{ account: CUSTOMERS, units: WHOLE }]);
  const coin = coinOf(deposit.id, 0);
  step(desk, (tx) => {
    const wallet = desk.custody.wallet.name;
    PORTS.insertAddress(tx, { account: CUSTOMERS, wallet, branch: 0, index: 0, customer: CUSTOMER });
    PORTS.insertAddress(tx, { account: CHANGE, wallet, branch: 1, index: 0 });
    const amount = { asset: BTC, units: WHOLE };
    insertDeposit(tx, { coin, account: CUSTOMERS, customer: CUSTOMER, amount, blockHash: "b", height: 1 });
  });
  chain.mine(deposit);
  const back = WHOLE - outputs.reduce((sum, units) => sum + units, FEE);
  const pays = [
    ...outputs.map((units) => ({ account: DESTINATION, units })),
    { account: CHANGE, units: back },
  ];
  const theirs = transaction("somebody else's", [coin], pays);
  const read = () => readBlocks(onlineOf(desk), desk.custody.policy, chain.node, undefined);
  const compare = async () => (await reconcileNow(onlineOf(desk), desk.custody.policy, chain.node)).compared;
  return { desk, chain, coin, theirs, read, compare };
}

export function approved(desk: Desk, key: string, units = QUARTER): Id {
  const asked = ask(desk, key, units);
  decide(desk, approval(asked.intent, [ANNA], { custody: desk.custody.id }));
  return asked.id;
}

let signed = 0;
export const warrant = (): Digest => fixtureDigest(`warrant ${(signed += 1)}`);
export const take = (desk: Desk, deep = DEEP) =>
  takenFrom(FOREIGN_PORTS, desk.store as never, { transaction: TX }, deep);
export const book = (desk: Desk) => step(desk, (tx) => bookLoss(FOREIGN_PORTS, tx, take(desk), warrant()));
export const paid = (desk: Desk, id: Id) =>
  step(desk, (tx) =>
    settleByForeign(FOREIGN_PORTS, tx, PORTS.getWithdrawal(tx, id), {
      taken: take(desk),
      warrant: warrant(),
    }),
  );
export const unpaid = (desk: Desk, id: Id) =>
  step(desk, (tx) => {
    const coins = coinsSighted(UNPAID_PORTS, tx, { id }, TX);
    dismissSightings(UNPAID_PORTS, tx, { id }, { transaction: TX, coins, warrant: warrant() });
    return releaseIfClosed(PORTS, tx, PORTS.getWithdrawal(tx, id), desk.custody.policy.body).state;
  });
export const unsettle = (desk: Desk, id: Id) =>
  step(desk, (tx) =>
    unsettleForeign(UNPAID_PORTS, tx, PORTS.getWithdrawal(tx, id), {
      settlement: findForeignSettlement(tx, id)?.warrant ?? warrant(),
      warrant: warrant(),
    }),
  );
export const cancel = (desk: Desk, id: Id) =>
  step(desk, (tx) =>
    cancelWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, id), { policy: desk.custody.policy }),
  );
export const signOff = (desk: Desk) =>
  step(desk, (tx) => openQuarantines(tx).forEach(({ id }) => endQuarantine(tx, id, warrant())));
export const stateOf = (desk: Desk, id: Id) => step(desk, (tx) => PORTS.getWithdrawal(tx, id).state);
export const balances = ({ store, custody }: Desk) => ({
  wallet: balanceOf(store, walletAccount(custody.wallet.name), BTC),
  loss: balanceOf(store, lossAccount, BTC),
  fee: balanceOf(store, networkFeeAccount, BTC),
  held: balanceOf(store, heldAccount(CUSTOMER), BTC),
});
export function verify(desk: Desk): void {
  verifyLedger(desk.store);
  verifyAudit(desk.store);
}
