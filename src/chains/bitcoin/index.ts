/** Bitcoin as the rest of the project sees it. */
import { controlsNothing } from "../control.ts";
import type { ChainBuilder, ChainCodec } from "../adapter.ts";
import { splitAccount } from "../../core/account.ts";
import { BITCOIN_CHAINS, networkOf } from "../../core/chain.ts";
import { addressOfAccount, lookAlike, parseAddress } from "./address.ts";
import type { BitcoinAttempt } from "./attempt.ts";
import { build } from "./build.ts";
import { decode } from "./decode.ts";
import { deriveAddress, parseDescriptor } from "./descriptor.ts";
import { assertAboveDust } from "./dust.ts";
import { combine, isComplete } from "./finalize.ts";
import { inspectBase } from "./inspect.ts";
import { messageSignature } from "./message-signature.ts";
import { freeCoins, keyInWords, makerOf, namedKey, outpointKey } from "./outpoint.ts";
import { decodePlan, expandPlan } from "./plan-attempts.ts";
import { neverMade, spentPrevious } from "./previous.ts";
import { verifySignatures } from "./signature.ts";
import { summaryOf } from "./summary.ts";
import { smallCoins } from "./small-coins.ts";
import { assertNameable } from "./snapshot-coins.ts";
import { readSnapshot, type BitcoinSnapshot } from "./snapshot.ts";
import { assertWallets } from "./wallet.ts";
import { walletFacts } from "./wallet-facts.ts";

export const bitcoinCodec: ChainCodec<BitcoinAttempt> = {
  name: "bitcoin",
  addresses: "many",
  summarise: (base, previous, chain) => summaryOf(inspectBase(base, previous, networkOf(chain))),
  keepsFailed: false,
  reads: (chain) => Object.values<string>(BITCOIN_CHAINS).includes(chain),
  parseAddress: (text, chain, field) => parseAddress(text, networkOf(chain), field).account,
  assertPayable(account, units, field) {
    const network = networkOf(splitAccount(account).chain);
    assertAboveDust(addressOfAccount(account, network, field), units, field);
  },
  lookAlike,
  // No asset id says a token of these chains (`core/asset.ts`).
  assertTokens: () => undefined,
  assertWallets: (wallets, chain) => assertWallets(wallets, networkOf(chain)),
  walletFacts: (descriptor, chain) => walletFacts(descriptor, networkOf(chain)),
  ownAccounts(descriptor, chain) {
    const parsed = parseDescriptor(descriptor, networkOf(chain));
    return (branch, index) => deriveAddress(parsed, branch, index);
  },
  decode,
  decodePlan,
  expandPlan,
  spentPrevious,
  makerOf,
  keyInWords,
  namedKey: (text, chain) => namedKey(text, networkOf(chain)),
  neverMade,
  verifySignatures,
  isComplete,
  combine,
  messageSignature,
  isSamePlace: () => false,
  assertChange({ wallet }) {
    throw controlsNothing(wallet);
  },
};

export const bitcoinBuilder: ChainBuilder<BitcoinSnapshot> = {
  build,
  readSnapshot,
  free: (snapshot, { network }, { leased, changeIndex }) => ({
    ...snapshot,
    coins: [...freeCoins(snapshot.coins, leased, network)],
    unconfirmed: [...freeCoins(snapshot.unconfirmed, leased, network)],
    changeIndex,
  }),
  assertNameable: (keys, snapshot, { network }) => assertNameable(keys, snapshot, network),
  smallCoins: (snapshot, { wallet, network }, rule) =>
    smallCoins(snapshot, parseDescriptor(wallet.descriptor, network), rule),
  childCoin(snapshot, { network }, transactions) {
    const coin = snapshot.unconfirmed.find(({ txid }) => transactions.has(txid));
    return coin && outpointKey(coin, network);
  },
};

export { addressOfScript, parseAddress } from "./address.ts";
export type { BitcoinAttempt } from "./attempt.ts";
export { deriveAddress, parseDescriptor, writeDescriptor } from "./descriptor.ts";
export { isBsms, readBsmsKey } from "./exports/bsms-key.ts";
export { keyExpressionOf } from "./exports/registry-key.ts";
export { inspectBase, inspectBitcoin } from "./inspect.ts";
export { summaryOf } from "./summary.ts";
export { formatKeyExpression } from "./key-expression.ts";
export { accountPath, parseKind, WALLET_KIND_UNKNOWN } from "./kinds/table.ts";
export { targetWithin } from "./fee-sources.ts";
export { BITCOIN_NETWORKS } from "./network.ts";
export { offeredCoins } from "./offered-coins.ts";
export { outpointKey } from "./outpoint.ts";
export { isPsbt, partialSignatures } from "./partial.ts";
export { asPsbtV0, asPsbtV2 } from "./psbt-v2-convert.ts";
export { snapshotOf } from "./snapshot-of.ts";
export { waitingChange, type WaitingAttempt } from "./waiting-change.ts";
