/** Bundles the benchmark and runs it on plain node: `npm run bench`, or `npm run bench -- NAME`. */
import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const root = resolve(import.meta.dirname, "..");
const outfile = join(root, ".cache", "bench.mjs");
await build({
  absWorkingDir: root,
  entryPoints: ["test/bench/run.ts"],
  outfile,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  packages: "external",
  logLevel: "warning",
});
// The store looks for them beside its own code.
cpSync(join(root, "src/store/migrations"), join(root, ".cache", "migrations"), { recursive: true });
process.exitCode =
  spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { cwd: root, stdio: "inherit" }).status ??
  1;
