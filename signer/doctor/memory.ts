/** Whether what lies in memory can come to lie on a disk: swap and core dumps. */
import type { Check } from "./check.ts";
import type { Machine } from "./machine.ts";

/** Names in /proc/swaps (proc(5)): a heading, then a line for each. */
export function swapsIn(text: string): readonly string[] {
  return text
    .split("\n")
    .slice(1)
    .flatMap((line) => line.split(/\s+/)[0] || []);
}

export function swapCheck({ swaps }: Machine): Check {
  const name = "swap";
  if (swaps?.startsWith("Filename") !== true)
    return { name, result: "warning", says: "this machine does not say whether swap is on; turn it off" };
  const on = swapsIn(swaps);
  return on.length === 0
    ? { name, result: "ok", says: "no swap: memory is not written to a disk" }
    : {
        name,
        result: "warning",
        says: `swap is on (${on.join(", ")}): seeds in memory may come to lie on the disk: sudo swapoff -a`,
      };
}

/** The soft limit in /proc/PID/limits: columns are set apart by two spaces or more. */
export function coreLimitIn(text: string): string | undefined {
  const line = text.split("\n").find((one) => one.startsWith("Max core file size"));
  return line?.split(/\s{2,}/)[1];
}

/**
 * A crash must leave no image of this process. core(5): the limit is not enforced for dumps that are piped to a
 * program, so with such a pattern a limit of 0 does not help.
 */
export function coreDumpCheck({ limits, corePattern }: Machine): Check {
  const name = "core dumps";
  const limit = limits === undefined ? undefined : coreLimitIn(limits);
  if (limit === undefined || corePattern === undefined)
    return { name, result: "warning", says: "this machine does not say whether a crash leaves a core dump" };
  if (corePattern.startsWith("|"))
    return {
      name,
      result: "warning",
      says: "crashes are given to a program, memory and all: sudo sysctl -w kernel.core_pattern=core",
    };
  return limit === "0"
    ? { name, result: "ok", says: "a crash leaves no core dump" }
    : { name, result: "warning", says: "a crash would leave a core dump with all secrets: ulimit -c 0" };
}
