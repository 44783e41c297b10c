import { declareError } from "../core/errors.ts";
import type { Id } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import { shellWord } from "../core/shell-word.ts";
import { pageOf, placeAfter, where, type Page } from "./page.ts";
import type { CustomerTable } from "./records-schema.ts";
import { get, run, type Reader } from "./statement.ts";
import type { Tx } from "./transaction.ts";

/** A customer: `id` is the random pseudonym that may leave this host, `ref` the operator's own name for it, which may not. */
export type Customer = {
  readonly id: Id;
  readonly ref: string;
  readonly state: "OPEN" | "CLOSED";
  readonly version: number;
  readonly created: Instant;
};

export const CUSTOMER_EXISTS = declareError(
  "CUSTOMER_EXISTS",
  "conflict",
  "There is a customer with this reference already.",
);

/** @throws CUSTOMER_EXISTS */
export function insertCustomer(tx: Tx, { id, ref }: { readonly id: Id; readonly ref: string }): Customer {
  if (findCustomerByRef(tx, ref) !== undefined) {
    throw CUSTOMER_EXISTS(`customer ${ref} exists already`, {
      field: "ref",
      hint: `custody customer show ${shellWord(ref)}`,
    });
  }
  // The reference stays out of the audit log: auditors get its rows.
  tx.audit({ entity: "customer", entityId: id, version: 1, event: "added", after: { state: "OPEN" } });
  run(
    tx,
    "INSERT INTO customer (id, ref, state, version, created) VALUES (?, ?, 'OPEN', 1, ?)",
    id,
    ref,
    tx.now,
  );
  return { id, ref, state: "OPEN", version: 1, created: tx.now };
}

export function findCustomer(reader: Reader, id: Id): Customer | undefined {
  return customerOf(get<CustomerTable>(reader, "SELECT * FROM customer WHERE id = ?", id));
}

export function findCustomerByRef(reader: Reader, ref: string): Customer | undefined {
  return customerOf(get<CustomerTable>(reader, "SELECT * FROM customer WHERE ref = ?", ref));
}

/** Customers in the order in which they were added. @throws PAGE_MALFORMED */
export function listCustomers(reader: Reader, page: Page<Id>): readonly Customer[] {
  const list = { select: "SELECT * FROM customer", order: "seq" };
  const after = where("seq", ">", placeAfter(reader, "customer", page.after));
  return pageOf<CustomerTable>(reader, list, [after], page).map((row) => customerOf(row));
}

function customerOf(row: CustomerTable): Customer;
function customerOf(row: CustomerTable | undefined): Customer | undefined;
function customerOf(row: CustomerTable | undefined): Customer | undefined {
  if (row === undefined) return undefined;
  const { id, ref, state, version, created } = row;
  return { id, ref, state, version, created };
}
