/** Bundles the process in which tests run the programs call after call (test/e2e/warm/host.ts). */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { englishOnly, inlineWasm, REQUIRE, root, shared } from "./shared.mjs";

const outdir = join(root, ".cache/warm");
await build({
  ...shared,
  entryPoints: { host: "test/e2e/warm/host.ts" },
  outdir,
  outExtension: { ".js": ".mjs" },
  format: "esm",
  external: ["better-sqlite3"],
  plugins: [inlineWasm, englishOnly],
  banner: { js: REQUIRE },
});
// The store looks for them beside its own code.
cpSync(join(root, "src/store/migrations"), join(outdir, "migrations"), { recursive: true });
