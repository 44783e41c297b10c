import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** A folder of this run, where the first test file that needs a founded custody leaves it for the others. */
    foundedFolder: string;
  }
}

export default function setup({ provide }: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "custody-founded-"));
  provide("foundedFolder", folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
