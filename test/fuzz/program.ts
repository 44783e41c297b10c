/**
 * `npm run fuzz -- [--hours H] [--target NAME] [--seed N]` at length, or one case again: `--target NAME --seed N --case C`,
 * or a file of bytes: `--target NAME --file PATH`. Failing inputs are written down, each with the line that repeats it.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Finding, Job, Result } from "./job.ts";
import { judge } from "./judge.ts";
import { supervised, WATCH } from "./supervise.ts";
import { inputOf, type Target } from "./target.ts";
import { targetNamed, TARGETS } from "./targets.ts";

const SLICE_SECONDS = 15;

type Total = { cases: number; accepted: number; seconds: number; codes: Set<string>; findings: number };

const say = (line: string) => process.stdout.write(`${line}\n`);

async function repeatOne(target: Target, input: Uint8Array): Promise<boolean> {
  const started = process.cpuUsage();
  const verdict = await judge(target, input);
  const { user, system } = process.cpuUsage(started);
  say(`${target.name}: ${input.length} bytes, ${((user + system) / 1e6).toFixed(3)} s of CPU`);
  say(
    verdict.type === "finding"
      ? `finding: ${verdict.what}`
      : verdict.type === "refused"
        ? verdict.code
        : "accepted",
  );
  return verdict.type !== "finding";
}

/** Writes the input of `finding` down, and how to have it again. */
function keep(finding: Finding, seed: number, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${finding.target}--${seed}-${finding.case}.bin`);
  writeFileSync(file, inputOf(targetNamed(finding.target), seed, finding.case));
  say(`FINDING ${finding.target}: ${finding.what}`);
  say(`  input: ${file}`);
  say(`  again: npm run fuzz -- --target ${finding.target} --seed ${seed} --case ${finding.case}`);
}

/** Slices of time for each target in turn, until the time is over; each goes on where it was. */
async function runHours(targets: readonly Target[], hours: number, seed: number): Promise<number> {
  const root = process.cwd();
  const folder = join(root, ".cache", "fuzz", "found");
  const end = process.uptime() + hours * 3600;
  const next = new Map<string, number>();
  const totals = new Map<string, Total>();
  let turn = 0;
  const take = (result: Result) => {
    const total = totals.get(result.target) ?? {
      cases: 0,
      accepted: 0,
      seconds: 0,
      codes: new Set(),
      findings: 0,
    };
    total.cases += result.cases;
    total.accepted += result.accepted;
    total.seconds += result.seconds;
    for (const code of Object.keys(result.refused)) total.codes.add(code);
    total.findings += result.findings.length;
    totals.set(result.target, total);
    next.set(result.target, (next.get(result.target) ?? 0) + result.cases);
    for (const finding of result.findings) keep(finding, seed, folder);
  };
  const worker = async () => {
    for (;;) {
      const left = end - process.uptime();
      if (left <= 0) return;
      const target = targets[turn++ % targets.length] as Target;
      const seconds = Math.min(left, SLICE_SECONDS, Math.max(1, (hours * 3600) / targets.length));
      const job: Job = { target: target.name, seed, from: next.get(target.name) ?? 0, seconds };
      await supervised([job], { ...WATCH, child: join(root, ".cache", "fuzz", "child.mjs") }, take);
    }
  };
  await Promise.all(Array.from({ length: Math.min(targets.length, availableParallelism()) }, worker));
  for (const [name, { cases, accepted, seconds, codes, findings }] of [...totals].sort()) {
    const rate = Math.round(cases / Math.max(seconds, 0.001));
    say(
      `${name.padEnd(20)} ${String(cases).padStart(9)} cases  ${String(rate).padStart(7)}/s  ${accepted} accepted, ${codes.size} codes, ${findings} findings`,
    );
  }
  return [...totals.values()].reduce((sum, { findings }) => sum + findings, 0);
}

const { values } = parseArgs({
  options: {
    hours: { type: "string", default: "1" },
    target: { type: "string" },
    seed: { type: "string" },
    case: { type: "string" },
    file: { type: "string" },
  },
});
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const hours = Number(values.hours);
if (!Number.isSafeInteger(seed) || seed < 0 || !(hours > 0 && hours <= 1000)) {
  process.stderr.write(
    "error: --seed is a whole number, --hours a number above 0\nhint: npm run fuzz -- --hours 0.1\n",
  );
  process.exit(2);
}
const targets = TARGETS.filter(({ name }) => values.target === undefined || name === values.target);
if (targets.length === 0) {
  const names = TARGETS.map(({ name }) => name).join(", ");
  process.stderr.write(`error: there is no target ${values.target}\nhint: there are ${names}\n`);
  process.exit(2);
}
const [target] = targets as [Target, ...Target[]];
if (values.file !== undefined || values.case !== undefined) {
  const input =
    values.file === undefined
      ? inputOf(target, seed, Number(values.case))
      : new Uint8Array(readFileSync(values.file));
  process.exitCode = (await repeatOne(target, input)) ? 0 : 1;
} else {
  say(`seed ${seed}, ${targets.length} targets, ${hours} h`);
  const findings = await runHours(targets, hours, seed);
  say(findings === 0 ? "no findings" : `${findings} findings: inputs in .cache/fuzz/found`);
  process.exitCode = findings === 0 ? 0 : 1;
}
