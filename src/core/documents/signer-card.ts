import * as z from "zod";
import { documentType, type BodyOf, type Document } from "../document.ts";
import { chainField, countField, digestField, nameField, publicKeyField, textField } from "../fields.ts";
import { LIMITS } from "../limits.ts";

/** What a signer shows of itself before a policy names it: identity key, epoch, start head, wallet public keys. */
export const SIGNER_CARD = documentType(
  "signer-card",
  {
    signer: nameField,
    key: publicKeyField,
    epoch: countField(1_000_000, 1),
    startHead: digestField,
    wallets: z
      .array(z.strictObject({ chain: chainField, descriptor: textField(LIMITS.descriptorCharactersMax) }))
      .max(LIMITS.walletsMax),
    /** Key expressions for wallets of several keys, each kind at its own path: `[fingerprint/48h/0h/0h/2h]xpub…` (BIP-48). */
    cosignerKeys: z
      .array(z.strictObject({ chain: chainField, key: textField(LIMITS.textCharactersMax) }))
      .max(LIMITS.walletsMax),
  },
  { custody: "optional" },
);

export type SignerCard = BodyOf<typeof SIGNER_CARD>;
export type SignerCardDocument = Document<SignerCard>;
