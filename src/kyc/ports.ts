/** What the KYC use cases need of a store. `Tx` is a write transaction, opaque here; `src/store/kyc.ts` fits. */
import type { Id, Name } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import type { KycState } from "../core/states/edges.ts";

/** What is known of a customer: no personal data, a pseudonym and codes alone. */
export type KycRecord = {
  readonly customer: Id;
  readonly state: KycState;
  /** Tier and expiry stand while the state is ACCEPTED, and at no other time. */
  readonly tier: Name | undefined;
  readonly expires: Instant | undefined;
  readonly reason: Name | undefined;
  readonly version: number;
};

type Step = { readonly version: number; readonly to: KycState; readonly event: string };
type Changes = {
  readonly tier?: Name | undefined;
  readonly expires?: Instant | undefined;
  readonly reason?: Name | undefined;
};

export type KycPorts<Tx> = {
  findKyc(tx: Tx, customer: Id): KycRecord | undefined;
  /** The record, begun as NONE where there is none. */
  openKyc(tx: Tx, customer: Id): KycRecord;
  /** What `changes` leaves out is emptied. */
  moveKyc(tx: Tx, customer: Id, step: Step, changes?: Changes): KycRecord;
};
