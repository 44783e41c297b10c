/**
 * The attacker's bench at length: `npm run attack -- [--seeds N] [--moves M] [--first S]`. Plays the random attacker from N
 * seeds and every single mutation of a good request, and prints which gate refused how often and what else happened.
 *
 * The check-list: `npm run attack -- --rows [ID…]`. Plays the attacks of these rows, of all without an id, and proves each
 * by taking out the check that refuses it.
 */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const root = resolve(import.meta.dirname, "..");
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rows: { type: "boolean", default: false },
    seeds: { type: "string", default: "20" },
    moves: { type: "string", default: "300" },
    first: { type: "string", default: "1" },
  },
});

function refuse(message, hint) {
  process.stderr.write(`error: ${message}\nhint: ${hint}\n`);
  process.exit(2);
}

function vitest(args, env) {
  const { status } = spawnSync(join(root, "node_modules", ".bin", "vitest"), ["run", ...args], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  process.exitCode = status ?? 1;
}

const { rows, ...lengths } = values;
const wrong = Object.entries(lengths).find(([, text]) => !/^[1-9][0-9]{0,6}$/.test(text));
if (wrong !== undefined) refuse(`--${wrong[0]} is a whole number above 0`, "npm run attack -- --seeds 20");
const unknown = positionals.find((id) => !/^[BET][1-9][0-9]?$/.test(id));
if (unknown !== undefined || (!rows && positionals.length > 0))
  refuse(`${unknown ?? positionals[0]} is no row that can be played so`, "npm run attack -- --rows B3 T1");

if (rows) {
  const files = positionals.map((id) => `test/attack/${id.charAt(0)}${id.slice(1).padStart(2, "0")}-`);
  const all = files.length === 0 ? ["test/attack/B", "test/attack/E", "test/attack/T"] : files;
  vitest(["--project", "unit", "--project", "rows", "--reporter", "verbose", ...all], {});
} else {
  vitest(["--project", "unit", "test/attack/L-"], {
    ATTACK_SEEDS: lengths.seeds,
    ATTACK_MOVES: lengths.moves,
    ATTACK_FIRST_SEED: lengths.first,
    ATTACK_STRIDE: "1",
  });
}
