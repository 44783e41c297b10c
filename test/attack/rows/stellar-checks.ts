import type { Check } from "./check.ts";

const STELLAR = "src/chains/stellar";

/** Checks of Stellar's codec, and of the gate that holds its ends against the policy. */
export const OF_STELLAR = {
  "a transaction says until when it can be taken": {
    file: `${STELLAR}/plan.ts`,
    find: "if (‹instant !== undefined›) return instant;",
    instead: "true",
  },
  "what is signed is good for no longer than the policy lets it": {
    file: "signer/gates/g5-decode.ts",
    find: "if (‹most !== undefined && until <= addSeconds(now, most)›) return;",
    instead: "true",
  },
  "what has ended is not signed": {
    file: "signer/gates/g5-decode.ts",
    find: "if (‹until <= now›)",
    instead: "false",
  },
  "an operation is the wallet's own account's": {
    file: `${STELLAR}/operations.ts`,
    find: "if (‹source === undefined || textOfMuxed(source) === address›) return;",
    instead: "true",
  },
  "a transaction is the wallet's own account's": {
    file: `${STELLAR}/plan.ts`,
    find: "if (‹source !== account.address›) {",
    instead: "false",
  },
  "a payment has one reference": {
    file: `${STELLAR}/operations.ts`,
    find: "if (‹to === holder || memo === undefined›) return;",
    instead: "true",
  },
  "a memo is part of what is paid": {
    file: "src/chains/review.ts",
    find: 'JSON.stringify(["pay", effect.account, ‹effect.memo ?? null›, asset, units]);',
    instead: "null",
  },
  "a memo is part of what people signed": {
    file: "src/chains/review.ts",
    find: "‹beneficiary.body.memo ?? null›,",
    instead: "null",
  },
  "a payment carries no resources for contracts": {
    file: `${STELLAR}/plan.ts`,
    find: 'if (‹transaction.ext.type !== "none"›) {',
    instead: "false",
  },
  "what is paid in is listed": {
    file: `${STELLAR}/operations.ts`,
    find: 'if (‹asset.type === "native" || tokens.includes(id)›) return id;',
    instead: "true",
  },
} as const satisfies Readonly<Record<string, Check>>;
