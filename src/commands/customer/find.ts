import { CUSTOMER_UNKNOWN } from "../../withdrawals/intake/request.ts";
import { shellWord } from "../../core/shell-word.ts";
import { findCustomerByRef, type Customer } from "../../store/customers.ts";

/** A customer by the operator's reference. @throws CUSTOMER_UNKNOWN */
export function requireCustomer(reader: Parameters<typeof findCustomerByRef>[0], ref: string): Customer {
  const customer = findCustomerByRef(reader, ref);
  if (customer !== undefined) return customer;
  throw CUSTOMER_UNKNOWN(`there is no customer ${ref}`, {
    field: "--customer",
    hint: `custody customer add --ref ${shellWord(ref)}`,
  });
}
