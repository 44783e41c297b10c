/** What prove and pin ask of a policy file alike. */
import { networkOf } from "../../../src/core/chain.ts";
import { parseDocument } from "../../../src/core/document.ts";
import { declareError } from "../../../src/core/errors.ts";
import { LIMITS } from "../../../src/core/limits.ts";
import {
  POLICY,
  type Policy,
  type PolicyDocument,
  type PolicySigner,
} from "../../../src/core/policy/policy.ts";
import { tokensOn } from "../../../src/core/policy/entries.ts";
import { assertConsistent } from "../../../src/core/policy/verify.ts";
import type { Call } from "../../../src/terminal/command.ts";
import { readCarried } from "../../../src/terminal/carried.ts";
import type { SignerFile } from "../../keystore/signer-file.ts";
import { chainSigner } from "../../sign/chains.ts";

export const PIN_OTHER_NETWORK = declareError(
  "PIN_OTHER_NETWORK",
  "denied",
  "A policy or one of its chains belongs to another network than this signer.",
);
export const SIGNER_NOT_NAMED = declareError(
  "SIGNER_NOT_NAMED",
  "denied",
  "A policy does not name this signer with its key, epoch and start head.",
);

/**
 * Reads a policy of this network that contradicts itself nowhere, and whose wallets and tokens are what it says they are.
 * @throws PIN_OTHER_NETWORK, POLICY_INCONSISTENT, WALLET_MISDESCRIBED, WALLET_TWICE
 */
export async function readPolicy({ io }: Call, path: string, signer: SignerFile): Promise<PolicyDocument> {
  const policy = parseDocument(POLICY, await readCarried(io, path, LIMITS.smallDocumentBytesMax, "--in"));
  const { network, wallets, chains } = policy.body;
  const stray = [...wallets, ...chains].find(({ chain }) => networkOf(chain) !== signer.network);
  if (network !== signer.network || stray !== undefined) {
    throw PIN_OTHER_NETWORK(
      network === signer.network
        ? `the policy of ${network} names a chain of ${networkOf((stray as NonNullable<typeof stray>).chain)}`
        : `the policy belongs to ${network}, this signer to ${signer.network}`,
      { field: "policy.network", hint: "take the policy to a signer of its network" },
    );
  }
  assertConsistent(policy.body);
  for (const chain of new Set(wallets.map((wallet) => wallet.chain))) {
    const own = wallets.filter((wallet) => wallet.chain === chain);
    chainSigner(chain).codec.assertWallets(own, chain);
    chainSigner(chain).codec.assertTokens(tokensOn(policy.body, chain));
  }
  return policy;
}

/** How a policy speaks of this signer: as it is now, of another epoch of it, or not at all. */
export type Naming =
  | { readonly as: "itself"; readonly entry: PolicySigner }
  | { readonly as: "another epoch"; readonly epoch: number }
  | { readonly as: "nobody" };

/** @throws SIGNER_NOT_NAMED when the policy says something false of this signer's present epoch */
export function namingOf({ signers }: Policy, signer: SignerFile): Naming {
  const entry = signers.find(({ name, key }) => name === signer.name || key === signer.key);
  if (entry === undefined) return { as: "nobody" };
  const { name, key, epoch, startHead } = entry;
  const same = name === signer.name && key === signer.key && startHead === signer.startHead;
  if (same && epoch === signer.epoch) return { as: "itself", entry };
  if (key !== signer.key && epoch !== signer.epoch) return { as: "another epoch", epoch };
  throw notNamed(signer);
}

/** @param signer as its home says */
export function notNamed(signer: SignerFile) {
  return SIGNER_NOT_NAMED(
    `the policy does not name ${signer.name} with this key, epoch ${signer.epoch} and start head`,
    {
      field: "policy.signers",
      hint: "custody-signer keys export --out card.json, then draft the policy with that card",
    },
  );
}
