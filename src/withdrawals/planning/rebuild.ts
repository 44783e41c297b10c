/** A stored plan built once more from its snapshot: whoever changes either, or the builder, is found out. */
import type { ChainBuilder } from "../../chains/adapter.ts";
import { canonicalBytes } from "../../core/canonical.ts";
import { assert, declareError } from "../../core/errors.ts";
import { equalBytes, toBase64 } from "../../core/hex.ts";
import { taggedDigest } from "../../core/digest.ts";
import { POLICY } from "../../core/policy/policy.ts";
import { readBuildRecord } from "./build-record.ts";
import { feeCaps } from "./build.ts";
import { planDocumentOf } from "./plan-bytes.ts";
import type { WithdrawalPorts } from "../ports.ts";
import type { PlanRow } from "../rows.ts";

export const PLAN_REBUILT_OTHERWISE = declareError(
  "PLAN_REBUILT_OTHERWISE",
  "verification",
  "A plan that is built again from its stored snapshot has other bytes.",
);

export type StoredBuild = PlanRow & { readonly snapshot: Uint8Array; readonly build: Uint8Array };

/**
 * Builds a plan again and compares it byte for byte: its document's transaction, fees and conflict keys, its previous
 * transactions, and the digest of its snapshot.
 * @throws PLAN_REBUILT_OTHERWISE naming what differs, SNAPSHOT_MALFORMED, BUILD_RECORD_MALFORMED, and the builder's errors
 */
export function rebuildPlan<Tx, Snapshot>(
  ports: Pick<WithdrawalPorts<Tx>, "findDocument">,
  reader: Tx,
  plan: StoredBuild,
  builder: ChainBuilder<Snapshot>,
): void {
  const { body } = planDocumentOf(ports, reader, plan);
  const record = readBuildRecord(plan.build);
  const policy = ports.findDocument(reader, POLICY, record.policy);
  assert(policy !== undefined, "the policy that a plan was built under is stored");
  const view = record.view(policy.body, plan.wallet);
  const options = { ...record.options, caps: feeCaps(policy, view) };
  const built = builder.build(record.task(policy.body), view, builder.readSnapshot(plan.snapshot), options);
  const differs = [
    ["snapshot", taggedDigest("custody/snapshot/v1", plan.snapshot) === body.snapshot],
    ["base", built.base === body.base],
    ["rungs", same(built.rungs, body.rungs)],
    ["cancel", same(built.cancel ?? {}, body.cancel ?? {})],
    ["conflictKeys", same(built.conflictKeys, body.conflictKeys)],
    ["previous", equalBytes(canonicalBytes(built.previous.map(toBase64)), plan.previous)],
    ["changeIndex", built.changeIndex === plan.changeIndex],
  ] as const;
  const found = differs.filter(([, equal]) => !equal).map(([field]) => field);
  if (found.length === 0) return;
  throw PLAN_REBUILT_OTHERWISE(`plan ${plan.id}, built again, has another ${found.join(", ")}`, {
    field: `plan.${found[0]}`,
    hint: `do not sign or send it; custody withdraw show ID, and look at who changed the database or the program`,
    details: { plan: plan.id, differs: found.join(", ") },
  });
}

type Written = Parameters<typeof canonicalBytes>[0];

function same(a: Written, b: Written): boolean {
  return equalBytes(canonicalBytes(a), canonicalBytes(b));
}
