/** Decoders with the faults that fuzzing looks for. The harness is tested with them; nothing else runs them. */
import { declareError } from "../../../src/core/errors.ts";
import { mutateBytes } from "../mutate-bytes.ts";
import type { Again, Target } from "../target.ts";

const PLANTED_REFUSED = declareError(
  "PLANTED_REFUSED",
  "invalid",
  "A planted decoder refuses, as it should.",
);
const PLANTED_BUG = declareError("PLANTED_BUG", "bug", "A planted decoder calls bad input a bug of its own.");
const PLANTED_ENDLESS = declareError("PLANTED_ENDLESS", "invalid", "A planted decoder says too much.");

const kept: Uint8Array[] = [];

/** A decoder that is right until its input holds the byte 0xff. */
function planted(name: string, fault: (input: Uint8Array) => Again): Target {
  return {
    name: `planted-${name}`,
    samples: () => [new Uint8Array(16)],
    mutate: mutateBytes,
    decode: (input) => {
      if (input.includes(0xff)) return fault(input);
      if (input.length > 16) throw PLANTED_REFUSED("too long");
      return input;
    },
    cases: 200,
  };
}

function burn(milliseconds: number): void {
  const started = process.cpuUsage();
  const spent = () => process.cpuUsage(started).user + process.cpuUsage(started).system;
  while (spent() < milliseconds * 1000);
}

export const PLANTED_TARGETS: readonly Target[] = [
  planted("right", () => {
    throw PLANTED_REFUSED("has 0xff");
  }),
  planted("type-error", () => (undefined as unknown as { readonly field: Uint8Array }).field),
  planted("bug", () => {
    throw PLANTED_BUG("has 0xff");
  }),
  planted("spelling", (input) => input.subarray(1)),
  planted("input", (input) => {
    input.fill(0);
    throw PLANTED_REFUSED("has 0xff");
  }),
  planted("message", () => {
    throw PLANTED_ENDLESS("x".repeat(10_000));
  }),
  planted("slow", () => {
    burn(1200);
    return undefined;
  }),
  planted("memory", () => {
    kept.push(new Uint8Array(160 * 1024 * 1024));
    return undefined;
  }),
  planted("heap", () => {
    const hoard: unknown[] = [];
    for (;;) hoard.push({ more: hoard.length });
  }),
  planted("loop", () => {
    for (;;);
  }),
  planted("exit", () => process.exit(7)),
];
