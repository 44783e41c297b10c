import { z } from "zod";
import { documentType, type BodyOf, type Document } from "../document.ts";
import {
  base64Field,
  chainField,
  digestField,
  idField,
  nameField,
  textField,
  unitsField,
} from "../fields.ts";
import { LIMITS } from "../limits.ts";

/**
 * A batch of intents with leased conflict keys and the unsigned transactions (rungs) that would settle it. The
 * signer computes conflict keys, fee and effects from the bytes again and refuses a plan that says otherwise.
 */
export const PLAN = documentType(
  "plan",
  {
    id: idField,
    operation: idField,
    chain: chainField,
    wallet: nameField,
    intents: z.array(digestField).min(1).max(LIMITS.intentsPerPlanMax),
    /** What its attempts compete for: `<chain>:outpoint:<txid>:<vout>`, in input order. */
    conflictKeys: z.array(textField(160)).min(1).max(LIMITS.transactionInputsMax),
    /** Each rung is a PSBT (BIP-174) with full previous transactions, from the cheapest to the dearest. */
    rungs: z
      .array(z.strictObject({ psbt: base64Field, feeUnits: unitsField }))
      .min(1)
      .max(LIMITS.rungsPerPlanMax),
    /** Digest of the chain facts it was built from, which the online host keeps, so that it can be built again. */
    snapshot: digestField,
  },
  { signed: false, bytesMax: LIMITS.documentBytesMax },
);

export type Plan = BodyOf<typeof PLAN>;
export type PlanDocument = Document<Plan>;
