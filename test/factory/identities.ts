import { sha256, type Digest } from "../../src/core/digest.ts";
import { publicKeyOf, type PublicKey } from "../../src/core/ed25519.ts";
import { utf8 } from "../../src/core/hex.ts";
import { idFrom, type Id, type Name } from "../../src/core/identifier.ts";
import type { Instant } from "../../src/core/instant.ts";
import { signDigest, type Signature } from "../../src/core/signature.ts";

/** A person or machine of the regtest fixtures. Seeds are published, so these keys must never hold anything of worth. */
export type Cast = {
  readonly name: Name;
  readonly person: string;
  readonly seed: Uint8Array;
  readonly key: PublicKey;
};

/** The fixture key of `label`: its seed is SHA-256 of "regtest fixture <label>". */
export function castMember(label: string, person = `Person ${label}`): Cast {
  const seed = fixtureBytes(label);
  return { name: label as Name, person, seed, key: publicKeyOf(seed) };
}

/** 32 bytes that depend on `label` alone: SHA-256 of "regtest fixture <label>". */
export function fixtureBytes(label: string): Uint8Array {
  return sha256(utf8(`regtest fixture ${label}`));
}

export function fixtureDigest(label: string): Digest {
  return Buffer.from(fixtureBytes(label)).toString("hex") as Digest;
}

export function fixtureId(label: string): Id {
  return idFrom(fixtureBytes(label).subarray(0, 16));
}

/** An instant of the fixtures' day: `at("09:30:00")` is 2026-11-22T09:30:00Z. */
export function at(time: string): Instant {
  return `2026-11-22T${time}Z` as Instant;
}

export function signedBy(digest: Digest, who: Cast, when: Instant): Signature {
  return signDigest(digest, who.seed, when);
}

export const ALICE = castMember("alice", "Alice Admin");
export const OSCAR = castMember("oscar", "Oscar Operator");
export const RUTH = castMember("ruth", "Ruth Requester");
export const ANNA = castMember("anna", "Anna Approver");
export const BEN = castMember("ben", "Ben Approver");
export const OLGA = castMember("olga", "Olga Officer");
export const SESSION = castMember("session", "Oscar Operator");
export const SIGNER = castMember("signer-1");
export const MALLORY = castMember("mallory", "Mallory");
