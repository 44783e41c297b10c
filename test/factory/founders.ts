/** Cards of the fixtures' people and signers, in a folder from which a custody is founded. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { main } from "../../src/commands/main.ts";
import { documentBytes, makeDocument, parseDocument } from "../../src/core/document.ts";
import { IDENTITY_CARD } from "../../src/core/documents/identity-card.ts";
import { SIGNER_CARD } from "../../src/core/documents/signer-card.ts";
import type { Network } from "../../src/core/chain.ts";
import { type Instant } from "../../src/core/instant.ts";
import { POLICY } from "../../src/core/policy/policy.ts";

import { testSeed, testWallet } from "../bitcoin/regtest-wallet.ts";
import { REGTEST, signedDocument } from "./documents.ts";
import { temporaryFolder } from "./folder.ts";
import { ALICE, ANNA, at, BEN, OLGA, OSCAR, type Cast } from "./identities.ts";
import { fakeIo } from "./io.ts";

import { ADA, RAY, REX, ROSE, signerCast } from "./policies.ts";

/** A folder in which people collect cards and files, and the home of one of them. */
export function desk() {
  const folder = temporaryFolder("policy");
  const path = (name: string) => join(folder, name);
  return {
    path,
    read: (name: string) => parseDocument(POLICY, new Uint8Array(readFileSync(path(name)))),
    write: (name: string, content: string | Uint8Array) => {
      writeFileSync(path(name), content);
      return name;
    },
    run: async (line: string, now: Instant = at("09:00:00")) => {
      const argv = [...line.split(" "), "--json", "--home", path("home")];
      const fake = fakeIo({ cwd: folder, now, argv });
      const exit = await main(fake.io);
      return { exit, ...JSON.parse(fake.stdout()) };
    },
  };
}

export function card(who: Cast, by: Cast = who, network: Network = "regtest"): Uint8Array {
  const { name, person, key } = who;
  const body = { kind: "identity-card", version: 1, network, name, person, key, alg: "ed25519" } as const;
  return documentBytes(signedDocument(makeDocument(IDENTITY_CARD, body), [by], at("07:00:00")));
}

/** The card of a signer whose seed is a sentence. */
export function signerCard(name: string, sentence: string, cosigners = 1): Uint8Array {
  const { key } = testSeed(sentence, [48, 1, 0, 2]);
  const who = signerCast(name);
  const body = {
    kind: "signer-card",
    version: 1,
    network: "regtest",
    signer: who.name,
    key: who.key,
    epoch: 1,
    startHead: "ab".repeat(32) as never,
    wallets: [{ chain: REGTEST, descriptor: testWallet(sentence).descriptor.text }],
    cosignerKeys: Array.from({ length: cosigners }, () => ({ chain: REGTEST, key })),
  } as const;
  const document = makeDocument(SIGNER_CARD, {
    ...body,
    wallets: [...body.wallets],
    cosignerKeys: body.cosignerKeys,
  });
  return documentBytes(signedDocument(document, [who], at("07:00:00")));
}

export const SENTENCES = ["cosigner one", "cosigner two", "cosigner three"] as const;

export function founders() {
  const made = desk();
  for (const who of [ALICE, OSCAR, ANNA, BEN, OLGA, RAY, REX, ROSE, ADA])
    made.write(`${who.name}.json`, card(who));
  for (const [i, sentence] of SENTENCES.entries())
    made.write(`s${i + 1}.json`, signerCard(`s${i + 1}`, sentence));
  return made;
}
