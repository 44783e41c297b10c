/**
 * What makes the watcher stop this host by itself, in the transaction in which it learns of it: money went where it should
 * not, or a settlement was taken back. It is a flag online and says so (law 13): signers hear of it from people.
 */
import { parseName } from "../src/core/identifier.ts";
import type { WatcherCode } from "../src/core/policy/halts.ts";
import { newId } from "../src/home/online.ts";
import { raiseHaltFlag } from "../src/store/halt-flags.ts";
import type { Tx } from "../src/store/transaction.ts";
import type { World } from "./world.ts";

/** The reason code of the flag that each event raises over the chain. */
export const STOPPING: ReadonlyMap<string, WatcherCode> = new Map<string, WatcherCode>([
  ["settlement reorganised away", "deep-reorganisation"],
  ["paid twice", "paid-twice"],
  ["paid after release", "paid-after-release"],
  ["paid while stopped", "paid-while-stopped"],
  ["dead plan in a block", "dead-plan-in-a-block"],
  ["superseded plan in a block", "superseded-plan-in-a-block"],
  ["moved after its end", "moved-after-its-end"],
]);

/** Raises a flag for each event that asks for one; one of its code that is in force already stays as it is. */
export function stopFor(
  tx: Tx,
  { online, node }: Pick<World, "online" | "node">,
  transaction: string,
  events: readonly { readonly event: string; readonly reason?: string | undefined }[],
): void {
  for (const { event, reason } of events) {
    const code = STOPPING.get(event);
    if (code === undefined) continue;
    const detail = `${event}: ${reason ?? `transaction ${transaction}`}`.slice(0, 512);
    const scope = { of: "chain", chain: node.chain } as const;
    raiseHaltFlag(tx, { id: newId(online), scope, code: parseName(code), detail });
  }
}
