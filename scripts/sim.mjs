/**
 * The simulator: `npm run sim -- [--seeds N] [--from K] [--seed N] [--minutes M] [--workers N]`. Bundles the online host's process, with
 * the world in the node's place, and the world itself; then runs on plain node.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { englishOnly, inlineWasm, REQUIRE, root, shared } from "./build/shared.mjs";

/** The one seam: who asks for a node gets the world. What else that module says is as it ships. */
const worldAsNode = {
  name: "world-as-node",
  setup({ onLoad, onResolve }) {
    const path = join(root, "src/home/node.ts");
    const near = { resolveDir: join(root, "src/home"), loader: "ts" };
    onResolve({ filter: /^node-as-it-ships$/ }, () => ({ path, namespace: "as-it-ships" }));
    onLoad({ filter: /./, namespace: "as-it-ships" }, () => ({
      contents: readFileSync(path, "utf8"),
      ...near,
    }));
    onLoad({ filter: /[\\/]src[\\/]home[\\/]node\.ts$/, namespace: "file" }, () => ({
      contents: 'export * from "node-as-it-ships"; export { withNode } from "../../test/sim/host/node.ts";',
      ...near,
    }));
  },
};

/** What is worked out again and again in worlds is remembered: the same curve, asked through test/sim/host/curve.ts. */
const curveWithMemory = {
  name: "curve-with-memory",
  setup({ onResolve }) {
    const path = join(root, "test/sim/host/curve.ts");
    onResolve({ filter: /^tiny-secp256k1$/ }, ({ importer }) => (importer === path ? undefined : { path }));
  },
};

/** A defect put into the product's source on its way into the bundle; the tests show that the simulator finds it. */
function planted(name) {
  const plants = JSON.parse(readFileSync(join(root, "test/sim/plants.json"), "utf8"));
  const { edits } = plants[name];
  return {
    name: "planted",
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const here = edits.filter(({ file }) => path === join(root, file));
        if (here.length === 0) return undefined;
        let contents = readFileSync(path, "utf8");
        for (const { file, find, instead } of here) {
          if (contents.split(find).length !== 2)
            throw new Error(`plant ${name}: its text is not once in ${file}`);
          contents = contents.replace(find, () => instead);
        }
        return { contents, loader: "ts" };
      });
    },
  };
}

const args = process.argv.slice(2);
const plant = args.includes("--plant") ? args[args.indexOf("--plant") + 1] : undefined;
const outdir = join(root, ".cache/sim", plant ?? "shipped");
mkdirSync(outdir, { recursive: true });
const common = { ...shared, outdir, external: ["better-sqlite3"] };
// As one script, so that V8 can keep what it has compiled of it (test/sim/host/start.ts).
await build({
  ...common,
  entryPoints: { host: "test/sim/host/child.ts", start: "test/sim/host/start.ts" },
  outExtension: { ".js": ".cjs" },
  format: "cjs",
  minifyWhitespace: true,
  define: { ...shared.define, "import.meta.url": "__moduleUrl", "import.meta.dirname": "__dirname" },
  banner: { js: 'const __moduleUrl = require("node:url").pathToFileURL(__filename).href;' },
  plugins: [
    ...(plant === undefined ? [] : [planted(plant)]),
    worldAsNode,
    curveWithMemory,
    inlineWasm,
    englishOnly,
  ],
});
rmSync(join(outdir, "host.compiled"), { force: true });
cpSync(join(root, "src/store/migrations"), join(outdir, "migrations"), { recursive: true });
if (!args.includes("--bundle-only")) {
  await build({
    ...common,
    entryPoints: { program: "test/sim/program.ts" },
    outExtension: { ".js": ".mjs" },
    format: "esm",
    banner: { js: REQUIRE },
    plugins: [curveWithMemory, inlineWasm, englishOnly],
  });
  const program = resolve(outdir, "program.mjs");
  const { status } = spawnSync(process.execPath, [program, ...args], { cwd: root, stdio: "inherit" });
  process.exitCode = status ?? 1;
}
