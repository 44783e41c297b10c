import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Whether this run leaves the Soroban host out: `CUSTODY_TEST_SKIP=soroban-host`. CI leaves nothing out. */
export function leavesOutSorobanHost(env = process.env) {
  return env.CI === undefined && (env.CUSTODY_TEST_SKIP ?? "").split(",").includes("soroban-host");
}

const CRATE = join("test", "soroban-host");
export const sorobanCache = (root) => join(root, ".cache", "soroban-host");

/**
 * The test node for Stellar, whose contract calls the real Soroban host runs, from its sources.
 * @throws SetupError where there is no cargo, or it fails
 */
export async function buildSorobanHost(root, report) {
  report.say("building the Soroban test node: one to three minutes (cargo)");
  await cargo(root, report, ["build", "--release", "--locked", ...manifest(root)], sorobanCache(root));
}

/** The contracts that tests deploy, as they lie beside their sources; rustup brings the target. @throws SetupError */
export async function buildContracts(root, report) {
  const target = join(sorobanCache(root), "contracts");
  await tool(root, report, "rustup", ["target", "add", WASM], target);
  const args = ["build", "--release", "--locked", "--target", WASM, ...manifest(root, "contracts")];
  await cargo(root, report, args, target);
  return join(target, WASM, "release");
}

const WASM = "wasm32v1-none";
const manifest = (root, ...folder) => ["--manifest-path", join(root, CRATE, ...folder, "Cargo.toml")];
const cargo = (root, report, args, target) => tool(root, report, "cargo", args, target);

/** Its home is ours, and where it keeps crates and compilers stays. */
async function tool(root, report, command, args, target) {
  const home = join(sorobanCache(root), "home");
  mkdirSync(home, { recursive: true });
  const env = {
    ...process.env,
    CARGO_TARGET_DIR: target,
    HOME: home,
    CARGO_HOME: process.env.CARGO_HOME ?? join(homedir(), ".cargo"),
    RUSTUP_HOME: process.env.RUSTUP_HOME ?? join(homedir(), ".rustup"),
  };
  const hint = "tests on Stellar need Rust's cargo; CUSTODY_TEST_SKIP=soroban-host leaves them out";
  await report.run(command, args, { cwd: join(root, CRATE), env, hint });
}
