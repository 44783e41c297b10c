/**
 * Runs jobs in a child process and watches it. A decoder that loops for ever cannot be stopped from inside, and one that
 * takes all memory takes its process along: both are findings here, and the row goes on behind them.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Finding, Job, Result } from "./job.ts";

export type Watch = {
  /** The bundled `child.ts`. */
  readonly child: string;
  /** A case that takes longer does not end. Far above the CPU time that is allowed: other work may have the processor. */
  readonly stallSeconds: number;
  /** Heap of the child, `--max-old-space-size`. */
  readonly heapMegabytes: number;
};

export const WATCH = { stallSeconds: 60, heapMegabytes: 256 } as const;

/** A job that ends its process again and again is left after so many times. */
const DEATHS_MAX = 3;

/** Runs `jobs` one after the other; `done` is told each result as it comes. */
export async function supervised(
  jobs: readonly Job[],
  watch: Watch,
  done: (result: Result) => void = () => {},
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const take = (result: Result) => {
    results.push(result);
    done(result);
  };
  let left = jobs;
  let deaths = 0;
  while (left.length > 0) {
    const round = await runChild(left, watch, take);
    if (round === undefined) return results;
    const job = left[round.job] as Job;
    take(lost(job, { target: job.target, case: round.case, what: round.what }));
    deaths = round.job === 0 ? deaths + 1 : 1;
    const rest = deaths < DEATHS_MAX ? [behind(job, round.case)] : [];
    left = [...rest, ...left.slice(round.job + 1)];
  }
  return results;
}

/** What is left of `job` after its case `number`; of a job by time the whole time, for none of it was told. */
function behind(job: Job, number: number): Job {
  const from = number + 1;
  return job.cases === undefined ? { ...job, from } : { ...job, from, cases: job.from + job.cases - from };
}

function lost(job: Job, finding: Finding): Result {
  const cases = finding.case - job.from + 1;
  return { target: job.target, cases, accepted: 0, refused: {}, seconds: 0, findings: [finding] };
}

type Death = { readonly job: number; readonly case: number; readonly what: string };

/** Resolves to undefined when all jobs were done. */
async function runChild(
  jobs: readonly Job[],
  { child, stallSeconds, heapMegabytes }: Watch,
  take: (result: Result) => void,
): Promise<Death | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "custody-fuzz-"));
  const progress = join(folder, "progress");
  const args = [`--max-old-space-size=${heapMegabytes}`, child, JSON.stringify(jobs), progress];
  const running = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let finished = 0;
  let stderr = "";
  let stalled = false;
  const lines = createInterface({ input: running.stdout });
  lines.on("line", (line) => {
    finished += 1;
    take(JSON.parse(line) as Result);
  });
  running.stderr.on("data", (chunk: Buffer) => (stderr = (stderr + chunk.toString("utf8")).slice(-4000)));
  const timer = stallTimer(progress, stallSeconds, () => {
    stalled = true;
    running.kill("SIGKILL");
  });
  const ended = new Promise<string>((resolve, reject) => {
    running.on("error", reject);
    running.on("close", (code, signal) => resolve(signal ?? String(code)));
  });
  try {
    const how = await ended;
    if (finished === jobs.length) return undefined;
    const what = stalled
      ? `did not end within ${stallSeconds} s`
      : `ended the process (${how}): ${reasonIn(stderr)}`;
    return { job: finished, case: placeIn(progress) ?? jobs[finished]?.from ?? 0, what };
  } finally {
    clearInterval(timer);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Reading the bundle and making the first samples takes its time where other work has the processor. */
const START_SECONDS = 60;

/** Calls `stop` when the file has been the same for so long. */
function stallTimer(progress: string, seconds: number, stop: () => void): NodeJS.Timeout {
  let last = "";
  let since = process.uptime();
  return setInterval(() => {
    const now = placeText(progress);
    if (now !== last) since = process.uptime();
    last = now;
    const allowed = now === "" ? Math.max(seconds, START_SECONDS) : seconds;
    if (process.uptime() - since > allowed) stop();
  }, 250);
}

function placeText(progress: string): string {
  try {
    return readFileSync(progress).toString("hex");
  } catch {
    return ""; // The child has not begun.
  }
}

/** The number of the case that was begun last. */
function placeIn(progress: string): number | undefined {
  const bytes = Buffer.from(placeText(progress), "hex");
  return bytes.length === 16 ? bytes.readDoubleLE(8) : undefined;
}

function reasonIn(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  return lines.find((line) => /heap|memory|Error/i.test(line)) ?? lines.at(-1) ?? "it said nothing";
}
