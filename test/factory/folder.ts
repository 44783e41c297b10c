import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A fresh folder in the run's temporary folder, which goes when the run ends (`temporary-root.ts`). */
export function temporaryFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `custody-${name}-`));
}
