import { z } from "zod";
import type { Digest } from "./digest.ts";
import { publicKeyOf, sign, verify, type PublicKey } from "./ed25519.ts";
import { concatBytes, fromHex, toHex, utf8 } from "./hex.ts";
import type { Instant } from "./instant.ts";
import { instantField, publicKeyField } from "./fields.ts";

/** A person's, session's or signer's signature under a document. Its time is part of what is signed. */
export type Signature = {
  readonly by: PublicKey;
  readonly alg: "ed25519";
  readonly at: Instant;
  /** 64 bytes as lowercase hex. */
  readonly sig: string;
};

export const signatureField: z.ZodType<Signature> = z.strictObject({
  by: publicKeyField,
  alg: z.literal("ed25519"),
  at: instantField,
  sig: z.string().regex(/^[0-9a-f]{128}$/),
});

/** Signs a document's digest at `at` with a 32-byte Ed25519 seed. */
export function signDigest(digest: Digest, seed: Uint8Array, at: Instant): Signature {
  const by = publicKeyOf(seed);
  return { by, alg: "ed25519", at, sig: toHex(sign(signedBytes(digest, by, at), seed)) };
}

/** Whether `signature` is a true one over `digest`. What it entitles to is the policy's business. */
export function verifySignature(digest: Digest, signature: Signature): boolean {
  return verify(signedBytes(digest, signature.by, signature.at), fromHex(signature.sig), signature.by);
}

/** What is signed: the domain, the digest, 32 raw key bytes, the 20 ASCII bytes of the time. */
function signedBytes(digest: Digest, by: PublicKey, at: Instant): Uint8Array {
  return concatBytes(utf8("custody/signature/v1\n"), fromHex(digest, "digest", 32), fromHex(by), utf8(at));
}
