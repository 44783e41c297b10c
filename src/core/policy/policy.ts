import { z } from "zod";
import { documentType, makeDocument, type BodyOf, type Document } from "../document.ts";
import type { Digest } from "../digest.ts";
import {
  assetField,
  chainField,
  countField,
  digestField,
  instantField,
  nameField,
  publicKeyField,
  textField,
  unitsField,
} from "../fields.ts";
import { LIMITS } from "../limits.ts";

export const ROLES = [
  "admin",
  "operator",
  "requester",
  "approver",
  "compliance",
  "officer",
  "auditor",
  "viewer",
  "service",
  "recovery",
  "build",
] as const;
export type Role = (typeof ROLES)[number];

const identityField = z.strictObject({
  name: nameField,
  /** The human being behind the key: quorums count persons, not keys. */
  person: textField(64),
  key: publicKeyField,
  roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length),
});

const signerField = z.strictObject({
  name: nameField,
  key: publicKeyField,
  /** `init` and every restore begin a new epoch with a new key. */
  epoch: countField(1_000_000, 1),
  startHead: digestField,
  /** Number of the policy that first named this epoch: it signs no family born before it (law 7). */
  since: countField(1_000_000, 1),
});

const walletField = z.strictObject({
  name: nameField,
  chain: chainField,
  /** Output descriptor with checksum (BIP-380), receive and change as `/<0;1>/*` (BIP-389). */
  descriptor: textField(LIMITS.descriptorCharactersMax),
  signers: z.array(nameField).min(1).max(16),
  /** Keys of the wallet that are not ours. */
  foreign: countField(16),
  /** How far above the highest index known an own output may lie (law 10). */
  indexGap: countField(10_000, 1),
});

const chainRulesField = z.strictObject({
  chain: chainField,
  /** Blocks, the including one counted, after which a payment is final and a deposit is credited. */
  confirmations: countField(1000, 1),
  fees: z.strictObject({
    absoluteUnitsMax: unitsField,
    /** Base units per virtual byte. */
    rateMax: countField(1_000_000, 1),
    /** Fee as a share of what is paid out, in thousandths. */
    sharePermilleMax: countField(1000, 1),
    /** Highest ratio of the dearest rung's fee to the cheapest's. */
    ladderRatioMax: countField(1000, 1),
  }),
});

const rowField = z.strictObject({
  name: nameField,
  type: z.literal("withdrawal"),
  asset: assetField,
  /** The band: more than `aboveUnits`, at most `upToUnits`. */
  aboveUnits: unitsField,
  upToUnits: unitsField,
  wallets: z.array(nameField).min(1).max(LIMITS.walletsMax),
  /** Distinct persons with role approver. */
  quorum: countField(64, 1),
  /** Longest life of an approval, counted from its signature. */
  approvalSecondsMax: countField(366 * 86400, 60),
  clearance: z.literal("none"),
});

/** The root of trust: everything that nobody may decide on the spot. A missing row means deny. */
export const POLICY = documentType(
  "policy",
  {
    number: countField(1_000_000, 1),
    /** Digest of the policy before; absent in number 1. */
    previous: digestField.optional(),
    issued: instantField,
    expires: instantField,
    /** An approval counts when its policy number is between this and `number`. */
    approvalsSince: countField(1_000_000, 1),
    clockToleranceSeconds: countField(86400),
    identities: z.array(identityField).min(1).max(LIMITS.identitiesMax),
    signers: z.array(signerField).min(1).max(16),
    wallets: z.array(walletField).min(1).max(LIMITS.walletsMax),
    chains: z.array(chainRulesField).min(1).max(64),
    rows: z.array(rowField).max(LIMITS.policyRowsMax),
    quorums: z.strictObject({ admin: countField(64, 1), beneficiary: countField(64, 1) }),
    /** Roles that one person may not combine for one payment. */
    conflicts: z.array(z.array(z.enum(ROLES)).min(2).max(ROLES.length)).max(16),
    /** Format versions that readers accept, by kind; a kind that is not listed is refused. */
    accepts: z
      .array(z.strictObject({ kind: textField(32), versions: z.array(countField(100, 1)).min(1).max(8) }))
      .max(32),
  },
  { custody: "optional" },
);

export type Policy = BodyOf<typeof POLICY>;
export type PolicyDocument = Document<Policy>;
export type PolicyIdentity = Policy["identities"][number];
export type PolicySigner = Policy["signers"][number];
export type PolicyWallet = Policy["wallets"][number];
export type PolicyRow = Policy["rows"][number];
export type ChainRules = Policy["chains"][number];

/** The custody id that every other document carries: the digest of policy number 1 (number 1 itself carries none). */
export function custodyId(policy: PolicyDocument): Digest {
  return policy.body.number === 1 ? policy.digest : (policy.body.custody as Digest);
}

/** Makes a policy document of a body. */
export function policyDocument(body: Policy): PolicyDocument {
  return makeDocument(POLICY, body);
}
