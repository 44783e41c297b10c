/** The wallet of a new custody: one signer's own, or one of several keys of which some must sign. */
import { writeDescriptor } from "../../chains/bitcoin/index.ts";
import { BITCOIN_CHAINS } from "../../core/chain.ts";
import type { SignerCard } from "../../core/documents/signer-card.ts";
import { declareError } from "../../core/errors.ts";
import { parseName } from "../../core/identifier.ts";
import type { PolicyWallet } from "../../core/policy/policy.ts";
import { countFlag, optionalFlag, repeatedFlag, requiredFlag, type Flags } from "../../terminal/command.ts";

export const CARD_WITHOUT_WALLET = declareError(
  "CARD_WITHOUT_WALLET",
  "invalid",
  "A signer's card does not show the one wallet key that is needed.",
);

/** @throws CARD_WITHOUT_WALLET, and the errors of `writeDescriptor` */
export function vaultOf(flags: Flags, cards: readonly [SignerCard, ...SignerCard[]]): PolicyWallet {
  const [first] = cards;
  const foreign = repeatedFlag(flags, "foreignKey");
  const several = cards.length > 1 || foreign.length > 0 || optionalFlag(flags, "threshold") !== undefined;
  const keys = cards.length + foreign.length;
  // By default more than half: the least with which two groups that can sign share a key.
  const threshold = several
    ? countFlag(flags, "threshold", { min: 1, max: 15, otherwise: Math.floor(keys / 2) + 1 })
    : 1;
  return {
    name: parseName(requiredFlag(flags, "wallet"), "--wallet"),
    chain: BITCOIN_CHAINS[first.network],
    descriptor: several ? multisigOf(cards, foreign, threshold) : singleOf(first),
    threshold,
    signers: cards.map(({ signer }) => signer),
    foreign: foreign.length,
    indexGap: 200,
    exactlyOnce: "signers",
  };
}

function singleOf(card: SignerCard): string {
  const own = card.wallets.filter(({ chain }) => chain === BITCOIN_CHAINS[card.network]);
  const [wallet] = own;
  if (wallet !== undefined && own.length === 1) return wallet.descriptor;
  throw withoutWallet(card, own.length, "wallets");
}

function multisigOf(
  cards: readonly [SignerCard, ...SignerCard[]],
  foreign: readonly string[],
  threshold: number,
) {
  const { network } = cards[0];
  const keys = cards.map((card) => {
    const own = card.cosignerKeys.filter(({ chain }) => chain === BITCOIN_CHAINS[network]);
    const [cosigner] = own;
    if (cosigner === undefined || own.length > 1) throw withoutWallet(card, own.length, "cosigner keys");
    return cosigner.key;
  });
  const parts = { kind: "p2wsh-sortedmulti", threshold, keys: [...keys, ...foreign] } as const;
  return writeDescriptor(parts, network, "--threshold").text;
}

function withoutWallet({ signer }: SignerCard, found: number, what: string) {
  return CARD_WITHOUT_WALLET(`the card of ${signer} shows ${found} ${what} for bitcoin, one is needed`, {
    field: "--signer",
    hint: "custody-signer keys new, then custody-signer keys export --out card.json",
  });
}
