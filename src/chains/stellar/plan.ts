/**
 * A plan as it crosses the gap: its base is the transaction itself. There is one rung, for a fee is the most that is bid and
 * ledgers take what they ask; above it a fee bump goes around the same signed transaction (CAP-15). The cancel rung has the same
 * sequence number and end, and pays the account itself one stroop, which uses up the number and moves nothing: it ends before
 * its time what has not been sent. Everything is computed here from the base (law 1).
 */
import { accountId } from "../../core/account.ts";
import { nativeAsset } from "../../core/asset.ts";
import type { ChainId } from "../../core/chain.ts";
import { declareError } from "../../core/errors.ts";
import { rateMilliOf, rateUnitOf } from "../../core/fee-rate.ts";
import { fromBase64 } from "../../core/hex.ts";
import { instantOf, type Instant } from "../../core/instant.ts";
import type { DecodedAttempt, DecodedAttempts, FeeFacts, PlanBytes, WalletView } from "../adapter.ts";
import type { Effect } from "../effect.ts";
import { keyOfAddress, textOfMuxed, type Address } from "./address.ts";
import type { StellarAttempt } from "./attempt.ts";
import type { StellarDescriptor } from "./descriptor.ts";
import { payloadBytes, readTransaction, transactionHash, transactionName } from "./envelope.ts";
import { memoText } from "./memo.ts";
import { effectOf } from "./operations.ts";
import { sequenceKey } from "./sequence-key.ts";
import { pathOf, walletAccount } from "./wallet.ts";
import type { Transaction } from "./xdr/transaction.ts";

export const SOURCE_ELSEWHERE = declareError(
  "STELLAR_SOURCE_ELSEWHERE",
  "denied",
  "A plan's transaction is not one of the wallet's account.",
);
export const NO_TIME_LIMIT = declareError(
  "STELLAR_NO_TIME_LIMIT",
  "denied",
  "A plan's transaction does not say until when ledgers may take it: signed, it would be good for ever.",
);
export const CONDITIONS_UNASKED = declareError(
  "STELLAR_CONDITIONS_UNASKED",
  "denied",
  "A plan's transaction has conditions that no payment of ours needs.",
);
export const CONTRACT_DATA_UNASKED = declareError(
  "STELLAR_CONTRACT_DATA_UNASKED",
  "denied",
  "A plan's transaction carries resources for a contract that it does not call.",
);
export const ONE_RUNG = declareError(
  "STELLAR_ONE_RUNG",
  "denied",
  "A plan states other attempts than its one transaction.",
);
export const FEE_MISSTATED = declareError(
  "STELLAR_FEE_MISSTATED",
  "denied",
  "A plan's rung has another fee than its transaction.",
);

export const CANCEL_UNFIT = declareError(
  "STELLAR_CANCEL_UNFIT",
  "denied",
  "A cancel rung names another place of change than the account itself, or a fee that no transaction can have.",
);

/** A transaction's fee is a number of 32 bits. */
export const FEE_MAX = 2n ** 32n - 1n;

const CHANGED = "do not sign: somebody changed the transaction or the plan";

/** @throws the refusals of this file, and those of `operations.ts`, `memo.ts` and `xdr/cursor.ts` */
export function decodePlan(plan: PlanBytes, view: WalletView): DecodedAttempts<StellarAttempt> {
  const base = readTransaction(fromBase64(plan.base, "plan.base"), "plan.base");
  const attempt = decodeTransaction(base, view, "plan.base");
  const [rung, ...others] = plan.rungs;
  if (others.length > 0) {
    throw ONE_RUNG(`the plan states ${plan.rungs.length} rungs, and it has one`, {
      field: "plan.rungs",
      hint: CHANGED,
    });
  }
  if (rung?.feeUnits !== attempt.fee.units.toString()) {
    throw FEE_MISSTATED(
      `the transaction costs ${attempt.fee.units} stroops, the plan says ${rung?.feeUnits}`,
      { field: "plan.rungs[0].feeUnits", hint: CHANGED },
    );
  }
  return { rungs: [attempt], cancel: plan.cancel && cancelOf(base, plan.cancel, view) };
}

function cancelOf(
  base: Transaction,
  stated: NonNullable<PlanBytes["cancel"]>,
  view: WalletView,
): DecodedAttempt<StellarAttempt> {
  const account = walletAccount(view);
  const transaction = cancelling(base, stated, account.address);
  const until = timeLimit(transaction, "plan.cancel");
  return describe(transaction, [returned(account, view.wallet.chain)], until, account, view.wallet.chain);
}

/** The cancel rung of a plan. A payment to itself asks for the weight that the payment asks for, and leaves no signature unused. */
function cancelling(
  base: Transaction,
  { feeUnits, changeIndex }: NonNullable<PlanBytes["cancel"]>,
  address: Address,
): Transaction {
  const fee = BigInt(feeUnits);
  if (changeIndex !== 0 || fee > FEE_MAX) {
    throw CANCEL_UNFIT(`the cancel rung goes to index ${changeIndex} for ${fee} stroops`, {
      field: "plan.cancel",
      hint: CHANGED,
    });
  }
  const destination = { type: "ed25519", value: keyOfAddress(address) } as const;
  const payment = { destination, asset: { type: "native" }, amount: 1n } as const;
  return {
    ...base,
    fee,
    memo: { type: "none" },
    operations: [{ source: undefined, body: { type: "payment", value: payment } }],
  };
}

