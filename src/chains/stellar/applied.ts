/** What a transaction that a ledger has applied did to accounts of ours: the number that it used, what it paid and what it took. */
import { accountId } from "../../core/account.ts";
import { amount, type Amount } from "../../core/amount.ts";
import { nativeAsset, type AssetId } from "../../core/asset.ts";
import type { ChainId } from "../../core/chain.ts";
import type { Digest } from "../../core/digest.ts";
import { toHex } from "../../core/hex.ts";
import type { Held } from "../chain-node.ts";
import { addressOfId, holderOf, type Address } from "./address.ts";
import { assetIdOf } from "./assets.ts";
import { feeBumpHash, readEnvelope, transactionName } from "./envelope.ts";
import { LEDGER_MALFORMED, type Outcome } from "./ledger.ts";
import type { Envelope, Transaction } from "./xdr/transaction.ts";

export type AppliedTransaction = {
  /** What nodes list it by: a fee bump has an id of its own. */
  readonly id: Digest;
  /** What the signatures of its source commit to. */
  readonly name: Digest;
  readonly source: Address;
  readonly feePayer: Address;
  readonly transaction: Transaction;
};

/** @throws STELLAR_XDR_MALFORMED, STELLAR_XDR_TOO_DEEP */
export function readApplied(envelope: Uint8Array, chain: ChainId): AppliedTransaction {
  const read = readEnvelope(envelope, "envelope");
  const transaction = transactionIn(read);
  const name = transactionName(transaction, chain);
  const source = holderOf(transaction.source);
  if (read.type !== "feeBump") return { id: name, name, source, feePayer: source, transaction };
  const bump = read.value.tx;
  const id = toHex(feeBumpHash(bump, chain)) as Digest;
  return { id, name, source, feePayer: holderOf(bump.feeSource), transaction };
}

// One of the form before protocol 13 is signed, and named, as if it were of today's (CAP-15).
function transactionIn(envelope: Envelope): Transaction {
  if (envelope.type === "tx") return envelope.value.tx;
  if (envelope.type === "feeBump") return envelope.value.tx.innerTx.value.tx;
  const { sourceEd25519, timeBounds, ...rest } = envelope.value.tx;
  return {
    ...rest,
    source: { type: "ed25519", value: sourceEd25519 },
    preconditions: timeBounds === undefined ? { type: "none" } : { type: "time", value: timeBounds },
  };
}

export type Ours = {
  readonly chain: ChainId;
  readonly accounts: readonly Address[];
  /** Issued assets that the policy lists. */
  readonly tokens: readonly AssetId[];
};

export type Movements = {
  /** By the place of the operation that pays it. */
  readonly pays: readonly (Held & { readonly operation: number })[];
  /** The fee first. */
  readonly takes: readonly Held[];
};

/**
 * Payments by classic operations, and fees. What arrives in another way (a path payment, a contract, a claimed or merged
 * balance) is found by what accounts hold.
 * @throws STELLAR_LEDGER_MALFORMED, STELLAR_XDR_MALFORMED for what no ledger applies
 */
export function movementsOf(
  { feePayer, source, transaction }: AppliedTransaction,
  { succeeded, feeUnits }: Outcome,
  { chain, accounts, tokens }: Ours,
): Movements {
  const coin = nativeAsset(chain);
  const held = (address: Address, of: Amount): Held => ({ account: accountId(chain, address), amount: of });
  const fee = accounts.includes(feePayer) ? [held(feePayer, amount(coin, feeUnits))] : [];
  if (!succeeded) return { pays: [], takes: fee };
  const paid = transaction.operations.flatMap(({ source: own, body }, operation) => {
    const from = own === undefined ? source : holderOf(own);
    if (body.type === "createAccount") {
      const { destination, startingBalance } = body.value;
      return [{ operation, from, to: addressOfId(destination), asset: coin, units: startingBalance }];
    }
    if (body.type !== "payment") return [];
    const { destination, asset, amount: units } = body.value;
    const id = assetIdOf(asset, chain, `operations.${operation}`);
    return id === coin || tokens.includes(id)
      ? [{ operation, from, to: holderOf(destination), asset: id, units }]
      : [];
  });
  if (paid.some(({ units }) => units < 0n))
    throw LEDGER_MALFORMED("a transaction that a ledger has applied pays less than nothing");
  // An account may be made with nothing in it (CAP-33).
  const moved = paid.flatMap(({ units, asset, ...rest }) =>
    units === 0n ? [] : [{ ...rest, of: amount(asset, units) }],
  );
  return {
    pays: moved
      .filter(({ to }) => accounts.includes(to))
      .map(({ operation, to, of }) => ({ operation, ...held(to, of) })),
    takes: [
      ...fee,
      ...moved.filter(({ from }) => accounts.includes(from)).map(({ from, of }) => held(from, of)),
    ],
  };
}
