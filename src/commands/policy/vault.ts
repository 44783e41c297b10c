/** The wallet of a new custody: one signer's own, or one of several keys of which some must sign. */
import type { DescriptorKind } from "../../chains/bitcoin/descriptor.ts";
import {
  accountPath,
  parseDescriptor,
  parseKind,
  WALLET_KIND_UNKNOWN,
  writeDescriptor,
} from "../../chains/bitcoin/index.ts";
import { parseAddress } from "../../chains/evm/address.ts";
import { SAFE_DEPLOYMENTS, SAFE_VERSIONS } from "../../chains/evm/deployments.ts";
import { writeSafeDescriptor } from "../../chains/evm/safe-descriptor.ts";
import { formatKeyPath, HARDENED } from "../../chains/key-path.ts";
import { BITCOIN_CHAINS, isEvmChain, isNamed, type ChainId } from "../../core/chain.ts";
import type { SignerCard } from "../../core/documents/signer-card.ts";
import { declareError } from "../../core/errors.ts";
import { parseName } from "../../core/identifier.ts";
import type { PolicyWallet } from "../../core/policy/policy.ts";
import { chainFlag } from "../chain-flag.ts";
import {
  countFlag,
  FLAG_MALFORMED,
  flagName,
  optionalFlag,
  requiredFlag,
  type Flags,
} from "../../terminal/command.ts";

export const CARD_WITHOUT_WALLET = declareError(
  "CARD_WITHOUT_WALLET",
  "invalid",
  "A signer's card does not show the one wallet key that is needed.",
);

/**
 * @param foreign key expressions that are not ours
 * @throws CARD_WITHOUT_WALLET, and the errors of `writeDescriptor`
 */
export function vaultOf(
  flags: Flags,
  cards: readonly [SignerCard, ...SignerCard[]],
  foreign: readonly string[],
): PolicyWallet {
  const [first] = cards;
  if (optionalFlag(flags, "kind") === ACCOUNT) return accountOf(flags, cards, foreign);
  if (optionalFlag(flags, "kind") === SAFE) return safeOf(flags, cards, foreign);
  const several = cards.length > 1 || foreign.length > 0 || optionalFlag(flags, "threshold") !== undefined;
  const keys = cards.length + foreign.length;
  // By default more than half: the least with which two groups that can sign share a key.
  const threshold = several
    ? countFlag(flags, "threshold", { min: 1, max: 15, otherwise: Math.floor(keys / 2) + 1 })
    : 1;
  const kind = kindOf(flags, several);
  return {
    name: parseName(requiredFlag(flags, "wallet"), "--wallet"),
    chain: BITCOIN_CHAINS[first.network],
    descriptor: several ? multisigOf(cards, foreign, threshold, kind) : singleOf(first, kind),
    threshold,
    signers: cards.map(({ signer }) => signer),
    foreign: foreign.length,
    indexGap: 200,
    exactlyOnce: exactlyOnceOf(flags),
  };
}

/** One key, on a chain of the eip155 namespace. */
const ACCOUNT = "eoa";

function accountOf(
  flags: Flags,
  [card, ...others]: readonly [SignerCard, ...SignerCard[]],
  foreign: readonly string[],
): PolicyWallet {
  const chain = chainFlag(flags, card.network);
  const own = accountsOn(card, chain);
  const [wallet] = own;
  if (others.length > 0 || foreign.length > 0 || !isEvmChain(chain)) {
    throw WALLET_KIND_UNKNOWN("an account has one key, of one signer, on an EVM chain", {
      field: "--kind",
      hint: "give one signer's card, and --chain eip155:NUMBER",
    });
  }
  if (wallet === undefined || own.length > 1)
    throw withoutWallet(card, own.length, "accounts", ACCOUNT, chain);
  return {
    name: parseName(requiredFlag(flags, "wallet"), "--wallet"),
    chain,
    descriptor: wallet.descriptor,
    threshold: 1,
    signers: [card.signer],
    foreign: 0,
    indexGap: 1,
    exactlyOnce: exactlyOnceOf(flags),
  };
}

// A card shows its account for the chains that are named here; the key is the same account on every other one of the network.
function accountsOn({ wallets }: SignerCard, chain: ChainId): SignerCard["wallets"] {
  const own = wallets.filter((wallet) => wallet.chain === chain);
  if (own.length > 0 || isNamed(chain) || !isEvmChain(chain)) return own;
  const elsewhere = wallets.filter((wallet) => isEvmChain(wallet.chain));
  return elsewhere.filter(
    ({ descriptor }, place) => elsewhere.findIndex((one) => one.descriptor === descriptor) === place,
  );
}

/** Several owners, each an account of one signer. */
const SAFE = "safe";

