/**
 * Payments and a snapshot of chain facts to an unsigned PSBT. Pure: the same arguments give the same bytes, so a plan
 * can be rebuilt from its stored snapshot and compared.
 */
import type { BuiltPlan, Payment, WalletView } from "../adapter.ts";
import { bitcoinAsset } from "../../core/asset.ts";
import { canonicalBytes } from "../../core/canonical.ts";
import type { Network } from "../../core/chain.ts";
import { taggedDigest } from "../../core/digest.ts";
import { declareError } from "../../core/errors.ts";
import { equalBytes, fromHex } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";
import { addressOfAccount } from "./address.ts";
import { selectCoins } from "./coins.ts";
import { conflictKeysOf, walletDescriptor } from "./decode.ts";
import { deriveKey, type Branch, type Descriptor, type WalletKey } from "./descriptor.ts";
import { assertAboveDust } from "./dust.ts";
import { newPsbt, type NewPsbtInput, type PsbtDerivation } from "./psbt.ts";
import { shuffled } from "./shuffle.ts";
import type { BitcoinCoin, BitcoinSnapshot } from "./snapshot.ts";
import {
  parseTransaction,
  strippedBytes,
  transactionId,
  type Transaction,
  type TransactionOutput,
} from "./transaction.ts";

export const PAYMENTS_NONE = declareError(
  "PAYMENTS_NONE",
  "usage",
  "A batch has no payments, or more than one transaction takes.",
);
export const PAYMENT_ASSET = declareError(
  "PAYMENT_ASSET",
  "invalid",
  "A payment is in an asset that this wallet does not hold.",
);
export const PAYMENT_MEMO = declareError(
  "PAYMENT_MEMO",
  "invalid",
  "A bitcoin payment has a memo, which bitcoin cannot carry.",
);
export const PAYMENT_OWN = declareError(
  "PAYMENT_OWN",
  "denied",
  "A payment goes to the paying wallet itself: that is a transfer (law 9).",
);
export const SNAPSHOT_INCONSISTENT = declareError(
  "SNAPSHOT_INCONSISTENT",
  "verification",
  "A snapshot's coin is not what its parent transaction says, or is not the wallet's.",
);
export const CHANGE_INDEX_AHEAD = declareError(
  "CHANGE_INDEX_AHEAD",
  "conflict",
  "A snapshot's change index is further ahead than the signer would accept.",
);

/** Signals replaceability (BIP-125) and keeps the lock time in force, without a relative lock (BIP-68). */
const SEQUENCE = 0xffff_fffd;
/** Consensus COINBASE_MATURITY: a coinbase output can be spent in the hundredth block after its own. */
const COINBASE_MATURITY = 100;
/** How many addresses to either side of the highest index are looked at for payments to ourselves. */
const OWN_SCAN_MAX = 50;

type Output = TransactionOutput & { readonly change: WalletKey | undefined };

/**
 * Builds one rung that pays all `payments`. The lock time is the tip's height, as in Bitcoin Core, so that nobody
 * gains by mining old blocks again for its fee.
 * @throws PAYMENT_…, INSUFFICIENT_COINS, TRANSACTION_TOO_HEAVY, SNAPSHOT_INCONSISTENT, CHANGE_INDEX_AHEAD; errors about a
 *   payment name its number in `details.payment`, so that one bad row can be taken out and the rest built (failure F16)
 */
export function build(payments: readonly Payment[], view: WalletView, snapshot: BitcoinSnapshot): BuiltPlan {
  const descriptor = walletDescriptor(view);
  if (payments.length === 0 || payments.length > LIMITS.intentsPerPlanMax) {
    throw PAYMENTS_NONE(
      `a batch has ${payments.length} payments, 1 to ${LIMITS.intentsPerPlanMax} can be built`,
      { field: "payments" },
    );
  }
  const parents = parentsOf(snapshot);
  const own = ownScripts(descriptor, view, snapshot, parents);
  const paid = payments.map((payment, index) => parsePayment(payment, index, view.network, own));
  const selection = selectCoins({
    coins: snapshot.coins.filter((coin) => isMature(coin, snapshot.tip.height)),
    scripts: paid.map(({ script }) => script),
    payUnits: paid.reduce((total, { units }) => total + units, 0n),
    feeRateMilli: atLeast(BigInt(snapshot.feeRateMilli), BigInt(snapshot.relayRateMilli)),
  });
  const change =
    selection.changeUnits === 0n ? undefined : changeKey(descriptor, view, snapshot, selection.coins);
  const outputs: Output[] = paid.map((output) => ({ ...output, change: undefined }));
  if (change !== undefined) outputs.push({ units: selection.changeUnits, script: change.script, change });

  const seed = taggedDigest("custody/bitcoin-output-order/v1", canonicalBytes(snapshot));
  const ordered = shuffled(outputs, seed);
  const coins = shuffled(selection.coins, seed);
  const inputs = provenInputs(coins, descriptor, parents);
  const unsigned: Transaction = {
    version: 2,
    inputs: coins.map(({ txid, vout }) => ({
      txid,
      vout,
      scriptSig: new Uint8Array(),
      sequence: SEQUENCE,
      witness: [],
    })),
    outputs: ordered.map(({ units, script }) => ({ units, script })),
    lockTime: snapshot.tip.height,
  };
  const derivations = ordered.map(({ change: key }) =>
    key === undefined ? undefined : derivationOf(key, descriptor),
  );
  return {
    conflictKeys: conflictKeysOf(unsigned, descriptor),
    rungs: [{ bytes: newPsbt(unsigned, inputs, derivations), feeUnits: selection.feeUnits }],
    changeIndex: change?.index,
  };
}

