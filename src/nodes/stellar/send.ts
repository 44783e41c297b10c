/**
 * Handing a transaction to one endpoint, and what its answers mean. A refusal is what one node said today: before it is
 * believed the endpoint is asked for the very transaction, for one that a ledger has is refused with txBAD_SEQ (F4).
 */
import type { BroadcastOutcome } from "../../chains/chain-node.ts";
import { readApplied } from "../../chains/stellar/applied.ts";
import { codeInWords, readOutcome } from "../../chains/stellar/ledger.ts";
import type { ChainId } from "../../core/chain.ts";
import { CustodyError } from "../../core/errors.ts";
import { toBase64 } from "../../core/hex.ts";
import { malformedAnswer } from "../failure.ts";
import { sentAnswer } from "./answers.ts";
import { checked, type StellarRpc } from "./header.ts";
import { readTransaction } from "./status.ts";

/** Never throws what one endpoint has done: whatever went wrong, the bytes may have got through. */
export async function send(rpc: StellarRpc, bytes: Uint8Array, chain: ChainId): Promise<BroadcastOutcome> {
  const { id, name } = readApplied(bytes, chain);
  try {
    const said = await rpc.write("sendTransaction", { transaction: toBase64(bytes) }, sentAnswer);
    if (said.hash !== id) throw malformedAnswer("sendTransaction", `it took ${id} and calls it ${said.hash}`);
    // DUPLICATE: the queue has it.
    if (said.status === "PENDING" || said.status === "DUPLICATE") return { type: "accepted" };
    if (said.status === "TRY_AGAIN_LATER")
      return {
        type: "uncertain",
        reason: "the endpoint's queue takes nothing of the account just now (TRY_AGAIN_LATER)",
      };
    if ((await readTransaction(rpc, name, chain)) !== undefined) return { type: "accepted" };
    const { errorResultXdr } = said;
    const code = errorResultXdr && codeInWords(checked("sendTransaction", () => readOutcome(errorResultXdr)));
    return { type: "rejected", reason: `the endpoint refused it: ${code ?? "it does not say why"}` };
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    return { type: "uncertain", reason: `${error.code}: ${error.message}` };
  }
}
