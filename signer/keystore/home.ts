/** The signer's home folder: which files it has and for which network. Every file name carries its network. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { NETWORKS, parseNetwork, type Network } from "../../src/core/chain.ts";
import { declareError } from "../../src/core/errors.ts";
import type { Name } from "../../src/core/identifier.ts";
import { optionalFlag, type Call } from "../../src/terminal/command.ts";
import { asFileError, writeFileDurably } from "../../src/terminal/files.ts";
import { parseSignerFile, signerFileBytes, type SignerFile } from "./signer-file.ts";
import { parseUnlockFile, type UnlockFile } from "./unlock-file.ts";

export type Home = {
  readonly folder: string;
  readonly network: Network;
  readonly signerFile: string;
  /** There where several officers open the signer together. */
  readonly unlockFile: string;
  /** How many wrong passphrases were typed since the signer was last opened. */
  readonly wrongFile: string;
  readonly journalFile: string;
  readonly lockFile: string;
  readonly seedsFolder: string;
};

export const SIGNER_MISSING = declareError(
  "SIGNER_MISSING",
  "notFound",
  "The signer's home holds no signer of that network.",
);
export const SIGNER_EXISTS = declareError(
  "SIGNER_EXISTS",
  "conflict",
  "The signer's home already holds a signer of that network.",
);
export const NETWORK_AMBIGUOUS = declareError(
  "NETWORK_AMBIGUOUS",
  "usage",
  "The home holds signers of several networks and none was named.",
);

export function homeAt(folder: string, network: Network): Home {
  return {
    folder,
    network,
    signerFile: join(folder, `signer-${network}.json`),
    unlockFile: join(folder, `unlock-${network}.json`),
    wrongFile: join(folder, `wrong-${network}`),
    journalFile: join(folder, `journal-${network}.jsonl`),
    lockFile: join(folder, `lock-${network}`),
    seedsFolder: join(folder, "seeds"),
  };
}

/** Makes the folder and its `seeds` folder, for their owner alone. */
export function makeHome(home: Home): void {
  try {
    for (const folder of [home.folder, home.seedsFolder]) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      chmodSync(folder, 0o700);
    }
  } catch (error) {
    throw asFileError(error, home.folder, "--home");
  }
}

/**
 * The home that a call means: of `--network`, else of the only network that the folder has a signer for. A network
 * is never assumed.
 * @throws SIGNER_MISSING, NETWORK_AMBIGUOUS
 */
export function homeOfCall(call: Call): Home {
  const named = optionalFlag(call.flags, "network");
  if (named !== undefined) return homeAt(call.home, parseNetwork(named, "--network"));
  const [found, ...others] = NETWORKS.filter((network) => existsSync(homeAt(call.home, network).signerFile));
  if (found === undefined) throw missing(call.home);
  if (others.length > 0) {
    throw NETWORK_AMBIGUOUS(`${call.home} holds signers of ${[found, ...others].join(" and ")}`, {
      field: "--network",
      hint: `add --network ${found}`,
    });
  }
  return homeAt(call.home, found);
}

/** @throws SIGNER_MISSING, SIGNER_FILE_MALFORMED */
export function loadSigner(home: Home): SignerFile {
  if (!existsSync(home.signerFile)) throw missing(home.folder, home.network);
  return parseSignerFile(readPrivate(home.signerFile), home.network);
}

export function saveSigner(home: Home, signer: SignerFile, random: Uint8Array): void {
  writeFileDurably(home.signerFile, signerFileBytes(signer), false, random);
}

/** Who opens the signer together; undefined where one passphrase does. @throws UNLOCK_FILE_MALFORMED */
export function loadUnlock(home: Home): UnlockFile | undefined {
  if (!existsSync(home.unlockFile)) return undefined;
  return parseUnlockFile(readPrivate(home.unlockFile), home.network);
}

export function policyFile(home: Home, number: number): string {
  return join(home.folder, `policy-${home.network}-${number}.json`);
}

export function seedFile(home: Home, name: Name): string {
  return join(home.seedsFolder, `${name}-${home.network}.json`);
}

/** Paths of all seed files of this network, in order of name. */
export function seedFiles(home: Home): readonly string[] {
  if (!existsSync(home.seedsFolder)) return [];
  const ending = `-${home.network}.json`;
  return readdirSync(home.seedsFolder)
    .filter((name) => !name.startsWith(".") && name.endsWith(ending))
    .sort()
    .map((name) => join(home.seedsFolder, name));
}

/** Bytes of a file of ours. @throws FILE_MISSING, FILE_UNUSABLE */
export function readPrivate(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    throw asFileError(error, path);
  }
}

/** Files and folders of the home that others than their owner may read or write. */
export function looseFiles(home: Home): readonly string[] {
  const inside = [home.folder, home.seedsFolder].flatMap((folder) =>
    existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [],
  );
  return [home.folder, ...inside].filter((path) => existsSync(path) && (statSync(path).mode & 0o077) !== 0);
}

function missing(folder: string, network?: Network) {
  return SIGNER_MISSING(`${folder} holds no signer${network === undefined ? "" : ` of ${network}`}`, {
    field: "--home",
    hint: `custody-signer init --network ${network ?? "NETWORK"} --name NAME`,
  });
}
