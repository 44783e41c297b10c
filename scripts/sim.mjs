/**
 * The simulator: `npm run sim -- [--family F] [--seeds N] [--from K] [--seed N] [--minutes M] [--workers N]`. Bundles the online host's process, with
 * the world in the node's place, and the world itself; then runs on plain node.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { build } from "esbuild";
import { englishOnly, inlineWasm, REQUIRE, root, shared } from "./build/shared.mjs";

/** The two seams: who asks for nodes gets the world. What else those modules say is as it ships. */
const SEAMS = [
  { place: "src/home/node.ts", name: "withNode", from: "test/sim/host/node.ts" },
  { place: "src/nodes/json-rpc.ts", name: "openJsonRpc", from: "test/sim/host/evm-rpc.ts" },
];

const worldAsNodes = {
  name: "world-as-nodes",
  setup({ onLoad, onResolve }) {
    for (const [number, { place, name, from }] of SEAMS.entries()) {
      const path = join(root, place);
      const near = { resolveDir: dirname(path), loader: "ts" };
      const shipped = `as-it-ships-${number}`;
      onResolve({ filter: new RegExp(`^${shipped}$`) }, () => ({ path, namespace: shipped }));
      onLoad({ filter: /./, namespace: shipped }, () => ({ contents: readFileSync(path, "utf8"), ...near }));
      const here = new RegExp(`${path.replaceAll(/[\\/.]/g, "[\\\\/.]")}$`);
      onLoad({ filter: here, namespace: "file" }, () => ({
        contents: `export * from "${shipped}"; export { ${name} } from ${JSON.stringify(join(root, from))};`,
        ...near,
      }));
    }
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
    worldAsNodes,
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
