/** A released signer in small files: the program, its node, and the build that people sign of them. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeDocument } from "../../src/core/document.ts";
import { BUILD, type Build, type BuildDocument } from "../../src/core/documents/build.ts";
import type { Digest } from "../../src/core/digest.ts";
import type { ProgramVersion } from "../../src/core/program-version.ts";
import { sumOfFile } from "../../src/terminal/file-sum.ts";
import type { Running } from "../../src/terminal/running.ts";
import { signedDocument } from "./documents.ts";
import { temporaryFolder } from "./folder.ts";
import { at, type Cast } from "./identities.ts";

const BYTES_MAX = 1024;
const sumOf = (path: string) => sumOfFile(path, BYTES_MAX);

/** The installed program of version 1.2.0 on its node. */
export function installed(changes: Partial<Running> = {}): Running & { readonly file: string } {
  const folder = temporaryFolder("installed");
  const file = join(folder, "custody-signer.cjs");
  const node = join(folder, "node");
  writeFileSync(file, "the program of version 1.2.0");
  writeFileSync(node, "node 20.20.2");
  const running = { version: "1.2.0", file, platform: "linux-x64", nodeVersion: "20.20.2", nodeFile: node };
  return { ...running, sumOf, ...changes, file: changes.file ?? file };
}

/** A new file beside the installed one. */
export function newProgram(text: string): string {
  const file = join(temporaryFolder("new"), "custody-signer.cjs");
  writeFileSync(file, text);
  return file;
}

/** The build of `file` as `program` runs it, signed by `signers`. */
export function buildOf(
  custody: Digest,
  program: Running,
  file: string,
  signers: readonly Cast[],
  changes: Partial<Build> = {},
): BuildDocument {
  const node = {
    platform: program.platform,
    version: program.nodeVersion as ProgramVersion,
    sha256: sumOf(program.nodeFile).sha256,
  };
  const body: Build = {
    kind: "build",
    version: 1,
    network: "regtest",
    custody,
    program: "1.3.0" as ProgramVersion,
    file: sumOf(file),
    executables: [],
    nodes: [node],
    keystore: 1,
    ...changes,
  };
  return signedDocument(makeDocument(BUILD, body), signers, at("09:00:00"));
}
