/** embit (SeedSigner, Krux, Specter-DIY) as the other maker: Python of its own, over pipes. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TestSeed } from "../bitcoin/regtest-wallet.ts";
import type { Maker } from "./maker.ts";

/** Where set-up puts what requirements.txt names. */
const PACKAGES = join(import.meta.dirname, "../../.cache/makers");

/** Whether set-up could install a maker's Python code: without pip or its packages it leaves it out. */
export function isInstalled(maker: "embit" | "hwilib"): boolean {
  return existsSync(join(PACKAGES, maker));
}

/** Runs one of the scripts of this folder. @param asked given as JSON @returns what it prints as JSON */
export function askPython(script: string, asked: object): unknown {
  const { status, stdout, stderr } = spawnSync("python3", [join(import.meta.dirname, script)], {
    input: JSON.stringify(asked),
    encoding: "utf8",
    env: { PATH: process.env["PATH"], PYTHONPATH: PACKAGES, PYTHONDONTWRITEBYTECODE: "1" },
  });
  if (status !== 0) throw new TypeError(`${script} failed: ${stderr}`);
  return JSON.parse(stdout);
}

export const EMBIT: Maker = {
  name: "embit",
  version: 0,
  cosign(psbt, { root }: TestSeed) {
    const asked = { psbt: Buffer.from(psbt).toString("base64"), root: root.toBase58() };
    const { psbt: signed } = askPython("embit_cosign.py", asked) as { psbt: string };
    return new Uint8Array(Buffer.from(signed, "base64"));
  },
};
