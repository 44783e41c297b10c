/**
 * Proofs from the audit log. Leaves are read one by one and hashed as they come, so that a proof over millions of rows
 * takes seconds and hardly any memory. Each proof is checked against the committed roots before it is given away.
 */
import {
  consistencySpans,
  inclusionSpans,
  spanRoots,
  verifyConsistency,
  verifyInclusion,
} from "../core/audit-proof.ts";
import { AUDIT_BROKEN, EMPTY_FRONTIER, rootOf } from "../core/audit-tree.ts";
import type { Digest } from "../core/digest.ts";
import { declareError } from "../core/errors.ts";
import { auditHead } from "./audit.ts";
import { atOnce, each, get, type Reader } from "./statement.ts";

export const AUDIT_ROW_UNKNOWN = declareError(
  "AUDIT_ROW_UNKNOWN",
  "notFound",
  "The audit log has no row with this number.",
);
export const AUDIT_ROOT_UNKNOWN = declareError(
  "AUDIT_ROOT_UNKNOWN",
  "verification",
  "The audit log never had this many rows when it was committed: it was set back, or the number is not its own.",
);

/** Row `seq` is leaf `seq - 1` of the tree of `size` leaves with `root`; `leaf` is SHA-256(0x00 ‖ its canonical JSON). */
export type InclusionProof = {
  readonly seq: number;
  readonly leaf: Uint8Array;
  readonly size: number;
  readonly root: Digest;
  readonly proof: readonly Digest[];
};

/** The tree of `to` leaves with `toRoot` begins with the tree of `from` leaves with `fromRoot`. */
export type ConsistencyProof = {
  readonly from: number;
  readonly fromRoot: Digest;
  readonly to: number;
  readonly toRoot: Digest;
  readonly proof: readonly Digest[];
};

/**
 * Proves that row `seq` stands under the newest root.
 * @throws AUDIT_ROW_UNKNOWN, and AUDIT_BROKEN when leaves and root do not fit
 */
export function proveInclusion(reader: Reader, seq: number): InclusionProof {
  return atOnce(reader, () => {
    const { size, root } = newest(reader);
    const leaf = leafOf(reader, seq);
    if (leaf === undefined || seq > size) {
      throw AUDIT_ROW_UNKNOWN(`the audit log has rows 1 to ${size}, not ${seq}`, {
        field: "row",
        hint: "custody audit show",
      });
    }
    const proof = spanRoots(leavesTo(reader, size), inclusionSpans(seq - 1, size));
    if (!verifyInclusion(leaf, seq - 1, size, proof, root)) throw broken(`row ${seq} is not under it`, size);
    return { seq, leaf, size, root, proof };
  });
}

/**
 * Proves that the newest tree begins with the tree of the first `from` rows (RFC 6962 §2.1.2). 0 is the empty tree.
 * @throws AUDIT_ROOT_UNKNOWN when no transaction ended with row `from`: whoever has a root of that size has it from
 *   another history (F26: a database that was set back); AUDIT_BROKEN when leaves and roots do not fit
 */
export function proveConsistency(reader: Reader, from: number): ConsistencyProof {
  return atOnce(reader, () => {
    const { size: to, root: toRoot } = newest(reader);
    const fromRoot = from === 0 ? rootOf(EMPTY_FRONTIER) : rootAt(reader, from);
    if (fromRoot === undefined) {
      throw AUDIT_ROOT_UNKNOWN(`no root was committed over ${from} rows; the newest is over ${to}`, {
        field: "from",
        hint: "custody audit verify; if the database was restored, a new policy names its audit epoch",
        details: { from, to },
      });
    }
    const proof = spanRoots(leavesTo(reader, to), consistencySpans(from, to));
    if (!verifyConsistency(from, to, fromRoot, toRoot, proof))
      throw broken(`it does not begin with the root over ${from} rows`, to);
    return { from, fromRoot, to, toRoot, proof };
  });
}

function newest(reader: Reader): { readonly size: number; readonly root: Digest } {
  return auditHead(reader) ?? { size: 0, root: rootOf(EMPTY_FRONTIER) };
}

/** The root that was committed over the first `size` rows, if some transaction ended there. */
export function rootAt(reader: Reader, size: number): Digest | undefined {
  return get<{ root: Digest }>(reader, "SELECT root FROM audit_head WHERE size = ?", size)?.root;
}

function leafOf(reader: Reader, seq: number): Uint8Array | undefined {
  const row = get<{ leaf: Uint8Array }>(reader, "SELECT leaf FROM audit_row WHERE seq = ?", seq);
  return row && new Uint8Array(row.leaf);
}

function* leavesTo(reader: Reader, size: number): Generator<Uint8Array> {
  let expected = 1;
  const sql = "SELECT seq, leaf FROM audit_row WHERE seq <= ? ORDER BY seq";
  for (const { seq, leaf } of each<{ seq: number; leaf: Uint8Array }>(reader, sql, size)) {
    if (seq !== expected) break;
    expected += 1;
    yield leaf;
  }
  if (expected <= size) throw broken(`row ${expected} is missing`, size);
}

function broken(why: string, size: number) {
  return AUDIT_BROKEN(`audit tree: root over ${size} rows: ${why}`, {
    field: `audit_head[${size}]`,
    hint: "custody audit verify   (names the first row that was changed)",
  });
}
