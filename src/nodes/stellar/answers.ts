/** What we read of an endpoint's answers: each field that we use, bounded (Stellar RPC, protocol 23 and later). */
import * as z from "zod";
import { CustodyError } from "../../core/errors.ts";
import { parsed } from "../../core/fields.ts";
import { parseDigest, type Digest } from "../../core/digest.ts";
import { fromBase64 } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";

const SEQUENCE_MAX = 2 ** 32 - 1;
export const TRANSACTIONS_MAX = 200;
const ENTRIES_MAX = 200;
/** Of what validators' own limits allow, the metadata of a transaction is the longest. */
const XDR_CHARACTERS_MAX = 4 * LIMITS.stellarTransactionBytesMax;

const sequenceField = z.int().min(0).max(SEQUENCE_MAX);
const hashField: z.ZodType<Digest> = parsed((text) => parseDigest(text, "hash"));
const xdrField = z
  .string()
  .max(XDR_CHARACTERS_MAX)
  .transform((text, context) => {
    try {
      return fromBase64(text);
    } catch (error) {
      if (!(error instanceof CustodyError)) throw error;
      context.addIssue({ code: "custom", message: error.message });
      return z.NEVER;
    }
  });
const stroopsField = z
  .string()
  .regex(/^(?:0|[1-9][0-9]{0,18})$/, "is no number of stroops")
  .transform(BigInt);

export const networkAnswer = z.object({ passphrase: z.string().max(1024) });

export const latestAnswer = z.object({ id: hashField, sequence: sequenceField });

export const healthAnswer = z.object({ latestLedger: sequenceField, oldestLedger: sequenceField });

export const ledgersAnswer = z.object({
  ledgers: z.array(z.object({ hash: hashField, sequence: sequenceField, headerXdr: xdrField })).max(1),
});

export const entriesAnswer = z.object({
  entries: z
    .array(
      z.object({
        key: xdrField,
        xdr: xdrField,
        lastModifiedLedgerSeq: sequenceField,
      }),
    )
    .max(ENTRIES_MAX)
    .nullish(),
  latestLedger: sequenceField,
});

const applied = {
  status: z.enum(["SUCCESS", "FAILED"]),
  ledger: sequenceField,
  envelopeXdr: xdrField,
  resultXdr: xdrField,
};

export const transactionAnswer = z.union([
  z.object({ status: z.literal("NOT_FOUND"), latestLedger: sequenceField }),
  z.object({ ...applied, latestLedger: sequenceField }),
]);

export const transactionsAnswer = z.object({
  transactions: z.array(z.object({ ...applied, txHash: hashField })).max(TRANSACTIONS_MAX),
  latestLedger: sequenceField,
  cursor: z.string().regex(/^[0-9]{1,20}$/),
});

export const sentAnswer = z.object({
  status: z.enum(["PENDING", "DUPLICATE", "TRY_AGAIN_LATER", "ERROR"]),
  hash: hashField,
  errorResultXdr: xdrField.optional(),
});

export const feeStatsAnswer = z.object({
  inclusionFee: z.object({ p95: stroopsField, transactionCount: stroopsField }),
});
