import * as z from "zod";
import { documentVariants, type BodyOf, type Document } from "../document.ts";
import {
  assetField,
  countField,
  digestField,
  idField,
  instantField,
  nameField,
  textField,
  unitsField,
} from "../fields.ts";
import { LIMITS } from "../limits.ts";
import { signableMessageField } from "../signed-message.ts";

const positiveUnitsField = unitsField.refine((units) => units !== "0", "is nothing");

const common = {
  id: idField,
  operation: idField,
  /** 1, 2, …: a new generation may use other coins only after the earlier ones are dead (law 4). */
  generation: countField(1000, 1),
  /** Digests of the earlier generations, from the one before down to generation 1; one fewer than `generation`. */
  supersedes: z.array(digestField).max(999),
  /** The policy number under which the intent's family was born (law 7). */
  born: countField(1_000_000, 1),
  requester: nameField,
  asset: assetField,
  expires: instantField,
};

/**
 * What shall happen, once. People approve the digest of an intent; every effect of a transaction belongs to exactly
 * one approved intent or is proven change (law 9). An intent carries no signatures: its approvals do.
 */
export const INTENT = documentVariants(
  "intent",
  [
    {
      ...common,
      type: z.literal("withdrawal"),
      /** Random pseudonym; who it is never leaves the online host. */
      customer: idField,
      /** SHA-256 of the client's idempotency key: two intents with one client key are one family. */
      clientKey: digestField,
      /** What the payee receives. */
      units: positiveUnitsField,
      /** Digest of the signed beneficiary document, so that an owned host cannot swap the address (law 11). */
      beneficiary: digestField,
      /** Who bears the network fee. The payee always receives `units`. */
      feeBearer: z.literal("custody"),
    },
    {
      ...common,
      type: z.literal("transfer"),
      /** The wallet of ours that pays, and the one that is paid, on its receive branch; the policy describes both. */
      wallet: nameField,
      destination: nameField,
      units: positiveUnitsField,
    },
    {
      ...common,
      type: z.literal("consolidate"),
      wallet: nameField,
      /** The most that may be brought together, fee included. */
      units: positiveUnitsField,
    },
    {
      ...common,
      type: z.literal("cancel"),
      wallet: nameField,
      units: z.literal("0"),
      /** Exactly what is spent back to ourselves: the conflict keys of a plan that has no signed cancel rung. */
      conflictKeys: z.array(textField(160)).min(1).max(LIMITS.transactionInputsMax),
    },
    {
      ...common,
      type: z.literal("attest"),
      wallet: nameField,
      units: z.literal("0"),
      /** What the wallet's keys shall sign: people approve this very text. */
      message: signableMessageField,
      /** Whether the wallet's coins are shown beside it (proof of funds, BIP-322). */
      coins: z.boolean(),
    },
    {
      ...common,
      type: z.literal("control"),
      wallet: nameField,
      units: z.literal("0"),
      /** Who shall command the wallet from then on, in its chain's words: people approve this very text. */
      change: textField(LIMITS.textCharactersMax),
    },
  ],
  { signed: false },
);

export type Intent = BodyOf<typeof INTENT>;
export type IntentDocument = Document<Intent>;
/** An intent of one type. */
export type IntentOf<Type extends Intent["type"]> = Extract<Intent, { type: Type }>;
