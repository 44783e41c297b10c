import { describe, expect, test, vi } from "vitest";
import { clockCheck, type ClockFacts } from "../../../../signer/doctor/clock.ts";
import { loadsCheck } from "../../../../signer/doctor/loads.ts";
import { machine, type Machine } from "../../../../signer/doctor/machine.ts";
import { coreDumpCheck, coreLimitIn, swapCheck, swapsIn } from "../../../../signer/doctor/memory.ts";
import { networkCheck } from "../../../../signer/doctor/network.ts";
import { at } from "../../../factory/identities.ts";

const SWAPS = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";
const LIMITS = (soft: string) =>
  [
    "Limit                     Soft Limit           Hard Limit           Units     ",
    "Max stack size            8388608              unlimited            bytes     ",
    `Max core file size        ${soft.padEnd(20)} unlimited            bytes     `,
    "Max open files            1024                 1048576              files     \n",
  ].join("\n");

/** A machine as it should be. */
const SOUND: Machine = {
  addressed: [],
  links: { lo: "0x9", eth0: "0x1002" },
  swaps: SWAPS,
  limits: LIMITS("0"),
  corePattern: "core\n",
  loads: [],
};

describe("the network", () => {
  test("is off when only loopback is up", () => {
    expect(networkCheck(SOUND).result).toBe("ok");
    expect(networkCheck({ ...SOUND, links: undefined }).result).toBe("ok");
  });

  test("an interface that is up is named, with or without an address", () => {
    const up = { ...SOUND, links: { lo: "0x9", eth0: "0x1003", wlan0: "0x1003" } };
    expect(networkCheck(up)).toMatchObject({
      result: "warning",
      says: "network interfaces are up: eth0, wlan0",
    });
    expect(networkCheck({ ...SOUND, addressed: ["en0"] })).toMatchObject({
      result: "warning",
      says: "network interfaces are up: en0",
    });
  });

  test("an interface that does not say whether it is up is taken for one that is", () => {
    expect(networkCheck({ ...SOUND, links: { lo: "0x9", usb0: "" } }).says).toContain("up: usb0");
  });
});

describe("swap", () => {
  test("names of /proc/swaps are read, a partition and a file", () => {
    const text = `${SWAPS}/dev/sda2                               partition\t8388604\t\t0\t\t-2\n/swap.img file 2097148 0 -3\n`;
    expect(swapsIn(text)).toEqual(["/dev/sda2", "/swap.img"]);
    expect(swapsIn(SWAPS)).toEqual([]);
    expect(swapCheck({ ...SOUND, swaps: text })).toMatchObject({ result: "warning" });
    expect(swapCheck({ ...SOUND, swaps: text }).says).toContain("/dev/sda2, /swap.img");
  });

  test("none is well, and a machine that does not say so is not", () => {
    expect(swapCheck(SOUND).result).toBe("ok");
    expect(swapCheck({ ...SOUND, swaps: undefined }).result).toBe("warning");
    expect(swapCheck({ ...SOUND, swaps: "" }).result).toBe("warning");
  });
});

describe("what runs beside the program", () => {
  test("is nothing where node was given nothing", () => {
    expect(loadsCheck(SOUND).result).toBe("ok");
  });

  test("is named: an option of node, or of the environment", () => {
    const check = loadsCheck({ ...SOUND, loads: ["--require", "./other.cjs", "LD_PRELOAD"] });
    expect(check).toMatchObject({ result: "warning" });
    expect(check.says).toContain("--require ./other.cjs LD_PRELOAD");
  });

  test("is read from the environment and from node's own options", () => {
    expect(machine().loads).toEqual(process.execArgv);
    vi.stubEnv("LD_PRELOAD", "/tmp/other.so");
    expect(machine().loads).toEqual([...process.execArgv, "LD_PRELOAD"]);
    vi.stubEnv("LD_PRELOAD", "");
    expect(machine().loads).toEqual(process.execArgv);
    vi.unstubAllEnvs();
  });
});

describe("core dumps", () => {
  test("the soft limit decides", () => {
    expect(coreLimitIn(LIMITS("0"))).toBe("0");
    expect(coreLimitIn(LIMITS("unlimited"))).toBe("unlimited");
    expect(coreDumpCheck(SOUND).result).toBe("ok");
    for (const soft of ["unlimited", "1", "1048576"])
      expect(coreDumpCheck({ ...SOUND, limits: LIMITS(soft) }).result).toBe("warning");
  });

  test("a pattern that pipes to a program makes a limit of 0 worthless (core(5))", () => {
    const piped = coreDumpCheck({ ...SOUND, corePattern: "|/usr/share/apport/apport %p\n" });
    expect(piped).toMatchObject({ result: "warning" });
    expect(piped.says).toContain("kernel.core_pattern=core");
  });

  test("a machine that does not say so is not well", () => {
    expect(coreDumpCheck({ ...SOUND, limits: undefined }).result).toBe("warning");
    expect(coreDumpCheck({ ...SOUND, limits: "Max open files  1  1  files" }).result).toBe("warning");
    expect(coreDumpCheck({ ...SOUND, corePattern: undefined }).result).toBe("warning");
  });
});

describe("the clock", () => {
  const policy = { expires: at("20:00:00"), clockToleranceSeconds: 300 };
  const clock = (changes: Partial<ClockFacts>) =>
    clockCheck({
      clock: at("10:00:00"),
      journalTime: at("09:00:00"),
      buildSigned: at("08:00:00"),
      policy,
      ...changes,
    });

  test("is well between the journal and the policy's end, with the tolerance", () => {
    expect(clock({}).result).toBe("ok");
    expect(clock({ journalTime: at("10:05:00"), buildSigned: at("10:05:00") }).result).toBe("ok");
    expect(clock({ clock: at("20:00:00") }).result).toBe("ok");
    expect(clock({ policy: undefined, buildSigned: undefined }).result).toBe("ok");
  });

  test("behind journal time it is odd: a flat battery, or somebody set it back", () => {
    expect(clock({ journalTime: at("10:05:01") })).toMatchObject({ name: "clock", result: "warning" });
    expect(clock({ policy: undefined, journalTime: at("10:00:01") }).result).toBe("warning");
  });

  test("behind the time at which the program was signed it is odd", () => {
    expect(clock({ buildSigned: at("10:05:01") }).says).toContain("was signed at 2026-11-22T10:05:01Z");
  });

  test("past the policy's end it is odd, or the policy old", () => {
    expect(clock({ clock: at("20:00:01") }).result).toBe("warning");
  });
});

test("facts of this machine are read as they are", () => {
  const facts = machine();
  if (process.platform !== "linux") return;
  expect(facts.swaps).toMatch(/^Filename/);
  expect(coreLimitIn(facts.limits ?? "")).toMatch(/^(\d+|unlimited)$/);
  expect(facts.links?.["lo"]).toMatch(/^0x/);
});
