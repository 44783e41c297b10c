/** Stellar's networks: what their bytes mean, and how a plan is built (`adapter.ts`). */
import { accountId } from "../../core/account.ts";
import { isStellarChain } from "../../core/chain.ts";
import { declareError } from "../../core/errors.ts";
import type { ChainBuilder, ChainCodec } from "../adapter.ts";
import { controlsNothing } from "../control.ts";
import { parseDestination } from "./address.ts";
import { assertTokens } from "./assets.ts";
import type { StellarAttempt } from "./attempt.ts";
import { build } from "./build.ts";
import { parseStellarDescriptor } from "./descriptor.ts";
import { free } from "./free.ts";
import { lookAlike } from "./look-alike.ts";
import { combine, isComplete, verifySignatures } from "./partial.ts";
import { decode, decodePlan, expandPlan } from "./plan.ts";
import { before, keyInWords, makerOf, namedKey } from "./sequence-key.ts";
import { readSnapshot, type StellarSnapshot } from "./snapshot.ts";
import { baseSummary } from "./summary.ts";
import { assertWallets, isSamePlace, pathOf, walletFacts } from "./wallet.ts";

export const ONE_ADDRESS = declareError(
  "STELLAR_ONE_ADDRESS",
  "usage",
  "An account has one address, and gives out no others.",
);
export const SIGNS_NO_MESSAGE = declareError(
  "STELLAR_SIGNS_NO_MESSAGE",
  "denied",
  "A plan signs a transaction, and no message.",
);

export const stellarCodec: ChainCodec<StellarAttempt> = {
  name: "stellar",
  reads: isStellarChain,
  addresses: "one",
  // A transaction is named by what its signatures commit to, and ledgers know it by that very name.
  keepsFailed: true,
  row: { before },
  parseAddress: (text, chain, field) => accountId(chain, parseDestination(text, field)),
  assertPayable: () => undefined,
  lookAlike,
  assertWallets,
  assertTokens,
  walletFacts,
  ownAccounts(descriptor, chain) {
    const account = parseStellarDescriptor(descriptor, chain);
    return (branch, index) => {
      if (branch === 0 && index === 0)
        return { account: accountId(chain, account.address), path: pathOf(account) };
      throw ONE_ADDRESS(`${account.address} has no address ${branch}/${index}`, {
        field: "index",
        hint: "an account is paid at its one address",
      });
    };
  },
  summarise: (base, _previous, chain) => baseSummary(base, chain),
  decode,
  decodePlan: (plan, _previous, view) => decodePlan(plan, view),
  expandPlan: (plan, _previous, view) => expandPlan(plan, view),
  spentPrevious: () => [],
  makerOf,
  keyInWords,
  namedKey,
  neverMade: () => undefined,
  verifySignatures,
  isComplete,
  combine,
  messageSignature() {
    throw SIGNS_NO_MESSAGE("the attempt is a transaction", { field: "plan.base" });
  },
  isSamePlace,
  assertChange({ wallet }) {
    throw controlsNothing(wallet);
  },
};

export const stellarBuilder: ChainBuilder<StellarSnapshot> = {
  build,
  readSnapshot,
  free,
  // A sequence number is anybody's to name; the builder refuses one that is not the account's.
  assertNameable: () => undefined,
  smallCoins: () => undefined,
  childCoin: () => undefined,
};
