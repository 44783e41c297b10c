/** What a proof of an address may be asked of: a URI in which the address is the one way to pay. */
import { describe, expect, test } from "vitest";
import { addressInUri, PAYMENT_URI_UNREAD } from "../../../../src/chains/bitcoin/payment-uri.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import { FOREIGN_ADDRESS as OURS } from "../../../bitcoin/regtest-wallet.ts";

test.each([
  OURS,
  `bitcoin:${OURS}`,
  `BITCOIN:${OURS}?`,
  `bitcoin:${OURS}?amount=0.1&label=rent?&message=a%26b`,
  `bitcoin:${OURS}?AMOUNT=0.1&`,
])("%s has one address", (text) => {
  expect(addressInUri(text)).toBe(OURS);
});

describe("a second way to pay beside an address of ours (BIP-321, BIP-78) is refused", () => {
  test.each([
    "bc=bcrt1qthief",
    "amount=0.1&lightning=lnbc1thief",
    "lno=lno1thief",
    "sp=sp1thief",
    "label=rent&pj=https://thief.example",
    "PJ=https://thief.example",
    "req-pop=1",
    "%70j=https://thief.example",
    "somethingnew",
  ])("%s", (query) => {
    const error = expectRefusal(() => addressInUri(`bitcoin:${OURS}?${query}`), PAYMENT_URI_UNREAD);
    expect(error.hint).toContain("address itself");
  });

  test("a URI without an address, and one without an end", () => {
    for (const text of [
      "bitcoin:",
      "bitcoin:?lightning=lnbc1thief",
      `bitcoin:${OURS}?label=${"x".repeat(5000)}`,
    ])
      expectRefusal(() => addressInUri(text), PAYMENT_URI_UNREAD);
  });
});
