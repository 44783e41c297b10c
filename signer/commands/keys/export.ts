import type { WalletKind } from "../../../src/chains/bitcoin/kinds/kind.ts";
import { parseKind } from "../../../src/chains/bitcoin/kinds/table.ts";
import { describeAccount } from "../../../src/chains/evm/account-descriptor.ts";
import type { OriginKey } from "../../../src/chains/key-path.ts";
import { BITCOIN_CHAINS, namedEvmChains, type ChainId, type Network } from "../../../src/core/chain.ts";
import type { Digest } from "../../../src/core/digest.ts";
import { documentBytes, embed, makeDocument, withSignature } from "../../../src/core/document.ts";
import { SIGNER_CARD, type SignerCardDocument } from "../../../src/core/documents/signer-card.ts";
import { custodyId } from "../../../src/core/policy/policy.ts";
import { shellWord } from "../../../src/core/shell-word.ts";
import { signDigest } from "../../../src/core/signature.ts";
import { fullWords } from "../../../src/core/words.ts";
import { assertCarriable, carryDocument, isCarried } from "../../../src/terminal/carry.ts";
import {
  optionalFlag,
  repeatedFlag,
  requiredFlag,
  switchedOn,
  type Call,
  type Run,
} from "../../../src/terminal/command.ts";
import { writeOutput } from "../../../src/terminal/files.ts";
import { drawFacts, grouped } from "../../../src/terminal/table.ts";
import { homeOfCall } from "../../keystore/home.ts";
import { load, loadSeeds, type Loaded } from "../../keystore/load.ts";
import { accountPart, formOf, openSeed, publicPart, type SeedFile } from "../../keystore/seed-file.ts";
import { openSigner, type OpenSigner } from "../open-identity.ts";
import { askSeedPassphrases, wipePassphrases } from "../open-seeds.ts";
import { exportAccount } from "./account.ts";
import { exportAccountKey } from "./account-key.ts";
import { drawOwnWallet, drawSharedKey } from "./store.ts";

/** Writes the signer's card, signed by itself. Every seed is opened, so that what is exported is what it holds. */
export const run: Run = async (call) => {
  assertCarriable(call);
  const loaded = load(homeOfCall(call));
  if (optionalFlag(call.flags, "as") === "crypto-hdkey") return exportAccountKey(call, loaded);
  const carriesCard = isCarried(call) && optionalFlag(call.flags, "as") === undefined;
  const out = carriesCard ? requiredFlag(call.flags, "out") : optionalFlag(call.flags, "out");
  const card = await makeCard(call, loaded);
  if (optionalFlag(call.flags, "as") !== undefined) return exportAccount(call, card.body);
  const bytes = documentBytes(card);
  if (out !== undefined) writeOutput(call.io, out, bytes, { force: switchedOn(call.flags, "force") });
  await carryDocument(call, card, `Card of signer ${card.body.signer}`);
  const { signer, key, epoch, startHead, wallets, cosignerKeys } = card.body;
  const facts = drawFacts([
    ["signer", `${signer}, ${card.body.network}, epoch ${epoch}`],
    ["fingerprint", grouped(key)],
    ["in words", fullWords(key as string as Digest)],
    ["start head", grouped(startHead)],
    ...cosignerKeys.flatMap((cosigner) => drawSharedKey(cosigner.key)),
    ...wallets.flatMap(({ descriptor }) => drawOwnWallet(descriptor)),
    ["card", out ?? "on stdout"],
  ]);
  const given = out === undefined ? "the card" : shellWord(out);
  return {
    data: { digest: card.digest, card: embed(card), ...(out === undefined ? {} : { file: out }) },
    text: out === undefined ? new TextDecoder().decode(bytes) : facts,
    next:
      epoch === 1
        ? `custody policy draft --help   (whoever drafts the policy gives ${given} as --signer)`
        : "custody policy show --out policy.edit.json --indent   (online; this signer's key, epoch and startHead there become those of the card)",
  };
};

async function makeCard(call: Call, loaded: Loaded): Promise<SignerCardDocument> {
  const open = await openSigner(call, loaded.signer);
  try {
    return await signedCard(call, loaded, open);
  } finally {
    open.wipe();
  }
}

async function signedCard(
  call: Call,
  { home, signer, read, policy }: Loaded,
  open: OpenSigner,
): Promise<SignerCardDocument> {
  const seeds = loadSeeds(home);
  const kinds = kindsOf(call);
  const passphrases = await askSeedPassphrases(call, seeds, open);
  try {
    const shown = seeds.flatMap((seed) =>
      publicParts(seed, open.passphrase, passphrases.get(seed.name), kinds),
    );
    const draft = makeDocument(SIGNER_CARD, {
      kind: "signer-card",
      version: 1,
      network: home.network,
      ...(policy === undefined ? {} : { custody: custodyId(policy) }),
      signer: signer.name,
      key: signer.key,
      epoch: signer.epoch,
      startHead: signer.startHead,
      wallets: shown
        .filter(({ several }) => !several)
        .map(({ chain, text }) => ({ chain, descriptor: text })),
      cosignerKeys: shown.filter(({ several }) => several).map(({ chain, text }) => ({ chain, key: text })),
    });
    return withSignature(draft, signDigest(draft.digest, open.seed, read.journal.time));
  } finally {
    wipePassphrases(passphrases);
  }
}

type PublicPart = { readonly chain: ChainId; readonly several: boolean; readonly text: string };

// Opening compares what stands in the clear beside a seed with the seed itself (attack B5).
function publicParts(
  seed: SeedFile,
  passphrase: Uint8Array,
  seedPassphrase: Uint8Array | undefined,
  kinds: readonly (WalletKind | typeof ACCOUNT)[],
): readonly PublicPart[] {
  const secret = openSeed(seed, passphrase, seedPassphrase);
  try {
    const form = formOf(seed, seedPassphrase);
    const { network } = seed;
    return kinds.flatMap((kind): readonly PublicPart[] => {
      if (kind === ACCOUNT) return accountParts(accountPart(secret, network, form), network);
      const text = publicPart(secret, network, form, kind);
      return [{ chain: BITCOIN_CHAINS[network], several: kind.several, text }];
    });
  } finally {
    secret.fill(0);
  }
}

/** An account on EVM chains: one key, which is the same account on each of them. */
const ACCOUNT = "eoa";

function accountParts(key: OriginKey, network: Network): readonly PublicPart[] {
  return namedEvmChains(network).map((chain) => ({
    chain,
    several: false,
    text: describeAccount(key, chain).text,
  }));
}

function kindsOf({ flags }: Call): readonly (WalletKind | typeof ACCOUNT)[] {
  const named = [...new Set(repeatedFlag(flags, "kind"))];
  return (named.length === 0 ? DEFAULT_KINDS : named).map((name) =>
    name === ACCOUNT ? ACCOUNT : parseKind(name, "--kind"),
  );
}

const DEFAULT_KINDS = ["p2wpkh", "p2wsh-sortedmulti"];
