import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where memory looks like a disk, commits cost nothing: a killed process loses no more there than it does on a disk. */
const MEMORY = "/dev/shm";

/** A new folder for worlds. Whoever asks for it removes it. */
export function worldFolder(name: string): string {
  return mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), `custody-sim-${name}-`));
}
