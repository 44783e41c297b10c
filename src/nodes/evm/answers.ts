/** What we read of an endpoint's answers: each field that we use, in its one spelling and bounded (Ethereum JSON-RPC). */
import * as z from "zod";
import { parsed } from "../../core/fields.ts";
import { fromHex } from "../../core/hex.ts";
import { parseDigest, type Digest } from "../../core/digest.ts";
import { instantOf } from "../../core/instant.ts";
import { addressOf, type Address } from "../../chains/evm/address.ts";

const QUANTITY = /^0x(?:0|[1-9a-f][0-9a-f]{0,63})$/;
const HEIGHT_MAX = 2 ** 48;
/** The last second that our instants can spell. */
const SECONDS_MAX = 253_402_300_799;
const LOGS_MAX = 100_000;
const BLOCK_TRANSACTIONS_MAX = 100_000;

/** A quantity of at most 256 bits: `0x`, no leading zero, small letters. */
export const quantityField = z.string().regex(QUANTITY, "is not a minimal hex quantity").transform(BigInt);

function countQuantity(max: number) {
  return quantityField.refine((value) => value <= max, "is larger than it can be").transform(Number);
}

export const heightField = countQuantity(HEIGHT_MAX);

/** Bytes as `0x` and hex; kept as hex without `0x`. */
export const dataField = z
  .string()
  .regex(/^0x(?:[0-9a-f]{2})*$/, "is not bytes in hex")
  .transform((text) => text.slice(2));

/** 32 bytes; kept as the project spells hashes, without `0x`. */
export const hashField: z.ZodType<Digest> = parsed((text) =>
  parseDigest(text.startsWith("0x") ? text.slice(2) : "", "hash"),
);

/** Endpoints write addresses with checksum or without: here the value counts, not the spelling. */
export const addressField: z.ZodType<Address> = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, "is not an address")
  .transform((text) => addressOf(fromHex(text.slice(2).toLowerCase())));

const header = {
  number: heightField,
  hash: hashField,
  parentHash: hashField,
  timestamp: countQuantity(SECONDS_MAX).transform(instantOf),
  baseFeePerGas: quantityField.optional(),
  gasLimit: quantityField,
};

/** With the ids of its transactions. */
export const blockAnswer = z.object(header).nullable();

/** With its transactions: who sent them, and with which nonce. */
export const fullBlockAnswer = z
  .object({
    ...header,
    transactions: z
      .array(z.object({ hash: hashField, from: addressField, nonce: quantityField }))
      .max(BLOCK_TRANSACTIONS_MAX),
  })
  .nullable();

/** A block with its transactions, as far as their signed bytes can be put together again. */
export const blockTransactionsAnswer = z
  .object({
    ...header,
    transactions: z
      .array(
        z.object({
          hash: hashField,
          type: quantityField.optional(),
          from: addressField,
          to: addressField.nullable(),
          nonce: quantityField,
          value: quantityField,
          gas: quantityField,
          input: dataField,
          chainId: quantityField.nullish().transform((id) => id ?? undefined),
          gasPrice: quantityField.nullish().transform((wei) => wei ?? undefined),
          maxFeePerGas: quantityField.nullish().transform((wei) => wei ?? undefined),
          maxPriorityFeePerGas: quantityField.nullish().transform((wei) => wei ?? undefined),
          r: quantityField,
          s: quantityField,
          v: quantityField,
        }),
      )
      .max(BLOCK_TRANSACTIONS_MAX),
  })
  .nullable();

export type BlockTransactionAnswer = NonNullable<
  z.output<typeof blockTransactionsAnswer>
>["transactions"][number];

const logField = z.object({
  address: addressField,
  topics: z.array(hashField).max(4),
  data: dataField,
  logIndex: countQuantity(LOGS_MAX),
  blockHash: hashField,
  transactionHash: hashField,
  removed: z.literal(false).optional(),
});

export const logsAnswer = z.array(logField).max(LOGS_MAX);

export const receiptAnswer = z
  .object({
    transactionHash: hashField,
    blockHash: hashField,
    blockNumber: heightField,
    from: addressField,
    to: addressField.nullable(),
    status: z.enum(["0x0", "0x1"]),
    gasUsed: quantityField,
    effectiveGasPrice: quantityField,
    logs: z.array(logField).max(LOGS_MAX),
  })
  .nullable();

/** Without a block it waits in the pool. */
export const transactionAnswer = z
  .object({
    hash: hashField,
    from: addressField,
    nonce: quantityField,
    blockHash: hashField.nullish(),
    blockNumber: heightField.nullish(),
  })
  .nullable();

const PERCENTILES_MAX = 16;

export const feeHistoryAnswer = z.object({
  baseFeePerGas: z.array(quantityField).max(1025),
  reward: z.array(z.array(quantityField).max(PERCENTILES_MAX)).max(1024).nullish(),
});
