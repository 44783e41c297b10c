/** Runs the conformance tests over a folder of vectors: `npm run vectors -- DIR`. Each test prints its counts. */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write("error: which folder?\nhint: npm run vectors -- DIR\n");
  process.exit(2);
}
const { status } = spawnSync(
  join(root, "node_modules", ".bin", "vitest"),
  ["run", "--project", "unit", "test/vectors"],
  {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, CUSTODY_VECTORS: resolve(folder) },
  },
);
process.exitCode = status ?? 1;