function safeOf(
  flags: Flags,
  cards: readonly [SignerCard, ...SignerCard[]],
  foreign: readonly string[],
): PolicyWallet {
  const chain = chainFlag(flags, cards[0].network);
  const owners = cards.map((card) => {
    const own = accountsOn(card, chain);
    const [account] = own;
    if (account === undefined || own.length > 1)
      throw withoutWallet(card, own.length, "accounts", SAFE, chain);
    return account.descriptor;
  });
  if (foreign.length > 0)
    throw WALLET_KIND_UNKNOWN("a Safe's owners are named by signers' cards", {
      field: "--foreign-key",
      hint: "leave --foreign-key out",
    });
  const threshold = countFlag(flags, "threshold", {
    min: 1,
    max: 15,
    otherwise: Math.floor(cards.length / 2) + 1,
  });
  return {
    name: parseName(requiredFlag(flags, "wallet"), "--wallet"),
    chain,
    descriptor: writeSafeDescriptor({ ...safeContracts(flags), threshold }, owners, chain).text,
    threshold,
    signers: cards.map(({ signer }) => signer),
    foreign: 0,
    indexGap: 1,
    exactlyOnce: exactlyOnceOf(flags),
  };
}

// Of a version that the Safe project has published, the contracts need not be typed; of a local chain they must be.
function safeContracts(flags: Flags) {
  const version = SAFE_VERSIONS.find((known) => known === requiredFlag(flags, "safeVersion"));
  if (version === undefined) {
    throw FLAG_MALFORMED(
      `--safe-version ${JSON.stringify(optionalFlag(flags, "safeVersion"))} is none of ours`,
      {
        field: "--safe-version",
        hint: `one of ${SAFE_VERSIONS.join(", ")}`,
      },
    );
  }
  const published = SAFE_DEPLOYMENTS.find((one) => one.version === version && one.name === "canonical");
  const at = (name: string, otherwise: string | undefined) =>
    parseAddress(optionalFlag(flags, name) ?? otherwise ?? "", flagName(name));
  return {
    version,
    address: parseAddress(requiredFlag(flags, "safe"), "--safe"),
    singleton: at("safeSingleton", published?.singletonL2),
    multiSendCallOnly: at("safeMultiSend", published?.multiSendCallOnly),
  };
}

// Where two groups that can sign need share no signer of ours, no journal can see both (policy/problems/wallets.ts).
function exactlyOnceOf(flags: Flags): PolicyWallet["exactlyOnce"] {
  const text = optionalFlag(flags, "exactlyOnce") ?? "signers";
  if (text === "signers" || text === "online") return text;
  throw FLAG_MALFORMED(`--exactly-once ${JSON.stringify(text)} is not signers or online`, {
    field: "--exactly-once",
    hint: "leave it out unless a wallet has keys of other makers",
  });
}

function kindOf(flags: Flags, several: boolean): DescriptorKind {
  const text = optionalFlag(flags, "kind");
  if (text === undefined) return several ? "p2wsh-sortedmulti" : "p2wpkh";
  const found = parseKind(text, "--kind");
  if (found.several === several) return found.kind;
  throw WALLET_KIND_UNKNOWN(`--kind ${text} is for ${found.several ? "several keys" : "one key"}`, {
    field: "--kind",
    hint: "leave --kind out, or give as many cards and foreign keys as it takes; --threshold 1 is for several keys",
  });
}

function singleOf(card: SignerCard, kind: DescriptorKind): string {
  const { network } = card;
  const own = card.wallets.filter(
    ({ chain, descriptor }) =>
      chain === BITCOIN_CHAINS[network] && parseDescriptor(descriptor, network, "--signer").kind === kind,
  );
  const [wallet] = own;
  if (wallet !== undefined && own.length === 1) return wallet.descriptor;
  throw withoutWallet(card, own.length, "wallets", kind);
}

// A card may show a key for each kind; they differ in their path (BIP-48's script type), so none is taken for another.
function multisigOf(
  cards: readonly [SignerCard, ...SignerCard[]],
  foreign: readonly string[],
  threshold: number,
  kind: DescriptorKind,
) {
  const { network } = cards[0];
  const path = formatKeyPath(accountPath(kind, network).map((step) => step + HARDENED)).slice(1);
  const keys = cards.map((card) => {
    const own = card.cosignerKeys.filter(
      ({ chain, key }) => chain === BITCOIN_CHAINS[network] && key.startsWith(`${path}]`, 9),
    );
    const [cosigner] = own;
    if (cosigner === undefined || own.length > 1)
      throw withoutWallet(card, own.length, "cosigner keys", kind);
    return cosigner.key;
  });
  return writeDescriptor({ kind, threshold, keys: [...keys, ...foreign] }, network, "--threshold").text;
}

function withoutWallet({ signer }: SignerCard, found: number, what: string, kind: string, where = "bitcoin") {
  return CARD_WITHOUT_WALLET(
    `the card of ${signer} shows ${found} ${what} for ${kind} on ${where}, one is needed`,
    {
      field: "--signer",
      hint: `custody-signer keys new, then custody-signer keys export --kind ${kind} --out card.json`,
    },
  );
}
