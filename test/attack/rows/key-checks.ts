import type { Check } from "./check.ts";

/** Checks of keystore, signatures and sealed files. */
export const OF_KEYS = {
  "a seed gives its registered descriptor": {
    file: "signer/keystore/seed-file.ts",
    find: "const same = ‹facts.descriptor === descriptor && facts.cosignerKey === cosignerKey›;",
    instead: "true",
  },
  "a seed gives its registered fingerprint": {
    file: "signer/keystore/seed-file.ts",
    find: "if (same && ‹facts.fingerprint === fingerprint›) return secret;",
    instead: "true",
  },
  "receipts are compared field by field": {
    file: "signer/commands/receipt-difference.ts",
    find: 'if (typeof a !== "object" || typeof b !== "object") return ‹a === b› ? undefined : field;',
    instead: "true",
  },
  "a key is the one that its path promises": {
    file: "signer/sign/bitcoin.ts",
    find: "if (‹!equalBytes(promised, publicKey)›) return [];",
    instead: "false",
  },
  "a signature verifies": {
    file: "src/chains/bitcoin/signature.ts",
    find: "if (‹!verifies(() => ecc.verify(digest, publicKey, compact, true))›) throw",
    instead: "false",
  },
  "throws are as a fair die gives them": {
    file: "signer/keystore/hand-entropy.ts",
    find: "if (‹worst <= source.chiSquareMax›) return;",
    instead: "true",
  },
  "throws are enough": {
    file: "signer/keystore/hand-entropy.ts",
    find: "if (‹symbols.length < needed›) {",
    instead: "false",
  },
  "throws take part in the seed": {
    file: "signer/keystore/hand-entropy.ts",
    find: "const mixed = sha256(system, ‹typed›);",
    instead: "new Uint8Array()",
  },
  "a cost is above the floor": {
    file: "src/core/sealed.ts",
    find: 'if (header.network !== "regtest" && ‹header.costLog2 < COST_LOG2.floor›) {',
    instead: "false",
  },
  "a cost is below the ceiling": {
    file: "src/core/sealed.ts",
    find: "const parsed = ‹schema.safeParse(parseCanonical(file, LIMITS.sealedBytesMax))›;",
    instead: "{ data: parseCanonical(file, LIMITS.sealedBytesMax) }",
  },
} as const satisfies Readonly<Record<string, Check>>;
