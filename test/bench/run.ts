/** The benchmark: ratios in one run, never absolute times compared across runs. `npm run bench -- NAME` for one row. */
import { writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { audit } from "./audit.bench.ts";
import { evm } from "./evm.bench.ts";
import { gap } from "./gap.bench.ts";
import { intake } from "./intake.bench.ts";
import { policy } from "./policy.bench.ts";
import { psbt } from "./psbt.bench.ts";
import { queue } from "./queue.bench.ts";
import { restart } from "./restart.bench.ts";
import type { Row } from "./row.ts";
import { start } from "./start.bench.ts";
import { watcher } from "./watcher.bench.ts";

const ROWS: Readonly<Record<string, () => Promise<Row | readonly Row[]>>> = {
  start,
  psbt,
  gap,
  intake,
  queue,
  audit,
  policy,
  watcher,
  restart,
  evm,
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !(name in ROWS));
if (unknown !== undefined) {
  process.stderr.write(
    `error: there is no row ${unknown}\nhint: npm run bench -- ${Object.keys(ROWS).join(" | ")}\n`,
  );
  process.exit(2);
}
const machine = {
  node: process.versions.node,
  processor: cpus()[0]?.model ?? "unknown",
  cores: cpus().length,
  memoryMiB: Math.round(totalmem() / 2 ** 20),
  load: loadavg()[0] ?? 0,
};
process.stdout.write(
  `${machine.processor}, ${machine.cores} cores, node ${machine.node}, load ${machine.load.toFixed(1)}\n`,
);

const rows: Row[] = [];
for (const [name, measure] of Object.entries(ROWS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const row of [await measure()].flat()) report(row);
}
writeFileSync(
  join(".cache", "bench-results.json"),
  `${JSON.stringify({ measured: new Date().toISOString(), machine, rows }, null, 2)}\n`,
);
process.stdout.write("written to .cache/bench-results.json\n");

function report(row: Row): void {
  rows.push(row);
  const said = (value: number) => `${row.unit === "bytes" ? value : value.toFixed(1)} ${row.unit}`;
  const peers = Object.entries(row.peers).map(([peer, value]) => `${peer} ${said(value)}`);
  process.stdout.write(
    `${row.name}: ours ${said(row.ours)}, floor ${said(row.floor)}, ratio ${row.ratio.toFixed(2)}x (goal: ${row.goal})\n`,
  );
  for (const line of [...peers, ...row.notes]) process.stdout.write(`  ${line}\n`);
}
