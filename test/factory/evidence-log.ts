/** The audit log around the story of `evidence.ts`: a stranger's row stands between any two, as in a log that is in use. */
import { appendLeaf, EMPTY_FRONTIER, leafHash, rootOf } from "../../src/core/audit-tree.ts";
import { canonicalBytes, type JsonObject } from "../../src/core/canonical.ts";
import { sha256, type Digest } from "../../src/core/digest.ts";
import type { EvidenceRow } from "../../src/core/documents/evidence.ts";
import type { PlanDocument } from "../../src/core/documents/plan.ts";
import { toHex } from "../../src/core/hex.ts";
import { at, fixtureDigest, fixtureId, OSCAR } from "./identities.ts";

export const WITHDRAWAL = fixtureId("intent order 77");
export const ATTEMPT = fixtureId("evidence attempt");
export const BLOCK = { hash: fixtureDigest("block"), height: 102 } as const;

function auditRow(
  seq: number,
  [entity, entityId, version]: readonly [string, string, number],
  event: string,
  before: JsonObject | undefined,
  after: JsonObject,
): EvidenceRow {
  const common = { seq, at: at("09:00:00"), actor: OSCAR.name, operation: fixtureId("operation") };
  return { ...common, entity, entityId, version, event, ...(before === undefined ? {} : { before }), after };
}

const LIFE_BEFORE = ["REQUESTED", "SCREENING", "PENDING_APPROVAL", "COOLING", "READY", "PLANNED", "EXPORTED"];
const LIFE_AFTER = ["SIGNED", "BROADCASTING", "BROADCAST", "CONFIRMING", "COMPLETED"];

export function rowsBefore(plan: PlanDocument): readonly EvidenceRow[] {
  const life = LIFE_BEFORE.flatMap((state, i) => [
    lifeRow(2 * i + 1, i + 1, LIFE_BEFORE[i - 1], state),
    auditRow(2 * i + 2, ["customer", fixtureId(`stranger ${i}`), 1], "added", undefined, { state: "OPEN" }),
  ]);
  const planned = auditRow(life.length + 1, ["plan", plan.body.id, 1], "built", undefined, {
    digest: plan.digest,
    state: "DRAFT",
  });
  return [...life, planned];
}

export function rowsAfter(
  size: number,
  plan: PlanDocument,
  bytes: Uint8Array,
  txid: Digest,
): readonly EvidenceRow[] {
  const attempt = (version: number, event: string, after: JsonObject) =>
    auditRow(size + version, ["attempt", ATTEMPT, version], event, version === 1 ? undefined : {}, after);
  return [
    attempt(1, "signed", { bytes: toHex(sha256(bytes)), plan: plan.body.id, state: "SIGNED", txid }),
    attempt(2, "included", { block_hash: BLOCK.hash, height: BLOCK.height, state: "CONFIRMING" }),
    ...LIFE_AFTER.map((state, i) =>
      lifeRow(size + 3 + i, LIFE_BEFORE.length + 1 + i, LIFE_AFTER[i - 1] ?? LIFE_BEFORE.at(-1), state),
    ),
  ];
}

function lifeRow(seq: number, version: number, before: string | undefined, state: string): EvidenceRow {
  const from = before === undefined ? undefined : { state: before };
  return auditRow(seq, ["withdrawal", WITHDRAWAL, version], state.toLowerCase(), from, { state });
}

export function leavesOf(rows: readonly EvidenceRow[]): readonly Uint8Array[] {
  return rows.map((one) => leafHash(canonicalBytes(one)));
}

export function rootOver(rows: readonly EvidenceRow[]): Digest {
  return rootOf(leavesOf(rows).reduce(appendLeaf, EMPTY_FRONTIER));
}
