import type { Check } from "./check.ts";

/** Checks of the signer's gates. */
export const OF_GATES = {
  "a head that others have seen is in the journal": {
    file: "signer/gates/g3-policy.ts",
    find: "signer === self.name && ‹(epoch > self.epoch || (epoch === self.epoch && !memory.heads.has(head)))›;",
    instead: "false",
  },
  "the logbook's head is in the journal": {
    file: "signer/gates/g11-confirm.ts",
    find: "if (‹!hasHead(state.journal, confirmation.logbook)›) {",
    instead: "false",
  },
  "limits are those of the policy": {
    file: "signer/gates/g9-limits.ts",
    find: "if (‹excess !== undefined›) {",
    instead: "false",
  },
  "the message is the approved one": {
    file: "signer/gates/g6-message.ts",
    find: "if (‹effect.message !== body.message›) {",
    instead: "false",
  },
  "a message shows coins where that was approved": {
    file: "signer/gates/g6-message.ts",
    find: "if (‹shown > 0 === body.coins›) return",
    instead: "true",
  },
  "a seed here holds the wallet's key": {
    file: "signer/gates/g12-sign.ts",
    find: "if (‹held === 0›) {",
    instead: "false",
  },
  "the digest that was scanned is the policy's": {
    file: "signer/commands/policy/confirm.ts",
    find: "if (‹scanned === digest›) return;",
    instead: "true",
  },
  "every policy is judged before one is pinned": {
    file: "signer/commands/policy/pin.ts",
    find: "‹assertBinding(policies, loaded.policy, await readReleases(call), call.io.now())›;",
    instead: "undefined",
  },
  "what nobody spends is not carried": {
    file: "signer/gates/g5-decode.ts",
    find: "const stray = ‹previous.findIndex((_, place) => !spent.has(place))›;",
    instead: "-1",
  },
  "change that follows an input far up is remarked on": {
    file: "signer/gates/review-warnings.ts",
    find: 'effect.type === "change" && ‹effect.index > highest + indexGap›',
    instead: "false",
  },
  "fees are within the policy's caps": {
    file: "signer/gates/g7-fees.ts",
    find: "if (‹found === undefined›) return;",
    instead: "true",
  },
  "what is signed is hashed again": {
    file: "signer/gates/approved.ts",
    find: "if (‹!equalBytes(hashOf(entry), entry.hash)›)",
    instead: "false",
  },
  "a request is of the signer's network": {
    file: "signer/gates/g1-container.ts",
    find: "if (‹request.body.network !== network›) {",
    instead: "false",
  },
  "a plan's wallet lies on the plan's chain": {
    file: "signer/gates/g4-structure.ts",
    find: "wallet === undefined || ‹wallet.chain !== body.chain›",
    instead: "false",
  },
  "an effect is one that an intent asks for": {
    file: "signer/gates/g6-effects.ts",
    find: "const judged = ‹open.get(effectKey(effect))?.pop()›;",
    instead: "[...open.values()].flat()[0]",
  },
  "an attempt without a shared coin or nonce is dead": {
    file: "signer/gates/g10-families.ts",
    find: "if (‹!shares(attempt.of)›) assertDead(",
    instead: "false",
  },
  "a plan names the coins or nonce of its attempts": {
    file: "signer/gates/g6-conflict-keys.ts",
    find: "if (‹stated.length === found.length && stated.every((key, i) => key === found[i])›) return;",
    instead: "true",
  },
} as const satisfies Readonly<Record<string, Check>>;
