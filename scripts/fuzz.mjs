/** Bundles the fuzzer and runs it on plain node: `npm run fuzz -- [--hours H] [--target NAME] [--seed N]`. */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const root = resolve(import.meta.dirname, "..");
const outdir = join(root, ".cache", "fuzz");
await build({
  absWorkingDir: root,
  entryPoints: ["test/fuzz/child.ts", "test/fuzz/program.ts"],
  outdir,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  packages: "external",
  logLevel: "warning",
});
if (!process.argv.includes("--bundle-only")) {
  const program = join(outdir, "program.mjs");
  process.exitCode =
    spawnSync(process.execPath, [program, ...process.argv.slice(2)], { cwd: root, stdio: "inherit" })
      .status ?? 1;
}
