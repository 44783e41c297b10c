import type { Check } from "./check.ts";
import type { Machine } from "./machine.ts";

/**
 * The file and its node can be the right ones and other code run inside them, or their debugger listen on a port: node's
 * options say so, and the environment that a login file sets.
 */
export function loadsCheck({ loads }: Machine): Check {
  const name = "start";
  return loads.length === 0
    ? { name, result: "ok", says: "node was given nothing to load beside the program" }
    : {
        name,
        result: "warning",
        says: `node was started with ${loads.join(" ")}: code beside the program may run in it; start it without`,
      };
}
