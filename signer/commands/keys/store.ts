import { existsSync } from "node:fs";
import { declareError } from "../../../src/core/errors.ts";
import type { Network } from "../../../src/core/chain.ts";
import type { Name } from "../../../src/core/identifier.ts";
import { LIMITS } from "../../../src/core/limits.ts";
import type { Call, Outcome } from "../../../src/terminal/command.ts";
import { writeFileDurably } from "../../../src/terminal/files.ts";
import { drawFacts } from "../../../src/terminal/table.ts";
import { seedFile, type Home } from "../../keystore/home.ts";
import { loadSeeds } from "../../keystore/load.ts";
import { sealSeed, seedFileBytes, type SeedFile } from "../../keystore/seed-file.ts";
import type { OpenSigner } from "../open-identity.ts";
import type { Secret } from "./read-backup.ts";

export const SEED_EXISTS = declareError(
  "SEED_EXISTS",
  "conflict",
  "The home already holds this seed, or one of this name.",
);
export const SEED_MISSING = declareError("SEED_MISSING", "notFound", "The home holds no seed of this name.");

/** Seals a seed into the home; it is on disk when this returns. @throws SEED_EXISTS */
export function storeSeed(
  { io }: Call,
  home: Home,
  name: Name,
  { bytes, form }: Secret,
  open: OpenSigner,
): SeedFile {
  const random = { salt: io.random(16), nonce: io.random(12) };
  const file = sealSeed(name, bytes, home.network, open.passphrase, random, form);
  const twin = loadSeeds(home).find(({ fingerprint }) => fingerprint === file.fingerprint);
  if (twin !== undefined) {
    throw SEED_EXISTS(`this seed is already here, as ${twin.name}`, {
      field: "words",
      hint: "custody-signer keys list",
    });
  }
  writeFileDurably(seedFile(home, name), seedFileBytes(file), false, io.random(8));
  return file;
}

/** @throws SEED_EXISTS */
export function assertNameFree(home: Home, name: Name): void {
  if (existsSync(seedFile(home, name)) || loadSeeds(home).length >= LIMITS.seedsMax) {
    throw SEED_EXISTS(`there is a seed ${name} already, or ${LIMITS.seedsMax} seeds`, {
      field: "--name",
      hint: "choose another --name; custody-signer keys list",
    });
  }
}

/** @throws SEED_MISSING */
export function seedNamed(seeds: readonly SeedFile[], name: Name, network: Network): SeedFile {
  const seed = seeds.find((candidate) => candidate.name === name);
  if (seed !== undefined) return seed;
  throw SEED_MISSING(`there is no seed ${name} of ${network}`, {
    field: "--name",
    hint: "custody-signer keys list",
  });
}

/** What is said of a seed that was just stored. @param recipe how its entropy was made, where it was made here */
export function seedOutcome(verb: string, seed: SeedFile, recipe?: string): Outcome {
  const { name, network, standard, passphrase, fingerprint, descriptor, cosignerKey } = seed;
  return {
    data: {
      name,
      network,
      standard,
      passphrase,
      fingerprint,
      cosignerKey,
      descriptor,
      ...(recipe === undefined ? {} : { recipe }),
    },
    text: drawFacts([
      ["seed", `${name} ${verb}, ${network}, ${drawStandard(seed)}`],
      ["fingerprint", fingerprint],
      ...(recipe === undefined ? [] : [["recipe", recipe] as const]),
      ...drawSharedKey(cosignerKey),
      ...drawOwnWallet(descriptor),
    ]),
    next: "custody-signer keys export --out card.json",
    warnings: passphrase
      ? [
          "the seed's passphrase is kept nowhere: without it, or with a letter of it wrong, the words restore another wallet",
        ]
      : [],
  };
}

/** What restores a seed. */
export function drawStandard({ standard, passphrase }: Pick<SeedFile, "standard" | "passphrase">): string {
  if (standard === "slip39") return "SLIP-39 shares";
  return passphrase ? "BIP-39 words and passphrase" : "BIP-39 words";
}

/** The key expression (BIP-380) of a seed at its account for wallets of several signers (BIP-48). */
export function drawSharedKey(key: string): readonly (readonly [string, string])[] {
  return [
    ["cosigner key", key],
    ["", "its key in a wallet of several signers, such as 2 of 3 (BIP-48)"],
  ];
}

/** The descriptor of the wallet that a seed spends from alone. */
export function drawOwnWallet(descriptor: string): readonly (readonly [string, string])[] {
  return [
    ["own wallet", descriptor],
    ["", "of this signer alone, where no other signs beside it"],
  ];
}
