import * as z from "zod";
import { documentType, type BodyOf, type Document } from "../document.ts";
import {
  base64Field,
  chainField,
  countField,
  digestField,
  idField,
  nameField,
  textField,
  unitsField,
} from "../fields.ts";
import { LIMITS } from "../limits.ts";

const feeField = z.strictObject({ feeUnits: unitsField });

/**
 * A batch of intents with leased conflict keys and the unsigned attempts that would settle it, in a compact form: a
 * base, and for each rung no more than its fee. The signer computes every attempt, its conflict keys, fee and effects
 * from the base and the previous transactions, and refuses a plan that says otherwise.
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
    /** Bitcoin: a PSBT (BIP-174) of the cheapest rung without its previous transactions, which the request carries. */
    base: base64Field,
    /**
     * From the cheapest to the dearest. Bitcoin: the same transaction, whose one change output bears the difference;
     * without change there is one rung.
     */
    rungs: z.array(feeField).min(1).max(LIMITS.rungsPerPlanMax),
    /**
     * The dearest attempt of all: the same inputs, all to our own change branch. It ends what must not happen any more.
     * Absent in a plan that pays nobody else anyway.
     */
    cancel: z
      .strictObject({ feeUnits: unitsField, changeIndex: countField(LIMITS.addressIndexMax) })
      .optional(),
    /** Digest of the chain facts it was built from, which the online host keeps, so that it can be built again. */
    snapshot: digestField,
  },
  { signed: false, bytesMax: LIMITS.documentBytesMax },
);

export type Plan = BodyOf<typeof PLAN>;
export type PlanDocument = Document<Plan>;
