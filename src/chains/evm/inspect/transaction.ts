/** What an account's transaction says for itself: whose, to whom, at which cost at most, and each of its calls. */
import { formatAmount } from "../../../core/amount.ts";
import { nativeAsset } from "../../../core/asset.ts";
import type { ChainId } from "../../../core/chain.ts";
import { toHex } from "../../../core/hex.ts";
import type { Fact, Summary } from "../../summary.ts";
import type { Address } from "../address.ts";
import { keyInWords, nonceKey } from "../nonce-key.ts";
import { feePerGas, signingHash, type EvmTransaction } from "../transaction.ts";
import { describeCall } from "./calls.ts";

const GWEI = 10n ** 9n;

export type About = {
  readonly transaction: EvmTransaction;
  readonly chain: ChainId;
  /** Of a signed one: its id, and who has signed it. */
  readonly signed?: { readonly id: string; readonly from: Address };
};

export function transactionSummary({ transaction, chain, signed }: About): Summary {
  const said = describeCall(transaction, chain);
  const { nonce, gasLimit, to } = transaction;
  const most = formatAmount({ asset: nativeAsset(chain), units: gasLimit * feePerGas(transaction) });
  const uses =
    signed === undefined ? `nonce ${nonce}` : keyInWords(nonceKey({ chain, address: signed.from, nonce }));
  const facts: readonly Fact[] = [
    [
      "kind",
      `transaction of type ${transaction.type} on ${chain}, ${signed === undefined ? "unsigned" : "signed"}`,
    ],
    signed === undefined ? ["to be signed", toHex(signingHash(transaction))] : ["transaction", signed.id],
    ...(signed === undefined ? [] : [["from", signed.from] as const]),
    ["uses", uses],
    ...(said.facts.length === 0 ? [["pays", `nobody: an empty call of ${to}`] as const] : said.facts),
    ["fee", `${most} at most: ${gasLimit} gas at ${ratesOf(transaction)}`],
  ];
  return {
    kind: "transaction",
    data: {
      chain,
      type: transaction.type,
      nonce: nonce.toString(),
      to,
      value: transaction.value.toString(),
      gasLimit: gasLimit.toString(),
      data: `0x${toHex(transaction.data)}`,
      hash: toHex(signingHash(transaction)),
      ...(signed === undefined ? {} : { id: signed.id, from: signed.from }),
    },
    facts,
    warnings: said.warnings,
    refusals: said.refusals,
    page: {
      message: undefined,
      pays: said.pays,
      fee: `${most} at most on rung 1`,
      locks: [],
      takes: { title: "uses a nonce", each: [{ name: uses }] },
    },
  };
}

function ratesOf(transaction: EvmTransaction): string {
  const gwei = (wei: bigint) => {
    const rest = (wei % GWEI).toString().padStart(9, "0").replace(/0+$/, "");
    return `${wei / GWEI}${rest === "" ? "" : `.${rest}`} gwei`;
  };
  if (transaction.type !== 2) return gwei(transaction.gasPrice);
  const { maxFeePerGas, maxPriorityFeePerGas } = transaction;
  return `${gwei(maxFeePerGas)}, of which ${gwei(maxPriorityFeePerGas)} above the base fee`;
}
