/** What the base of a plan on an EVM chain says for itself: a text to sign, an account's transaction, or a Safe's. */
import type { ChainId } from "../../../core/chain.ts";
import { CustodyError } from "../../../core/errors.ts";
import { visibleText } from "../../../core/text.ts";
import type { Summary } from "../../summary.ts";
import { isAttestation } from "../attestation.ts";
import { unpackSafeTx } from "../safe-plan.ts";
import { parseUnsigned } from "../transaction.ts";
import { safeSummary } from "./safe.ts";
import { transactionSummary } from "./transaction.ts";

/** @throws as `parseUnsigned` where it is none of them */
export function baseSummary(base: Uint8Array, chain: ChainId): Summary {
  if (isAttestation(base)) return textSummary(new TextDecoder().decode(base.subarray(1)), chain);
  try {
    return transactionSummary({ transaction: parseUnsigned(base, chain, "plan.base"), chain });
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    // Which of both it is, only the wallet says: what is no account's transaction may be a Safe's.
    const safe = asSafe(base, chain);
    if (safe === undefined) throw error;
    return safe;
  }
}

function asSafe(base: Uint8Array, chain: ChainId): Summary | undefined {
  try {
    return safeSummary(unpackSafeTx(base), chain);
  } catch (error) {
    if (error instanceof CustodyError) return undefined;
    throw error;
  }
}

function textSummary(text: string, chain: ChainId): Summary {
  const message = visibleText(text);
  return {
    kind: "attestation",
    data: { chain, message },
    facts: [
      ["kind", `text to be signed by an account on ${chain}, as typed data of one fixed type (EIP-712)`],
      ["signs message", message],
    ],
    warnings: [],
    refusals: [],
    page: {
      message,
      pays: [],
      fee: "none: nothing is sent",
      locks: [],
      takes: { title: "uses nothing", each: [] },
    },
  };
}
