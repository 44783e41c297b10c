import type { Digest } from "../core/digest.ts";
import type { PublicKey } from "../core/ed25519.ts";
import { declareError } from "../core/errors.ts";
import type { Id, Name } from "../core/identifier.ts";
import { later, type Instant } from "../core/instant.ts";
import type { SessionTable } from "./records-schema.ts";
import { get, run, type Reader } from "./statement.ts";
import type { Tx } from "./transaction.ts";

/** An operator's session key, good from the delegation's word until it expires or is ended. */
export type Session = {
  readonly id: Id;
  readonly operator: Name;
  readonly key: PublicKey;
  readonly delegation: Digest;
  readonly started: Instant;
  readonly expires: Instant;
  readonly ended: Instant | undefined;
  readonly version: number;
  /** When something was last changed under it; its start when nothing was. */
  readonly lastUsed: Instant;
};

export const SESSION_USED = declareError(
  "SESSION_USED",
  "conflict",
  "A delegation has been used for a session already, and that has ended or is yet to begin.",
);

/**
 * Begins a session; another one that is under way ends. The delegation of the session under way takes it up again after
 * it was left idle. One whose session has ended is spent: whoever ended it meant it.
 * @throws SESSION_USED
 */
export function startSession(
  tx: Tx,
  session: Pick<Session, "id" | "operator" | "key" | "delegation" | "expires">,
): Session {
  const { id, operator, key, delegation, expires } = session;
  const known = get<SessionTable>(tx, "SELECT * FROM session WHERE delegation = ?", delegation);
  if (known?.ended === null && known.started > tx.now) {
    throw SESSION_USED(`the session of this delegation was begun at ${known.started}, which is yet to come`, {
      field: "delegation",
      hint: "date; custody session new --operator NAME --out delegation.json",
    });
  }
  if (known?.ended === null) return resume(tx, sessionOf(known));
  if (known !== undefined) {
    throw SESSION_USED("the session of this delegation has ended", {
      field: "delegation",
      hint: "custody session new --operator NAME --out delegation.json",
    });
  }
  endSession(tx);
  tx.audit({
    entity: "session",
    entityId: id,
    version: 1,
    event: "started",
    after: { delegation, expires, key, operator },
  });
  run(
    tx,
    "INSERT INTO session (id, operator, public_key, delegation, started, expires, ended, version) VALUES (?, ?, ?, ?, ?, ?, NULL, 1)",
    id,
    operator,
    key,
    delegation,
    tx.now,
    expires,
  );
  const started = tx.now;
  return { ...session, started, expires, ended: undefined, version: 1, lastUsed: started };
}

function resume(tx: Tx, session: Session): Session {
  const version = session.version + 1;
  const lastUsed = later(session.lastUsed, tx.now);
  tx.audit({
    entity: "session",
    entityId: session.id,
    version,
    event: "resumed",
    before: { lastUsed: session.lastUsed },
    after: { lastUsed },
  });
  const sql = "UPDATE session SET last_used = ?, version = ? WHERE id = ? AND version = ?";
  run(tx, sql, lastUsed, version, session.id, session.version);
  return { ...session, version, lastUsed };
}

/**
 * Notes that something is changed under a session. Without an audit row: what is changed has its own. A clock that went
 * back takes nothing back.
 */
export function noteSessionUse(tx: Tx, id: Id): void {
  const sql =
    "UPDATE session SET last_used = ? WHERE id = ? AND ended IS NULL AND coalesce(last_used, started) < ?";
  run(tx, sql, tx.now, id, tx.now);
}

/** Ends whatever session has not been ended. @returns whether there was one */
export function endSession(tx: Tx): boolean {
  const row = get<SessionTable>(tx, "SELECT * FROM session WHERE ended IS NULL");
  if (row === undefined) return false;
  tx.audit({
    entity: "session",
    entityId: row.id,
    version: row.version + 1,
    event: "ended",
    after: { ended: tx.now },
  });
  run(
    tx,
    "UPDATE session SET ended = ?, version = ? WHERE id = ? AND version = ?",
    tx.now,
    row.version + 1,
    row.id,
    row.version,
  );
  return true;
}

/**
 * The session that has begun, and neither ended nor expired at `now`, if there is one; idle or not. One that was begun while
 * the clock was ahead is none until that time has come.
 */
export function activeSession(reader: Reader, now: Instant): Session | undefined {
  const row = get<SessionTable>(
    reader,
    "SELECT * FROM session WHERE ended IS NULL AND started <= ? AND expires >= ?",
    now,
    now,
  );
  return row && sessionOf(row);
}

function sessionOf(row: SessionTable): Session {
  const { id, operator, public_key: key, delegation, started, expires, ended, version, last_used } = row;
  return {
    id,
    operator,
    key,
    delegation,
    started,
    expires,
    ended: ended ?? undefined,
    version,
    lastUsed: last_used ?? started,
  };
}
