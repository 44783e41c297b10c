/** The text of a message that a wallet's keys sign (intent type `attest`). */
import * as z from "zod";
import { declareError } from "./errors.ts";
import { LIMITS } from "./limits.ts";

export const MESSAGE_UNSIGNABLE = declareError(
  "MESSAGE_UNSIGNABLE",
  "invalid",
  "A message is not plain text that people can read as one thing alone, so that no signer of ours signs it.",
);

const { messageCharactersMin: MIN, messageCharactersMax: MAX } = LIMITS;

/**
 * Printable ASCII in the bounds that hardware signers show whole: no space at either end, no run of three, which would
 * push the rest off a screen (attack B24: a message that reads otherwise than it is).
 */
const SIGNABLE = new RegExp(`^(?! )(?!.* {3})[\\x20-\\x7e]{${MIN},${MAX}}(?<! )$`);
const RULE = `is not ${MIN} to ${MAX} printable ASCII characters without a space at either end or three in a row`;

/** Whether keys of ours may sign `text`. */
export function isSignableMessage(text: string): boolean {
  return text.length <= MAX && SIGNABLE.test(text);
}

/** @throws MESSAGE_UNSIGNABLE */
export function parseSignableMessage(text: string, field: string): string {
  if (isSignableMessage(text)) return text;
  throw MESSAGE_UNSIGNABLE(`${field} ${RULE}`, { field, hint: `give ${field} as one line of plain text` });
}

/** A message in a document. */
export const signableMessageField = z.string().refine(isSignableMessage, RULE);
