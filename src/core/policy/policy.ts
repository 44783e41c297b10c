import * as z from "zod";
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
import { INTENT_TYPES } from "../documents/intent-types.ts";
import { LIMITS } from "../limits.ts";
import { SIGNATURE_ALGORITHMS } from "../signature.ts";
import { onlineField } from "./online/section.ts";

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
  /** How this key signs; a signature made the other way does not count. */
  alg: z.enum(SIGNATURE_ALGORITHMS),
  roles: z.array(z.enum(ROLES)).min(1).max(ROLES.length),
});

const signerField = z.strictObject({
  name: nameField,
  key: publicKeyField,
  /** `init` and every restore begin a new epoch with a new key. */
  epoch: countField(1_000_000, 1),
  startHead: digestField,
  /** Number of the policy that first named this epoch: it signs and voids no family born before it (law 7). */
  since: countField(1_000_000, 1),
});

const walletField = z.strictObject({
  name: nameField,
  chain: chainField,
  /** Output descriptor with checksum (BIP-380), receive and change as `/<0;1>/*` (BIP-389). */
  descriptor: textField(LIMITS.descriptorCharactersMax),
  /** How many of the wallet's keys must sign. It has `signers.length + foreign` keys. */
  threshold: countField(16, 1),
  /** Signers of ours, each with one key of the wallet. */
  signers: z.array(nameField).min(1).max(16),
  /** Keys of the wallet that are not ours; they may sign anything, and they cannot void. */
  foreign: countField(16),
  /** How far above the highest index known an own output may lie (law 10). */
  indexGap: countField(10_000, 1),
  /**
   * Who makes sure that nothing is paid twice. `signers`: any two groups that can sign share a signer of ours.
   * `online`: the admins accept that two groups could sign apart, so that this hangs on the online host.
   */
  exactlyOnce: z.enum(["signers", "online"]),
});

const chainRulesField = z.strictObject({
  chain: chainField,
  /** Blocks, the including one counted, after which a payment is final and a deposit is credited. */
  confirmations: countField(1000, 1),
  /**
   * For how long what is signed may be good, of chains whose transactions say until when they can be taken: long enough for
   * people to carry it to the signers and back, no longer. Without it nothing of such a chain is signed.
   */
  lifeSecondsMax: countField(30 * 86400, 600).optional(),
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

/** Sums over the last 24 hours and 30 days of signed time, in base units. */
const windowsField = z.strictObject({ dayUnits: unitsField, monthUnits: unitsField });

/** What compliance must have said: `none`, or distinct persons who cleared the intent for one of the tiers. */
const clearanceField = z.union([
  z.literal("none"),
  z.strictObject({
    quorum: countField(64, 1),
    /** Longest life of a clearance, counted from its signature. */
    secondsMax: countField(366 * 86400, 60),
    tiers: z.array(nameField).min(1).max(64),
  }),
]);

const rowField = z.strictObject({
  name: nameField,
  type: z.enum(INTENT_TYPES),
  asset: assetField,
  /** The band: more than `aboveUnits`, at most `upToUnits`. `cancel` and `attest` have 0 units: the band from 0. */
  aboveUnits: unitsField,
  upToUnits: unitsField,
  wallets: z.array(nameField).min(1).max(LIMITS.walletsMax),
  /** Distinct persons with role approver. */
  quorum: countField(64, 1),
  /** Longest life of an approval, counted from its signature. */
  approvalSecondsMax: countField(366 * 86400, 60),
  /** 0: none. Else a `release` is needed, signed at least so long after the approval that completed the quorum. */
  delaySeconds: countField(366 * 86400),
  clearance: clearanceField,
  /** What this row may pay out. One signer alone enforces its share of it (`limits.ts`). */
  limits: windowsField,
  /** What this row may spend on network fees, judged on the dearest rung. */
  feeBudget: windowsField,
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
    /** Beside the chains' own coins: a token that is not listed does not exist (law 5). */
    tokens: z.array(assetField).min(1).max(LIMITS.tokensMax).optional(),
    rows: z.array(rowField).max(LIMITS.policyRowsMax),
    /** Kept by the online host alone: signers do not know customers' tiers or rates. */
    online: onlineField,
    beneficiaries: z.strictObject({
      /** Longest life of a destination, from its `notBefore`. */
      lifeSecondsMax: countField(10 * 366 * 86400, 3600),
      /** A new destination is good only so long after the signature that completed its quorum. */
      delaySeconds: countField(366 * 86400),
    }),
    /** Distinct persons: admins for succession; approvers for beneficiaries and for `resume`; build keys for `build`. */
    quorums: z.strictObject({
      admin: countField(64, 1),
      beneficiary: countField(64, 1),
      resume: countField(64, 1),
      build: countField(64),
    }),
    /** Persons with role recovery, who can replace admins and nothing else, after a delay. Only number 1 can give it. */
    recovery: z
      .strictObject({ quorum: countField(64, 1), delaySeconds: countField(366 * 86400, 3600) })
      .optional(),
    /** Roles that one person may not combine for one payment. */
    conflicts: z.array(z.array(z.enum(ROLES)).min(2).max(ROLES.length)).max(16),
    /** The online audit tree: a restore of the database begins a new epoch at a size and root that the admins name. */
    audit: z.strictObject({
      epoch: countField(1_000_000, 1),
      size: countField(Number.MAX_SAFE_INTEGER),
      root: digestField,
    }),
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
