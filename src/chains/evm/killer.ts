/**
 * A transaction that is said to have taken a nonce of ours, by its own bytes: whose nonce it has, what its signatures commit
 * to, and the id that people find it by. What an account has signed carries its signature; a Safe's is named by the Safe's
 * own hash of it, whichever relayer has carried it.
 */
import { parseDigest, type Digest } from "../../core/digest.ts";
import { CustodyError } from "../../core/errors.ts";
import { toHex } from "../../core/hex.ts";
import type { ChainId } from "../../core/chain.ts";
import { nonceKey, nonceOf } from "./nonce-key.ts";
import { hashSafeTx } from "./safe.ts";
import { decodeExecution } from "./safe-execution.ts";
import { safeNonceOf } from "./safe-nonce-key.ts";
import { readSafeExecution } from "./safe-partial.ts";
import { recoverAddress } from "./signature.ts";
import { chainIdOf, parseSigned, signingHash, transactionHash } from "./transaction.ts";

export type Killer = { readonly id: Digest; readonly name: Digest };

/** Undefined where the bytes are no transaction that has used up `conflictKey`. */
export function killerIn(bytes: Uint8Array, conflictKey: string): Killer | undefined {
  const account = nonceOf(conflictKey);
  try {
    return account === undefined ? ofSafe(bytes, conflictKey) : ofAccount(bytes, account.chain, conflictKey);
  } catch (error) {
    if (error instanceof CustodyError) return undefined;
    throw error;
  }
}

function ofAccount(bytes: Uint8Array, chain: ChainId, conflictKey: string): Killer | undefined {
  const { transaction, signature } = parseSigned(bytes, chain);
  const hash = signingHash(transaction);
  const address = recoverAddress(hash, signature);
  if (address === undefined || nonceKey({ chain, address, nonce: transaction.nonce }) !== conflictKey)
    return undefined;
  return { id: parseDigest(toHex(transactionHash(bytes))), name: parseDigest(toHex(hash)) };
}

// Who has signed it is the Safe's to judge: it has executed it, or people see no such hash in its logs.
function ofSafe(bytes: Uint8Array, conflictKey: string): Killer | undefined {
  const named = safeNonceOf(conflictKey);
  const execution = readSafeExecution(bytes);
  if (named === undefined || execution === undefined) return undefined;
  if (execution.safe !== named.safe || execution.nonce !== named.nonce) return undefined;
  const { tx } = decodeExecution(execution.data, execution.nonce);
  const safe = { chainId: chainIdOf(named.chain), address: named.safe };
  const name = parseDigest(toHex(hashSafeTx(tx, safe).digest));
  return { id: name, name };
}
