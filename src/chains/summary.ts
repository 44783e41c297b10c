/** What bytes say for themselves, without keys, wallet or policy: each chain's folder says it, and answers and pages show it. */
import type { JsonObject } from "../core/canonical.ts";

export type Fact = readonly [label: string, value: string];
/** Why no signer of ours would ever sign this. */
export type NeverSigned = { readonly rule: string; readonly why: string };

export type Summary = {
  /** `psbt`, `transaction`. */
  readonly kind: string;
  readonly data: JsonObject;
  /** The same for people, in two columns. */
  readonly facts: readonly Fact[];
  readonly warnings: readonly string[];
  readonly refusals: readonly NeverSigned[];
  readonly page: SummaryPage;
};

/** The same as a page about a plan has it, whose own title says whose plan it is. */
export type SummaryPage = {
  /** What is signed where it is a text and moves nothing. */
  readonly message: string | undefined;
  readonly pays: readonly Paid[];
  /** `0.00001 BTC on rung 1, by amounts that its parents prove` */
  readonly fee: string;
  /** What keeps it from being sent at once. */
  readonly locks: readonly string[];
  /** What it uses up: coins, or a nonce. */
  readonly takes: { readonly title: string; readonly each: readonly Taken[] };
};

export type Paid = {
  readonly amount: string;
  readonly address: string | undefined;
  readonly otherwise: string;
};
export type Taken = { readonly name: string; readonly about?: string | undefined };
