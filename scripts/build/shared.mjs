/** What the bundles of all programs have in common. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
export const { version, license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

export const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20",
  define: { __CUSTODY_VERSION__: JSON.stringify(version) },
  logLevel: "warning",
  legalComments: "none",
};

/** Bundled CommonJS packages ask for node's own modules by `require`, which an ES module does not have. */
export const REQUIRE =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

/** tiny-secp256k1 finds its wasm by a path at run time, which a single file does not have. */
export const inlineWasm = {
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

/**
 * Half a megabyte of words in languages that nothing here speaks, read at each start: of BIP-39's word lists only the
 * English stays. bip39 looks for each list and goes on without those that are not there.
 */
export const englishOnly = {
  name: "english-only",
  setup(build) {
    build.onLoad({ filter: /bip39[\\/]src[\\/]wordlists[\\/].*\.json$/ }, ({ path }) =>
      path.endsWith("english.json")
        ? undefined
        : { contents: 'throw new Error("this word list is not in this program");', loader: "js" },
    );
  },
};
