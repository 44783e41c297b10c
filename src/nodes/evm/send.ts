/**
 * Handing a transaction to one endpoint, and what its answers mean. Programs agree on no codes, so that their words are read;
 * what is not recognised concludes nothing. Before a refusal is believed the endpoint is asked for the very transaction: one
 * that was mined already is refused with "nonce too low" (F4: a second payment after a "failure").
 */
import { transactionHash } from "../../chains/evm/transaction.ts";
import type { Digest } from "../../core/digest.ts";
import { CustodyError } from "../../core/errors.ts";
import { toHex } from "../../core/hex.ts";
import { NODE_ANSWER_MALFORMED } from "../failure.ts";
import { refusalCode, type Rpc } from "../bitcoind/rpc.ts";
import { hashField } from "./answers.ts";
import { readTransaction } from "./receipt.ts";

export type Refusal =
  | "nonce too low"
  | "replacement underpriced"
  /** Below what the pool, or the newest block, asks of any transaction. */
  | "underpriced"
  | "insufficient funds"
  | "other";

/** A `BroadcastOutcome`, and why. No refusal says that the transaction is dead: only the same bytes may be sent again. */
export type SendOutcome =
  | { readonly type: "accepted"; readonly already: boolean }
  | { readonly type: "rejected"; readonly why: Refusal; readonly reason: string }
  | { readonly type: "uncertain"; readonly reason: string };

/** geth core/txpool/errors.go, core/error.go; anvil, besu, erigon, nethermind and reth say the same in their spelling. */
const ALREADY = /already ?known|\bknown transaction|already imported|already in (?:the )?(?:mem)?pool/i;
const WORDS: readonly (readonly [RegExp, Refusal])[] = [
  [/nonce (?:is )?too low|oldnonce|nonce .*already (?:been )?used/i, "nonce too low"],
  [
    /replacement .*underpriced|replacementnotallowed|replace existing .*underpriced/i,
    "replacement underpriced",
  ],
  [/insufficient ?funds|upfront cost exceeds/i, "insufficient funds"],
  [
    /underpriced|fee ?too ?low|(?:max )?fee per gas (?:is )?less than block base fee|gas price (?:is )?(?:below|less than|too low)/i,
    "underpriced",
  ],
];

/** EIP-1474 "transaction rejected", and geth's code for whatever its pool refuses. */
const REFUSING: readonly number[] = [-32003, -32000];
/** Under the same code geth says that it could not look at all. */
const NOT_LOOKED = /time[d-]? ?out|deadline|unavailable|overload|rate limit|too many|internal|sync/i;

/** Never throws what one endpoint has done: whatever went wrong, the bytes may have got through. */
export async function send(rpc: Rpc, bytes: Uint8Array): Promise<SendOutcome> {
  const hash = toHex(transactionHash(bytes)) as Digest;
  try {
    const said = await rpc.write("eth_sendRawTransaction", [`0x${toHex(bytes)}`], hashField);
    if (said !== hash) throw NODE_ANSWER_MALFORMED(`the endpoint took ${hash} and calls it ${said}`);
    return { type: "accepted", already: false };
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    return judged(rpc, hash, error);
  }
}

async function judged(rpc: Rpc, hash: Digest, error: CustodyError): Promise<SendOutcome> {
  const why = refusalOf(error);
  if (why === "already") return { type: "accepted", already: true };
  const reason = `${error.code}: ${error.message}`;
  if (why === undefined) return { type: "uncertain", reason };
  try {
    if ((await readTransaction(rpc, hash)) !== undefined) return { type: "accepted", already: true };
  } catch (trouble) {
    if (!(trouble instanceof CustodyError)) throw trouble;
    return { type: "uncertain", reason };
  }
  return { type: "rejected", why, reason };
}

/** What a refusal says; undefined where it says nothing of the transaction. */
export function refusalOf(error: CustodyError): Refusal | "already" | undefined {
  const code = refusalCode(error);
  if (code === undefined) return undefined;
  if (ALREADY.test(error.message)) return "already";
  const known = WORDS.find(([words]) => words.test(error.message))?.[1];
  if (known !== undefined) return known;
  return REFUSING.includes(code) && !NOT_LOOKED.test(error.message) ? "other" : undefined;
}
