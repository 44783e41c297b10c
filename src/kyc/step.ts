/** Something happens to what is known of a customer: the one way in which a use case changes its state. */
import { kycTransition, type KycEvent } from "../core/states/kyc.ts";
import type { KycPorts, KycRecord } from "./ports.ts";

/** Moves a record as it was read. What `changes` leaves out is emptied. @throws STATE_CONFLICT */
export function stepKyc<Tx>(
  ports: Pick<KycPorts<Tx>, "moveKyc">,
  tx: Tx,
  record: KycRecord,
  event: KycEvent,
  changes: Parameters<KycPorts<Tx>["moveKyc"]>[3] = {},
): KycRecord {
  const { customer, version } = record;
  return ports.moveKyc(tx, customer, { version, ...kycTransition(record, event) }, changes);
}
