/** Some hundred moves of the random attacker on every run; `npm run attack -- --seeds N` plays thousands. */
import { expect, test } from "vitest";
import { attack } from "./bench/attacker.ts";

const SEEDS = Number(process.env["ATTACK_SEEDS"] ?? "3");
const MOVES = Number(process.env["ATTACK_MOVES"] ?? "60");
/** From so many moves on every gate is expected to have been the one that refuses. */
const ENOUGH_MOVES = 1200;
const FIRST = Number(process.env["ATTACK_FIRST_SEED"] ?? "1");

test(`${SEEDS} attackers of ${MOVES} moves get nothing that people did not approve, and nothing twice`, () => {
  const gates: Record<string, number> = {};
  let signed = 0;
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
    const story = attack(seed, MOVES);
    expect(story.broken, `seed ${seed}`).toEqual([]);
    signed += story.signed;
    for (const [gate, count] of Object.entries(story.gates)) gates[gate] = (gates[gate] ?? 0) + count;
  }
  console.log(
    `seeds ${FIRST} to ${FIRST + SEEDS - 1}: ${signed} signed; refused by gate: ${JSON.stringify(gates)}`,
  );
  expect(signed).toBeGreaterThan(0);
  if (SEEDS * MOVES < ENOUGH_MOVES) return;
  const never = ["G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10"].filter(
    (gate) => !((gates[gate] ?? 0) > 0),
  );
  expect(never, "gates that were never the one").toEqual([]);
}, 600_000);
