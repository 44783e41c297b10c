/** A file of answers, which people may write themselves: read strictly, written in lines. */
import { declareError, type CustodyError } from "../core/errors.ts";
import { repeatedMember } from "../core/repeated-member.ts";
import { excerpt } from "../core/text.ts";
import { answersSchema, type Answers } from "./answers.ts";
import { assertAnswersFit } from "./fitting.ts";

export const ANSWERS_MALFORMED = declareError(
  "ANSWERS_MALFORMED",
  "invalid",
  "The answers to a set-up cannot be read.",
);

/**
 * Reads an answers file and checks that its answers go together.
 * @throws ANSWERS_MALFORMED, ANSWERS_UNFIT, and the errors of amounts
 */
export function parseAnswers(bytes: Uint8Array): Answers {
  let value: unknown;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    value = JSON.parse(text);
  } catch (cause) {
    throw malformed("answers", "is not JSON in UTF-8", cause);
  }
  const twice = repeatedMember(text);
  if (twice !== undefined) throw malformed(`answers.${excerpt(twice)}`, "stands there twice");
  const read = answersSchema.safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw malformed(["answers", ...(issue?.path ?? [])].join("."), excerpt(issue?.message ?? "malformed"));
  }
  assertAnswersFit(read.data);
  return read.data;
}

function malformed(field: string, why: string, cause?: unknown): CustodyError {
  return ANSWERS_MALFORMED(`${field}: ${why}`, {
    field,
    hint: "custody setup DIR   (asks on a terminal, and writes a file of answers to begin with)",
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The answers as a file: in lines, for people. */
export function answersText(answers: Answers): string {
  return `${JSON.stringify(answers, undefined, 2)}\n`;
}
