import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const PREFIX = "custody-test-";

/**
 * Gives a whole run one temporary folder, in which every test makes its own; all of it goes when the run ends. Each test
 * project calls this: the first one's folder serves them all, for a socket's path has 108 characters and no more.
 */
export default function setup(): () => void {
  if (basename(tmpdir()).startsWith(PREFIX)) return () => undefined;
  const root = mkdtempSync(join(tmpdir(), PREFIX));
  process.env["TMPDIR"] = root;
  return () => rmSync(root, { recursive: true, force: true });
}