/** As devices sign it: the bytes whose hash is signed. */
export function expandPlan({ base, cancel }: PlanBytes, view: WalletView): readonly Uint8Array[] {
  const first = readTransaction(fromBase64(base, "plan.base"), "plan.base");
  const { address } = walletAccount(view);
  const all = [first, ...(cancel === undefined ? [] : [cancelling(first, cancel, address)])];
  return all.map((value) => payloadBytes({ type: "tx", value }, view.wallet.chain));
}

/** One unsigned transaction of the wallet's account. */
export function decode(
  bytes: Uint8Array,
  view: WalletView,
  field = "transaction",
): DecodedAttempt<StellarAttempt> {
  return decodeTransaction(readTransaction(bytes, field), view, field);
}

function decodeTransaction(
  transaction: Transaction,
  view: WalletView,
  field: string,
): DecodedAttempt<StellarAttempt> {
  const account = walletAccount(view);
  const source = textOfMuxed(transaction.source);
  if (source !== account.address) {
    throw SOURCE_ELSEWHERE(`${field} is a transaction of ${source}, and not of ${account.address}`, {
      field: `${field}.source`,
      hint: CHANGED,
    });
  }
  const until = timeLimit(transaction, field);
  if (transaction.ext.type !== "none") {
    throw CONTRACT_DATA_UNASKED(`${field} carries resources for contracts`, {
      field: `${field}.ext`,
      hint: CHANGED,
    });
  }
  const memo = memoText(transaction.memo, `${field}.memo`);
  const effects = transaction.operations.map((operation, place) =>
    effectOf(operation, account, view, memo, `${field}.operations.${place}`),
  );
  return describe(transaction, effects, until, account, view.wallet.chain);
}

function returned(account: StellarDescriptor, chain: ChainId): Effect {
  return {
    type: "change",
    account: accountId(chain, account.address),
    asset: nativeAsset(chain),
    units: 0n,
    path: pathOf(account),
    index: 0,
    keeps: true,
  };
}

// Attack S3. A time that is 0 is none; another form of conditions has more than a time (CAP-21).
function timeLimit({ preconditions }: Transaction, field: string): Instant {
  if (preconditions.type === "v2") {
    throw CONDITIONS_UNASKED(`${field} has conditions beside its time`, {
      field: `${field}.preconditions`,
      hint: CHANGED,
    });
  }
  const until = preconditions.type === "none" ? 0n : preconditions.value.maxTime;
  const instant = until === 0n ? undefined : instantAt(until);
  if (instant !== undefined) return instant;
  throw NO_TIME_LIMIT(`${field} does not say until when it may be taken`, {
    field: `${field}.preconditions`,
    hint: CHANGED,
  });
}

/** The last second of the year 9999. Whatever is good until after it is good for ever. */
const LAST_SECOND = 253_402_300_799n;

function instantAt(unixSeconds: bigint): Instant | undefined {
  return unixSeconds > LAST_SECOND ? undefined : instantOf(Number(unixSeconds));
}

function describe(
  transaction: Transaction,
  effects: readonly Effect[],
  until: Instant,
  account: StellarDescriptor,
  chain: ChainId,
): DecodedAttempt<StellarAttempt> {
  const { operations, preconditions, sequence } = transaction;
  const fee = feeFacts(transaction, chain);
  const key = sequenceKey({ chain, address: account.address, sequence });
  const coin = nativeAsset(chain);
  const paid = effects.reduce(
    (sum, effect) => ("units" in effect && effect.asset === coin ? sum + effect.units : sum),
    0n,
  );
  const from = preconditions.type === "time" ? preconditions.value.minTime : 0n;
  const since = from === 0n ? undefined : instantAt(from);
  return {
    tx: { transaction, account, hash: transactionHash(transaction, chain) },
    transaction: transactionName(transaction, chain),
    conflictKeys: [key],
    inputs: [{ conflictKey: key, units: (paid + fee.units).toString(), path: pathOf(account) }],
    effects,
    fee,
    locks: [...(since === undefined ? [] : [`not before ${since}`]), `until ${until}`],
    warnings: operations.flatMap(({ body }, place) =>
      body.type === "createAccount"
        ? [`operation ${place + 1} makes an account that does not exist yet`]
        : [],
    ),
    until,
  };
}

/** What a transaction costs at most; its size is how many operations it has. */
export function feeFacts({ fee: units, operations }: Transaction, chain: ChainId): FeeFacts {
  const size = Math.max(1, operations.length);
  return { units, rateMilli: rateMilliOf(units, BigInt(size), rateUnitOf(chain)), virtualSize: size };
}
