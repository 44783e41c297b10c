/**
 * The simulator at length, on plain node (scripts/sim.mjs): worlds of one seed after the other, on as many processes as
 * there are cores, or `--workers` says. `--seed N` plays one world and tells its story.
 */
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { FAMILY_NAMES, familyCalled } from "./families/families.ts";
import { play, type Played } from "./run.ts";
import { added, NOTHING_PLAYED, summaryOf, type Summary } from "./summary.ts";
import { worldFolder } from "./world/disk.ts";
import { Founders } from "./world/founding.ts";
import { Host } from "./world/host.ts";

const HOST = join(import.meta.dirname, "start.cjs");

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "20" },
    from: { type: "string", default: "1" },
    minutes: { type: "string", default: "0" },
    seed: { type: "string" },
    family: { type: "string", default: "bitcoin" },
    workers: { type: "string", default: String(availableParallelism()) },
    /** Of a process that the program has started: every so many-th seed. */
    stride: { type: "string" },
  },
});
const whole = (text: string) => {
  if (/^[0-9]{1,9}$/.test(text)) return Number(text);
  process.stderr.write(`error: ${text} is not a whole number\nhint: npm run sim -- --seeds 100 --from 1\n`);
  process.exit(2);
};

if (!FAMILY_NAMES.includes(values.family)) {
  const names = FAMILY_NAMES.join(" or ");
  process.stderr.write(
    `error: there are no worlds of ${values.family}\nhint: npm run sim -- --family ${names}\n`,
  );
  process.exit(2);
}

/** Plays seeds `first`, `first + stride` … below `end`, or until the time is over. Tells each world as it is done. */
async function playSeeds(
  first: number,
  end: number,
  stride: number,
  told: (played: Played) => void,
): Promise<void> {
  const minutes = whole(values.minutes);
  const host = new Host(HOST);
  const folder = worldFolder("found");
  try {
    const founders = new Founders(host, folder, familyCalled(values.family));
    for (let seed = first; seed < end; seed += stride) {
      if (minutes > 0 && process.uptime() > 60 * minutes) return;
      told(await play(seed, host, await founders.of(seed)));
    }
  } finally {
    host.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const replayOf = (seed: number) => `npm run sim -- --family ${values.family} --seed ${seed}`;

function tell(played: Played): void {
  if (played.broken.length === 0) return;
  process.stdout.write(`${played.story.join("\n")}\n`);
  for (const line of played.broken) process.stdout.write(`seed ${played.seed}: ${line}\n`);
  process.stdout.write(`replay: ${replayOf(played.seed)}\n`);
}

/** On every worker; the story of each world that broke, as it breaks. */
async function playAll(): Promise<Summary> {
  const [from, seeds, workers] = [whole(values.from), whole(values.seeds), whole(values.workers)];
  let summary = NOTHING_PLAYED;
  const run = (worker: number) =>
    new Promise<void>((resolve, reject) => {
      const args = [
        "--from",
        `${from + worker}`,
        "--seeds",
        `${seeds - worker}`,
        "--minutes",
        values.minutes,
        "--stride",
        `${workers}`,
        "--family",
        values.family,
      ];
      const child = fork(import.meta.filename, args, { serialization: "advanced" });
      child.on("message", (played: Played) => {
        tell(played);
        summary = added(summary, played);
      });
      child.on("error", reject);
      child.on("exit", (code) =>
        code === 0 ? resolve() : reject(new Error(`a process of the simulator ended with ${code}`)),
      );
    });
  await Promise.all(Array.from({ length: Math.min(workers, seeds) }, (_, worker) => run(worker)));
  return summary;
}

if (values.seed !== undefined) {
  const seed = whole(values.seed);
  await playSeeds(seed, seed + 1, 1, (played) => {
    if (played.broken.length === 0) process.stdout.write(`${played.story.join("\n")}\n`);
    tell(played);
    process.stdout.write(`${summaryOf(added(NOTHING_PLAYED, played))}\n`);
    process.exitCode = played.broken.length === 0 ? 0 : 1;
  });
} else if (values.stride !== undefined) {
  const first = whole(values.from);
  await playSeeds(
    first,
    first + whole(values.seeds),
    whole(values.stride),
    (played) => void process.send?.(played),
  );
  process.disconnect();
} else {
  const summary = await playAll();
  process.stdout.write(`${summaryOf(summary)}\n`);
  process.exitCode = summary.findings === 0 ? 0 : 1;
}
