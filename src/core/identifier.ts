import type { Brand } from "./brand.ts";
import { assert, declareError } from "./errors.ts";
import { toHex } from "./hex.ts";
import { quoted } from "./text.ts";

/** A random 128-bit id as 32 lowercase hex digits: withdrawals, plans, attempts, operations, customers' pseudonyms. */
export type Id = Brand<string, "Id">;

/** A short ASCII name that people give: a wallet, an identity, a policy row. */
export type Name = Brand<string, "Name">;

export const ID_MALFORMED = declareError("ID_MALFORMED", "invalid", "An id is not 32 lowercase hex digits.");
export const NAME_MALFORMED = declareError(
  "NAME_MALFORMED",
  "invalid",
  "A name is not 1 to 32 of a-z, 0-9 and '-', beginning with a letter.",
);

/** Makes an id from 16 random bytes that the shell supplies. */
export function idFrom(random: Uint8Array): Id {
  assert(random.length === 16, "an id takes 16 random bytes");
  return toHex(random) as Id;
}

/** @throws ID_MALFORMED */
export function parseId(text: string, field = "id"): Id {
  if (!/^[0-9a-f]{32}$/.test(text))
    throw ID_MALFORMED(`${field} is not an id of 32 lowercase hex digits`, {
      field,
      hint: "copy the whole id as it was printed",
    });
  return text as Id;
}

/** @throws NAME_MALFORMED */
export function parseName(text: string, field = "name"): Name {
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(text)) {
    throw NAME_MALFORMED(`${field} ${quoted(text)} is not a name: use a-z, 0-9 and '-', at most 32`, {
      field,
      hint: "for example vault-1",
    });
  }
  return text as Name;
}
