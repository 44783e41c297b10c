/** Answers to a set-up, and the cards of those whom they name. */
import { makeDocument, type Document } from "../../src/core/document.ts";
import { IDENTITY_CARD, type IdentityCard } from "../../src/core/documents/identity-card.ts";
import { SIGNER_CARD, type SignerCard } from "../../src/core/documents/signer-card.ts";
import type { Name } from "../../src/core/identifier.ts";
import type { Answers } from "../../src/setup/answers.ts";
import { policyFrom } from "../../src/setup/policy-from.ts";
import { TEMPLATES, type TemplateName } from "../../src/setup/template.ts";
import { publicFacts } from "../../signer/keystore/seed-file.ts";
import { REGTEST, signedDocument } from "./documents.ts";
import { at, castMember, fixtureBytes, type Cast } from "./identities.ts";
import { signerCast, signerNamed, walletOf } from "./policies.ts";

/** A house where everything that can be chosen is chosen well: 2 of 3 signers, a wait for destinations and payments. */
export function answersFor(template: TemplateName, changes: Partial<Answers> = {}): Answers {
  return {
    version: 1,
    network: "regtest",
    template,
    people: TEMPLATES[template].seats.map(({ id }) => ({
      seat: id,
      name: id as Name,
      person: `Person ${id}`,
    })),
    wallet: "vault" as Name,
    signers: ["vault-1", "vault-2", "vault-3"] as Name[],
    threshold: 2,
    small: { upTo: "0.1", day: "1", month: "10" },
    large: { upTo: "1", day: "3", month: "30", delayHours: 24 },
    newDestinationHours: 24,
    tiers: ["basic" as Name],
    fees: { max: "0.001", rate: 200, sharePermille: 100 },
    confirmations: 1,
    days: 365,
    ...changes,
  };
}

export function castOf({ name, person }: { readonly name: string; readonly person: string }): Cast {
  return castMember(name, person);
}

export function cardOf(who: Cast, changes: Partial<IdentityCard> = {}): Document<IdentityCard> {
  return signedDocument(makeDocument(IDENTITY_CARD, { ...cardBody(who), ...changes }), [who], at("08:00:00"));
}

function cardBody({ name, person, key }: Cast): IdentityCard {
  return { kind: "identity-card", version: 1, network: "regtest", name, person, key, alg: "ed25519" };
}

function signerCardBody(name: string): SignerCard {
  const { key, epoch, startHead } = signerNamed(name);
  return {
    kind: "signer-card",
    version: 1,
    network: "regtest",
    signer: name as Name,
    key,
    epoch,
    startHead,
    wallets: [],
    cosignerKeys: [],
  };
}

/** A signer's card with wallet keys of its own, which its name decides. */
export function signerCardOf(name: string): Document<SignerCard> {
  const { descriptor, cosignerKey } = publicFacts(fixtureBytes(`seed of ${name}`), "regtest");
  const body: SignerCard = {
    ...signerCardBody(name),
    wallets: [{ chain: REGTEST, descriptor }],
    cosignerKeys: [{ chain: REGTEST, key: cosignerKey }],
  };
  return signedDocument(makeDocument(SIGNER_CARD, body), [signerCast(name)], at("08:00:00"));
}

/** The policy of a house whose wallet is a text; descriptors are looked at elsewhere. */
export function policyOf(answers: Answers) {
  return policyFrom(
    answers,
    {
      people: answers.people.map((one) => cardBody(castOf(one))),
      signers: answers.signers.map(signerCardBody),
      wallet: walletOf(answers.wallet, answers.threshold, answers.signers),
    },
    at("08:00:00"),
  );
}
