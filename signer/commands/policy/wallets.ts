/** A policy's wallets as the officer registers them: everything that decides who can spend (attacks B5 and B6). */
import type { PolicyDocument, PolicyWallet } from "../../../src/core/policy/policy.ts";
import { drawWalletFacts } from "../../../src/terminal/wallet-facts.ts";
import { chainSigner } from "../../sign/chains.ts";

/** Wallets of `next` that `previous` did not have, or had otherwise. */
export function newWallets(
  next: PolicyDocument,
  previous: PolicyDocument | undefined,
): readonly PolicyWallet[] {
  const known = previous?.body.wallets ?? [];
  return next.body.wallets.filter(
    ({ name, descriptor }) =>
      !known.some((wallet) => wallet.name === name && wallet.descriptor === descriptor),
  );
}

/** Quorum, every fingerprint, path and key whole, the first addresses, and whose keys they are. */
export function drawPolicyWallets(
  { body }: PolicyDocument,
  wallets: readonly PolicyWallet[] = body.wallets,
): readonly (readonly [label: string, value: string])[] {
  return wallets.flatMap(({ name, chain, descriptor, signers, foreign }) => [
    ...drawWalletFacts(name, chainSigner(chain).codec.walletFacts(descriptor, chain)),
    ["keys of", [...signers, ...(foreign === 0 ? [] : [`${foreign} not ours`])].join(", ")] as const,
  ]);
}
