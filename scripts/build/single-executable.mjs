import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Node's own mark, which is flipped in the copy to say that a program was put in. */
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/**
 * Puts the signer into a copy of the node that runs this (https://nodejs.org/docs/latest-v20.x/api/single-executable-applications.html).
 * A convenience: its hash is that of this one build of node with the signer in it, which nobody repeats with another.
 */
export async function makeSingleExecutable(script, executable) {
  const work = mkdtempSync(join(tmpdir(), "signer-executable-"));
  try {
    const config = join(work, "config.json");
    const output = join(work, "signer.blob");
    writeFileSync(config, JSON.stringify({ main: script, output, disableExperimentalSEAWarning: true }));
    const { status, stderr } = spawnSync(process.execPath, ["--experimental-sea-config", config]);
    if (status !== 0) throw new Error(`node made nothing to put into a copy of itself: ${stderr}`);
    copyFileSync(process.execPath, executable);
    chmodSync(executable, 0o755);
    const { inject } = await import("postject");
    const segment = process.platform === "darwin" ? { machoSegmentName: "NODE_SEA" } : {};
    await inject(executable, "NODE_SEA_BLOB", readFileSync(output), { sentinelFuse: FUSE, ...segment });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
