import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Gives a whole run one temporary folder, in which every test makes its own; all of it goes when the run ends. */
export default function setup(): () => void {
  const root = mkdtempSync(join(tmpdir(), "custody-test-"));
  process.env["TMPDIR"] = root;
  return () => rmSync(root, { recursive: true, force: true });
}
