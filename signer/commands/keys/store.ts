import { existsSync } from "node:fs";
import { declareError } from "../../../src/core/errors.ts";
import type { Name } from "../../../src/core/identifier.ts";
import { LIMITS } from "../../../src/core/limits.ts";
import type { Call, Outcome } from "../../../src/terminal/command.ts";
import { writeFileDurably } from "../../../src/terminal/files.ts";
import { drawFacts } from "../../../src/terminal/table.ts";
import { seedFile, type Home } from "../../keystore/home.ts";
import { loadSeeds } from "../../keystore/load.ts";
import { sealSeed, seedFileBytes, type SeedFile } from "../../keystore/seed-file.ts";
import type { OpenSigner } from "../open-identity.ts";

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
  entropy: Uint8Array,
  open: OpenSigner,
): SeedFile {
  const random = { salt: io.random(16), nonce: io.random(12) };
  const file = sealSeed(name, entropy, home.network, open.passphrase, random);
  const twin = loadSeeds(home).find(({ fingerprint }) => fingerprint === file.fingerprint);
  if (twin !== undefined) {
    throw SEED_EXISTS(`these words are already here, as seed ${twin.name}`, {
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

/** What is said of a seed that was just stored. */
export function seedOutcome(
  verb: string,
  { name, network, fingerprint, descriptor, cosignerKey }: SeedFile,
): Outcome {
  return {
    data: { name, network, fingerprint, cosignerKey, descriptor },
    text: drawFacts([
      ["seed", `${name} ${verb}, ${network}`],
      ["fingerprint", fingerprint],
      ...drawSharedKey(cosignerKey),
      ...drawOwnWallet(descriptor),
    ]),
    next: "custody-signer keys export --out card.json",
  };
}

/** The key expression (BIP-380) of a seed at its account for wallets of several signers (BIP-48, script type 2). */
export function drawSharedKey(key: string): readonly (readonly [string, string])[] {
  return [
    ["cosigner key", key],
    ["", "its key in a wallet of several signers, such as 2 of 3 (BIP-48)"],
  ];
}

/** The descriptor of the wallet that a seed spends from alone (BIP-84). */
export function drawOwnWallet(descriptor: string): readonly (readonly [string, string])[] {
  return [
    ["own wallet", descriptor],
    ["", "of this signer alone, where no other signs beside it (BIP-84)"],
  ];
}
