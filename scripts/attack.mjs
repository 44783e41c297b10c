/**
 * The attacker's bench at length: `npm run attack -- --seeds N [--moves M] [--first S]`. Plays the random attacker from N
 * seeds and every single mutation of a good request, and prints which gate refused how often and what else happened.
 */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const root = resolve(import.meta.dirname, "..");
const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "20" },
    moves: { type: "string", default: "300" },
    first: { type: "string", default: "1" },
  },
});
const wrong = Object.entries(values).find(([, text]) => !/^[1-9][0-9]{0,6}$/.test(text));
if (wrong !== undefined) {
  process.stderr.write(
    `error: --${wrong[0]} is a whole number above 0\nhint: npm run attack -- --seeds 20\n`,
  );
  process.exit(2);
}
const { status } = spawnSync(
  join(root, "node_modules", ".bin", "vitest"),
  ["run", "--project", "unit", "test/attack/L-"],
  {
    cwd: root,
    stdio: "inherit",
    env: {
      ...process.env,
      ATTACK_SEEDS: values.seeds,
      ATTACK_MOVES: values.moves,
      ATTACK_FIRST_SEED: values.first,
      ATTACK_STRIDE: "1",
    },
  },
);
process.exitCode = status ?? 1;
