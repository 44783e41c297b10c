import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** The project's root. */
export const ROOT = join(import.meta.dirname, "../..");

/** The folders that hold the product's own code. */
export const CODE = ["bin", "src", "signer", "watcher", "demo"] as const;

export type SourceFile = { readonly path: string; readonly text: string; readonly lines: readonly string[] };

/** Every TypeScript file below `folders`, with paths from the root. */
export function sources(...folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => {
        const path = relative(ROOT, join(ROOT, folder, name));
        const text = readFileSync(join(ROOT, path), "utf8");
        return { path, text, lines: text.split("\n") };
      }),
  );
}

/** A source without comments and string contents, so that words in them are not taken for code. */
export function codeOnly(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, " "))
    .replace(/(^|[^:"'`])\/\/.*$/gm, "$1")
    .replace(/"(?:[^"\\\n]|\\.)*"/g, '""');
}
