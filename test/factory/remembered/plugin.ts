/**
 * Gives the product a memory for what is a function of its arguments alone and slow: keys derived from passphrases, phrases
 * and parents. Test after test opens the same fixtures. In the copy that vitest loads; the programs carry none of it, and
 * what runs them as built (`test/{cli,e2e,fault,node}`) works everything out.
 */
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../../..");
const PRODUCT = ["src", "signer"].map((folder) => `${join(ROOT, folder)}/`);
const STAND_INS = { "node:crypto": "crypto.ts", "tiny-secp256k1": "curve.ts" } as const;

/** The plugin for vitest's configuration. */
export function rememberedKeys() {
  return {
    name: "remembered-keys",
    enforce: "pre" as const,
    transform(code: string, id: string) {
      if (!PRODUCT.some((folder) => id.startsWith(folder))) return undefined;
      const changed = Object.entries(STAND_INS).reduce(
        (text, [module, file]) =>
          text.replaceAll(` from "${module}";`, ` from ${JSON.stringify(join(import.meta.dirname, file))};`),
        code,
      );
      return changed === code ? undefined : { code: changed, map: null };
    },
  };
}