function parsePayment(
  { account, amount, memo }: Payment,
  index: number,
  network: Network,
  own: ReadonlySet<string>,
): TransactionOutput {
  const field = `payments[${index}]`;
  const details = { payment: index };
  if (amount.asset !== bitcoinAsset(network)) {
    throw PAYMENT_ASSET(`${field} is in ${amount.asset}, this wallet holds ${bitcoinAsset(network)}`, {
      field,
      details,
    });
  }
  if (memo !== undefined)
    throw PAYMENT_MEMO(`${field} has a memo, which bitcoin cannot carry`, {
      field,
      details,
      hint: "leave the memo out",
    });
  const destination = addressOfAccount(account, network, `${field}.account`);
  const { script, address } = destination;
  assertAboveDust(destination, amount.units, field, details);
  if (own.has(scriptKey(script))) {
    throw PAYMENT_OWN(`${field} pays ${address}, which is the paying wallet's own`, {
      field,
      details,
      hint: "move coins between own addresses with a transfer intent",
    });
  }
  return { units: amount.units, script };
}

/**
 * Scripts of the paying wallet that a payment might name by mistake: those of its coins, and those near the
 * highest index in use. All others are known to the online store, which checks them at intake.
 */
function ownScripts(
  descriptor: Descriptor,
  { wallet, highestIndex }: WalletView,
  { coins, changeIndex }: BitcoinSnapshot,
  parents: Parents,
): ReadonlySet<string> {
  const width = Math.min(wallet.indexGap, OWN_SCAN_MAX);
  const last = Math.min(highestIndex + width, LIMITS.addressIndexMax);
  const scripts = coins.flatMap(({ txid, vout }) => parents.get(txid)?.outputs[vout]?.script ?? []);
  scripts.push(deriveKey(descriptor, 1, Math.min(changeIndex, LIMITS.addressIndexMax)).script);
  for (let index = Math.max(0, highestIndex - width); index <= last; index++) {
    scripts.push(deriveKey(descriptor, 0, index).script, deriveKey(descriptor, 1, index).script);
  }
  return new Set(scripts.map(scriptKey));
}

/** Previous transactions by id. */
type Parents = ReadonlyMap<string, Transaction>;

function parentsOf({ parents }: BitcoinSnapshot): Parents {
  return new Map(
    parents.map((hex) => {
      const parent = parseTransaction(fromHex(hex, "snapshot.parents"), "snapshot.parents");
      return [transactionId(parent), parent];
    }),
  );
}

// The same rule as the signer's (law 10): better refused here than after people have approved.
function changeKey(
  descriptor: Descriptor,
  view: WalletView,
  { changeIndex }: BitcoinSnapshot,
  coins: readonly BitcoinCoin[],
): WalletKey {
  const highest = coins.reduce((max, { index }) => Math.max(max, index), view.highestIndex);
  if (changeIndex > Math.min(highest + view.wallet.indexGap, LIMITS.addressIndexMax)) {
    throw CHANGE_INDEX_AHEAD(
      `change would go to index ${changeIndex}, the gap of ${view.wallet.indexGap} after ${highest} does not reach it`,
      {
        field: "snapshot.changeIndex",
        hint: "use the lowest unused change index",
      },
    );
  }
  return deriveKey(descriptor, 1, changeIndex);
}

// What the node said about a coin is checked against the parent's bytes here, as the signer will check it again.
function provenInputs(
  coins: readonly BitcoinCoin[],
  descriptor: Descriptor,
  parents: Parents,
): NewPsbtInput[] {
  const stripped = new Map<string, Uint8Array>();
  return coins.map((coin) => {
    const parent = parents.get(coin.txid);
    const output = parent?.outputs[coin.vout];
    const key = deriveKey(descriptor, coin.branch as Branch, coin.index);
    if (
      parent === undefined ||
      output === undefined ||
      output.units !== BigInt(coin.units) ||
      !equalBytes(output.script, key.script)
    ) {
      throw SNAPSHOT_INCONSISTENT(
        `coin ${coin.txid}:${coin.vout} is not the wallet's ${key.path} with ${coin.units} sat`,
        {
          field: "snapshot.coins",
          hint: "take a new snapshot; if this happens again, ask another node",
        },
      );
    }
    const previousTransaction = stripped.get(coin.txid) ?? strippedBytes(parent);
    stripped.set(coin.txid, previousTransaction);
    return { previousTransaction, previousOutput: output, derivation: derivationOf(key, descriptor) };
  });
}

function derivationOf({ publicKey, keyPath }: WalletKey, { origin }: Descriptor): PsbtDerivation {
  return { publicKey, fingerprint: origin.fingerprint, path: keyPath };
}

function isMature({ coinbase, height }: BitcoinCoin, tipHeight: number): boolean {
  return !coinbase || tipHeight + 1 - height >= COINBASE_MATURITY;
}

function atLeast(rate: bigint, floor: bigint): bigint {
  return rate < floor ? floor : rate;
}

function scriptKey(script: Uint8Array): string {
  return Buffer.from(script).toString("latin1");
}
