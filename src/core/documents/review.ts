import * as z from "zod";
import { documentType, type BodyOf, type Document } from "../document.ts";
import {
  accountField,
  assetField,
  chainField,
  countField,
  digestField,
  idField,
  nameField,
  textField,
  unitsField,
} from "../fields.ts";
import { LIMITS } from "../limits.ts";
import { signableMessageField } from "../signed-message.ts";
import { INTENT_TYPES } from "./intent-types.ts";

/** Names of those whose signatures counted for an intent. */
const peopleFields = {
  approvedBy: z.array(nameField).min(1).max(LIMITS.identitiesMax),
  /** Of compliance; absent where the policy row asks for no clearance. */
  clearedBy: z.array(nameField).min(1).max(LIMITS.identitiesMax).optional(),
};

/** Of a token. Absent, units are of the coin of the plan's chain. */
const tokenField = { asset: assetField.optional() };

const inputField = z.strictObject({ conflictKey: textField(160), units: unitsField, path: textField(128) });

/** PAY: an effect of an approved intent. OWN: a transfer to another wallet of ours, proven by derivation. CHANGE: an output back to the paying wallet, proven by derivation. ATTEST: a message signed for our own address; nothing moves, and the plan's inputs behind the first are coins that are only shown. CONTROL: a wallet's own contract is told who commands it from then on. */
const effectField = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("pay"),
    account: accountField,
    memo: textField(LIMITS.memoCharactersMax).optional(),
    ...tokenField,
    units: unitsField,
    intent: idField,
    ...peopleFields,
  }),
  z.strictObject({
    type: z.literal("own"),
    wallet: nameField,
    account: accountField,
    ...tokenField,
    units: unitsField,
    path: textField(128),
    intent: idField,
    ...peopleFields,
  }),
  z.strictObject({
    type: z.literal("change"),
    account: accountField,
    units: unitsField,
    path: textField(128),
  }),
  z.strictObject({
    type: z.literal("attest"),
    account: accountField,
    message: signableMessageField,
    intent: idField,
    ...peopleFields,
  }),
  z.strictObject({
    type: z.literal("control"),
    account: accountField,
    change: textField(LIMITS.textCharactersMax),
    intent: idField,
    ...peopleFields,
  }),
]);

const rungField = z.strictObject({
  /** The id the transaction will have once signed. */
  transaction: digestField,
  effects: z.array(effectField).min(1).max(LIMITS.transactionOutputsMax),
  feeUnits: unitsField,
  /** Thousandths of a base unit per virtual byte. */
  feeRateMilli: unitsField,
  /** Fee as a share of what is paid out, in thousandths, rounded up; absent of tokens, of which it is none. */
  feeSharePermille: unitsField.optional(),
});

const planReviewField = z.strictObject({
  plan: digestField,
  chain: chainField,
  wallet: nameField,
  quorum: textField(32),
  inputs: z.array(inputField).min(1).max(LIMITS.transactionInputsMax),
  intents: z
    .array(
      z.strictObject({
        type: z.enum(INTENT_TYPES),
        intent: idField,
        row: nameField,
        /** Above 1: an earlier attempt was declared dead, or shares a coin with this plan (law 4). */
        generation: countField(1000, 1),
        /** Of a withdrawal: the signed document that says where its customer may be paid (law 11). */
        beneficiary: z.strictObject({ id: idField, digest: digestField }).optional(),
        ...peopleFields,
      }),
    )
    .min(1)
    .max(LIMITS.intentsPerPlanMax),
  rungs: z.array(rungField).min(1).max(LIMITS.rungsPerPlanMax),
  cancel: rungField.optional(),
  /** What each row's limits still leave to this signer after this plan. */
  limits: z
    .array(
      z.strictObject({ row: nameField, ...tokenField, dayLeftUnits: unitsField, monthLeftUnits: unitsField }),
    )
    .max(LIMITS.policyRowsMax),
  locks: z.array(textField(80)).max(8),
  warnings: z.array(textField(LIMITS.textCharactersMax)).max(64),
});

/**
 * What the officer saw and confirmed, made from the decoded bytes and signed by the officer. The same object is drawn
 * in the terminal, as JSON, as a page and as a picture; there is no second description of a transaction.
 */
export const REVIEW = documentType(
  "review",
  {
    request: digestField,
    /**
     * Who lent the session key that asks for it, as the policy names them: whoever led a plan out is not the one to say
     * that it is dead, and a name may be another person's in a later policy.
     */
    operator: z.strictObject({ name: nameField, person: textField(64) }),
    policy: countField(1_000_000, 1),
    signer: nameField,
    epoch: countField(1_000_000, 1),
    plans: z.array(planReviewField).min(1).max(LIMITS.plansPerRequestMax),
    /** Earlier plans that the request says can never settle, what has taken their coin, and who vouches for it. */
    dead: z
      .array(
        z.strictObject({
          plan: digestField,
          spentBy: digestField,
          by: z.array(nameField).max(LIMITS.identitiesMax),
        }),
      )
      .max(LIMITS.plansPerRequestMax * LIMITS.intentsPerPlanMax),
  },
  { bytesMax: LIMITS.documentBytesMax },
);

export type Review = BodyOf<typeof REVIEW>;
export type ReviewDocument = Document<Review>;
export type PlanReview = z.output<typeof planReviewField>;
export type RungReview = z.output<typeof rungField>;
export type ReviewedEffect = z.output<typeof effectField>;
export type ReviewedInput = z.output<typeof inputField>;
