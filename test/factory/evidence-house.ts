/**
 * The house of the story of `evidence.ts`: a wallet of two of three signers, a row with delay and clearance, and the
 * two policies that say so. Seeds are published: FOR REGTEST ONLY.
 */
import type { Name } from "../../src/core/identifier.ts";
import { policyDocument, type PolicyDocument, type PolicyWallet } from "../../src/core/policy/policy.ts";
import { multisigWallet } from "../bitcoin/regtest-wallet.ts";
import { policyBody, REGTEST, row, signedDocument } from "./documents.ts";
import { startHeadOf } from "./evidence-journal.ts";
import { ALICE, ANNA, at, BEN, castMember, OLGA, OSCAR, RUTH, SIGNER, type Cast } from "./identities.ts";

export const CARLA = castMember("carla", "Carla Compliance");
export const SIGNERS = [SIGNER, castMember("signer-2"), castMember("signer-3")] as const;
export const COSIGNED = multisigWallet(
  2,
  SIGNERS.map(({ name }) => `evidence ${name}`),
);
/** The row of the policy under which the whole batch falls. */
export const ROW = "careful" as Name;

/** Two policies: number 1, signed by everyone, and number 2, which the admin has signed. */
export function policiesOfStory(admins: readonly Cast[] = [ALICE], leader?: Cast): readonly PolicyDocument[] {
  const carla = { name: CARLA.name, person: CARLA.person, key: CARLA.key, alg: "ed25519" } as const;
  const clearance = { quorum: 1, secondsMax: 86400, tiers: ["standard" as Name] };
  const body = policyBody({
    identities: [...policyBody().identities, { ...carla, roles: ["compliance" as const] }].map((each) =>
      each.name === leader?.name ? { ...each, person: OSCAR.person } : each,
    ),
    signers: SIGNERS.map((who) => ({
      name: who.name,
      key: who.key,
      epoch: 1,
      startHead: startHeadOf(who),
      since: 1,
    })),
    wallets: [walletOfStory()],
    rows: [row(ROW, "0", "1000000000", 2, { delaySeconds: 600, clearance })],
  });
  const everyone = [ALICE, OSCAR, RUTH, ANNA, BEN, OLGA, CARLA, ...SIGNERS];
  const first = signedDocument(policyDocument(body), everyone, at("08:00:00"));
  const follows = { number: 2, previous: first.digest, custody: first.digest, issued: at("08:30:00") };
  return [first, signedDocument(policyDocument({ ...body, ...follows }), admins, at("08:30:00"))];
}

export function walletOfStory(): PolicyWallet {
  return {
    name: "vault" as Name,
    chain: REGTEST,
    descriptor: COSIGNED.descriptor.text,
    threshold: 2,
    signers: SIGNERS.map(({ name }) => name),
    foreign: 0,
    indexGap: 20,
    exactlyOnce: "signers",
  };
}
