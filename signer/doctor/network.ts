import type { Check } from "./check.ts";
import type { Machine } from "./machine.ts";

/** Of linux/if.h. */
const IFF_UP = 0x1;
const IFF_LOOPBACK = 0x8;

/** Isolation is physical; this only notices what was forgotten: an interface that is up, with or without an address. */
export function networkCheck({ addressed, links }: Machine): Check {
  const up = Object.entries(links ?? {})
    .filter(([, flags]) => isUp(Number.parseInt(flags, 16)))
    .map(([name]) => name);
  const all = [...new Set([...addressed, ...up])].sort();
  return all.length === 0
    ? { name: "network", result: "ok", says: "no network interface besides loopback is up" }
    : { name: "network", result: "warning", says: `network interfaces are up: ${all.join(", ")}` };
}

// Flags that cannot be read may be those of an interface that is up.
function isUp(flags: number): boolean {
  return Number.isNaN(flags) || ((flags & IFF_UP) !== 0 && (flags & IFF_LOOPBACK) === 0);
}
