/** What this host can show each signer of the past: the head of its journal, and that the audit log only grows (law 7). */
import { EMPTY_FRONTIER, rootOf } from "../../core/audit-tree.ts";
import type { Head } from "../../core/documents/approval.ts";
import type { Request } from "../../core/documents/request.ts";
import { headNamed } from "../../core/journal-continuation.ts";
import { LIMITS } from "../../core/limits.ts";
import { findSigner } from "../../core/policy/entries.ts";
import type { Policy } from "../../core/policy/policy.ts";
import type { CrossingPorts } from "./ports.ts";

/** Proofs a request carries at most (`REQUEST.audit.extends`). */
const PROOFS_MAX = 64;

/** The last journal head known of each signer in its present epoch. */
export function knownHeads<Tx>(ports: CrossingPorts<Tx>, tx: Tx, policy: Policy): readonly Head[] {
  return ports
    .lastHeads(tx)
    .filter((head) => findSigner([policy], head) !== undefined)
    .map(({ signer, epoch, head }) => ({ signer, epoch, head }));
}

/**
 * Whether `request` names so old a head, of a signer of `policy`, that what has followed fits into no receipt: the signer
 * refuses it (G3), and the refusal's receipt, once it is here, shows a later head to name.
 */
export function namesOldHead<Tx>(
  ports: CrossingPorts<Tx>,
  tx: Tx,
  { heads }: Pick<Request, "heads">,
  policy: Policy,
): boolean {
  return ports.lastHeads(tx).some(({ signer, epoch, number }) => {
    if (findSigner([policy], { signer, epoch }) === undefined) return false;
    const head = headNamed(heads, { signer, epoch });
    const named = head === undefined ? undefined : ports.numberOfHead(tx, { signer, epoch, head });
    return number - (named ?? -1) >= LIMITS.receiptEntriesMax;
  });
}

/**
 * The committed audit tree, with proofs that it extends what each signer may have countersigned last: what its newest
 * receipt here says, or a request that left since and whose receipt is still on its way.
 */
export function auditPlace<Tx>(ports: CrossingPorts<Tx>, tx: Tx, policy: Policy): Request["audit"] {
  const { epoch, size: start } = policy.audit;
  const { size, root } = ports.auditHead(tx) ?? { size: 0, root: rootOf(EMPTY_FRONTIER) };
  const signed = ports.countersigned(tx).filter((place) => place.epoch === epoch);
  const each = Math.max(1, Math.floor(PROOFS_MAX / policy.signers.length));
  const exported = ports.placesExported(tx, epoch, each - 1);
  const proofs = new Map<number, string[]>();
  const proofFrom = (from: number) => {
    const known = proofs.get(from) ?? [...ports.proveConsistency(tx, from).proof];
    proofs.set(from, known);
    return known;
  };
  const extended = policy.signers.flatMap(({ name }) => {
    const last = signed.find(({ signer }) => signer === name)?.size ?? start;
    const places = [last, ...exported.filter((place) => place > last)].sort((a, b) => a - b);
    return places.map((from) => ({ signer: name, size: from, proof: proofFrom(from) }));
  });
  return { epoch, size, root, extends: extended };
}
