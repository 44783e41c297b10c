/** The houses that worlds play in: the attack bench's people and signers under policies that ask for more or less. */
import type { Name } from "../../../src/core/identifier.ts";
import type { Policy, PolicyRow, Role } from "../../../src/core/policy/policy.ts";
import {
  ADA,
  ANN,
  BEN,
  CARO,
  CLEA,
  makeHouse,
  OLGA,
  OTTO,
  RITA,
  SIGNERS,
  VAULT,
  type House,
} from "../../attack/bench/house.ts";
import type { Family } from "../families/family.ts";
import { row, signedDocument } from "../../factory/documents.ts";
import { at, castMember, type Cast } from "../../factory/identities.ts";

export const APPROVERS = [ANN, BEN, CARO] as const;
/** What two persons must say takes both. */
export const COMPLIANCE = [CLEA, castMember("clio", "Clio Compliance")] as const;
export const ADMINS = [ADA, castMember("abel", "Abel Admin")] as const;
export const OPERATOR = OTTO;

/** Signers of the vault that close a family together: any that could sign meet one of them. */
export const voidsNeeded = ({ ground: { quorum } }: Family): number => quorum.holders - quorum.threshold + 1;

/** What a house asks for. `plain`: two approvers. `careful`: also a delay and a clearance. `banded`: more for more. */
export const HOUSE_KINDS = ["plain", "careful", "banded"] as const;
export type HouseKind = (typeof HOUSE_KINDS)[number];

// The operator asks for customers, so that role comes with the session.
const PEOPLE: readonly (readonly [Cast, readonly Role[]])[] = [
  ...ADMINS.map((who) => [who, ["admin"]] as const),
  [OTTO, ["operator", "requester"]],
  [RITA, ["requester"]],
  ...APPROVERS.map((who) => [who, ["approver"]] as const),
  ...COMPLIANCE.map((who) => [who, ["compliance"]] as const),
  [OLGA, ["officer"]],
];

const LIFE: Partial<PolicyRow> = { approvalSecondsMax: 4 * 3600 };
const CAREFUL: Partial<PolicyRow> = {
  ...LIFE,
  delaySeconds: 900,
  clearance: { quorum: 1, secondsMax: 4 * 3600, tiers: ["basic" as Name] },
};

const WITHDRAWALS: Readonly<Record<HouseKind, readonly PolicyRow[]>> = {
  plain: [row("all", "0", "1000000000", 2, LIFE)],
  careful: [row("all", "0", "1000000000", 2, CAREFUL)],
  banded: [row("small", "0", "3000000", 1, LIFE), row("large", "3000000", "1000000000", 3, CAREFUL)],
};

export function houseOf(kind: HouseKind, { ground }: Family): House {
  const own = (["consolidate", "cancel"] as const).map((type) =>
    row(`${type}s`, "0", "1000000000", 2, { ...LIFE, type }),
  );
  const policy: Partial<Policy> = {
    identities: PEOPLE.map(([{ name, person, key }, roles]) => ({
      name,
      person,
      key,
      alg: "ed25519",
      roles: [...roles],
    })),
    conflicts: [
      ["requester", "approver", "officer"],
      ["operator", "approver", "officer"],
    ],
    rows: [...WITHDRAWALS[kind], ...own].map((one) => ({ ...scaled(one, ground), wallets: [VAULT] })),
  };
  const house = makeHouse({ policy, ground });
  const everyone = [...PEOPLE.map(([who]) => who), ...SIGNERS.map(({ who }) => who)];
  // The bench's own cast has signed: here others are named as well.
  const signed = signedDocument(house.policy, everyone, at("08:00:00"));
  return { ...house, policies: [signed], policy: signed };
}

// Rows are written in satoshis; here they are as much of the ground's asset.
function scaled(one: PolicyRow, ground: Family["ground"]): PolicyRow {
  const windows = ({ dayUnits, monthUnits }: PolicyRow["limits"]) => ({
    dayUnits: ground.unitsOf(dayUnits),
    monthUnits: ground.unitsOf(monthUnits),
  });
  return {
    ...one,
    asset: ground.asset,
    aboveUnits: ground.unitsOf(one.aboveUnits),
    upToUnits: ground.unitsOf(one.upToUnits),
    limits: windows(one.limits),
    feeBudget: windows(one.feeBudget),
  };
}
