/** A policy's place: its number, its times, and where its online audit tree begins. */
import { EMPTY_FRONTIER, rootOf } from "../../audit-tree.ts";
import type { Policy } from "../policy.ts";
import { error, type Problem } from "./problem.ts";

export function* numberingErrors(policy: Policy): Iterable<Problem> {
  const first = policy.number === 1;
  if (first !== (policy.previous === undefined) || first !== (policy.custody === undefined))
    yield error("number", "only number 1 has no previous policy and no custody id");
  if (policy.expires <= policy.issued) yield error("expires", "expires before it is issued");
  if (policy.approvalsSince > policy.number) yield error("approvalsSince", "is above the policy's number");
  const early = policy.signers.find(({ since }) => since > policy.number);
  if (early !== undefined)
    yield error("signers.since", `signer ${early.name} is first named by a later policy`);
  yield* auditErrors(policy);
}

// The first epoch begins before the first row, so that no row can be left out of what signers countersign.
function* auditErrors({ number, audit: { epoch, size, root } }: Policy): Iterable<Problem> {
  const empty = root === rootOf(EMPTY_FRONTIER);
  if (number === 1 && epoch !== 1) yield error("audit.epoch", "policy number 1 begins audit epoch 1");
  if (epoch === 1 && size !== 0) yield error("audit.size", "audit epoch 1 begins at size 0");
  if ((size === 0) !== empty)
    yield error("audit.root", "size 0 goes with the root of an empty tree, and only that");
}
