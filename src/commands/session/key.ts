/**
 * The session key: 32 bytes in a file of the online home, mode 0600, good for hours. It can sign requests and approve
 * nothing, so it lies there without a passphrase.
 */
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { publicKeyOf, type PublicKey } from "../../core/ed25519.ts";
import { declareError } from "../../core/errors.ts";
import { fromHex, toHex, utf8 } from "../../core/hex.ts";
import { seconds } from "../../core/instant.ts";
import { LIMITS } from "../../core/limits.ts";
import type { Call } from "../../terminal/command.ts";
import { readInput, writeFileDurably } from "../../terminal/files.ts";

export const SESSION_KEY_MISSING = declareError(
  "SESSION_KEY_MISSING",
  "conflict",
  "The key of a session is not in this home.",
);

const fileOf = (home: string, key: PublicKey) => join(home, `session-${key.slice(0, 16)}.key`);

export function makeSessionKey({ io, home, dryRun }: Call): PublicKey {
  const seed = io.random(32);
  const key = publicKeyOf(seed);
  if (!dryRun) writeFileDurably(fileOf(home, key), utf8(toHex(seed)), false, io.random(8));
  seed.fill(0);
  return key;
}

/** The seed of a session key. The caller wipes it. @throws SESSION_KEY_MISSING */
export async function readSessionKey({ io, home }: Call, key: PublicKey): Promise<Uint8Array> {
  const path = fileOf(home, key);
  if (existsSync(path)) {
    const seed = fromHex(new TextDecoder().decode(await readInput(io, path, 64)), "session key", 32);
    if (publicKeyOf(seed) === key) return seed;
  }
  throw SESSION_KEY_MISSING("the key that this delegation names was not made in this home", {
    field: "delegation.session",
    hint: "custody session new --operator NAME --out delegation.json",
  });
}

/**
 * Removes keys that lie here for longer than any delegation lives, so that no session can be started with them any more.
 * @param kept the key of the session under way
 * @returns how many there were
 */
export function dropStaleKeys({ io, home, dryRun }: Call, kept: PublicKey | undefined): number {
  const oldest = seconds(io.now()) - LIMITS.delegationSecondsMax;
  const stale = readdirSync(home)
    .filter((name) => /^session-[0-9a-f]{16}\.key$/.test(name))
    .map((name) => join(home, name))
    .filter((path) => kept === undefined || path !== fileOf(home, kept))
    .filter((path) => statSync(path).mtimeMs / 1000 < oldest);
  if (!dryRun) for (const path of stale) rmSync(path, { force: true });
  return stale.length;
}

export function dropSessionKey(home: string, key: PublicKey): void {
  rmSync(fileOf(home, key), { force: true });
}
