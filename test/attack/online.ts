/** The online side of the fixtures' custody in a scratch database: one approved payment on its way through the queue. */
import { bitcoinBuilder, bitcoinCodec } from "../../src/chains/bitcoin/index.ts";
import { amount } from "../../src/core/amount.ts";
import type { Digest } from "../../src/core/digest.ts";
import { documentBytes, parseDocument } from "../../src/core/document.ts";
import type { ApprovalDocument } from "../../src/core/documents/approval.ts";
import { BENEFICIARY } from "../../src/core/documents/beneficiary.ts";
import { INTENT, type IntentDocument } from "../../src/core/documents/intent.ts";
import type { DelegationDocument } from "../../src/core/documents/delegation.ts";
import type { ReceiptDocument } from "../../src/core/documents/receipt.ts";
import type { Id } from "../../src/core/identifier.ts";
import type { Instant } from "../../src/core/instant.ts";
import { postDeposit } from "../../src/core/ledger.ts";
import { OVERDUE_PORTS, PORTS } from "../../src/home/ports.ts";
import type { Name } from "../../src/core/identifier.ts";
import type { WalletView } from "../../src/chains/adapter.ts";
import { moveKyc, openKyc } from "../../src/store/kyc.ts";
import { insertCustomer } from "../../src/store/customers.ts";
import type { Store } from "../../src/store/database.ts";
import { activatePolicy } from "../../src/store/policies.ts";
import { post } from "../../src/store/postings.ts";
import type { Policy } from "../../src/core/policy/policy.ts";
import { write, type Tx } from "../../src/store/transaction.ts";
import { getWallet, insertWallet } from "../../src/store/wallets.ts";
import { listWithdrawals } from "../../src/store/withdrawal-lists.ts";
import { buildPlan, type Planned } from "../../src/withdrawals/planning/build.ts";
import { importDecision } from "../../src/withdrawals/deciding/decide.ts";
import { expire, overdueAt, type Overdue } from "../../src/withdrawals/ending/expire.ts";
import type { PlanRow } from "../../src/withdrawals/rows.ts";
import { exportPlans } from "../../src/withdrawals/crossing/export.ts";
import { importReceipt } from "../../src/withdrawals/crossing/receive.ts";
import type { Pace } from "../../src/withdrawals/planning/pace.ts";
import { requestWithdrawal } from "../../src/withdrawals/intake/request.ts";
import { COINS, makeCustody, vaultSnapshot, type Custody } from "../factory/custody.ts";
import type { TestCoin } from "../bitcoin/regtest-wallet.ts";
import { beneficiary, BTC, delegation } from "../factory/documents.ts";
import { at, fixtureId, RUTH, SESSION, type Cast } from "../factory/identities.ts";
import { scratch } from "../unit/store/scratch.ts";

export type Desk = { readonly custody: Custody; readonly store: Store };

export const CUSTOMER = fixtureId("customer");
let counter = 0;

/** Runs `work` as one command at `now`. */
export function step<T>({ store }: Desk, work: (tx: Tx) => T, now = at("09:10:00")): T {
  counter += 1;
  const operation = fixtureId(`attack operation ${counter}`);
  return write(store, { operation, command: "test", actor: "oscar", now }, work);
}

/** An online home with one customer who has a whole bitcoin. */
export function makeDesk(changes: Partial<Policy> = {}): Desk {
  const made = makeCustody(changes);
  const custody = { ...made, wallet: changes.wallets?.[0] ?? made.wallet };
  const desk = { custody, store: scratch().store };
  step(desk, (tx) => {
    const { body, digest } = custody.policy;
    PORTS.saveDocument(tx, custody.policy);
    activatePolicy(tx, { number: body.number, digest });
    const { name, chain, descriptor } = custody.wallet;
    insertWallet(tx, { name, chain, descriptor });
    insertCustomer(tx, { id: CUSTOMER, ref: "c-1" });
    acceptKyc(tx);
    const deposit = { coin: "coin", wallet: name, customer: CUSTOMER, asset: BTC, units: 100_000_000n };
    post(tx, postDeposit(deposit));
  });
  return desk;
}

/** What a compliance officer would have decided about the customer. */
function acceptKyc(tx: Tx): void {
  openKyc(tx, CUSTOMER);
  moveKyc(tx, CUSTOMER, { version: 1, to: "SUBMITTED", event: "submitted" });
  const changes = { tier: "basic" as Name, expires: "2027-11-22T00:00:00Z" as Instant };
  moveKyc(tx, CUSTOMER, { version: 2, to: "ACCEPTED", event: "accepted" }, changes);
}

