/** Builds the three programs into dist/. */
import { cpSync, mkdirSync, rmSync, writeFileSync, chmodSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { englishOnly, inlineWasm, REQUIRE, root, shared } from "./build/shared.mjs";
import { bundleSigner } from "./build/signer-bundle.mjs";

const dist = join(root, "dist");

async function buildSigner(folder) {
  const { contents, metafile } = await bundleSigner();
  writeFileSync(join(folder, "custody-signer.cjs"), contents);
  writeFileSync(join(folder, "custody-signer.meta.json"), JSON.stringify(metafile));
  chmodSync(join(folder, "custody-signer.cjs"), 0o755);
}

async function buildOnline() {
  await build({
    ...shared,
    entryPoints: { custody: "bin/custody.ts", "custody-watcher": "bin/watcher.ts" },
    outdir: dist,
    format: "esm",
    splitting: true,
    chunkNames: "[name]-[hash]",
    external: ["better-sqlite3"],
    plugins: [inlineWasm, englishOnly],
    banner: { js: REQUIRE },
  });
  cpSync(join(root, "src/store/migrations"), join(dist, "migrations"), { recursive: true });
  for (const name of ["custody.js", "custody-watcher.js"]) chmodSync(join(dist, name), 0o755);
}

// `--signer-only FOLDER` is for the bundle test, which must not touch dist/ while other tests run it.
const [flag, folder] = process.argv.slice(2);
if (flag === "--signer-only") {
  await buildSigner(folder);
} else {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  await buildOnline();
  await buildSigner(dist);
  writeFileSync(join(dist, ".stamp"), "");
}
