/** B24: what people approve and what a screen shows is one text, read in one way. */
import { describe, expect, test } from "vitest";
import {
  isSignableMessage,
  MESSAGE_UNSIGNABLE,
  parseSignableMessage,
  signableMessageField,
} from "../../../src/core/signed-message.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";

describe("a message to sign", () => {
  test.each(["ok", "a  b", "we hold 1.5 BTC ~ {}", "x".repeat(330)])("%j", (text) => {
    expect(isSignableMessage(text)).toBe(true);
    expect(parseSignableMessage(text, "--message")).toBe(text);
    expect(signableMessageField.safeParse(text).success).toBe(true);
  });

  test.each([
    "",
    "x",
    "x".repeat(331),
    " ab",
    "ab ",
    "a   b",
    "a\nb",
    "ab\n",
    "a\tb",
    "a\u007fb",
    "\u00e4b",
    "a\u202eb",
  ])("not %j", (text) => {
    expect(isSignableMessage(text)).toBe(false);
    expect(expectRefusal(() => parseSignableMessage(text, "--message"), MESSAGE_UNSIGNABLE).field).toBe(
      "--message",
    );
    expect(signableMessageField.safeParse(text).success).toBe(false);
  });
});
