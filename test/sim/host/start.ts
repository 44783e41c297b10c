/**
 * Begins the online host's process. A process that was killed leaves a cold one behind: what V8 has compiled of the bundle
 * is kept beside it, so that the next one does not compile it again.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Script } from "node:vm";
import type { Told } from "./messages.ts";

const BUNDLE = join(import.meta.dirname, "host.cjs");
const COMPILED = join(import.meta.dirname, "host.compiled");

const script = new Script(
  `(function (require, __filename) {${readFileSync(BUNDLE, "utf8")}\n})`,
  existsSync(COMPILED) ? { filename: BUNDLE, cachedData: readFileSync(COMPILED) } : { filename: BUNDLE },
);
// Before the bundle listens, so that it is never told what is meant for this file alone.
process.on("message", ({ type }: Told) => {
  if (type === "keep") keepCompiled();
});
(script.runInThisContext() as (require: NodeJS.Require, file: string) => void)(createRequire(BUNDLE), BUNDLE);

// Two may do so at once: each gives its own file the name.
function keepCompiled(): void {
  const draft = `${COMPILED}.${process.pid}`;
  writeFileSync(draft, script.createCachedData());
  renameSync(draft, COMPILED);
}
