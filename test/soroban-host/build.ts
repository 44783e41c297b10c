/** Where the test node and the contracts that it runs are: set-up builds the one, the others lie beside their sources. */
import { spawn } from "node:child_process";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

type Env = Readonly<Record<string, string | undefined>>;

/** Whether this run leaves the Soroban host out: `CUSTODY_TEST_SKIP=soroban-host`. CI leaves nothing out. */
export function leavesOutSorobanHost(env: Env = process.env): boolean {
  return env["CI"] === undefined && (env["CUSTODY_TEST_SKIP"] ?? "").split(",").includes("soroban-host");
}

/** The built node's path; set-up makes it ready where that has not been done. @throws Error with set-up's last words */
export async function builtSorobanHost(): Promise<string> {
  const flags = ["--with-soroban-host", "--without-bitcoind", "--quiet"];
  const child = spawn(process.execPath, [join(ROOT, "scripts/setup.mjs"), ...flags], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let words = "";
  child.stderr.on("data", (chunk: Buffer) => (words += chunk.toString()));
  const status = await new Promise<number | null>((done, fail) => {
    child.on("error", fail);
    child.on("close", done);
  });
  if (status !== 0) throw new Error(`the Soroban test node is not there:\n${words}`);
  return join(ROOT, ".cache/soroban-host/release/soroban-host");
}

/** A contract as WebAssembly: `npm run contracts` has built it. */
export function builtContract(name: string): string {
  return join(import.meta.dirname, "contracts/built", `${name}.wasm`);
}
