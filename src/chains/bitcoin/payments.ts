/** What a payment becomes: an output that nodes relay, to somebody else or, proven, to another wallet of ours. */
import type { Payment, WalletView } from "../adapter.ts";
import { bitcoinAsset } from "../../core/asset.ts";
import { declareError } from "../../core/errors.ts";
import { equalBytes } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";
import { addressOfAccount } from "./address.ts";
import { deriveKey, type Descriptor, type WalletKey } from "./descriptor.ts";
import { assertAboveDust } from "./dust.ts";
import type { Parents } from "./snapshot-coins.ts";
import type { BitcoinSnapshot } from "./snapshot.ts";
import type { TransactionOutput } from "./transaction.ts";
import { walletDescriptor } from "./wallet.ts";

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
  "A payment goes to the paying wallet itself: that is a consolidation or nothing (law 9).",
);
export const TRANSFER_ADDRESS = declareError(
  "TRANSFER_ADDRESS",
  "invalid",
  "A transfer's account is not the address of the wallet and index that it names.",
);

/** An output with the keys that own it, where it is ours. */
export type NewOutput = TransactionOutput & { readonly key: WalletKey | undefined };

/** How many addresses to either side of the highest index are looked at for payments to ourselves. */
const OWN_SCAN_MAX = 50;

/**
 * The output of `payment`; `own` are scripts of the paying wallet (`ownScripts`).
 * @throws the errors declared above and PAYMENT_DUST, each with the payment's number in `details.payment`
 */
export function outputOf(
  { account, amount, memo, own: transfer }: Payment,
  index: number,
  view: WalletView,
  own: ReadonlySet<string>,
): NewOutput {
  const { network } = view;
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
      hint: "pay another wallet, or gather coins with a consolidate intent",
    });
  }
  if (transfer === undefined) return { units: amount.units, script, key: undefined };
  const key = deriveKey(walletDescriptor({ wallet: transfer.wallet, network }), 0, transfer.index);
  if (!equalBytes(key.script, script)) {
    throw TRANSFER_ADDRESS(`${field} pays ${address}, which is not ${transfer.wallet.name}'s ${key.path}`, {
      field,
      details,
      hint: "take the address from the wallet's own descriptor",
    });
  }
  return { units: amount.units, script, key };
}

/**
 * Scripts of the paying wallet that a payment might name by mistake: those of its coins, and those near the
 * highest index in use. All others are known to the online store, which checks them at intake.
 */
export function ownScripts(
  descriptor: Descriptor,
  { wallet, highestIndex }: WalletView,
  { coins, changeIndex }: BitcoinSnapshot,
  parents: Parents,
): ReadonlySet<string> {
  const width = Math.min(wallet.indexGap, OWN_SCAN_MAX);
  const last = Math.min(highestIndex + width, LIMITS.addressIndexMax);
  const scripts = coins.flatMap(
    ({ txid, vout }) => parents.get(txid)?.transaction.outputs[vout]?.script ?? [],
  );
  scripts.push(deriveKey(descriptor, 1, Math.min(changeIndex, LIMITS.addressIndexMax)).script);
  for (let index = Math.max(0, highestIndex - width); index <= last; index++) {
    scripts.push(deriveKey(descriptor, 0, index).script, deriveKey(descriptor, 1, index).script);
  }
  return new Set(scripts.map(scriptKey));
}

function scriptKey(script: Uint8Array): string {
  return Buffer.from(script).toString("latin1");
}
