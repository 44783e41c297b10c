/**
 * Whether people's word that a plan can never settle is believed (law 4): one judge for the signer's gate, the online host
 * and an auditor. Each knows the plan in its own way, by a memory, by rows and voids, or from a file, and says what it knows.
 */
import { chainInKey } from "../core/conflict-key.ts";
import type { Digest } from "../core/digest.ts";
import type { Dead, DeadDocument } from "../core/documents/dead.ts";
import { fromBase64 } from "../core/hex.ts";
import { vouchersNeeded, vouchersOf, type Deceased, type PlanAttempts } from "../core/policy/death.ts";
import type { Policy } from "../core/policy/policy.ts";
import type { ChainCodec } from "./adapter.ts";
import { CODECS } from "./codecs.ts";

/** Whether a proof of death is about all that is known of the plan, and names what can have killed it. */
export function coversDeath({ body }: DeadDocument, deceased: PlanAttempts): boolean {
  const dead = new Set(body.transactions);
  return (
    body.plan === deceased.plan &&
    deceased.conflictKeys.includes(body.conflictKey) &&
    deceased.transactions.every((transaction) => dead.has(transaction)) &&
    isKiller(body, deceased, dead)
  );
}

/** Whether a proof of death is believed. */
export function provesDeath(policy: Policy, dead: DeadDocument, deceased: Deceased): boolean {
  const needed = vouchersNeeded(policy, deceased);
  return (
    needed !== undefined && coversDeath(dead, deceased) && vouchersOf(policy, dead, deceased).length >= needed
  );
}

/**
 * The name, as attempts have names, of what is said to have killed a plan: by its own bytes where it came with them.
 */
export function killerName(body: Pick<Dead, "conflictKey" | "spentBy" | "killer">): Digest {
  const codec = codecOfKey(body.conflictKey);
  return killerIn(codec, body)?.name ?? body.spentBy;
}

/** The codec of a conflict key's chain; undefined for a chain that nothing here reads. */
export function codecOfKey(conflictKey: string): ChainCodec<unknown> | undefined {
  const chain = chainInKey(conflictKey);
  return chain === undefined ? undefined : CODECS.find((codec) => codec.reads(chain));
}

function killerIn(
  codec: ChainCodec<unknown> | undefined,
  { killer, conflictKey }: Pick<Dead, "conflictKey" | "killer">,
) {
  return killer === undefined ? undefined : codec?.killerIn?.(fromBase64(killer), conflictKey);
}

function isKiller(body: Dead, deceased: PlanAttempts, dead: ReadonlySet<Digest>): boolean {
  const codec = codecOfKey(body.conflictKey);
  const { spentBy, killer, withoutEffect = false } = body;
  if (codec === undefined) return false;
  // A block of bitcoin's holds nothing that failed, so that there the attempt has settled (model: deadWithoutEffect).
  if (withoutEffect)
    return codec.keepsFailed && killer === undefined && deceased.transactions.includes(spentBy);
  // Whatever else is said to be an attempt may pay (model: deadByCancelRung).
  if (dead.has(spentBy)) return killer === undefined && spentBy === deceased.cancel;
  if (codec.killerIn === undefined) return killer === undefined;
  // By its id alone a transaction that has settled the plan would pass for a stranger's.
  const found = killerIn(codec, body);
  return found !== undefined && found.id === spentBy && !dead.has(found.name);
}
