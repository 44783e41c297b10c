/** Payments with our key that another maker's program makes of what is signed here: the same nonce, a higher fee. */
import { parseAccountDescriptor } from "../../../../src/chains/evm/account-descriptor.ts";
import { encodeSigned, signingHash } from "../../../../src/chains/evm/transaction.ts";
import { accountId } from "../../../../src/core/account.ts";
import { assert } from "../../../../src/core/errors.ts";
import { signRecoverable } from "../../../../signer/sign/evm-ecdsa.ts";
import { SIGNERS } from "../../../attack/bench/house.ts";
import { ANVIL } from "../../../factory/evm-account.ts";
import type { Family } from "../family.ts";
import { EvmChain } from "./chain.ts";
import { sentOf } from "./transaction.ts";

export const madeElsewhere: Family["madeElsewhere"] = (bytes, { vault }, mistaken) => {
  const { transaction, from } = sentOf(bytes);
  if (transaction.to === from || transaction.type !== 2) return undefined;
  const other = {
    ...transaction,
    value: transaction.value + (mistaken ? 1n : 0n),
    maxFeePerGas: 2n * transaction.maxFeePerGas,
    maxPriorityFeePerGas: 2n * transaction.maxPriorityFeePerGas,
  };
  const { key } = parseAccountDescriptor(vault.descriptor, vault.chain, "wallet.descriptor");
  const secret = SIGNERS[0].ring.privateKey(key.fingerprint, key.path);
  assert(secret !== undefined, "the vault is the first signer's");
  return encodeSigned(other, signRecoverable(signingHash(other), secret));
};

/** @param coin `eip155:…:credit:HASH:PLACE` */
export const paidBy: Family["paidBy"] = (chain, coin) => {
  assert(chain instanceof EvmChain, "a family has its own chain");
  const sent = chain.seen.get(coin.split(":").at(-2) ?? "");
  return sent && { account: accountId(ANVIL, sent.transaction.to), units: sent.transaction.value };
};
