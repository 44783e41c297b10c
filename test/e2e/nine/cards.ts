import { readFileSync } from "node:fs";
import type { Cast } from "../../../demo/cast.ts";
import { cardOf, type Person } from "./house.ts";

/** What a policy says of a person, from the card that the person brings. */
export function publicFieldsOf(
  cast: Cast,
  person: Person,
): { name: string; person: string; key: string; alg: string } {
  const {
    name,
    person: human,
    key,
    alg,
  } = JSON.parse(readFileSync(cardOf(cast, person), "utf8")) as {
    name: string;
    person: string;
    key: string;
    alg: string;
  };
  return { name, person: human, key, alg };
}
