/**
 * Builds the contracts that tests deploy in the Soroban test node, and puts them beside their sources with the fingerprint of
 * those: `npm run contracts`. They are kept as built, so that tests need no second target of the compiler.
 */
import { copyFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { openReport } from "./setup/run.mjs";
import { buildContracts } from "./setup/soroban-host.mjs";
import { sorobanFingerprint } from "./setup/stamp.mjs";

const root = resolve(import.meta.dirname, "..");
const folder = join(root, "test", "soroban-host", "contracts");
const report = openReport({ logFile: join(root, ".cache", "contracts.log"), quiet: false });
const release = await buildContracts(root, report);
copyFileSync(join(release, "router.wasm"), join(folder, "built", "router.wasm"));
const sources = ["contracts/Cargo.toml", "contracts/Cargo.lock", "contracts/router"];
writeFileSync(join(folder, "built", "SOURCES"), `${sorobanFingerprint(root, ...sources)}\n`);
await report.close();
