/** Chains of the eip155 namespace as the rest of the project sees them. */
import { accountId } from "../../core/account.ts";
import { isEvmChain, type ChainId } from "../../core/chain.ts";
import { declareError } from "../../core/errors.ts";
import { fromBase64 } from "../../core/hex.ts";
import type { ChainBuilder, ChainCodec, PlanBytes } from "../adapter.ts";
import { controlsNothing } from "../control.ts";
import { formatKeyPath } from "../key-path.ts";
import { parseAccountDescriptor } from "./account-descriptor.ts";
import { parseAddress } from "./address.ts";
import type { EvmAttempt } from "./attempt.ts";
import { build } from "./build.ts";
import { free } from "./free.ts";
import { killerIn } from "./killer.ts";
import { lookAlike } from "./look-alike.ts";
import { baseSummary } from "./inspect/base.ts";
import { before, keyInWords, makerOf, namedKey } from "./nonce-key.ts";
import { decodeAttestation, decodeAttestations, isAttestation } from "./attestation.ts";
import { combine, isComplete, messageSignature, verifySignatures } from "./partial.ts";
import { decode, decodePlan, expandPlan } from "./plan-attempts.ts";
import { assertNeedsUs, parseChange } from "./safe-change.ts";
import { isSafe, parseSafeDescriptor } from "./safe-descriptor.ts";
import { combineSafe, isSafeComplete, verifySafeSignatures } from "./safe-partial.ts";
import { decodeSafe, decodeSafePlan, expandSafePlan } from "./safe-plan.ts";
import { readSnapshot, type EvmSnapshot } from "./snapshot.ts";
import { assertTokens } from "./tokens.ts";
import { assertWallets, isSamePlace } from "./wallet.ts";
import { walletFacts } from "./wallet-facts.ts";

export const ONE_ADDRESS = declareError(
  "EVM_ONE_ADDRESS",
  "usage",
  "An account has one address, and gives out no others.",
);

export const SIGNS_NO_MESSAGE = declareError(
  "EVM_SIGNS_NO_MESSAGE",
  "denied",
  "A plan signs a transaction, and no message.",
);

export const NOTHING_TO_SEND = declareError(
  "EVM_NOTHING_TO_SEND",
  "denied",
  "A text that an account's key signs is no transaction, and is sent nowhere.",
);

export const evmCodec: ChainCodec<EvmAttempt> = {
  name: "evm",
  reads: isEvmChain,
  addresses: "one",
  keepsFailed: true,
  killerIn,
  parseAddress: (text, chain, field) => accountId(chain, parseAddress(text, field)),
  // The chain carries any amount; what moves nothing is refused where amounts are read.
  assertPayable: () => undefined,
  lookAlike,
  assertWallets,
  assertTokens,
  walletFacts,
  ownAccounts(descriptor, chain) {
    const { address, path } = placeIn(descriptor, chain);
    return (branch, index) => {
      if (branch === 0 && index === 0) return { account: accountId(chain, address), path };
      throw ONE_ADDRESS(`${address} has no address ${branch}/${index}`, {
        field: "index",
        hint: "an account is paid at its one address",
      });
    };
  },
  decode(bytes, view) {
    if (isSafe(view.wallet)) return decodeSafe(bytes, view);
    return isAttestation(bytes) ? decodeAttestation(bytes, view) : decode(bytes, view);
  },
  decodePlan(plan, previous, view) {
    if (isSafe(view.wallet)) return decodeSafePlan(plan, view);
    return holdsText(plan) ? decodeAttestations(plan, view) : decodePlan(plan, previous, view);
  },
  expandPlan(plan, previous, view) {
    if (isSafe(view.wallet)) return expandSafePlan(plan, view);
    return holdsText(plan) ? [fromBase64(plan.base, "plan.base")] : expandPlan(plan, previous, view);
  },
  spentPrevious: () => [],
  row: { before },
  summarise: (base, _previous, chain) => baseSummary(base, chain),
  makerOf,
  keyInWords,
  namedKey,
  neverMade: () => undefined,
  verifySignatures: (attempt, signatures) =>
    attempt.kind === "safe"
      ? verifySafeSignatures(attempt, signatures)
      : verifySignatures(attempt, signatures),
  isComplete: (attempt, signatures) =>
    attempt.kind === "safe" ? isSafeComplete(attempt, signatures) : isComplete(attempt, signatures),
  combine(attempt, signatures) {
    if (attempt.kind === "safe") return combineSafe(attempt, signatures);
    if (attempt.kind === "account") return combine(attempt, signatures);
    throw NOTHING_TO_SEND("a text that a key signs is no transaction", { field: "plan.base" });
  },
  isSamePlace,
  assertChange({ wallet }, change, field) {
    if (!isSafe(wallet)) throw controlsNothing(wallet);
    assertNeedsUs(parseChange(change, field), wallet, field);
  },
  messageSignature(attempt, signatures) {
    if (attempt.kind === "message") return messageSignature(signatures);
    throw SIGNS_NO_MESSAGE("the attempt is a transaction", { field: "plan.base" });
  },
};

function holdsText({ base }: PlanBytes): boolean {
  return isAttestation(fromBase64(base, "plan.base"));
}

function placeIn(descriptor: string, chain: ChainId): { readonly address: string; readonly path: string } {
  if (!isSafe({ descriptor })) {
    const { address, key } = parseAccountDescriptor(descriptor, chain);
    return { address, path: formatKeyPath(key.path) };
  }
  const { address, keys } = parseSafeDescriptor(descriptor, chain);
  return { address, path: formatKeyPath(keys[0]?.key.path ?? []) };
}

export const evmBuilder: ChainBuilder<EvmSnapshot> = {
  build,
  readSnapshot,
  free,
  // A nonce is anybody's to name; the builder refuses one that is not the account's.
  assertNameable: () => undefined,
  smallCoins: () => undefined,
  childCoin: () => undefined,
};
