import { BITCOIN_CHAINS } from "../../../src/core/chain.ts";
import type { Digest } from "../../../src/core/digest.ts";
import { documentBytes, embed, makeDocument, withSignature } from "../../../src/core/document.ts";
import { SIGNER_CARD, type SignerCardDocument } from "../../../src/core/documents/signer-card.ts";
import { custodyId } from "../../../src/core/policy/policy.ts";
import { signDigest } from "../../../src/core/signature.ts";
import { fullWords } from "../../../src/core/words.ts";
import { optionalFlag, switchedOn, type Call, type Run } from "../../../src/terminal/command.ts";
import { writeOutput } from "../../../src/terminal/files.ts";
import { drawFacts, grouped } from "../../../src/terminal/table.ts";
import { homeOfCall } from "../../keystore/home.ts";
import { load, loadSeeds, type Loaded } from "../../keystore/load.ts";
import { openSeed } from "../../keystore/seed-file.ts";
import { openSigner, type OpenSigner } from "../open-identity.ts";
import { askSeedPassphrases, wipePassphrases } from "../open-seeds.ts";
import { drawOwnWallet, drawSharedKey } from "./store.ts";

/** Writes the signer's card, signed by itself. Every seed is opened, so that what is exported is what it holds. */
export const run: Run = async (call) => {
  const loaded = load(homeOfCall(call));
  const open = await openSigner(call, loaded.signer);
  try {
    const card = await makeCard(call, loaded, open);
    const out = optionalFlag(call.flags, "out");
    const bytes = documentBytes(card);
    if (out !== undefined) writeOutput(call.io, out, bytes, { force: switchedOn(call.flags, "force") });
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
    return {
      data: { digest: card.digest, card: embed(card), ...(out === undefined ? {} : { file: out }) },
      text: out === undefined ? new TextDecoder().decode(bytes) : facts,
      next: "custody policy draft --signer card.json …",
    };
  } finally {
    open.wipe();
  }
};

async function makeCard(
  call: Call,
  { home, signer, read, policy }: Loaded,
  open: OpenSigner,
): Promise<SignerCardDocument> {
  const chain = BITCOIN_CHAINS[home.network];
  const seeds = loadSeeds(home);
  const passphrases = await askSeedPassphrases(call, seeds, open);
  // Opening compares what stands in the clear beside a seed with the seed itself (attack B5).
  for (const seed of seeds) openSeed(seed, open.passphrase, passphrases.get(seed.name)).fill(0);
  wipePassphrases(passphrases);
  const draft = makeDocument(SIGNER_CARD, {
    kind: "signer-card",
    version: 1,
    network: home.network,
    ...(policy === undefined ? {} : { custody: custodyId(policy) }),
    signer: signer.name,
    key: signer.key,
    epoch: signer.epoch,
    startHead: signer.startHead,
    wallets: seeds.map(({ descriptor }) => ({ chain, descriptor })),
    cosignerKeys: seeds.map(({ cosignerKey }) => ({ chain, key: cosignerKey })),
  });
  return withSignature(draft, signDigest(draft.digest, open.seed, read.journal.time));
}
