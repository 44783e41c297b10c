/**
 * Ways by which bytes could leave the signer's machine, and the build's refusal to let one of them in. It finds what a
 * person or a package brings in openly; code that hides what it does is what the people who read a release look for.
 */
import { builtinModules } from "node:module";
import { transformSync } from "esbuild";

/** Node's modules that the signer needs; every other one is refused. */
const MODULES = new Set(["crypto", "events", "fs", "os", "path", "process", "tty", "v8", "zlib"]);

/** Modules that a package asks for and never uses here: replaced by one that throws when it is touched. */
const STUBBED = [{ module: "child_process", importer: /[\\/]node_modules[\\/]commander[\\/]/ }];

/** Names that node 20 defines for everybody, without an import. */
const GLOBALS = ["fetch", "WebSocket", "EventSource", "XMLHttpRequest", "eval"];
const HOLDERS = ["globalThis", "global"];

/**
 * Ways to a module or to native code that no import statement shows, in code without comments. `require` may be called with
 * a name, and nothing else be done with it or with the `module` that has one; in strings both are words like others.
 */
const PATTERNS = [
  /\.binding\s*\(|\bbinding\b[^{}()]*\}\s*=/,
  /\b(getBuiltinModule|_linkedBinding|internalBinding|dlopen|createRequire|mainModule)\b/,
  /\bimport\s*\(/,
  /(?<![\w$"])require\b(?!\("[a-z0-9_:/]+"\)| [a-z])/,
  /(?<![\w$."'-])module\b(?!\.exports\b|[\w :-])/,
  /\b(fetch|WebSocket|EventSource|XMLHttpRequest)\b[^{}()]*\}\s*=\s*(globalThis|global)\b/,
];

const MARK = "__way_out_";
const nameOf = (path) => path.replace(/^node:/, "");

/** For esbuild's `define`: it knows which names are global and which a function's own. */
export const markedGlobals = Object.fromEntries(
  GLOBALS.flatMap((name) =>
    [name, ...HOLDERS.map((holder) => `${holder}.${name}`)].map((text) => [text, `${MARK}${name}`]),
  ).concat([["process.binding", `${MARK}binding`]]),
);

export const refuseModules = {
  name: "refuse-modules",
  setup(build) {
    const all = new Set(builtinModules.map(nameOf));
    build.onResolve({ filter: /.*/ }, ({ path, importer }) => {
      const name = nameOf(path);
      if (!path.startsWith("node:") && !all.has(name)) return undefined;
      if (MODULES.has(name)) return undefined;
      if (STUBBED.some((stub) => stub.module === name && stub.importer.test(importer)))
        return { path, namespace: "forbidden" };
      return { errors: [{ text: `${importer} imports ${path}, which the signer may not use` }] };
    });
    build.onLoad({ filter: /.*/, namespace: "forbidden" }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get(_, name) { throw new Error("${path} is not in this program"); } });`,
      loader: "js",
    }));
  },
};

/** @throws when the bundle names a way out, with the file that does */
export function assertNoWayOut(code) {
  const bare = transformSync(code, { minifyWhitespace: true, legalComments: "none" }).code;
  const found = [new RegExp(`${MARK}\\w+`), ...PATTERNS].filter((pattern) => pattern.test(bare));
  if (found.length === 0) return;
  const says = found.map((pattern) => {
    const name = pattern.exec(bare)[0].replace(MARK, "").trim();
    return `${fileOf(code, pattern)} uses ${name}`;
  });
  throw new Error(`the signer could reach a network: ${says.join("; ")}`);
}

// esbuild writes the path of each file above its code.
function fileOf(code, pattern) {
  let file = "?";
  for (const line of code.split("\n")) {
    file = /^ *\/\/ ((?:[\w@.-]+\/)+[\w.-]+\.[cm]?[jt]s)$/.exec(line)?.[1] ?? file;
    if (!/^\s*(\/\/|\*|\/\*)/.test(line) && pattern.test(`${line}\n`)) return file;
  }
  return "a file of the bundle";
}
