import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const made: string[] = [];

afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A fresh temporary folder that is gone when the test file has run. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `custody-${name}-`));
  made.push(folder);
  return folder;
}
