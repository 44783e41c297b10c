import { build } from "esbuild";
import { englishOnly, inlineWasm, shared } from "./shared.mjs";
import { assertNoWayOut, markedGlobals, refuseModules } from "./ways-out.mjs";

/**
 * The signer as one file that needs nothing beside it, the same bytes wherever the tree lies: no path, no time and no
 * name of a machine goes in.
 * @returns its bytes, and the metafile: the list of everything that is in it
 * @throws when it could reach a network
 */
export async function bundleSigner() {
  const { outputFiles, metafile } = await build({
    ...shared,
    entryPoints: { "custody-signer": "bin/signer.ts" },
    outdir: "release",
    outExtension: { ".js": ".cjs" },
    format: "cjs",
    mainFields: ["module", "main"],
    define: { ...shared.define, ...markedGlobals },
    // Else a tree whose node_modules is a link would have the link's target in the comments.
    preserveSymlinks: true,
    metafile: true,
    write: false,
    plugins: [inlineWasm, englishOnly, refuseModules],
  });
  const [{ contents }] = outputFiles;
  assertNoWayOut(new TextDecoder().decode(contents));
  return { contents, metafile };
}
