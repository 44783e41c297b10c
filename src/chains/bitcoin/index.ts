/** Bitcoin as the rest of the project sees it. */
import type { ChainBuilder, ChainCodec } from "../adapter.ts";
import { BITCOIN_CHAINS } from "../../core/chain.ts";
import { parseAddress } from "./address.ts";
import type { BitcoinAttempt } from "./attempt.ts";
import { build } from "./build.ts";
import { decode } from "./decode.ts";
import { combine } from "./finalize.ts";
import { verifySignatures } from "./signature.ts";
import type { BitcoinSnapshot } from "./snapshot.ts";

export const bitcoinCodec: ChainCodec<BitcoinAttempt> = {
  chains: Object.values(BITCOIN_CHAINS),
  parseAddress: (text, network, field) => parseAddress(text, network, field).account,
  decode,
  verifySignatures,
  combine,
};

export const bitcoinBuilder: ChainBuilder<BitcoinSnapshot> = { build };

export { addressOfAccount, addressOfScript, lookAlike, parseAddress, type Address } from "./address.ts";
export type { BitcoinAttempt, OwnedInput } from "./attempt.ts";
export { INSUFFICIENT_COINS } from "./coins.ts";
export {
  deriveAddress,
  deriveKey,
  parseDescriptor,
  writeDescriptor,
  type Branch,
  type Descriptor,
  type WalletKey,
} from "./descriptor.ts";
export { assertFeeCaps, feeFacts, feeSharePermille } from "./fee.ts";
export { inspectBitcoin, type BitcoinSummary } from "./inspect.ts";
export { formatKeyPath, HARDENED, type KeyOrigin } from "./key-path.ts";
export { BITCOIN_NETWORKS } from "./network.ts";
export { dustThreshold } from "./script.ts";
export { digests, type InputDigest } from "./sighash.ts";
export { encodeSignature } from "./signature.ts";
export { bitcoinSnapshotField, type BitcoinCoin, type BitcoinSnapshot } from "./snapshot.ts";
export { parseTransaction, strippedBytes, transactionId, type Transaction } from "./transaction.ts";
