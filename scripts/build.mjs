/**
 * Builds the three programs into dist/. The signer is one file that needs nothing beside it: its WebAssembly is
 * inlined, and network modules that a dependency drags in are replaced by ones that throw.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync, chmodSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Node modules through which bytes could leave the machine, or code could be started that does it. */
const FORBIDDEN_IN_SIGNER = [
  "net",
  "tls",
  "dns",
  "dgram",
  "http",
  "https",
  "http2",
  "child_process",
  "cluster",
  "worker_threads",
  "inspector",
];

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20",
  define: { __CUSTODY_VERSION__: JSON.stringify(version) },
  logLevel: "warning",
  legalComments: "none",
};

/** Bundled CommonJS packages ask for node's own modules by `require`, which an ES module does not have. */
const REQUIRE =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

/** tiny-secp256k1 finds its wasm by a path at run time, which a single file does not have. */
const inlineWasm = {
  name: "inline-wasm",
  setup(build) {
    build.onLoad({ filter: /tiny-secp256k1[\\/]lib[\\/]wasm_loader\.js$/ }, (args) => {
      const wasm = readFileSync(join(dirname(args.path), "secp256k1.wasm")).toString("base64");
      const contents = readFileSync(args.path, "utf8")
        .replace('import { readFileSync } from "fs";', "")
        .replace('import { path } from "./wasm_path.js";', "")
        .replace('readFileSync(path("secp256k1.wasm"))', `Buffer.from("${wasm}", "base64")`);
      if (/readFileSync|wasm_path/.test(contents))
        throw new Error("tiny-secp256k1 loads its wasm in a way we do not know");
      return { contents, loader: "js" };
    });
  },
};

/** What a forbidden module is replaced by: commander imports child_process for subcommand files that we do not have. */
const refuseForbidden = {
  name: "refuse-forbidden",
  setup(build) {
    const filter = new RegExp(`^(node:)?(${FORBIDDEN_IN_SIGNER.join("|")})$`);
    build.onResolve({ filter }, ({ path }) => ({ path, namespace: "forbidden" }));
    build.onLoad({ filter: /.*/, namespace: "forbidden" }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get(_, name) { throw new Error("${path} is not in this program"); } });`,
      loader: "js",
    }));
  },
};

/** Builds the signer alone, with its metafile: the list of everything that is in it. */
async function buildSigner(folder) {
  const signer = await build({
    ...shared,
    entryPoints: { "custody-signer": "bin/signer.ts" },
    outdir: folder,
    outExtension: { ".js": ".cjs" },
    format: "cjs",
    mainFields: ["module", "main"],
    metafile: true,
    plugins: [inlineWasm, refuseForbidden],
  });
  writeFileSync(join(folder, "custody-signer.meta.json"), JSON.stringify(signer.metafile));
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
    plugins: [inlineWasm],
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
