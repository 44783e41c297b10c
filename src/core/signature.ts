import * as z from "zod";
import type { Digest } from "./digest.ts";
import { publicKeyOf, sign, verify, type PublicKey } from "./ed25519.ts";
import { concatBytes, fromHex, toHex, utf8 } from "./hex.ts";
import type { Instant } from "./instant.ts";
import { instantField, publicKeyField } from "./fields.ts";
import { verifySk } from "./sshsig.ts";

/** `sshsig-sk`: made by a FIDO2 security key through `ssh-keygen -Y sign` (`sshsig.ts`). */
export const SIGNATURE_ALGORITHMS = ["ed25519", "sshsig-sk"] as const;
export type SignatureAlgorithm = (typeof SIGNATURE_ALGORITHMS)[number];

/** A person's, session's or signer's signature under a document. Its time is part of what is signed. */
export type Signature = {
  readonly by: PublicKey;
  readonly alg: SignatureAlgorithm;
  readonly at: Instant;
  /** Lowercase hex: 64 bytes; with `sshsig-sk` one byte of flags and four of a counter before them. */
  readonly sig: string;
};

const parts = { by: publicKeyField, at: instantField };

export const signatureField: z.ZodType<Signature> = z.discriminatedUnion("alg", [
  z.strictObject({ ...parts, alg: z.literal("ed25519"), sig: z.string().regex(/^[0-9a-f]{128}$/) }),
  z.strictObject({ ...parts, alg: z.literal("sshsig-sk"), sig: z.string().regex(/^[0-9a-f]{138}$/) }),
]);

/** Signs a document's digest at `at` with a 32-byte Ed25519 seed. */
export function signDigest(digest: Digest, seed: Uint8Array, at: Instant): Signature {
  const by = publicKeyOf(seed);
  return { by, alg: "ed25519", at, sig: toHex(sign(signedBytes(digest, by, at), seed)) };
}

/** Whether `signature` is a true one over `digest`. What it entitles to is the policy's business. */
export function verifySignature(digest: Digest, signature: Signature): boolean {
  const { by, alg, at, sig } = signature;
  const asked = `${digest} ${by} ${alg} ${at} ${sig}`;
  if (foundTrue.has(asked)) return true;
  if (foundFalse.has(asked)) return false;
  const message = signedBytes(digest, by, at);
  const isTrue = alg === "ed25519" ? verify(message, fromHex(sig), by) : verifySk(message, sig, by);
  remember(isTrue ? foundTrue : foundFalse, asked);
  return isTrue;
}

/**
 * Signatures that were found true, and those that were found false, by everything that the answer depends on; the oldest is
 * forgotten first. A destination's are looked at in every request that is paid there, at each of its steps, and cost more
 * than all else of a request.
 */
const foundTrue = new Set<string>();
/** Apart, so that junk does not push out what is true: one false signature is met as often as its document is judged. */
const foundFalse = new Set<string>();
const FOUND_MAX = 4096;

function remember(found: Set<string>, asked: string): void {
  const [oldest] = found.size < FOUND_MAX ? [] : found;
  if (oldest !== undefined) found.delete(oldest);
  found.add(asked);
}

/** What is signed, also by `ssh-keygen -Y sign`: the domain, the digest, 32 raw key bytes, the 20 ASCII bytes of the time. */
export function signedBytes(digest: Digest, by: PublicKey, at: Instant): Uint8Array {
  return concatBytes(utf8("custody/signature/v1\n"), fromHex(digest, "digest", 32), fromHex(by), utf8(at));
}
