/** What is running: which file, by which node. Hashes are taken when they are asked for. */
import { LIMITS } from "../core/limits.ts";
import { sumOfFile, type FileSum } from "./file-sum.ts";
import { VERSION } from "./version.ts";

export type Running = {
  /** The version that the build put in; "unbuilt" from sources. */
  readonly version: string;
  /** The script, or node with the script inside; undefined of an ES module, which the signer is not. */
  readonly file: string | undefined;
  /** As node calls itself: `linux-x64`. */
  readonly platform: string;
  readonly nodeVersion: string;
  readonly nodeFile: string;
  sumOf(path: string): FileSum;
};

/** This process. */
export function running(): Running {
  const { platform, arch, execPath, versions } = process;
  return {
    version: VERSION,
    // Not the name that was typed: of a single executable that may be no path.
    file: typeof __filename === "string" ? __filename : undefined,
    platform: `${platform}-${arch}`,
    nodeVersion: versions.node,
    nodeFile: execPath,
    sumOf: (path) => sumOfFile(path, LIMITS.programBytesMax),
  };
}
