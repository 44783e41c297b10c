/** Facts about the machine, as its kernel gives them. Read here and nowhere judged. */
import { readFileSync, readdirSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";

export type Machine = {
  /** Interfaces with an address that is not the machine's own loopback. */
  readonly addressed: readonly string[];
  /** `flags` of each entry of /sys/class/net, hexadecimal; undefined where there is no such folder. */
  readonly links: Readonly<Record<string, string>> | undefined;
  /** /proc/swaps, /proc/self/limits and /proc/sys/kernel/core_pattern; undefined where there is none. */
  readonly swaps: string | undefined;
  readonly limits: string | undefined;
  readonly corePattern: string | undefined;
  /** Options that node was given before the program's name, and what the environment makes it load. */
  readonly loads: readonly string[];
};

/** Each makes node, or any program, load code beside what it is told to run (node(1), ld.so(8), dyld(1)). */
const LOADING = ["NODE_OPTIONS", "LD_PRELOAD", "LD_AUDIT", "DYLD_INSERT_LIBRARIES"];

export function machine(): Machine {
  const addressed = Object.entries(networkInterfaces())
    .filter(([, addresses]) => addresses?.some(({ internal }) => !internal))
    .map(([name]) => name);
  return {
    addressed,
    links: readLinks("/sys/class/net"),
    swaps: textOf("/proc/swaps"),
    limits: textOf("/proc/self/limits"),
    corePattern: textOf("/proc/sys/kernel/core_pattern"),
    loads: [...process.execArgv, ...LOADING.filter((name) => (process.env[name] ?? "") !== "")],
  };
}

function readLinks(folder: string): Readonly<Record<string, string>> | undefined {
  try {
    const names = readdirSync(folder);
    return Object.fromEntries(names.map((name) => [name, textOf(join(folder, name, "flags")) ?? ""]));
  } catch {
    return undefined; // not Linux
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined; // not Linux, or hidden from this process
  }
}
