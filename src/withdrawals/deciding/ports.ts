/** What judging a withdrawal needs of a store: what people have said of it, and what speaks against it. `Tx` is opaque here. */
import type { Currency } from "../../core/currency.ts";
import type { Digest } from "../../core/digest.ts";
import type { RatesDocument } from "../../core/documents/rates.ts";
import type { Id } from "../../core/identifier.ts";
import type { Instant } from "../../core/instant.ts";
import type { Use } from "../../core/policy/online/judge.ts";
import type { Scope } from "../../core/policy/online/section.ts";
import type { KycRecord } from "../../kyc/ports.ts";
import type { HaltFlagRow, LimitUseRow, WithdrawalRow } from "../rows.ts";

type UsePlace = { readonly at: Instant; readonly seq: number };

export type DecidingPorts<Tx> = {
  /** Those in force. */
  haltFlags(tx: Tx): readonly HaltFlagRow[];
  /** By the intent of any of its generations. */
  findWithdrawalByIntent(tx: Tx, intent: Digest): WithdrawalRow | undefined;
  findKyc(tx: Tx, customer: Id): KycRecord | undefined;
  /** A deposit of a customer that has left the chain, and of which nobody has decided (F10). */
  findGoneDeposit(tx: Tx, customer: Id): { readonly coin: string } | undefined;
  /** The payment from our coins by an unknown transaction that may have been meant for it (F3). */
  findSighting(tx: Tx, withdrawal: Id): { readonly transaction: string } | undefined;
  /** The rates in a currency that were issued last, in force or not. */
  findNewestRates(tx: Tx, currency: Currency): RatesDocument | undefined;
  /** What was recorded of a withdrawal at its request, with its place among the others. */
  findLimitUse(tx: Tx, withdrawal: Id): (LimitUseRow & UsePlace) | undefined;
  /** What one scope has asked for since `from`, or before a place. */
  limitUses(tx: Tx, scope: Scope, subject: string, from: Instant, before?: UsePlace): readonly Use[];
  insertDecision(
    tx: Tx,
    withdrawal: Id,
    decision: { readonly kind: string; readonly digest: Digest; readonly content: Digest },
  ): void;
  decisionsOf(tx: Tx, withdrawal: Id, kind: string): readonly Digest[];
  /** Policies in force at some time since number `from`, the newest first. */
  policiesSince(tx: Tx, from: number): readonly { readonly digest: Digest }[];
  /** Whether this database may not be the whole truth, and nobody has signed that off. */
  inQuarantine(tx: Tx): boolean;
  /** Whether rows about it may be missing here for ever: it had begun when a quarantine over lost rows was open (F9). */
  mayLackRows(tx: Tx, entity: "withdrawal" | "movement", id: Id): boolean;
};
