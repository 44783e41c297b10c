/** What can go wrong in talking to a node, whichever chain's it is. */
import type * as z from "zod";
import { declareError, type CustodyError } from "../core/errors.ts";
import { visibleText } from "../core/text.ts";

export const NODE_UNREACHABLE = declareError(
  "NODE_UNREACHABLE",
  "network",
  "No connection to the node, or it broke off, or the node is busy or starting.",
);
export const NODE_TIMEOUT = declareError(
  "NODE_TIMEOUT",
  "network",
  "The node did not answer in time; what it did is unknown.",
);
export const NODE_REFUSED = declareError(
  "NODE_REFUSED",
  "network",
  "The node answered with an error of its own.",
);
export const NODE_ANSWER_MALFORMED = declareError(
  "NODE_ANSWER_MALFORMED",
  "network",
  "The node's answer is not what its interface promises.",
);
export const NODE_SETTINGS_INVALID = declareError(
  "NODE_SETTINGS_INVALID",
  "usage",
  "The node's address or cookie file cannot be used.",
);

/** An answer as its schema reads it. @throws NODE_ANSWER_MALFORMED */
export function checkedAnswer<T>(method: string, answer: z.ZodType<T>, value: unknown): T {
  const parsed = answer.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw malformedAnswer(method, `${issue?.path.join(".") || "result"}: ${issue?.message ?? "unexpected"}`);
}

export function malformedAnswer(method: string, what: string): CustodyError {
  return NODE_ANSWER_MALFORMED(`the node's answer to ${method} is malformed: ${visibleText(what)}`, {
    details: { method },
  });
}
