/** Chains of the eip155 namespace as the rest of the project sees them. */
import { accountId } from "../../core/account.ts";
import { EVM_CHAIN_IDS } from "../../core/chain.ts";
import { declareError } from "../../core/errors.ts";
import type { ChainBuilder, ChainCodec } from "../adapter.ts";
import { formatKeyPath } from "../key-path.ts";
import { parseAccountDescriptor } from "./account-descriptor.ts";
import { parseAddress } from "./address.ts";
import type { EvmAttempt } from "./attempt.ts";
import { build } from "./build.ts";
import { free } from "./free.ts";
import { lookAlike } from "./look-alike.ts";
import { keyInWords, makerOf, namedKey } from "./nonce-key.ts";
import { combine, isComplete, verifySignatures } from "./partial.ts";
import { decode, decodePlan, expandPlan } from "./plan-attempts.ts";
import { readSnapshot, type EvmSnapshot } from "./snapshot.ts";
import { assertTokens } from "./tokens.ts";
import { assertWallets } from "./wallet.ts";
import { walletFacts } from "./wallet-facts.ts";

export const ONE_ADDRESS = declareError(
  "EVM_ONE_ADDRESS",
  "usage",
  "An account has one address, and gives out no others.",
);

export const SIGNS_NO_MESSAGE = declareError(
  "EVM_SIGNS_NO_MESSAGE",
  "denied",
  "An account's plan signs a transaction, and no message.",
);

export const evmCodec: ChainCodec<EvmAttempt> = {
  name: "evm",
  chains: EVM_CHAIN_IDS,
  addresses: "one",
  parseAddress: (text, chain, field) => accountId(chain, parseAddress(text, field)),
  // The chain carries any amount; what moves nothing is refused where amounts are read.
  assertPayable: () => undefined,
  lookAlike,
  assertWallets,
  assertTokens,
  walletFacts,
  ownAccounts(descriptor, chain) {
    const { address, key } = parseAccountDescriptor(descriptor, chain);
    return (branch, index) => {
      if (branch === 0 && index === 0)
        return { account: accountId(chain, address), path: formatKeyPath(key.path) };
      throw ONE_ADDRESS(`${address} has no address ${branch}/${index}`, {
        field: "index",
        hint: "an account is paid at its one address",
      });
    };
  },
  decode,
  decodePlan,
  expandPlan,
  spentPrevious: () => [],
  makerOf,
  keyInWords,
  namedKey,
  neverMade: () => undefined,
  verifySignatures,
  isComplete,
  combine,
  messageSignature({ account }) {
    throw SIGNS_NO_MESSAGE(`${account.address} signs no messages by a plan`, { field: "plan.base" });
  },
};

export const evmBuilder: ChainBuilder<EvmSnapshot> = {
  build,
  readSnapshot,
  free,
  // A nonce is anybody's to name; the builder refuses one that is not the account's.
  assertNameable: () => undefined,
  smallCoins: () => undefined,
  childCoin: () => undefined,
};
