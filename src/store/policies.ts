import type { Digest } from "../core/digest.ts";
import { declareError } from "../core/errors.ts";
import { all, get, run, type Reader } from "./statement.ts";
import type { Tx } from "./transaction.ts";

export type ActivePolicy = { readonly number: number; readonly digest: Digest };

export const POLICY_OUT_OF_ORDER = declareError(
  "POLICY_OUT_OF_ORDER",
  "conflict",
  "A policy's number does not follow that of the active one.",
);

/** Makes a policy that has been verified the active one. @throws POLICY_OUT_OF_ORDER */
export function activatePolicy(tx: Tx, { number, digest }: ActivePolicy): void {
  const active = activePolicy(tx);
  const next = (active?.number ?? 0) + 1;
  if (number !== next) {
    throw POLICY_OUT_OF_ORDER(
      `policy number ${number} does not follow number ${next - 1}: number ${next} is next`,
      {
        field: "policy.number",
        hint: "custody policy show",
        details: { number, next },
      },
    );
  }
  const before = active === undefined ? undefined : { digest: active.digest, number: active.number };
  tx.audit({
    entity: "policy",
    entityId: String(number),
    version: 1,
    event: "activated",
    before,
    after: { digest, number },
  });
  run(tx, "INSERT INTO policy_active (number, digest, activated) VALUES (?, ?, ?)", number, digest, tx.now);
}

export function activePolicy(reader: Reader): ActivePolicy | undefined {
  return get<ActivePolicy>(reader, "SELECT number, digest FROM policy_active ORDER BY number DESC LIMIT 1");
}

/** Digests of the policies in force at some time since number `from`, the newest first. */
export function policiesSince(reader: Reader, from: number): readonly ActivePolicy[] {
  return all<ActivePolicy>(
    reader,
    "SELECT number, digest FROM policy_active WHERE number >= ? ORDER BY number DESC",
    from,
  );
}

/** The custody id: the digest of policy number 1. Undefined before there is one. */
export function storedCustody(reader: Reader): Digest | undefined {
  return get<ActivePolicy>(reader, "SELECT number, digest FROM policy_active WHERE number = 1")?.digest;
}
