import type { Digest } from "../core/digest.ts";
import type { PublicKey } from "../core/ed25519.ts";
import { declareError } from "../core/errors.ts";
import type { Id, Name } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import type { SessionTable } from "./schema.ts";
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
};

export const SESSION_USED = declareError(
  "SESSION_USED",
  "conflict",
  "A delegation has been used for a session already.",
);

/** Begins a session; one that is under way ends. @throws SESSION_USED */
export function startSession(
  tx: Tx,
  session: Pick<Session, "id" | "operator" | "key" | "delegation" | "expires">,
): Session {
  const { id, operator, key, delegation, expires } = session;
  if (get(tx, "SELECT 1 FROM session WHERE delegation = ?", delegation) !== undefined) {
    throw SESSION_USED("this delegation has been used already", {
      field: "delegation",
      hint: "custody session new --out key.json",
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
  return { id, operator, key, delegation, started: tx.now, expires, ended: undefined, version: 1 };
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

/** The session that is good at `now`, if there is one. */
export function activeSession(reader: Reader, now: Instant): Session | undefined {
  const row = get<SessionTable>(reader, "SELECT * FROM session WHERE ended IS NULL AND expires >= ?", now);
  if (row === undefined) return undefined;
  const { id, operator, public_key: key, delegation, started, expires, ended, version } = row;
  return { id, operator, key, delegation, started, expires, ended: ended ?? undefined, version };
}
