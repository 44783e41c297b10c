/** Row `start`: `--version` of the built programs against `node -e 0`, whole processes, interleaved. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { projectRoot } from "../../demo/cast.ts";
import { median, type Row } from "./row.ts";

const ROUNDS = 15;

export async function start(): Promise<Row> {
  const dist = join(projectRoot(), "dist");
  const commands = {
    floor: ["-e", "0"],
    custody: [join(dist, "custody.js"), "--version"],
    signer: [join(dist, "custody-signer.cjs"), "--version"],
  };
  const times: Record<keyof typeof commands, number[]> = { floor: [], custody: [], signer: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of Object.keys(commands) as (keyof typeof commands)[]) {
      const begin = performance.now();
      spawnSync(process.execPath, commands[name]);
      times[name].push(performance.now() - begin);
    }
  }
  const [floor, custody, signer] = [median(times.floor), median(times.custody), median(times.signer)];
  const ours = Math.max(custody, signer);
  return {
    name: "start",
    unit: "ms",
    ours,
    floor,
    peers: { custody, "custody-signer": signer },
    ratio: ours / floor,
    goal: "at most 1.5x node -e 0",
    notes: ["ours is the slower of the two programs"],
  };
}
