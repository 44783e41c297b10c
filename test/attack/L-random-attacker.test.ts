/** Some hundred moves of the random attacker on every run; `npm run attack -- --seeds N` plays thousands. */
import { expect, test } from "vitest";
import { attack } from "./bench/attacker.ts";
import { ACCOUNT } from "./bench/grounds/account.ts";
import { BITCOIN } from "./bench/grounds/bitcoin.ts";
import type { Ground } from "./bench/grounds/ground.ts";
import { SAFE_GROUND } from "./bench/grounds/safe.ts";

const SEEDS = Number(process.env["ATTACK_SEEDS"] ?? "3");
const MOVES = Number(process.env["ATTACK_MOVES"] ?? "60");
/** From so many moves on every gate is expected to have been the one that refuses. */
const ENOUGH_MOVES = 1200;
/** And from so many on, everything to have happened: some of it needs many things before it. */
const MANY_MOVES = 3000;
/** On a machine that does much else, a move may take a second. */
const TIMEOUT_MS = 60_000 + SEEDS * MOVES * 1_000;
const FIRST = Number(process.env["ATTACK_FIRST_SEED"] ?? "1");

const GATES = ["G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10"];
const EVENTS = [
  ...["signed", "later generation", "settled", "cancel rung settled", "spent elsewhere"],
  ...["buried", "buried falsely", "halted", "resumed", "forgery refused", "voided", "released"],
  "policy pinned",
];

const GROUNDS: readonly Ground[] = [BITCOIN, SAFE_GROUND, ACCOUNT];

test.each(GROUNDS)(
  `${SEEDS} attackers of ${MOVES} moves on $name get nothing that people did not approve, and nothing twice`,
  (ground) => {
    const gates: Record<string, number> = {};
    const events: Record<string, number> = {};
    for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
      const story = attack(seed, MOVES, ground);
      expect(story.broken, `seed ${seed}`).toEqual([]);
      addTo(gates, story.gates);
      addTo(events, story.events);
    }
    const what = `refused by gate: ${JSON.stringify(gates)}; events: ${JSON.stringify(events)}`;
    console.log(`${ground.name}, seeds ${FIRST} to ${FIRST + SEEDS - 1}: ${what}`);
    expect(events["signed"]).toBeGreaterThan(0);
    if (SEEDS * MOVES < ENOUGH_MOVES) return;
    expect(
      GATES.filter((gate) => !ground.idle.includes(gate) && !((gates[gate] ?? 0) > 0)),
      "gates that were never the one",
    ).toEqual([]);
    if (SEEDS * MOVES < MANY_MOVES) return;
    expect(
      [...EVENTS, ...ground.events].filter((event) => !((events[event] ?? 0) > 0)),
      "what never happened",
    ).toEqual([]);
  },
  TIMEOUT_MS,
);

function addTo(sums: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [what, count] of Object.entries(counts)) sums[what] = (sums[what] ?? 0) + count;
}
