/** Bundles the process in which tests run the programs call after call (test/e2e/warm/host.ts). */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { englishOnly, inlineWasm, root, shared } from "./shared.mjs";

/** Bundled CommonJS packages ask for node's own modules by `require`, which an ES module does not have. */
const REQUIRE =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

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
