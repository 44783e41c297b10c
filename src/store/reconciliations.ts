import { canonicalBytes, parseCanonical, type JsonObject } from "../core/canonical.ts";
import type { Digest } from "../core/digest.ts";
import type { AssetId } from "../core/asset.ts";
import type { ChainId } from "../core/chain.ts";
import { REQUEST } from "../core/documents/request.ts";
import { assert } from "../core/errors.ts";
import type { Id, Name } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import { LIMITS } from "../core/limits.ts";
import { findDocument } from "./documents.ts";
import type { ReconciliationTable } from "./watch-schema.ts";
import { all, get, run, type Reader } from "./statement.ts";
import type { Tx } from "./transaction.ts";

/**
 * One comparison of ledger, chain and attempts. even: they say the same. behind: too little was read to say.
 * differs: they do not.
 */
export type Reconciliation = {
  readonly id: Id;
  readonly at: Instant;
  /** The line of the database's history that was compared. */
  readonly instance: string;
  readonly tip: { readonly height: number; readonly hash: string };
  /** The audit tree when it was made. */
  readonly audit: { readonly size: number; readonly root: Digest };
  readonly verdict: ReconciliationTable["verdict"];
  /** Of the report: what a warrant names. */
  readonly digest: Digest;
  readonly report: JsonObject;
};

export function insertReconciliation(tx: Tx, made: Omit<Reconciliation, "at">): void {
  const { id, instance, tip, audit, verdict, digest, report } = made;
  const after = { digest, height: tip.height, tip: tip.hash, verdict };
  tx.audit({ entity: "reconciliation", entityId: id, version: 1, event: "compared", after });
  run(
    tx,
    "INSERT INTO reconciliation (id, at, instance, tip_height, tip_hash, audit_size, audit_root, verdict, digest, report, operation, chain)" +
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    id,
    tx.now,
    instance,
    tip.height,
    tip.hash,
    audit.size,
    audit.root,
    verdict,
    digest,
    canonicalBytes(report),
    tx.operation,
    report["chain"] as string,
  );
}

/** The newest one of a chain. */
export function lastReconciliation(reader: Reader, chain: ChainId): Reconciliation | undefined {
  const sql = "SELECT * FROM reconciliation WHERE chain = ? ORDER BY seq DESC LIMIT 1";
  const row = get<ReconciliationTable>(reader, sql, chain);
  return row && reconciliationOf(row);
}

/** Of the newest one of each chain: one that is not even, the latest made; else the oldest, which is the first to be too old. */
export function worstReconciliation(reader: Reader): Reconciliation | undefined {
  const sql =
    "SELECT * FROM reconciliation AS r WHERE seq = (SELECT max(seq) FROM reconciliation WHERE chain = r.chain)" +
    " ORDER BY verdict = 'even', CASE WHEN verdict = 'even' THEN seq ELSE -seq END LIMIT 1";
  const row = get<ReconciliationTable>(reader, sql);
  return row && reconciliationOf(row);
}

/** The newest one whose report has `digest`. */
export function findReconciliation(reader: Reader, digest: Digest): Reconciliation | undefined {
  const sql = "SELECT * FROM reconciliation WHERE digest = ? ORDER BY seq DESC LIMIT 1";
  const row = get<ReconciliationTable>(reader, sql, digest);
  return row && reconciliationOf(row);
}

function reconciliationOf(row: ReconciliationTable): Reconciliation {
  return {
    id: row.id,
    at: row.at,
    instance: row.instance,
    tip: { height: row.tip_height, hash: row.tip_hash },
    audit: { size: row.audit_size, root: row.audit_root },
    verdict: row.verdict,
    digest: row.digest,
    report: parseCanonical(new Uint8Array(row.report), LIMITS.smallDocumentBytesMax) as JsonObject,
  };
}

/** What the ledger says of each wallet on `chain`, in its one asset. */
export function walletBalances(
  reader: Reader,
  chain: ChainId,
): readonly { readonly wallet: Name; readonly asset: AssetId; readonly units: bigint }[] {
  const sql =
    "SELECT wallet.name AS wallet, b.asset, b.units FROM wallet JOIN account_balance AS b ON b.account = 'wallet:' || wallet.name WHERE wallet.chain = ? ORDER BY wallet.name, b.asset";
  return all<{ wallet: Name; asset: AssetId; units: string }>(reader, sql, chain).map((row) => ({
    ...row,
    units: BigInt(row.units),
  }));
}

/** The newest place of the audit tree that each signer has countersigned, by its receipts, beside what stands here. */
export function placesCountersigned(reader: Reader): readonly Place[] {
  const sql =
    "SELECT r.signer, r.audit_epoch AS epoch, max(r.audit_size) AS size, r.request, h.root AS here FROM receipt AS r" +
    " LEFT JOIN audit_head AS h ON h.size = r.audit_size WHERE r.outcome = 'signed' GROUP BY r.signer, r.audit_epoch ORDER BY r.signer, r.audit_epoch";
  type Row = Omit<Place, "root" | "here"> & { request: Digest; here: Digest | null };
  return all<Row>(reader, sql).map(({ signer, epoch, size, request, here }) => {
    const document = findDocument(reader, REQUEST, request);
    assert(document !== undefined, "a request that was answered is stored");
    return { signer, epoch, size, root: document.body.audit.root, here: here ?? undefined };
  });
}

type Place = {
  readonly signer: Name;
  readonly epoch: number;
  readonly size: number;
  readonly root: Digest;
  readonly here: Digest | undefined;
};
