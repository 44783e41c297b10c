/** What we read of bitcoind's answers: each field that we use, bounded; fields that we do not use may come and go. */
import * as z from "zod";
import { countField, digestField, hexField, textField } from "../../core/fields.ts";

const HEIGHT_MAX = 10_000_000;
const heightField = countField(HEIGHT_MAX);
/** Bitcoin as decimal text, exactly as it stood in the JSON (see amount-json.ts). Whole ones come as numbers. */
const bitcoinField = z.union([
  z.string().regex(/^(?:0|[1-9][0-9]{0,7})\.[0-9]{1,8}$/, "is not an amount in bitcoin"),
  countField(21_000_000).transform(String),
]);

export const chainAnswer = z.object({
  chain: textField(16),
  blocks: heightField,
  bestblockhash: digestField,
});

/** `confirmations` is -1 for a block that is not in the best chain. */
export const headerAnswer = z.object({
  hash: digestField,
  height: heightField,
  confirmations: z.number().int().min(-1).max(HEIGHT_MAX),
});

export const scanAnswer = z.object({
  success: z.literal(true),
  height: heightField,
  bestblock: digestField,
  unspents: z.array(
    z.object({
      txid: digestField,
      vout: countField(100_000),
      scriptPubKey: hexField,
      desc: textField(4096),
      amount: bitcoinField,
      height: heightField,
    }),
  ),
});

export const rawAnswer = hexField;
export const hashAnswer = digestField;
export const anyAnswer = z.unknown();

/** Without `blockhash` the transaction is in the mempool. */
export const transactionAnswer = z.object({ txid: digestField, blockhash: digestField.optional() });

/** `feerate` is missing, with `errors`, where the node has seen too little. Bitcoin per 1,000 virtual bytes. */
export const estimateAnswer = z.object({ feerate: bitcoinField.optional() });

export const mempoolAnswer = z.object({ mempoolminfee: bitcoinField, minrelaytxfee: bitcoinField });

export const indexAnswer = z.object({ txindex: z.object({ synced: z.boolean() }).optional() });

/** Consensus fits no more into 300 full blocks; a node's own limit (-maxmempool) ends far below. */
const MEMPOOL_TRANSACTIONS_MAX = 1_000_000;
export const mempoolIdsAnswer = z.array(digestField).max(MEMPOOL_TRANSACTIONS_MAX);