/** The fixtures' vault as the online host sees it. */
function view({ custody }: Desk): WalletView {
  return {
    wallet: custody.wallet,
    network: "regtest",
    highestIndex: 1,
    own: custody.policy.body.wallets,
    tokens: [],
  };
}

/** A withdrawal that waits for its approval, with the intent that people are asked to approve. */
export function ask(desk: Desk, key: string, units: bigint): { id: Id; intent: IntentDocument } {
  const destination = beneficiary({ custody: desk.custody.id });
  return step(desk, (tx) => {
    PORTS.saveDocument(tx, destination);
    const { account } = parseDocument(BENEFICIARY, documentBytes(destination)).body;
    const { withdrawal } = requestWithdrawal(
      PORTS,
      tx,
      { customerRef: "c-1", amount: amount(BTC, units), account, clientKey: key },
      {
        policy: desk.custody.policy,
        requester: RUTH.name,
        now: at("08:50:00"),
        operation: tx.operation,
        id: fixtureId(`withdrawal ${key}`),
      },
    );
    const intent = PORTS.findDocument(tx, INTENT, withdrawal.intent as Digest) as IntentDocument;
    return { id: withdrawal.id, intent };
  });
}

export function decide(desk: Desk, approval: ApprovalDocument, now: Instant = at("09:05:00")) {
  return step(desk, (tx) => importDecision(PORTS, tx, approval, { policy: desk.custody.policy, now }), now);
}

export type BuildChanges = {
  readonly coins?: readonly TestCoin[];
  readonly now?: Instant;
  readonly feeRatesMilli?: readonly bigint[];
  readonly max?: number;
  readonly replaces?: Id;
  readonly pace?: Pace | undefined;
};

export function build(desk: Desk, changes: BuildChanges = {}): Planned {
  const { policy, wallet } = desk.custody;
  const { coins = COINS, now = at("09:10:00"), feeRatesMilli, max = 1000, replaces, pace } = changes;
  return step(
    desk,
    (tx) => {
      const changeIndex = getWallet(tx, wallet.name).nextChange;
      const snapshot = vaultSnapshot(desk.custody, coins, { changeIndex });
      const ready =
        replaces === undefined
          ? listWithdrawals(tx, { state: "READY" }, { limit: 1000 })
          : PORTS.withdrawalsOf(tx, replaces).filter(({ reason }) => reason === undefined);
      const rate = BigInt(snapshot.feeRateMilli);
      return buildPlan(
        PORTS,
        tx,
        { builder: bitcoinBuilder, codec: bitcoinCodec },
        {
          ready,
          max,
          view: view(desk),
          snapshot,
          feeRatesMilli: feeRatesMilli ?? [rate, 2n * rate, 4n * rate],
          pace,
          replaces: replaces === undefined ? undefined : PORTS.getPlan(tx, replaces),
        },
        { policy, now, operation: tx.operation, id: fixtureId(`plan ${tx.operation}`) },
      );
    },
    now,
  );
}

export function exported(
  desk: Desk,
  plan: Id,
  session: { now?: Instant; delegation?: DelegationDocument; key?: Cast } = {},
) {
  const { policy, id: custody } = desk.custody;
  const { now = at("09:15:00"), key = SESSION } = session;
  return step(desk, (tx) => {
    const { plans, ...rest } = exportPlans(PORTS, tx, [PORTS.getPlan(tx, plan)], {
      policy,
      delegation: session.delegation ?? delegation({ custody }),
      sessionSeed: key.seed,
      now,
      operation: tx.operation,
      id: fixtureId(`request ${tx.operation}`),
    });
    return { ...rest, plan: plans[0] as PlanRow };
  });
}

/** Moves all that is overdue at `now`, as the watcher does. @returns what was moved */
export function expireDue(desk: Desk, now: Instant): readonly Overdue[] {
  const due = overdueAt(OVERDUE_PORTS, desk.store, now);
  return due.filter((one) => step(desk, (tx) => expire(PORTS, tx, one, now), now));
}

export function receive(desk: Desk, receipt: ReceiptDocument) {
  const { policy } = desk.custody;
  let attempts = 0;
  return step(desk, (tx) =>
    importReceipt(PORTS, tx, receipt, {
      policy,
      codec: () => bitcoinCodec,
      view: () => view(desk),
      newId: () => fixtureId(`attempt ${receipt.digest} ${attempts++}`),
    }),
  );
}
