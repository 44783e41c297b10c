/** The online host's own record: each row stands under one root, which signers have countersigned as far as they saw it. */
import { counted } from "../core/count.ts";
import { verifyConsistency, verifyInclusion } from "../core/audit-proof.ts";
import { leafHash } from "../core/audit-tree.ts";
import { canonicalBytes } from "../core/canonical.ts";
import { sha256 } from "../core/digest.ts";
import type { EvidenceRow, EvidenceSettlement } from "../core/documents/evidence.ts";
import type { ReceiptDocument } from "../core/documents/receipt.ts";
import { fromHex, toHex } from "../core/hex.ts";
import { assertEdge, type WithdrawalState } from "../core/states/edges.ts";
import {
  attested,
  EVIDENCE_CONTRADICTS,
  EVIDENCE_INCOMPLETE,
  notProven,
  proven,
  type Finding,
} from "./claim.ts";
import type { OpenEvidence } from "./opened.ts";

/** Each row's leaf is in its place under the root (RFC 6962 §2.1.1). */
export function judgeRows({ body: { audit } }: OpenEvidence): Finding {
  for (const { row, proof } of audit.rows) {
    const leaf = leafHash(canonicalBytes(row));
    if (!verifyInclusion(leaf, row.seq - 1, audit.size, proof, audit.root))
      throw EVIDENCE_CONTRADICTS(`audit row ${row.seq} is not under the root`, { field: "audit.rows" });
  }
  return proven(`${audit.rows.length} audit rows stand under root ${audit.root} over ${audit.size} rows`);
}

const ONLINE_HOST = "the online host";

/** The rows tell the withdrawal's life without a gap and along legal edges, and the sent bytes are those that it names. */
export function judgeRecord({ body }: OpenEvidence): Finding {
  const rows = body.audit.rows.map(({ row }) => row).sort((a, b) => a.seq - b.seq);
  const life = rows.filter(({ entity, entityId }) => entity === "withdrawal" && entityId === body.withdrawal);
  if (life.length === 0)
    throw EVIDENCE_INCOMPLETE("no audit row of the withdrawal is here", { field: "audit.rows" });
  const states = life.map((row, i) => stateAfter(row, i, life[i - 1], body.withdrawal));
  const { settlement } = body;
  if (settlement !== undefined) assertSettlement(settlement, rows);
  return attested(`${states.join(", ")}: ${counted(life.length, "step")} without a gap, each legal`, [
    ONLINE_HOST,
  ]);
}

function stateAfter(
  row: EvidenceRow,
  index: number,
  previous: EvidenceRow | undefined,
  id: string,
): WithdrawalState {
  const from = row.before?.["state"];
  const to = row.after?.["state"] as WithdrawalState;
  if (row.version !== index + 1 || from !== previous?.after?.["state"])
    throw EVIDENCE_CONTRADICTS(`version ${index + 1} of the withdrawal is missing from the record`, {
      field: "audit.rows",
    });
  if (previous !== undefined) assertEdge("withdrawal", id, from as WithdrawalState, to);
  else if (to !== "REQUESTED")
    throw EVIDENCE_CONTRADICTS("the record does not begin with a request", { field: "audit.rows" });
  return to;
}

function assertSettlement(
  { transaction, bytes, block }: EvidenceSettlement,
  rows: readonly EvidenceRow[],
): void {
  const contradicts = (why: string) => EVIDENCE_CONTRADICTS(why, { field: "settlement" });
  const stored = rows.find(({ entity, after }) => entity === "attempt" && after?.["txid"] === transaction);
  if (stored?.after?.["bytes"] !== toHex(sha256(fromHex(bytes))))
    throw contradicts("no audit row names the bytes that were sent");
  const life = rows.filter(({ entity, entityId }) => entity === "attempt" && entityId === stored.entityId);
  // The block is the one of the last step that named one.
  const seen = life.filter(({ after }) => after?.["block_hash"] !== undefined).pop()?.after;
  if (block !== undefined && (seen?.["block_hash"] !== block.hash || seen["height"] !== block.height))
    throw contradicts("the record names another block than the settlement");
}

/** A signer countersigned a place of the tree: what stood there then cannot have been rewritten since (RFC 6962 §2.1.2). */
export function judgeRoot({ body: { audit } }: OpenEvidence, { body }: ReceiptDocument): Finding {
  if (body.outcome.type === "refused") return notProven(`${body.signer} refused, and countersigned nothing`);
  const place = body.outcome.audit;
  if (place.epoch !== audit.epoch)
    return notProven(
      `${body.signer} countersigned audit epoch ${place.epoch}; the rows here are of epoch ${audit.epoch}`,
    );
  const given = audit.extends.find(({ size }) => size === place.size);
  if (given === undefined)
    throw EVIDENCE_INCOMPLETE(`nothing shows that the root extends the one of ${place.size} rows`, {
      field: "audit.extends",
    });
  if (!verifyConsistency(place.size, audit.size, place.root, audit.root, given.proof))
    throw EVIDENCE_CONTRADICTS(`the root does not extend what ${body.signer} countersigned`, {
      field: "audit.extends",
    });
  const seen = audit.rows.filter(({ row }) => row.seq <= place.size).length;
  const rest = audit.rows.length - seen;
  return attested(
    `root ${place.root} over ${place.size} rows, and with it ${seen} rows here; ${rest} later ones are the online host's word alone`,
    [body.signer],
  );
}
