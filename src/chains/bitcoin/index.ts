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

export { addressOfScript, lookAlike, parseAddress } from "./address.ts";
export type { BitcoinAttempt } from "./attempt.ts";
export { deriveAddress, parseDescriptor } from "./descriptor.ts";
export { assertAboveDust } from "./dust.ts";
export { inspectBitcoin, type BitcoinSummary } from "./inspect.ts";
export { BITCOIN_NETWORKS } from "./network.ts";
