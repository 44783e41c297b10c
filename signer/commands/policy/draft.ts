/** What prove and pin ask of a policy file alike. */
import { parseDocument } from "../../../src/core/document.ts";
import { declareError } from "../../../src/core/errors.ts";
import { LIMITS } from "../../../src/core/limits.ts";
import { networkOf } from "../../../src/core/chain.ts";
import { POLICY, type PolicyDocument, type PolicySigner } from "../../../src/core/policy/policy.ts";
import { assertConsistent } from "../../../src/core/policy/verify.ts";
import { requiredFlag, type Call } from "../../../src/terminal/command.ts";
import { readInput } from "../../../src/terminal/files.ts";
import type { Loaded } from "../../keystore/load.ts";

export const POLICY_SUCCESSION = declareError(
  "POLICY_SUCCESSION",
  "denied",
  "A policy after number 1 follows by succession, which this version does not do.",
);
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
 * Reads a policy number 1 that names this signer rightly and contradicts itself nowhere.
 * @throws POLICY_SUCCESSION, PIN_OTHER_NETWORK, POLICY_INCONSISTENT, SIGNER_NOT_NAMED
 */
export async function readPolicy(call: Call, { signer }: Loaded): Promise<PolicyDocument> {
  const path = requiredFlag(call.flags, "in");
  const policy = parseDocument(POLICY, await readInput(call.io, path, LIMITS.smallDocumentBytesMax, "--in"));
  const { number, network, wallets, chains } = policy.body;
  if (number !== 1) {
    throw POLICY_SUCCESSION(`this is policy number ${number}; this version takes number 1 alone`, {
      field: "policy.number",
      hint: "start a custody with policy number 1",
    });
  }
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
  assertNamesSigner(policy, { signer });
  return policy;
}

function assertNamesSigner({ body }: PolicyDocument, { signer }: Pick<Loaded, "signer">): PolicySigner {
  const entry = body.signers.find(({ key }) => key === signer.key);
  if (
    entry !== undefined &&
    entry.name === signer.name &&
    entry.epoch === signer.epoch &&
    entry.startHead === signer.startHead &&
    entry.since === body.number
  )
    return entry;
  throw SIGNER_NOT_NAMED(
    `the policy does not name ${signer.name} with this key, epoch ${signer.epoch} and start head`,
    {
      field: "policy.signers",
      hint: "custody-signer keys export --out card.json, then draft the policy with that card",
    },
  );
}
