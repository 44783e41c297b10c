/** A stored plan's bytes: what its inputs spend, and its attempts as the chain's codec reads them. */
import type { ChainCodec, DecodedAttempts, WalletView } from "../../chains/adapter.ts";
import type { Effect } from "../../chains/effect.ts";
import type { ChainId } from "../../core/chain.ts";
import { parseCanonical } from "../../core/canonical.ts";
import { PLAN, type PlanDocument } from "../../core/documents/plan.ts";
import { assert } from "../../core/errors.ts";
import { fromBase64 } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";
import type { WithdrawalPorts } from "../ports.ts";
import type { PlanRow } from "../rows.ts";

export type Reading<Decoded> = {
  /** What reads the bytes of a chain: one file may be about plans of several. */
  readonly codec: (chain: ChainId) => ChainCodec<Decoded>;
  /** The wallet that pays the plan. */
  readonly view: (plan: PlanRow) => WalletView;
};

type Ports<Tx> = Pick<WithdrawalPorts<Tx>, "findDocument">;

/** What a plan's inputs spend, as the request carries it: base64, in ascending order, each once. */
export function previousOf({ previous }: Pick<PlanRow, "previous">): string[] {
  return [...new Set(parseCanonical(previous, LIMITS.documentBytesMax) as readonly string[])].sort();
}

/** The plan's document. */
export function planDocumentOf<Tx>(ports: Ports<Tx>, tx: Tx, plan: PlanRow): PlanDocument {
  const document = ports.findDocument(tx, PLAN, plan.digest);
  assert(document !== undefined, "a plan's document is stored with it");
  return document;
}

/** A plan's attempts as they were built, decoded once for everything that comes in about them. */
export function attemptsAsBuilt<Tx, Decoded>(
  ports: Ports<Tx>,
  tx: Tx,
  plan: PlanRow,
  { codec, view }: Reading<Decoded>,
): DecodedAttempts<Decoded> {
  const { body } = planDocumentOf(ports, tx, plan);
  const wallet = view(plan);
  return codec(wallet.wallet.chain).decodePlan(body, previousBytes(plan), wallet);
}

/** Whether an attempt with these effects signs a message: nothing moves by it, and nothing is ever sent. */
export function signsMessage(effects: readonly Effect[]): boolean {
  return effects.some(({ type }) => type === "attest");
}

/** Each attempt in the chain's plain form, as other makers' signers read it: the rungs, then the cancel rung. */
export function plainAttempts<Tx, Decoded>(
  ports: Ports<Tx>,
  tx: Tx,
  plan: PlanRow,
  { codec, view }: Reading<Decoded>,
): readonly Uint8Array[] {
  const wallet = view(plan);
  const { body } = planDocumentOf(ports, tx, plan);
  return codec(wallet.wallet.chain).expandPlan(body, previousBytes(plan), wallet);
}

/** What a plan's inputs spend. */
export function previousBytes(plan: Pick<PlanRow, "previous">): readonly Uint8Array[] {
  return previousOf(plan).map((text) => fromBase64(text));
}
