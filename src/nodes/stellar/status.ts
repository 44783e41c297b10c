/** Where a transaction stands, by one endpoint's word. That it is not found says nothing: endpoints keep some days alone. */
import type { TransactionStatus } from "../../chains/chain-node.ts";
import { readApplied, type AppliedTransaction } from "../../chains/stellar/applied.ts";
import { readOutcome, type Outcome } from "../../chains/stellar/ledger.ts";
import type { ChainId } from "../../core/chain.ts";
import type { Digest } from "../../core/digest.ts";
import { malformedAnswer } from "../failure.ts";
import { transactionAnswer } from "./answers.ts";
import { checked, readHeaderAt, type StellarRpc } from "./header.ts";

export type Found = {
  readonly applied: AppliedTransaction;
  readonly outcome: Outcome;
  readonly height: number;
  readonly latest: number;
};

/** Metadata comes with it. */
const LARGE = { isLarge: true };

/** @param name what its source's signatures commit to, or the id of a fee bump around it */
export async function readTransaction(
  rpc: StellarRpc,
  name: Digest,
  chain: ChainId,
): Promise<Found | undefined> {
  const said = await rpc.read("getTransaction", { hash: name }, transactionAnswer, LARGE);
  if (said.status === "NOT_FOUND") return undefined;
  const { envelopeXdr, resultXdr, ledger: height, latestLedger: latest } = said;
  const applied = checked("getTransaction", () => readApplied(envelopeXdr, chain));
  if (applied.name !== name && applied.id !== name)
    throw malformedAnswer("getTransaction", `${name} was asked for, and ${applied.id} given`);
  const outcome = checked("getTransaction", () => readOutcome(resultXdr));
  return { applied, outcome, height, latest };
}

export async function statusOf(rpc: StellarRpc, name: Digest, chain: ChainId): Promise<TransactionStatus> {
  const found = await readTransaction(rpc, name, chain);
  if (found === undefined) return { state: "unknown" };
  const { applied, outcome, height, latest } = found;
  const header = await readHeaderAt(rpc, height);
  if (header === undefined) return { state: "pending" };
  // Whoever has put a fee bump around it pays for it.
  const feeUnits = applied.feePayer === applied.source ? outcome.feeUnits : 0n;
  return {
    state: "included",
    blockHash: header.hash,
    height,
    confirmations: Math.max(1, latest - height + 1),
    // Validators close a ledger once: it is agreed on before anybody builds on it (SCP).
    finalized: true,
    effect: { failed: !outcome.succeeded, feeUnits, shortfalls: [], id: applied.id },
  };
}
