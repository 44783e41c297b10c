/** What the base of a plan on Stellar says for itself, believed by nobody: a transaction, operation by operation. */
import { formatAmount } from "../../core/amount.ts";
import { nativeAsset } from "../../core/asset.ts";
import type { ChainId } from "../../core/chain.ts";
import { CustodyError } from "../../core/errors.ts";
import type { NeverSigned, Paid, Summary } from "../summary.ts";
import { addressOfId, textOfMuxed } from "./address.ts";
import { assetIdOf } from "./assets.ts";
import { readTransaction, transactionName } from "./envelope.ts";
import { memoText, MEMO_UNREADABLE } from "./memo.ts";
import { OPERATION_REFUSED } from "./operations.ts";
import { NO_TIME_LIMIT } from "./plan.ts";
import { sequenceKey, keyInWords } from "./sequence-key.ts";
import type { Address } from "./address.ts";
import type { Operation } from "./xdr/operation.ts";
import type { Transaction } from "./xdr/transaction.ts";

/** @throws STELLAR_XDR_MALFORMED, STELLAR_XDR_TOO_DEEP where the bytes are no transaction */
export function baseSummary(base: Uint8Array, chain: ChainId): Summary {
  const transaction = readTransaction(base, "plan.base");
  const { source, fee, sequence, operations } = transaction;
  const from = textOfMuxed(source);
  const memo = memoOf(transaction);
  const coin = nativeAsset(chain);
  const paid = operations.map((operation, place) => paidBy(operation, chain, `operations.${place}`));
  const cost = formatAmount({ asset: coin, units: fee });
  const until = timeOf(transaction);
  const key = keyInWords(sequenceKey({ chain, address: from as Address, sequence }));
  return {
    kind: "transaction",
    data: {
      chain,
      transaction: transactionName(transaction, chain),
      source: from,
      sequence: sequence.toString(),
    },
    facts: [
      ["kind", `transaction on ${chain}`],
      ["source", from],
      ["uses", key],
      ...(memo === undefined ? [] : [["memo", memo] as const]),
      ...paid.map(({ amount, address, otherwise }, place): readonly [string, string] => [
        `operation ${place + 1}`,
        address === undefined ? otherwise : `pays ${amount} to ${address}`,
      ]),
      ["fee", `${cost} at most`],
      ["until", until ?? "for ever"],
    ],
    warnings: memo === undefined ? [] : [`its memo is ${memo}`],
    refusals: refusalsOf(transaction),
    page: {
      message: undefined,
      pays: paid,
      fee: `${cost} at most`,
      locks: until === undefined ? [] : [`until ${until}`],
      takes: { title: "uses", each: [{ name: key }] },
    },
  };
}

function memoOf({ memo }: Transaction): string | undefined {
  try {
    return memoText(memo);
  } catch (error) {
    if (error instanceof CustodyError && error.code === MEMO_UNREADABLE.code)
      return "a text that cannot be shown";
    throw error;
  }
}

function timeOf({ preconditions }: Transaction): string | undefined {
  const bounds =
    preconditions.type === "time"
      ? preconditions.value
      : preconditions.type === "v2"
        ? preconditions.value.timeBounds
        : undefined;
  return bounds === undefined || bounds.maxTime === 0n ? undefined : `second ${bounds.maxTime} of Unix time`;
}

function refusalsOf(transaction: Transaction): readonly NeverSigned[] {
  const others = transaction.operations.flatMap(({ body }, place) =>
    body.type === "payment" || body.type === "createAccount"
      ? []
      : [`operation ${place + 1} is ${body.type}`],
  );
  return [
    ...others.map((why) => ({ rule: OPERATION_REFUSED.code, why })),
    ...(timeOf(transaction) === undefined
      ? [{ rule: NO_TIME_LIMIT.code, why: "it does not say until when it may be taken" }]
      : []),
  ];
}

function paidBy({ body }: Operation, chain: ChainId, field: string): Paid {
  if (body.type === "payment") {
    const { destination, asset, amount } = body.value;
    return shown(assetIdOf(asset, chain, field), amount, textOfMuxed(destination));
  }
  if (body.type === "createAccount")
    return shown(nativeAsset(chain), body.value.startingBalance, addressOfId(body.value.destination));
  return { amount: "nothing that could be read", address: undefined, otherwise: `operation ${body.type}` };
}

function shown(asset: Parameters<typeof formatAmount>[0]["asset"], units: bigint, address: string): Paid {
  return { amount: formatAmount({ asset, units }), address, otherwise: "" };
}
